/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fake_status.h"

#include <string.h>

#define WORD 8

/* PyThreadState.state: _Py_THREAD_DETACHED and _Py_THREAD_ATTACHED. */
#define DETACHED 0
#define ATTACHED 1

static void set_holds(const struct fake_thread *thread, bool holds)
{
	const struct py_offsets *offsets = &thread->python->offsets;
	uint64_t at = thread->address + offsets->thread.holds_gil;
	uint32_t others = (uint32_t)fake_read_u64(thread->python->memory, at) & ~offsets->thread.holds_gil_mask;

	/* Any bit of an int means yes, and neighbours of a flag are none of ours. */
	if (py_has(offsets->thread.holds_gil))
		fake_write_u32(thread->python->memory, at, others | (holds ? offsets->thread.holds_gil_mask : 0));
	if (py_has(offsets->thread.state))
		fake_write_u32(thread->python->memory, thread->address + offsets->thread.state,
		               holds ? ATTACHED : DETACHED);
}

void fake_give_gil(struct fake_python *python, const struct fake_thread *thread)
{
	/* The GIL remembers who had it last, and counts. */
	if (thread && fake_read_u64(python->memory, python->gil + python->offsets.gil.holder) != thread->address)
		fake_switch_gil(python);
	if (thread)
		fake_write_u64(python->memory, python->gil + python->offsets.gil.holder, thread->address);
	fake_write_u32(python->memory, python->gil + python->offsets.gil.locked, thread != NULL);
	for (size_t i = 0; i < python->threads.count; i++)
		set_holds(python->threads.items[i], python->threads.items[i] == thread);
}

bool fake_tells_who_wants_gil(const struct fake_python *python)
{
	return py_has(python->offsets.thread.gil_requested);
}

void fake_want_gil(const struct fake_thread *thread, bool wants)
{
	if (fake_tells_who_wants_gil(thread->python))
		fake_write_u32(thread->python->memory, thread->address + thread->python->offsets.thread.gil_requested,
		               wants);
}

void fake_raise(const struct fake_thread *thread, uint64_t exception)
{
	fake_write_u64(thread->python->memory, thread->address + thread->python->offsets.thread.current_exception,
	               exception);
}

void fake_handle(const struct fake_thread *thread, uint64_t generator, uint64_t exception)
{
	const struct py_offsets *offsets = &thread->python->offsets;
	uint64_t base = thread->address + offsets->thread.exc_state;
	/* gi_exc_state stands before the frame in a generator, in all versions. */
	uint64_t item = generator ? generator + offsets->generator.iframe - 4 * WORD : base;

	fake_write_u64(thread->python->memory, item, exception);
	fake_write_u64(thread->python->memory, item + WORD, generator ? base : 0);
	fake_write_u64(thread->python->memory, thread->address + offsets->thread.exc_info, item);
}

uint64_t fake_object(struct fake_python *python, const char *type_name)
{
	uint64_t object = fake_allocate(python, 16), type = fake_allocate(python, 400);
	uint64_t name = fake_allocate(python, strlen(type_name) + 1);

	fake_write(python->memory, name, type_name, strlen(type_name) + 1);
	fake_write_u64(python->memory, type + python->offsets.type.name, name);
	fake_write_u64(python->memory, object + python->offsets.object_type, type);
	return object;
}

bool fake_tells_collected_frame(const struct fake_python *python)
{
	return py_has(python->offsets.gc.frame);
}

void fake_collect(struct fake_python *python, bool collects, uint64_t frame)
{
	uint64_t gc = python->interpreter + python->offsets.interpreter.gc;

	fake_write_u32(python->memory, gc + python->offsets.gc.collecting, collects);
	if (fake_tells_collected_frame(python))
		fake_write_u64(python->memory, gc + python->offsets.gc.frame, frame);
}
