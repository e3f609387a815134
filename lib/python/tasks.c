/* SPDX-License-Identifier: Apache-2.0 */
#include "python/tasks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tachyon/base.h>

#include "python/unicode.h"
#include "util/bytes.h"

#define WORD_BYTES 8

/* Longest part of a task or generator object that is copied. */
#define OBJECT_BYTES_MAX 1024

/* Objects that stand for another one, followed from what a coroutine awaits. */
#define AWAITS_MAX 8

/* Bit of RESUME's argument: behind an await or a yield from (Python/compile.c of 3.11 and 3.12). */
#define RESUME_AWAITS 2

/* ---- tasks ---- */

static uint64_t word_at(const uint8_t *bytes, uint32_t offset)
{
	return py_has(offset) ? ty_load_u64(bytes + offset) : 0;
}

/* The part of a task that a plain future has as well. */
static uint32_t future_bytes(const struct py_task_layout *layout)
{
	return layout->fut_waiter;
}

static void decode_future(const struct py_task_layout *layout, const uint8_t *bytes, struct py_task *task)
{
	task->loop = word_at(bytes, layout->loop);
	task->callback = word_at(bytes, layout->callback);
	task->callbacks = word_at(bytes, layout->callbacks);
	task->awaited_by = word_at(bytes, layout->awaited_by);
	task->awaited_by_is_set = py_has(layout->awaited_by_is_set) && bytes[layout->awaited_by_is_set];
	task->done = ty_load_u32(bytes + layout->state) != 0;
}

int ty_task_read(struct py_tasks *tasks, uint64_t address, struct py_task *task)
{
	const struct py_task_layout *layout = &tasks->layout;
	uint8_t bytes[OBJECT_BYTES_MAX];
	enum py_class class = ty_heap_class(&tasks->heap, address);
	int result;

	*task = (struct py_task){ .address = address, .is_task = class == PY_CLASS_TASK };
	if (class != PY_CLASS_TASK && class != PY_CLASS_FUTURE)
		return -TY_ECORRUPT;
	result = ty_pages_read(tasks->heap.pages, address, bytes, task->is_task ? layout->size : future_bytes(layout));
	if (result < 0)
		return result;
	decode_future(layout, bytes, task);
	if (!task->is_task)
		return 0;
	task->fut_waiter = word_at(bytes, layout->fut_waiter);
	task->coro = word_at(bytes, layout->coro);
	task->name = word_at(bytes, layout->name);
	if (py_has(layout->node)) {
		task->next = ty_load_u64(bytes + layout->node);
		task->previous = ty_load_u64(bytes + layout->node + WORD_BYTES);
	}
	return 0;
}

/* At most so many bytes, not ending within a character. */
static void cut(char *name, const char *text)
{
	size_t length = strlen(text);

	if (length >= PY_TASK_NAME_BYTES) {
		length = PY_TASK_NAME_BYTES - sizeof("\xe2\x80\xa6");
		while (length && ((uint8_t)text[length] & 0xc0) == 0x80)
			length--;
		memcpy(name, text, length);
		memcpy(name + length, "\xe2\x80\xa6", sizeof("\xe2\x80\xa6"));
		return;
	}
	memcpy(name, text, length + 1);
}

int ty_task_name(struct py_tasks *tasks, const struct py_task *task, char name[PY_TASK_NAME_BYTES])
{
	char text[PY_STRING_BYTES_MAX];
	uint64_t number;
	int result;

	if (ty_heap_class(&tasks->heap, task->name) == PY_CLASS_INT) {
		result = ty_object_number(&tasks->heap.objects, task->name, &number);
		if (result == 0)
			snprintf(name, PY_TASK_NAME_BYTES, "Task-%" PRIu64, number);
		return result;
	}
	if (ty_heap_class(&tasks->heap, task->name) != PY_CLASS_STR)
		return -TY_ECORRUPT;
	result = ty_unicode_read(&tasks->heap.pages->view, tasks->heap.objects.offsets, task->name, text);
	if (result == 0)
		cut(name, text);
	return result;
}

/* ---- coroutines ---- */

int ty_coroutine_read(struct py_tasks *tasks, uint64_t address, struct py_coroutine *coroutine)
{
	const struct py_offsets *offsets = tasks->heap.objects.offsets;
	const struct py_version *version = tasks->version;
	uint32_t size = offsets->generator.iframe + offsets->frame.size;
	uint8_t bytes[OBJECT_BYTES_MAX];
	int result;

	if (size > sizeof(bytes) || ty_heap_class(&tasks->heap, address) != PY_CLASS_COROUTINE)
		return -TY_ECORRUPT;
	result = ty_pages_read(tasks->heap.pages, address, bytes, size);
	if (result < 0)
		return result;
	ty_frame_decode(version, offsets, address + offsets->generator.iframe, bytes + offsets->generator.iframe,
	                &coroutine->frame);
	coroutine->state = (int8_t)bytes[offsets->generator.frame_state];
	coroutine->executing = coroutine->state == version->generator_executing;
	coroutine->created = coroutine->state == version->tasks->created;
	coroutine->ended = coroutine->state >= version->generator_ended;
	return 0;
}

