/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interpreters and threads of a target: linked lists that change while they are read.
 *
 * With TY_THREADS_MAIN there is one thread, found at attach: the main thread's state lives as long as its interpreter.
 * With TY_THREADS_ALL the lists are followed in every sample, in the bytes that its one vector read brought; only a
 * thread that was not there before costs a read of its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sample/status.h"
#include "target/proc.h"
#include "util/bytes.h"

#define WORD_BYTES 8

/* Interpreters and threads followed; a list that is longer is cut, or a cycle. */
#define INTERPRETERS_MAX 1024
#define THREADS_MAX 65536

/* A word of the shared regions, fetched when it is not among them. */
static int shared_word(ty_target *target, uint64_t address, uint64_t *value, bool *missed)
{
	struct ty_region *region = ty_region_find(&target->shared, address, WORD_BYTES);

	if (!region || !region->readable) {
		*missed = true;
		region = ty_plan_fetch(&target->plan, &target->shared, TY_REGION_SHARED, address, WORD_BYTES);
		if (!region)
			return -EFAULT;
	}
	region->used_at = target->plan.sample;
	*value = ty_load_u64(ty_region_bytes(&target->plan, region, address));
	return 0;
}

/* ---- threads ---- */

static struct ty_thread *known_thread(ty_target *target, uint64_t address)
{
	uint64_t *slot = ty_map_get(&target->thread_by_address, address);

	return slot ? (struct ty_thread *)(uintptr_t)*slot : NULL;
}

static void fetch_state(ty_target *target, struct ty_thread *thread)
{
	ty_plan_fetch(&target->plan, &thread->list, TY_REGION_THREAD, thread->address, thread->state_bytes);
}

/* Takes the ids out of a thread state that was read for the first time. */
static void identify_thread(ty_target *target, struct ty_thread *thread, const uint8_t *state)
{
	const struct py_offsets *offsets = &target->runtime.offsets;

	thread->pthread_id = ty_load_u64(state + offsets->thread.thread_id);
	thread->native_id = ty_load_u64(state + offsets->thread.native_thread_id);
	thread->host_id = thread->native_id;
	thread->is_main = thread->interpreter == 0 && (pid_t)thread->native_id == target->namespace_pid;
	if (!target->is_capture && thread->native_id)
		thread->host_id = (uint64_t)ty_proc_host_tid(target->pid, (pid_t)thread->native_id);
	thread->foreign = thread->native_id && !thread->host_id;
	if (!thread->host_id)
		thread->host_id = thread->native_id;
}

static struct ty_thread *add_thread(ty_target *target, uint64_t address, const struct ty_interpreter *interpreter)
{
	struct ty_thread *thread = ty_thread_new(address, ++target->next_thread_key);
	struct ty_thread **slot = thread ? ty_array_push(&target->threads) : NULL;
	const uint8_t *state;

	if (!slot || !ty_map_put(&target->thread_by_address, address, (uintptr_t)thread)) {
		target->threads.count -= slot != NULL;
		ty_thread_free(thread);
		return NULL;
	}
	*slot = thread;
	thread->state_bytes = ty_thread_state_bytes(&target->runtime.offsets);
	thread->interpreter_address = interpreter->address;
	thread->interpreter = interpreter->id;
	target->threads_stale = true;
	fetch_state(target, thread);
	state = ty_thread_state(&target->plan, thread);
	if (state)
		identify_thread(target, thread, state);
	return thread;
}

static void drop_thread(ty_target *target, size_t index)
{
	struct ty_thread *thread = target->threads.items[index];

	ty_status_forget(target, thread);
	ty_map_remove(&target->thread_by_address, thread->address);
	ty_thread_free(thread);
	target->threads.items[index] = target->threads.items[--target->threads.count];
	target->threads_stale = true;
	target->plan.stale = true;
}

/* The state at an address belongs to a thread of that interpreter, or to nothing any more. */
static bool is_sound(ty_target *target, struct ty_thread *thread, uint64_t interpreter_address)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	const uint8_t *state = ty_thread_state(&target->plan, thread);

	return state && ty_load_u64(state + offsets->thread.interpreter) == interpreter_address;
}

/* An address that is used again for another thread must not inherit its name and history. */
static bool is_same(ty_target *target, struct ty_thread *thread)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	const uint8_t *state = ty_thread_state(&target->plan, thread);

	return ty_load_u64(state + offsets->thread.native_thread_id) == thread->native_id &&
	       ty_load_u64(state + offsets->thread.thread_id) == thread->pthread_id;
}

/* So is one in another interpreter, be it at the address of one that was destroyed. */
static bool is_of(const struct ty_thread *thread, const struct ty_interpreter *interpreter)
{
	return thread->interpreter_address == interpreter->address && thread->interpreter == interpreter->id;
}

