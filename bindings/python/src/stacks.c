/* SPDX-License-Identifier: Apache-2.0 */
#include "stacks.h"

#include <stdlib.h>
#include <string.h>

static void forget_stack(struct tpy_stack *stack)
{
	Py_CLEAR(stack->list);
	Py_CLEAR(stack->id);
	free(stack->frames);
	*stack = (struct tpy_stack){ 0 };
}

void tpy_stacks_free(struct tpy_stacks *stacks)
{
	for (size_t i = 0; i < stacks->count; i++)
		forget_stack(&stacks->items[i]);
	free(stacks->items);
	*stacks = (struct tpy_stacks){ NULL };
}

static bool reserve_stacks(struct tpy_stacks *stacks, size_t index)
{
	size_t count = index + 1 + index / 2;
	struct tpy_stack *items;

	if (index < stacks->count)
		return true;
	items = realloc(stacks->items, count * sizeof(*items));
	if (!items) {
		PyErr_NoMemory();
		return false;
	}
	memset(items + stacks->count, 0, (count - stacks->count) * sizeof(*items));
	stacks->items = items;
	stacks->count = count;
	return true;
}

static bool keep_frames(struct tpy_stack *stack, const ty_thread_info *thread)
{
	ty_frame *frames = stack->frames;

	if (thread->frame_count > stack->capacity) {
		frames = realloc(frames, thread->frame_count * sizeof(*frames));
		if (!frames) {
			PyErr_NoMemory();
			return false;
		}
		stack->frames = frames;
		stack->capacity = thread->frame_count;
	}
	if (thread->frame_count)
		memcpy(frames, thread->frames, thread->frame_count * sizeof(*frames));
	stack->count = thread->frame_count;
	return true;
}

static bool begin_stack(struct tpy_stack *stack, const ty_thread_info *thread)
{
	forget_stack(stack);
	stack->thread_key = thread->thread_key;
	stack->list = PyList_New(0);
	stack->id = stack->list ? PyLong_FromUnsignedLongLong(thread->native_id) : NULL;
	return stack->id != NULL;
}

/* How many of the outermost frames are what they were; frames stand innermost first. */
static uint32_t same_frames(const struct tpy_stack *stack, const ty_thread_info *thread)
{
	const ty_frame *before = stack->frames + stack->count, *now = thread->frames + thread->frame_count;
	uint32_t most = stack->count < thread->frame_count ? stack->count : thread->frame_count, same = 0;

	while (same < most && memcmp(--before, --now, sizeof(*now)) == 0)
		same++;
	return same;
}

struct tpy_stack *tpy_stack_update(struct tpy_stacks *stacks, size_t index, struct tpy_frames *frames, bool opcodes,
                                   const ty_thread_info *thread, tpy_stack_maker make)
{
	struct tpy_stack *stack = reserve_stacks(stacks, index) ? &stacks->items[index] : NULL;
	PyObject *fresh;
	uint32_t same;
	int result = 0;

	if (!stack || ((!stack->list || stack->thread_key != thread->thread_key) && !begin_stack(stack, thread)))
		return NULL;
	stack->status = thread->status;
	same = same_frames(stack, thread);
	if (same == thread->frame_count && same == stack->count)
		return stack;
	fresh = make(frames, opcodes, thread->frames, thread->frame_count - same);
	result = fresh ? PyList_SetSlice(stack->list, 0, stack->count - same, fresh) : -1;
	Py_XDECREF(fresh);
	if (result == 0 && keep_frames(stack, thread))
		return stack;
	/* What is half done must not be the beginning of the next. */
	forget_stack(stack);
	return NULL;
}
