/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks that await themselves, through others: strongly connected components of the graph of who awaits whom, by
 * Tarjan's algorithm without recursion, because a chain of tasks may be as long as there are tasks.
 *
 * Almost always there is none, and that is found out for less: tasks that await nothing are taken away again and again,
 * until nothing is left.
 */
#include <string.h>

#include "sample/tasks.h"

#define NOBODY UINT32_MAX

static const uint32_t *waiters_of(const struct ty_task_list *list, uint32_t task)
{
	return list->waiters.items + list->tasks.items[task].first_waiter;
}

/* false: something is left, or memory is out. */
static bool can_be_taken_away(struct ty_task_list *list)
{
	size_t taken = 0;

	if (!ty_array_reserve(&list->pending, list->tasks.count + 1) ||
	    !ty_array_reserve(&list->components, list->tasks.count + 1))
		return false;
	ty_array_clear(&list->pending);
	for (uint32_t i = 0; i < list->tasks.count; i++) {
		list->components.items[i].edge = list->tasks.items[i].awaits_count;
		if (!list->tasks.items[i].awaits_count)
			list->pending.items[list->pending.count++] = i;
	}
	while (taken < list->pending.count) {
		uint32_t task = list->pending.items[taken++];

		for (uint32_t i = 0; i < list->tasks.items[task].waiter_count; i++) {
			uint32_t waiter = waiters_of(list, task)[i];

			if (--list->components.items[waiter].edge == 0)
				list->pending.items[list->pending.count++] = waiter;
		}
	}
	return taken == list->tasks.count;
}

struct search {
	struct ty_task_list *list;
	uint32_t numbers;
};

static void discover(struct search *search, uint32_t task, uint32_t caller)
{
	struct ty_component *component = &search->list->components.items[task];

	component->number = component->low = ++search->numbers;
	component->edge = 0;
	component->caller = caller;
	component->pending = true;
	search->list->pending.items[search->list->pending.count++] = task;
}

static bool awaits_itself(const struct ty_task_list *list, uint32_t task)
{
	for (uint32_t i = 0; i < list->tasks.items[task].waiter_count; i++)
		if (waiters_of(list, task)[i] == task)
			return true;
	return false;
}

/* The component of a task is complete: all that was discovered since. */
static void close(struct search *search, uint32_t task)
{
	struct ty_task_list *list = search->list;
	bool cycle = list->pending.items[list->pending.count - 1] != task || awaits_itself(list, task);
	uint32_t member;

	do {
		member = list->pending.items[--list->pending.count];
		list->components.items[member].pending = false;
		if (cycle)
			list->tasks.items[member].flags |= TY_TASK_CYCLE;
	} while (member != task);
}

static void lower(struct ty_component *component, uint32_t low)
{
	component->low = low < component->low ? low : component->low;
}

/* One step from a task: to a waiter that is new, or back to the one it came from. Returns where the search stands. */
static uint32_t step(struct search *search, uint32_t task)
{
	struct ty_component *components = search->list->components.items, *component = &components[task];

	if (component->edge < search->list->tasks.items[task].waiter_count) {
		uint32_t waiter = waiters_of(search->list, task)[component->edge++];

		if (!components[waiter].number) {
			discover(search, waiter, task);
			return waiter;
		}
		if (components[waiter].pending)
			lower(component, components[waiter].number);
		return task;
	}
	if (component->low == component->number)
		close(search, task);
	if (component->caller != NOBODY)
		lower(&components[component->caller], component->low);
	return component->caller;
}

bool ty_tasks_mark_cycles(struct ty_task_list *list)
{
	struct search search = { .list = list };

	if (can_be_taken_away(list))
		return true;
	if (list->components.capacity < list->tasks.count || list->pending.capacity < list->tasks.count)
		return false;
	ty_array_clear(&list->pending);
	memset(list->components.items, 0, list->tasks.count * sizeof(*list->components.items));
	for (uint32_t i = 0; i < list->tasks.count; i++) {
		if (list->components.items[i].number)
			continue;
		discover(&search, i, NOBODY);
		for (uint32_t at = i; at != NOBODY;)
			at = step(&search, at);
	}
	return true;
}