static void renew_thread(ty_target *target, struct ty_thread *thread, const struct ty_interpreter *interpreter)
{
	thread->interpreter_address = interpreter->address;
	thread->interpreter = interpreter->id;
	ty_status_forget(target, thread);
	thread->key = ++target->next_thread_key;
	thread->shown_in = 0;
	thread->seen_exception = 0;
	free(thread->name);
	thread->name = NULL;
	thread->cpu_sample = 0;
	thread->stack.depth = 0;
	thread->stack_reading = 0;
	thread->stack_is_dated = false;
	identify_thread(target, thread, ty_thread_state(&target->plan, thread));
}

static int follow_threads(ty_target *target, const struct ty_interpreter *interpreter, bool *missed)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	uint64_t address;
	int result = shared_word(target, interpreter->address + offsets->interpreter.threads_head, &address, missed);

	for (int i = 0; result == 0 && address && i < THREADS_MAX; i++) {
		struct ty_thread *thread = known_thread(target, address);
		struct ty_thread **slot;

		if (!thread || !ty_thread_state(&target->plan, thread)) {
			*missed = true;
			if (thread)
				fetch_state(target, thread);
			else
				thread = add_thread(target, address, interpreter);
			if (!thread)
				return -ENOMEM;
		}
		/* A list that runs in a circle, or into memory that was freed, ends here; the next reading sees a
		 * sound one. */
		if (thread->listed || !is_sound(target, thread, interpreter->address)) {
			target->list_is_cut = true;
			break;
		}
		if (!is_of(thread, interpreter) || !is_same(target, thread))
			renew_thread(target, thread, interpreter);
		thread->listed = true;
		slot = ty_array_push(&target->snapshot.threads);
		if (!slot)
			return -ENOMEM;
		*slot = thread;
		address = ty_load_u64(ty_thread_state(&target->plan, thread) + offsets->thread.next);
	}
	return result;
}

/* ---- interpreters ---- */

static int add_interpreter(ty_target *target, uint64_t address, int64_t id)
{
	struct ty_interpreter *interpreter = ty_array_push(&target->interpreters);

	if (!interpreter)
		return -ENOMEM;
	*interpreter = (struct ty_interpreter){ .address = address, .id = id };
	return 0;
}

/* The interpreter at a place of the list. One at an address that is used again has another id. */
static int update_interpreter(ty_target *target, size_t index, uint64_t address, bool *missed)
{
	const struct ty_interpreter *known =
	        index < target->interpreters.count ? &target->interpreters.items[index] : NULL;
	uint64_t id;
	int result = shared_word(target, address + target->runtime.offsets.interpreter.id, &id, missed);

	if (result < 0 || (known && known->address == address && known->id == (int64_t)id))
		return result;
	if (known)
		target->interpreters.count = index;
	return add_interpreter(target, address, (int64_t)id);
}

/* The list of interpreters as it is now. The order is the runtime's: newest first. */
static int follow_interpreters(ty_target *target, bool *missed)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	uint64_t address;
	int result =
	        shared_word(target, target->runtime.address + offsets->runtime.interpreters_head, &address, missed);
	size_t known = 0;

	for (int i = 0; result == 0 && address && i < INTERPRETERS_MAX; i++) {
		result = update_interpreter(target, known, address, missed);
		known++;
		if (result == 0)
			result = shared_word(target, address + offsets->interpreter.next, &address, missed);
	}
	target->interpreters.count = known < target->interpreters.count ? known : target->interpreters.count;
	return result;
}

/* Code objects may have been destroyed, or created at addresses used before, since the last reading. */
static int check_counters(ty_target *target, bool *missed)
{
	uint32_t offset = target->runtime.offsets.interpreter.code_counter;

	if (!py_has(offset)) {
		target->codes.epoch++;
		return 0;
	}
	for (size_t i = 0; i < target->interpreters.count; i++) {
		struct ty_interpreter *interpreter = &target->interpreters.items[i];
		uint64_t counter;
		int result = shared_word(target, (interpreter->address + offset) & ~(uint64_t)7, &counter, missed);

		if (result < 0)
			return result;
		if (counter != interpreter->code_counter)
			target->codes.epoch++;
		interpreter->code_counter = counter;
	}
	return 0;
}

/* ---- the whole ---- */

static void drop_unlisted(ty_target *target)
{
	for (size_t i = 0; i < target->threads.count;) {
		if (target->threads.items[i]->listed)
			i++;
		else
			drop_thread(target, i);
	}
}

/*
 * A thread state that is not bound to its thread yet has the ids of the thread that makes it. The main thread's is the
 * oldest of its interpreter, and so the last of its list.
 */
static void find_main(ty_target *target)
{
	bool found = false;

	for (size_t i = target->snapshot.threads.count; i-- > 0;) {
		struct ty_thread *thread = target->snapshot.threads.items[i];

		thread->is_main = thread->is_main && !found;
		found |= thread->is_main;
	}
}