/* Where a yield and an await leave the same state, the instruction behind tells. */
static bool resumes_an_await(const struct py_code *code, int64_t unit)
{
	const struct ty_bytecode *bytecode = code->bytecode;
	uint32_t next = (uint32_t)unit + 1;
	const char *name;

	if (unit < 0 || next >= bytecode->known_count || !ty_bytecode_begins(bytecode, next))
		return false;
	name = bytecode->table[bytecode->units[next].opcode].name;
	return name && strcmp(name, "RESUME") == 0 && bytecode->units[next].argument >= RESUME_AWAITS;
}

/* Through the objects that only stand for another one, to a coroutine or to what ends the chain. */
static int look_through(struct py_tasks *tasks, uint64_t object, uint64_t *awaited, uint64_t *future)
{
	for (int i = 0; i < AWAITS_MAX; i++) {
		int result;

		switch (ty_heap_class(&tasks->heap, object)) {
		case PY_CLASS_COROUTINE:
			*awaited = object;
			return 0;
		case PY_CLASS_FUTURE_ITERATOR:
			return ty_heap_word(&tasks->heap, object, 0, future);
		case PY_CLASS_AWAITS:
			result = ty_heap_word(&tasks->heap, object, 0, &object);
			if (result < 0)
				return result;
			break;
		default:
			return 0;
		}
	}
	return -TY_ELIMIT;
}

int ty_coroutine_awaited(struct py_tasks *tasks, const struct py_coroutine *coroutine, const struct py_code *code,
                         int64_t unit, uint64_t *awaited, uint64_t *future)
{
	const struct py_task_version *version = tasks->version->tasks;
	const struct py_frame *frame = &coroutine->frame;
	uint64_t slot = frame->stack - (uint64_t)version->awaited_depth * WORD_BYTES, object;
	int result;

	*awaited = *future = 0;
	if (coroutine->state < version->awaiting_first || coroutine->state > version->awaiting_last)
		return 0;
	if (version->awaits_at_resume && !resumes_an_await(code, unit))
		return 0;
	if (!frame->stack || slot % WORD_BYTES || slot < frame->address || slot >= frame->address + code->frame_bytes)
		return -TY_ECORRUPT;
	result = ty_pages_read_u64(tasks->heap.pages, slot, &object);
	if (result < 0)
		return result;
	return look_through(tasks, object & ~tasks->version->reference_tag_mask, awaited, future);
}

/* ---- sets of asyncio.tasks ---- */

static int find_in_module(struct py_tasks *tasks, uint64_t namespace, const char *name, uint64_t *object)
{
	int result = name ? ty_dict_find_text(&tasks->heap.objects, namespace, name, object) : -TY_ENOTFOUND;

	if (result == -TY_ENOTFOUND)
		*object = 0;
	return result;
}

int ty_task_sets_find(struct py_tasks *tasks, uint64_t interpreter, struct py_task_sets *sets)
{
	const struct py_task_version *version = tasks->version->tasks;
	uint64_t modules, module, namespace, weak;
	int result;

	*sets = (struct py_task_sets){ 0 };
	if (!py_has(tasks->heap.objects.offsets->interpreter.modules))
		return -TY_ENOTFOUND;
	result = ty_pages_read_u64(tasks->heap.pages, interpreter + tasks->heap.objects.offsets->interpreter.modules, &modules);
	if (result == 0)
		result = ty_dict_find_text(&tasks->heap.objects, modules, "asyncio.tasks", &module);
	/* PyModuleObject: its dict is the first member. */
	if (result == 0)
		result = ty_heap_word(&tasks->heap, module, 0, &namespace);
	if (result == 0)
		result = find_in_module(tasks, namespace, version->all_tasks, &weak);
	if (result == 0)
		result = ty_heap_attribute(&tasks->heap, weak, "data", &sets->all);
	if (result < 0)
		return result;
	find_in_module(tasks, namespace, version->eager_tasks, &sets->eager);
	find_in_module(tasks, namespace, version->current_tasks, &sets->current);
	return 0;
}

/* From weak references to what they refer to (PyWeakReference.wr_object). */
static int follow_references(struct py_tasks *tasks, struct py_addresses *members, size_t from)
{
	size_t kept = from;

	for (size_t i = from; i < members->list.count; i++) {
		uint64_t object;
		int result = ty_heap_word(&tasks->heap, members->list.items[i], 0, &object);

		if (result < 0 && result != -EFAULT)
			return result;
		if (result == 0 && ty_heap_class(&tasks->heap, object) == PY_CLASS_TASK)
			members->list.items[kept++] = object;
	}
	members->list.count = kept;
	return 0;
}

int ty_task_sets_members(struct py_tasks *tasks, const struct py_task_sets *sets, struct py_addresses *members)
{
	size_t from = members->list.count;
	int result;

	if (ty_heap_class(&tasks->heap, sets->all) != PY_CLASS_SET)
		return -TY_ECORRUPT;
	result = ty_heap_set(&tasks->heap, sets->all, members);
	if (result == 0)
		result = follow_references(tasks, members, from);
	if (result == 0 && ty_heap_class(&tasks->heap, sets->eager) == PY_CLASS_SET)
		result = ty_heap_set(&tasks->heap, sets->eager, members);
	return result;
}

uint64_t ty_task_loop_thread(struct py_tasks *tasks, uint64_t loop)
{
	uint64_t id, value;

	if (ty_heap_attribute(&tasks->heap, loop, "_thread_id", &id) < 0 ||
	    ty_heap_class(&tasks->heap, id) != PY_CLASS_INT || ty_object_number(&tasks->heap.objects, id, &value) < 0)
		return 0;
	return value;
}
