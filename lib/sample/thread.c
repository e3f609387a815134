/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/thread.h"

#include <stdlib.h>
#include <string.h>

#define WORD_BYTES 8

static uint32_t end_of(uint32_t end, uint32_t offset)
{
	return py_has(offset) && offset + WORD_BYTES > end ? offset + WORD_BYTES : end;
}

uint32_t ty_thread_state_bytes(const struct py_offsets *offsets)
{
	uint32_t end = end_of(0, offsets->thread.next);

	end = end_of(end, offsets->thread.interpreter);
	end = end_of(end, offsets->thread.current_frame);
	end = end_of(end, offsets->thread.base_frame);
	end = end_of(end, offsets->thread.thread_id);
	end = end_of(end, offsets->thread.native_thread_id);
	end = end_of(end, offsets->thread.datastack_chunk);
	end = end_of(end, offsets->thread.datastack_top);
	end = end_of(end, offsets->thread.holds_gil);
	end = end_of(end, offsets->thread.gil_requested);
	end = end_of(end, offsets->thread.state);
	end = end_of(end, offsets->thread.executor);
	end = end_of(end, offsets->thread.current_exception);
	end = end_of(end, offsets->thread.exc_info);
	/* An item is two words. */
	return end_of(end, offsets->thread.exc_state + WORD_BYTES);
}

const uint8_t *ty_thread_state(const struct ty_plan *plan, struct ty_thread *thread)
{
	struct ty_region *region = ty_region_find(&thread->list, thread->address, thread->state_bytes);

	if (!region || !region->readable)
		return NULL;
	/* It stays among what is read, whether the mode wants the stack or not. */
	region->used_at = plan->sample;
	return ty_region_bytes(plan, region, thread->address);
}

struct ty_thread *ty_thread_new(uint64_t address, uint64_t key)
{
	struct ty_thread *thread = calloc(1, sizeof(*thread));

	if (thread) {
		thread->address = address;
		thread->key = key;
		thread->probe = TY_CPU_PROBE_CLOSED;
	}
	return thread;
}

void ty_thread_free(struct ty_thread *thread)
{
	if (!thread)
		return;
	ty_cpu_close(&thread->probe);
	free(thread->name);
	ty_array_free(&thread->dresses[0].frames);
	ty_array_free(&thread->dresses[1].frames);
	free(thread->stack.records);
	free(thread->stack.frames);
	ty_region_list_free(&thread->list);
	free(thread);
}

/* Makes room for `depth` frames, keeping the `tail` outermost ones. */
static bool reserve(struct ty_stack *stack, size_t depth, size_t tail)
{
	size_t capacity = stack->capacity ? stack->capacity : 64;
	struct ty_record *records;
	ty_frame *frames;

	if (depth <= stack->capacity)
		return true;
	while (capacity < depth)
		capacity *= 2;
	records = malloc(capacity * sizeof(*records));
	frames = malloc(capacity * sizeof(*frames));
	if (!records || !frames) {
		free(records);
		free(frames);
		return false;
	}
	if (tail) {
		memcpy(records + capacity - tail, stack->records + stack->capacity - tail, tail * sizeof(*records));
		memcpy(frames + capacity - tail, stack->frames + stack->capacity - tail, tail * sizeof(*frames));
	}
	free(stack->records);
	free(stack->frames);
	*stack = (struct ty_stack){ records, frames, capacity, stack->depth };
	return true;
}

static bool same_frame(const ty_frame *a, const ty_frame *b)
{
	return a->function == b->function && a->offset == b->offset && a->kind == b->kind;
}

/* How many outermost frames stay the same when the fresh ones come on top of the tail. */
static size_t count_unchanged(const struct ty_stack *stack, const struct ty_record *fresh, size_t count, size_t tail)
{
	size_t same = 0;

	while (same < count && tail + same < stack->depth &&
	       same_frame(&fresh[count - 1 - same].frame, &stack->frames[stack->capacity - 1 - tail - same]))
		same++;
	return tail + same;
}

bool ty_thread_publish(struct ty_thread *thread, uint32_t sample, const struct ty_record *fresh, size_t count,
                       size_t tail)
{
	struct ty_stack *stack = &thread->stack;
	size_t unchanged = count_unchanged(stack, fresh, count, tail);
	size_t first;

	/* A second result within one sample stands on the first, which stands on the last sample's. */
	if (thread->stack_sample != sample || unchanged < thread->unchanged_frames)
		thread->unchanged_frames = (uint32_t)unchanged;
	thread->stack_sample = sample;
	thread->stack_is_dated = false;
	if (!reserve(stack, tail + count, stack->depth)) {
		stack->depth = 0;
		return false;
	}
	stack->depth = tail + count;
	first = stack->capacity - stack->depth;
	for (size_t i = 0; i < count; i++) {
		stack->records[first + i] = fresh[i];
		stack->frames[first + i] = fresh[i].frame;
	}
	return true;
}
