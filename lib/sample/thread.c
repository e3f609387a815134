/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/thread.h"

#include <stdlib.h>

struct ty_thread *ty_thread_new(uint64_t address, uint64_t key)
{
	struct ty_thread *thread = calloc(1, sizeof(*thread));

	if (thread) {
		thread->address = address;
		thread->key = key;
	}
	return thread;
}

void ty_thread_free(struct ty_thread *thread)
{
	if (!thread)
		return;
	for (int i = 0; i < 2; i++) {
		ty_array_free(&thread->stacks[i].records);
		ty_array_free(&thread->stacks[i].frames);
	}
	ty_region_list_free(&thread->list);
	free(thread);
}

void ty_thread_turn(struct ty_thread *thread)
{
	thread->current = !thread->current;
	ty_array_clear(&ty_thread_stack(thread)->records);
	ty_array_clear(&ty_thread_stack(thread)->frames);
	thread->accepted = false;
}

static uint32_t count_unchanged(const struct ty_stack *now, const struct ty_stack *before)
{
	size_t most = now->frames.count < before->frames.count ? now->frames.count : before->frames.count;
	uint32_t same = 0;

	while (same < most) {
		const ty_frame *a = &now->frames.items[now->frames.count - 1 - same];
		const ty_frame *b = &before->frames.items[before->frames.count - 1 - same];

		if (a->function != b->function || a->offset != b->offset || a->kind != b->kind)
			break;
		same++;
	}
	return same;
}

bool ty_thread_publish(struct ty_thread *thread)
{
	struct ty_stack *stack = ty_thread_stack(thread);

	if (!ty_array_reserve(&stack->frames, stack->records.count))
		return false;
	stack->frames.count = 0;
	for (size_t i = 0; i < stack->records.count; i++)
		if (stack->records.items[i].frame.function)
			stack->frames.items[stack->frames.count++] = stack->records.items[i].frame;
	thread->unchanged_frames = count_unchanged(stack, ty_thread_previous(thread));
	return true;
}
