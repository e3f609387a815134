/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/status.h"

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#include <tachyon/sampler.h>

#include "sample/artificial.h"
#include "sample/rest.h"
#include "util/bytes.h"

#define WORD_BYTES 8

/* _PyErr_StackItem: exc_value and previous_item, in all versions. */
#define ITEM_VALUE 0
#define ITEM_PREVIOUS 8
#define ITEM_BYTES 16

struct item {
	uint64_t value;
	uint64_t previous;
};

/* Items followed: one for each generator that runs, of which one may have called the next. */
#define ITEMS_MAX 1024

/* In the place of a GIL's address that could not be read. */
#define NO_GIL UINT64_MAX

/* Part of the files which this process may open that are kept for asking the kernel: the rest is the caller's. */
#define PROBES_SHARE 2

/* ---- on CPU ---- */

static bool wants_cpu(const ty_target *target)
{
	return !target->is_capture && (target->options.cpu_status || target->mode == TY_MODE_CPU);
}

static bool may_hold_another(const ty_target *target)
{
	struct rlimit files;

	return getrlimit(RLIMIT_NOFILE, &files) == 0 && target->probes < files.rlim_cur / PROBES_SHARE;
}

static void ask_kernel(ty_target *target, struct ty_thread *thread)
{
	bool keeps = true;

	thread->cpu_sample = target->plan.sample;
	thread->futex = 0;
	if (thread->probe.fd < 0) {
		if (!thread->host_id || !ty_cpu_open(&thread->probe, target->pid, (pid_t)thread->host_id)) {
			thread->cpu = TY_CPU_UNKNOWN;
			return;
		}
		target->probes++;
		keeps = may_hold_another(target);
	}
	thread->cpu = ty_cpu_ask(&thread->probe, &thread->futex);
	if (thread->cpu == TY_CPU_UNKNOWN || !keeps)
		ty_status_forget(target, thread);
}

void ty_status_ask_kernel(ty_target *target)
{
	for (size_t i = 0; wants_cpu(target) && i < target->threads.count; i++)
		ask_kernel(target, target->threads.items[i]);
}

void ty_status_forget(ty_target *target, struct ty_thread *thread)
{
	if (thread->probe.fd >= 0)
		target->probes--;
	ty_cpu_close(&thread->probe);
}

static uint32_t cpu_status(ty_target *target, struct ty_thread *thread)
{
	if (!wants_cpu(target))
		return TY_THREAD_UNKNOWN;
	/* One that this sample found. */
	if (thread->cpu_sample != target->plan.sample)
		ask_kernel(target, thread);
	if (thread->cpu == TY_CPU_UNKNOWN)
		return TY_THREAD_UNKNOWN;
	return thread->cpu == TY_CPU_ON ? TY_THREAD_ON_CPU : 0;
}

/* ---- the GIL ---- */

const uint8_t *ty_status_shared_bytes(ty_target *target, uint64_t address, uint32_t size_bytes, bool *missed)
{
	struct ty_region *region = ty_region_find(&target->shared, address, size_bytes);

	if (!region || !region->readable) {
		*missed = true;
		region = ty_plan_fetch(&target->plan, &target->shared, TY_REGION_SHARED, address, size_bytes);
		if (!region)
			return NULL;
	}
	region->used_at = target->plan.sample;
	return ty_region_bytes(&target->plan, region, address);
}

/* Where the GIL of an interpreter is, 0: it has none yet. That never changes while the interpreter lives. */
static uint64_t find_gil(ty_target *target, const struct ty_interpreter *interpreter)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	uint64_t gil;

	if (py_has(offsets->runtime.gil))
		return target->runtime.address + offsets->runtime.gil;
	if (ty_memory_read_u64(target->memory, interpreter->address + offsets->interpreter.gil, &gil) != 0)
		return NO_GIL;
	return gil;
}

/* Who had the GIL last, and how often it had changed hands by then: of use only where that was read before all threads.
 */
static void date_gil(const ty_target *target, struct ty_interpreter *interpreter, const uint8_t *bytes)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	uint64_t switches;

	if (!py_has(offsets->gil.switches))
		return;
	switches = ty_load_u64(bytes + (offsets->gil.switches - offsets->gil.holder));
	if (switches != interpreter->gil_switches)
		ty_rest_end_calm(interpreter);
	interpreter->gil_switches = switches;
	interpreter->gil_last = ty_load_u64(bytes);
	interpreter->gil_is_dated = true;
}