static int update_all(ty_target *target, bool *missed)
{
	int result = follow_interpreters(target, missed);

	target->list_is_cut = false;
	ty_array_clear(&target->snapshot.threads);
	for (size_t i = 0; i < target->threads.count; i++)
		target->threads.items[i]->listed = false;
	for (size_t i = 0; result == 0 && i < target->interpreters.count; i++)
		result = follow_threads(target, &target->interpreters.items[i], missed);
	/* What stands behind the place where a list ends too early is not gone. */
	if (result == 0 && !target->list_is_cut)
		drop_unlisted(target);
	if (result == 0)
		find_main(target);
	return result;
}

int ty_threads_recheck(ty_target *target, bool *missed)
{
	for (size_t i = 0; i < target->snapshot.threads.count; i++) {
		struct ty_thread *thread = target->snapshot.threads.items[i];

		if (thread->accepted ||
		    (is_sound(target, thread, thread->interpreter_address) && is_same(target, thread)))
			continue;
		thread->accepted = true;
		thread->verdict = TY_FAILED;
		thread->stack.depth = 0;
		thread->stack_reading = 0;
		thread->stack_is_dated = false;
		thread->unchanged_frames = 0;
	}
	return check_counters(target, missed);
}

/* The interpreter with id 0, which is the last of the list. */
static int keep_main_interpreter(ty_target *target)
{
	for (size_t i = 0; i < target->interpreters.count; i++) {
		if (target->interpreters.items[i].id == 0) {
			target->interpreters.items[0] = target->interpreters.items[i];
			target->interpreters.count = 1;
			return 0;
		}
	}
	return -ESRCH;
}

/*
 * Keeps the main thread: the one the interpreter names, else the one whose id is the process's; else the oldest, unless
 * only that thread will do.
 */
static int keep_main_thread(ty_target *target, bool strict)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	const size_t listed = target->snapshot.threads.count;
	size_t keep = listed;
	struct ty_thread *kept;
	uint64_t main_thread = 0;
	bool missed;

	if (py_has(offsets->interpreter.threads_main))
		shared_word(target, target->interpreters.items[0].address + offsets->interpreter.threads_main,
		            &main_thread, &missed);
	for (size_t i = 0; i < listed; i++) {
		struct ty_thread *thread = target->snapshot.threads.items[i];

		if (main_thread ? thread->address == main_thread : thread->is_main)
			keep = i;
	}
	if (!listed || (strict && keep == listed))
		return -ESRCH;
	kept = target->snapshot.threads.items[keep < listed ? keep : listed - 1];
	for (size_t i = target->threads.count; i-- > 0;)
		if (target->threads.items[i] != kept)
			drop_thread(target, i);
	kept->is_main = true;
	ty_array_clear(&target->snapshot.threads);
	*ty_array_push(&target->snapshot.threads) = kept; /* it held this one before: there is room */
	/* Of the shared regions only the counter is read from now on. */
	ty_array_clear(&target->shared.regions);
	target->plan.stale = true;
	return 0;
}

static int find_threads(ty_target *target, bool strict)
{
	bool missed;
	int result = update_all(target, &missed);

	/* Nothing is known yet of what a list that was cut does not hold. */
	if (result == 0)
		drop_unlisted(target);
	if (result == 0 && target->options.threads == TY_THREADS_MAIN) {
		result = keep_main_interpreter(target);
		if (result == 0)
			result = keep_main_thread(target, strict);
	}
	return result;
}

int ty_threads_find(ty_target *target)
{
	return find_threads(target, false);
}

bool ty_threads_are_inherited(const ty_target *target)
{
	for (size_t i = 0; i < target->threads.count; i++)
		if (target->threads.items[i]->foreign)
			return true;
	return false;
}

void ty_threads_forget(ty_target *target)
{
	while (target->threads.count)
		drop_thread(target, target->threads.count - 1);
	ty_array_clear(&target->snapshot.threads);
	ty_array_clear(&target->snapshot.shown);
	ty_array_clear(&target->interpreters);
	ty_array_clear(&target->shared.regions);
	ty_array_clear(&target->code_list.regions);
	target->none = 0;
	target->interpreter_at = 0;
	target->plan.stale = true;
	target->threads_stale = true;
}

static int find_main_again(ty_target *target, bool *missed)
{
	int result;

	*missed = true;
	ty_threads_forget(target);
	result = find_threads(target, true);
	if (result < 0)
		ty_threads_forget(target);
	return result == -ESRCH ? -EFAULT : result;
}

/*
 * Its state stays where it is. But after fork() it has the ids of the thread that forked until the child runs; and
 * where another thread has forked, that one becomes the main thread, and what is left of this state is empty or gone.
 */
static int update_main(ty_target *target, bool *missed)
{
	struct ty_thread *thread = target->threads.count ? target->threads.items[0] : NULL;

	return thread && is_sound(target, thread, thread->interpreter_address) && is_same(target, thread)
	               ? 0
	               : find_main_again(target, missed);
}

int ty_threads_update(ty_target *target, bool *missed)
{
	int result;

	if (target->options.threads == TY_THREADS_ALL)
		result = update_all(target, missed);
	else
		result = update_main(target, missed);
	return result < 0 ? result : check_counters(target, missed);
}
