/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of threads: ty_thread_name().
 *
 * threading keeps its threads in the dict threading._active, by what get_ident() gives: sys.modules["threading"], its
 * _active, the Thread with our id, its _name. A Thread is believed when its own _ident is that id as well; all of this
 * may change while it is read. Threads that were not made by threading have the kernel's name alone.
 *
 * What was found is kept for a while, and so is that nothing was: a program without threading is not searched with
 * every call.
 */
#include <stdlib.h>
#include <string.h>

#include "python/object.h"
#include "python/unicode.h"
#include "sample/merged.h"
#include "sample/replay.h"
#include "sample/status.h"
#include "sample/tasks.h"
#include "target/proc.h"
#include "util/clock.h"

/* How long a name is taken for what it was: not long, because a thread that has just begun gets it soon. */
#define FRESH_NS 10000000ULL

/* How long threading._active is taken for where it was: programs that replace it do so once, when they begin. */
#define STAYS_NS 1000000000ULL

static struct py_objects objects_of(const ty_target *target)
{
	return (struct py_objects){ target->memory, target->runtime.version, &target->runtime.offsets };
}

static uint64_t find_active(const struct py_objects *objects, const struct ty_interpreter *interpreter)
{
	const struct py_offsets *offsets = objects->offsets;
	uint64_t modules, module, globals, active;

	/* A module object begins with its dict. */
	if (ty_memory_read_u64(objects->memory, interpreter->address + offsets->interpreter.modules, &modules) < 0 ||
	    ty_dict_find_text(objects, modules, "threading", &module) < 0 ||
	    ty_memory_read_u64(objects->memory, module + offsets->bytes.size, &globals) < 0 ||
	    ty_dict_find_text(objects, globals, "_active", &active) < 0)
		return 0;
	return active;
}

static bool is_thread(const struct py_objects *objects, uint64_t object, uint64_t ident)
{
	uint64_t number, value;

	return ty_object_attribute(objects, object, "_ident", &value) == 0 &&
	       ty_object_number(objects, value, &number) == 0 && number == ident;
}

/* Cuts a string between two characters. */
static void copy_name(char *name, size_t size_bytes, const char *utf8)
{
	size_t length = strlen(utf8);

	if (length >= size_bytes) {
		length = size_bytes - 1;
		while (length && ((unsigned char)utf8[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(name, utf8, length);
	name[length] = '\0';
}

static bool ask_threading(ty_target *target, const struct ty_thread *thread)
{
	struct py_objects objects = objects_of(target);
	struct ty_interpreter *interpreter = ty_status_interpreter(target, thread);
	uint64_t now_ns = ty_now_ns(), object, string;
	char utf8[PY_STRING_BYTES_MAX];

	if (!interpreter)
		return false;
	if (!interpreter->active_ns || now_ns - interpreter->active_ns > (interpreter->active ? STAYS_NS : FRESH_NS)) {
		interpreter->active = find_active(&objects, interpreter);
		interpreter->active_ns = now_ns;
	}
	if (!interpreter->active ||
	    ty_dict_find_number(&objects, interpreter->active, thread->pthread_id, &object) < 0 ||
	    !is_thread(&objects, object, thread->pthread_id) ||
	    ty_object_attribute(&objects, object, "_name", &string) < 0 ||
	    ty_unicode_read(target->memory, &target->runtime.offsets, string, utf8) < 0)
		return false;
	copy_name(target->name, sizeof(target->name), utf8);
	return true;
}

/* A state that is not bound to its thread yet has the ids of the thread that makes it, whose state is older. */
static bool is_bound(const ty_target *target, const struct ty_thread *thread)
{
	bool seen = false;

	for (size_t i = 0; i < target->snapshot.threads.count; i++) {
		const struct ty_thread *other = target->snapshot.threads.items[i];

		if (seen && other->interpreter_address == thread->interpreter_address &&
		    other->pthread_id == thread->pthread_id)
			return false;
		seen |= other == thread;
	}
	return true;
}

static void ask(ty_target *target, const struct ty_thread *thread)
{
	target->name[0] = '\0';
	if (is_bound(target, thread) && !ask_threading(target, thread) && !target->is_capture)
		ty_proc_thread_name(target->pid, (pid_t)thread->host_id, target->name, sizeof(target->name));
}

static void name_thread(ty_target *target, struct ty_thread *thread)
{
	uint64_t now_ns = ty_now_ns();

	if (thread->name && now_ns - thread->named_ns < FRESH_NS) {
		copy_name(target->name, sizeof(target->name), thread->name);
		return;
	}
	ask(target, thread);
	free(thread->name);
	/* Out of memory: it is asked again. */
	thread->name = strdup(target->name);
	thread->named_ns = now_ns;
}

const char *ty_thread_name(ty_target *target, uint64_t thread_key)
{
	if (target->replay)
		return ty_replay_thread_name(target->replay, thread_key);
	if (target->merged)
		return ty_merged_thread_name(target->merged, thread_key);
	target->name[0] = '\0';
	thread_key = ty_tasks_thread_key(target->tasks, thread_key);
	for (size_t i = 0; i < target->threads.count; i++)
		if (target->threads.items[i]->key == thread_key)
			name_thread(target, target->threads.items[i]);
	return target->name;
}