static void find_holder(ty_target *target, struct ty_interpreter *interpreter, bool *missed)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	uint32_t last = py_has(offsets->gil.switches) ? offsets->gil.switches : offsets->gil.locked;
	bool fetched = false;
	const uint8_t *bytes;

	interpreter->gil_holder = 0;
	interpreter->gil_is_free = false;
	if (!interpreter->gil)
		interpreter->gil = find_gil(target, interpreter);
	if (!interpreter->gil || interpreter->gil == NO_GIL)
		return;
	bytes = ty_status_shared_bytes(target, interpreter->gil + offsets->gil.holder,
	                               last + WORD_BYTES - offsets->gil.holder, &fetched);
	*missed |= fetched;
	if (bytes && !fetched)
		date_gil(target, interpreter, bytes);
	/* What cannot be read is not asked for again. */
	if (!bytes)
		interpreter->gil = NO_GIL;
	else if (ty_load_i32(bytes + (offsets->gil.locked - offsets->gil.holder)) == 1)
		interpreter->gil_holder = ty_load_u64(bytes);
	else
		interpreter->gil_is_free = true;
}

void ty_status_find_holders(ty_target *target, bool *missed)
{
	const struct py_offsets *offsets = &target->runtime.offsets;

	bool threads_tell = (py_has(offsets->thread.holds_gil) && !target->options.native_frames) ||
	                    py_has(offsets->thread.gil_requested);

	for (size_t i = 0; i < target->interpreters.count; i++)
		target->interpreters.items[i].gil_is_dated = false;
	/* Where threads say themselves whether they hold or want it, there may be no need to look. */
	if (!py_has(offsets->gil.locked) || (threads_tell && !ty_rest_is_wanted(target)))
		return;
	for (size_t i = 0; i < target->interpreters.count; i++)
		find_holder(target, &target->interpreters.items[i], missed);
}

struct ty_interpreter *ty_status_interpreter(ty_target *target, const struct ty_thread *thread)
{
	/* Threads of one interpreter come in a row. */
	for (size_t i = 0; i < target->interpreters.count; i++) {
		size_t at = (target->interpreter_at + i) % target->interpreters.count;

		if (target->interpreters.items[at].address == thread->interpreter_address) {
			target->interpreter_at = at;
			return &target->interpreters.items[at];
		}
	}
	return NULL;
}

static bool is_holder(ty_target *target, const struct ty_thread *thread)
{
	const struct ty_interpreter *interpreter = ty_status_interpreter(target, thread);

	return interpreter && interpreter->gil_holder == thread->address;
}

/* Does it sleep where threads wait for the GIL? Asked of the kernel, together with whether it is on CPU. */
static bool sleeps_for_gil(ty_target *target, const struct ty_thread *thread)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	struct ty_interpreter *interpreter;

	if (!thread->futex || thread->cpu_sample != target->plan.sample || !py_has(offsets->gil.waiters))
		return false;
	interpreter = ty_status_interpreter(target, thread);
	if (interpreter && !interpreter->gil)
		interpreter->gil = find_gil(target, interpreter);
	return interpreter && interpreter->gil != NO_GIL &&
	       thread->futex - (interpreter->gil + offsets->gil.waiters) < sizeof(pthread_cond_t);
}

static bool wants_gil(ty_target *target, const struct ty_thread *thread, const uint8_t *state)
{
	const struct py_offsets *offsets = &target->runtime.offsets;

	if (offsets->free_threaded)
		return false;
	return py_has(offsets->thread.gil_requested) ? ty_load_u32(state + offsets->thread.gil_requested)
	                                             : sleeps_for_gil(target, thread);
}

static uint32_t gil_status(ty_target *target, const struct ty_thread *thread, const uint8_t *state)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	bool holds = py_has(offsets->thread.holds_gil)
	                     ? ty_load_u32(state + offsets->thread.holds_gil) & offsets->thread.holds_gil_mask
	                     : is_holder(target, thread);

	return holds ? TY_THREAD_HAS_GIL : wants_gil(target, thread, state) ? TY_THREAD_GIL_REQUESTED : 0;
}

/* ---- exceptions ---- */

