/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fake_asyncio.h"

#include <stdlib.h>
#include <string.h>

#include "sample/tasks.h"

#define WORD 8

static const struct py_task_layout LAYOUT = {
	.size = 168,
	.loop = 16,
	.callback = PY_ABSENT,
	.callbacks = PY_ABSENT,
	.awaited_by = 96,
	.awaited_by_is_set = 109,
	.state = 104,
	.fut_waiter = 120,
	.coro = 128,
	.name = 136,
	.node = 152,
	.interpreter_tasks = 1100 / WORD * WORD,
	.thread_tasks = 376,
	.thread_running_task = 368,
};

#define IS_TASK 108

static void put(struct fake_asyncio *asyncio, uint64_t address, uint32_t offset, uint64_t value)
{
	fake_write_u64(asyncio->python->memory, address + offset, value);
}

static uint64_t object(struct fake_asyncio *asyncio, uint64_t type, size_t size_bytes)
{
	uint64_t address = fake_allocate(asyncio->python, size_bytes);

	put(asyncio, address, asyncio->python->offsets.object_type, type);
	return address;
}

static uint64_t type(struct fake_asyncio *asyncio, const char *name)
{
	uint64_t address = fake_allocate(asyncio->python, 1000), text = fake_allocate(asyncio->python, 64);

	fake_write(asyncio->python->memory, text, name, strlen(name) + 1);
	put(asyncio, address, asyncio->python->offsets.type.name, text);
	return address;
}

static void empty(struct fake_asyncio *asyncio, uint64_t head)
{
	put(asyncio, head, 0, head);
	put(asyncio, head, WORD, head);
}

static void write_table(struct fake_asyncio *asyncio)
{
	const uint64_t words[] = { LAYOUT.size,
		                   LAYOUT.name,
		                   LAYOUT.awaited_by,
		                   IS_TASK,
		                   LAYOUT.awaited_by_is_set,
		                   LAYOUT.coro,
		                   LAYOUT.node,
		                   4096,
		                   LAYOUT.interpreter_tasks,
		                   400,
		                   360,
		                   LAYOUT.thread_running_task,
		                   LAYOUT.thread_tasks };

	asyncio->table = fake_allocate(asyncio->python, sizeof(words));
	fake_write(asyncio->python->memory, asyncio->table, words, sizeof(words));
}

struct fake_asyncio *fake_asyncio_new(struct fake_python *python)
{
	struct fake_asyncio *asyncio = calloc(1, sizeof(*asyncio));

	asyncio->python = python;
	asyncio->layout = LAYOUT;
	write_table(asyncio);
	asyncio->task_type = type(asyncio, "_asyncio.Task");
	asyncio->future_type = type(asyncio, "_asyncio.Future");
	asyncio->coroutine_type = type(asyncio, "coroutine");
	asyncio->set_type = type(asyncio, "set");
	asyncio->int_type = type(asyncio, "int");
	asyncio->loop = fake_allocate(python, 64);
	empty(asyncio, python->interpreter + LAYOUT.interpreter_tasks);
	return asyncio;
}

void fake_asyncio_free(struct fake_asyncio *asyncio)
{
	free(asyncio);
}

void fake_asyncio_in(const struct fake_asyncio *asyncio, ty_target *target)
{
	ty_tasks_of(target)->table_address = asyncio->table;
}

void fake_tasks_head(struct fake_asyncio *asyncio, const struct fake_thread *thread)
{
	empty(asyncio, thread->address + LAYOUT.thread_tasks);
}

uint64_t fake_suspended(struct fake_asyncio *asyncio, const struct fake_code *code, uint64_t awaited)
{
	struct fake_python *python = asyncio->python;
	const struct py_offsets *offsets = &python->offsets;
	const struct py_task_version *version = python->version->tasks;
	uint64_t coroutine = object(asyncio, asyncio->coroutine_type,
	                            offsets->generator.iframe + offsets->frame.size + WORD * (code->nlocalsplus + 8));
	uint64_t frame = coroutine + offsets->generator.iframe;
	uint64_t slot = frame + offsets->frame.size + WORD * code->nlocalsplus;

	put(asyncio, frame, offsets->frame.executable, code->address);
	put(asyncio, frame, offsets->frame.function, code->function);
	put(asyncio, frame, offsets->frame.instr_ptr,
	    code->address + offsets->code.adaptive + 2 * fake_unit(python, code, "NOP"));
	put(asyncio, frame, offsets->frame.stackpointer, slot + WORD * version->awaited_depth);
	put(asyncio, slot, 0, awaited);
	fake_write_u8(python->memory, frame + offsets->frame.owner, PY_OWNER_GENERATOR);
	fake_write_u8(python->memory, coroutine + offsets->generator.frame_state, (uint8_t)version->awaiting_first);
	return coroutine;
}

static uint64_t number_object(struct fake_asyncio *asyncio, uint32_t number)
{
	uint64_t address = object(asyncio, asyncio->int_type, 32);

	put(asyncio, address, 16, 1 << 3);
	put(asyncio, address, 24, number);
	return address;
}

static void link_task(struct fake_asyncio *asyncio, uint64_t task, uint64_t head)
{
	uint64_t node = task + LAYOUT.node, last = fake_read_u64(asyncio->python->memory, head + WORD);

	put(asyncio, node, 0, head);
	put(asyncio, node, WORD, last);
	put(asyncio, last, 0, node);
	put(asyncio, head, WORD, node);
}

uint64_t fake_task(struct fake_asyncio *asyncio, const struct fake_thread *thread, uint32_t number,
                   struct fake_code *const *codes, size_t count)
{
	uint64_t task = object(asyncio, asyncio->task_type, LAYOUT.size), coroutine = 0;

	while (count)
		coroutine = fake_suspended(asyncio, codes[--count], coroutine);
	put(asyncio, task, LAYOUT.loop, asyncio->loop);
	put(asyncio, task, LAYOUT.coro, coroutine);
	put(asyncio, task, LAYOUT.name, number_object(asyncio, number));
	fake_write_u8(asyncio->python->memory, task + IS_TASK, 1);
	link_task(asyncio, task, thread->address + LAYOUT.thread_tasks);
	return task;
}

uint64_t fake_future(struct fake_asyncio *asyncio)
{
	return object(asyncio, asyncio->future_type, LAYOUT.fut_waiter);
}

static uint64_t set_of(struct fake_asyncio *asyncio, const uint64_t *members, size_t count)
{
	uint64_t set = object(asyncio, asyncio->set_type, 200), table;
	size_t size = 8;

	while (size < 2 * count)
		size *= 2;
	table = fake_allocate(asyncio->python, size * 16);
	for (size_t i = 0; i < count; i++)
		put(asyncio, table, (uint32_t)(32 * i), members[i]);
	put(asyncio, set, 24, count);
	put(asyncio, set, 32, size - 1);
	put(asyncio, set, 40, table);
	return set;
}

void fake_awaited_by(struct fake_asyncio *asyncio, uint64_t future, const uint64_t *waiters, size_t count)
{
	uint64_t value = count > 1 ? set_of(asyncio, waiters, count) : count ? waiters[0] : 0;

	put(asyncio, future, LAYOUT.awaited_by, value);
	fake_write_u8(asyncio->python->memory, future + LAYOUT.awaited_by_is_set, count > 1);
}