/* Is the object None? Asked of its type's name until None is known. */
static bool is_none(ty_target *target, uint64_t object)
{
	static const char name[] = "NoneType";
	const struct py_offsets *offsets = &target->runtime.offsets;
	char text[sizeof(name)];
	uint64_t type, address;

	if (target->none)
		return object == target->none;
	if (ty_memory_read_u64(target->memory, object + offsets->object_type, &type) != 0 ||
	    ty_memory_read_u64(target->memory, type + offsets->type.name, &address) != 0 ||
	    ty_memory_read(target->memory, address, text, sizeof(text)) != 0 || memcmp(text, name, sizeof(name)) != 0)
		return false;
	target->none = object;
	return true;
}

static bool is_exception(ty_target *target, struct ty_thread *thread, uint64_t value)
{
	if (!value || value == target->none)
		return false;
	if (value == thread->seen_exception || !target->runtime.version->handled_is_none)
		return true;
	if (is_none(target, value))
		return false;
	thread->seen_exception = value;
	return true;
}

/* An item that was not predicted: it is fetched with all of the generator that lies before it. */
static struct ty_region *fetch_item(ty_target *target, struct ty_thread *thread, uint64_t item)
{
	uint32_t before = target->runtime.offsets.generator.iframe;

	if (item <= before)
		return NULL;
	return ty_plan_fetch(&target->plan, &thread->list, TY_REGION_LOOSE, item - before, before + ITEM_BYTES);
}

static bool read_item(ty_target *target, struct ty_thread *thread, uint64_t address, struct item *item, bool *missed)
{
	struct ty_region *region = ty_region_find(&thread->list, address, ITEM_BYTES);
	const uint8_t *bytes;

	if (!region || !region->readable) {
		*missed = true;
		region = fetch_item(target, thread, address);
	}
	if (!region)
		return false;
	region->used_at = target->plan.sample;
	bytes = ty_region_bytes(&target->plan, region, address);
	*item = (struct item){ ty_load_u64(bytes + ITEM_VALUE), ty_load_u64(bytes + ITEM_PREVIOUS) };
	return true;
}

static bool handles_exception(ty_target *target, struct ty_thread *thread, uint64_t address, bool *missed)
{
	uint64_t last = thread->address + target->runtime.offsets.thread.exc_state;
	struct item item;

	for (int i = 0; address && i < ITEMS_MAX && read_item(target, thread, address, &item, missed); i++) {
		if (is_exception(target, thread, item.value))
			return true;
		address = address == last ? 0 : item.previous;
	}
	return false;
}

/* ---- the whole ---- */

void ty_status_update(ty_target *target, struct ty_thread *thread, bool *missed)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	const uint8_t *state = ty_thread_state(&target->plan, thread);
	uint32_t before = thread->status;

	thread->status = cpu_status(target, thread) | (thread->is_main ? TY_THREAD_MAIN : 0);
	/* What it handles is told by more than its state. */
	if (thread->list.is_resting)
		thread->status |= before & TY_THREAD_HAS_EXCEPTION;
	if (state)
		thread->status |= gil_status(target, thread, state);
	if (!state || thread->list.is_resting)
		return;
	if (ty_load_u64(state + offsets->thread.current_exception) ||
	    handles_exception(target, thread, ty_load_u64(state + offsets->thread.exc_info), missed))
		thread->status |= TY_THREAD_HAS_EXCEPTION;
}

bool ty_status_matches(int mode, uint32_t status)
{
	switch (mode) {
	case TY_MODE_CPU:
		return status & TY_THREAD_ON_CPU;
	case TY_MODE_GIL:
		return status & TY_THREAD_HAS_GIL;
	case TY_MODE_EXCEPTION:
		return status & TY_THREAD_HAS_EXCEPTION;
	default:
		return true;
	}
}

bool ty_status_select(ty_target *target)
{
	ty_snapshot *snapshot = &target->snapshot;

	ty_array_clear(&snapshot->shown);
	if (!ty_array_reserve(&snapshot->shown, snapshot->threads.count))
		return false;
	snapshot->number++;
	ty_artificial_choose_collectors(target);
	for (size_t i = 0; i < snapshot->threads.count; i++) {
		struct ty_thread *thread = snapshot->threads.items[i];

		if (!ty_status_matches(target->mode, thread->status))
			continue;
		thread->was_shown = thread->shown_in == snapshot->number - 1;
		thread->shown_in = snapshot->number;
		if (!ty_artificial_dress(target, thread))
			return false;
		snapshot->shown.items[snapshot->shown.count++] = thread;
	}
	return true;
}
