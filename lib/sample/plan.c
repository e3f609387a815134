/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Regions of one list; a thread has few, a deep stack one for every 16 KiB. */
#define REGIONS_MAX 8192

/*
 * Two loose ranges become one region when they are this near: a further range costs the kernel about
 * as much as copying 4 KiB more, but bytes between may belong to somebody else's cache lines, so it is kept below that.
 */
#define MERGE_BYTES 1024

/* Samples after which an unused region is dropped, and reserve kept above what a chunk used. */
#define UNUSED_SAMPLES 256
#define RESERVE_BYTES 1024
#define GRAIN_BYTES 512

void ty_plan_free(struct ty_plan *plan)
{
	free(plan->arena);
	ty_array_free(&plan->vector);
	ty_array_free(&plan->order);
	ty_array_free(&plan->failed);
	*plan = (struct ty_plan){ 0 };
}

void ty_region_list_free(struct ty_region_list *list)
{
	ty_array_free(&list->regions);
}

static bool reserve_arena(struct ty_plan *plan, size_t size_bytes)
{
	size_t grown = plan->arena_bytes ? plan->arena_bytes : 65536;
	uint8_t *moved;

	if (size_bytes <= plan->arena_bytes)
		return true;
	if (size_bytes > TY_PLAN_BYTES_MAX)
		return false;
	while (grown < size_bytes)
		grown *= 2;
	moved = realloc(plan->arena, grown);
	if (!moved)
		return false;
	plan->arena = moved;
	plan->arena_bytes = grown;
	return true;
}

static bool append(struct ty_plan *plan, struct ty_region *region)
{
	struct iovec *range = ty_array_push(&plan->vector);
	struct ty_region **slot = ty_array_push(&plan->order);

	if (!range || !slot)
		return false;
	*range = (struct iovec){ (void *)(uintptr_t)region->address, region->size_bytes };
	*slot = region;
	region->at = plan->arena_used;
	plan->arena_used += region->size_bytes;
	return true;
}

static int build(struct ty_plan *plan, struct ty_region_list *const *lists, size_t count)
{
	ty_array_clear(&plan->vector);
	ty_array_clear(&plan->order);
	plan->arena_used = 0;
	for (int kind = 0; kind < TY_REGION_KINDS; kind++)
		for (size_t i = 0; i < count; i++)
			for (size_t j = 0; j < lists[i]->regions.count; j++)
				if (lists[i]->regions.items[j].kind == kind &&
				    !append(plan, &lists[i]->regions.items[j]))
					return -ENOMEM;
	if (!reserve_arena(plan, plan->arena_used) || !ty_array_reserve(&plan->failed, plan->vector.count + 1))
		return -ENOMEM;
	plan->stale = false;
	return 0;
}

int ty_plan_read(struct ty_plan *plan, struct ty_region_list *const *lists, size_t count)
{
	int result = plan->stale ? build(plan, lists, count) : 0;
	ssize_t failures;

	if (result < 0)
		return result;
	failures = ty_memory_read_ranges(plan->memory, plan->vector.items, plan->vector.count, plan->arena,
	                                 plan->failed.items);
	if (failures < 0)
		return (int)failures;
	for (size_t i = 0; i < plan->order.count; i++)
		plan->order.items[i]->readable = !plan->failed.items[i];
	return 0;
}

struct ty_region *ty_plan_add(struct ty_plan *plan, struct ty_region_list *list, enum ty_region_kind kind,
                              uint64_t address, uint32_t size_bytes)
{
	struct ty_region *region;

	if (!address || !size_bytes || size_bytes > TY_REGION_BYTES_MAX || address + size_bytes < address ||
	    list->regions.count >= REGIONS_MAX)
		return NULL;
	region = ty_array_push(&list->regions);
	if (!region)
		return NULL;
	*region = (struct ty_region){
		.address = address, .size_bytes = size_bytes, .kind = (uint8_t)kind, .used_at = plan->sample
	};
	plan->stale = true;
	return region;
}

/* A region that can take a range in by growing a little, or NULL. */
static struct ty_region *find_near(struct ty_region_list *list, enum ty_region_kind kind, uint64_t address,
                                   uint32_t size_bytes)
{
	for (size_t i = 0; i < list->regions.count; i++) {
		struct ty_region *region = &list->regions.items[i];
		uint64_t end = region->address + region->size_bytes;

		if (region->kind != kind)
			continue;
		/* Chunks may lie one behind the other and are still not one. */
		if (kind != TY_REGION_LOOSE
		            ? address == region->address
		            : address <= end + MERGE_BYTES && address + size_bytes + MERGE_BYTES >= region->address)
			return region;
	}
	return NULL;
}

static struct ty_region *extend(struct ty_plan *plan, struct ty_region *region, uint64_t address, uint32_t size_bytes)
{
	uint64_t end = region->address + region->size_bytes;

	if (address + size_bytes > end)
		end = address + size_bytes;
	if (address < region->address)
		region->address = address;
	if (end - region->address > TY_REGION_BYTES_MAX)
		return NULL;
	region->size_bytes = (uint32_t)(end - region->address);
	plan->stale = true;
	return region;
}

struct ty_region *ty_plan_fetch(struct ty_plan *plan, struct ty_region_list *list, enum ty_region_kind kind,
                                uint64_t address, uint32_t size_bytes)
{
	struct ty_region *region = find_near(list, kind, address, size_bytes);

	if (address + size_bytes < address)
		return NULL;
	region =
	        region ? extend(plan, region, address, size_bytes) : ty_plan_add(plan, list, kind, address, size_bytes);
	if (!region || !reserve_arena(plan, plan->arena_used + region->size_bytes))
		return NULL;
	region->at = plan->arena_used;
	region->used_at = plan->sample;
	region->readable =
	        ty_memory_read(plan->memory, region->address, plan->arena + region->at, region->size_bytes) == 0;
	if (region->readable) {
		plan->arena_used += region->size_bytes;
		return region;
	}
	/* What cannot be read is not asked for again. */
	*region = list->regions.items[--list->regions.count];
	return NULL;
}

static bool holds(const struct ty_region *region, uint64_t address, size_t size_bytes)
{
	return address >= region->address && size_bytes <= region->size_bytes &&
	       address - region->address <= region->size_bytes - size_bytes;
}

struct ty_region *ty_region_find(struct ty_region_list *list, uint64_t address, size_t size_bytes)
{
	if (list->last_found < list->regions.count &&
	    holds(&list->regions.items[list->last_found], address, size_bytes))
		return &list->regions.items[list->last_found];
	for (size_t i = 0; i < list->regions.count; i++) {
		if (holds(&list->regions.items[i], address, size_bytes)) {
			list->last_found = i;
			return &list->regions.items[i];
		}
	}
	return NULL;
}

static void shrink(struct ty_plan *plan, struct ty_region *region)
{
	uint32_t wanted = (region->high_water_bytes + RESERVE_BYTES + GRAIN_BYTES - 1) / GRAIN_BYTES * GRAIN_BYTES;

	if (region->high_water_bytes && wanted < region->size_bytes) {
		region->size_bytes = wanted;
		plan->stale = true;
	}
	region->high_water_bytes = 0;
}

void ty_plan_sweep(struct ty_plan *plan, struct ty_region_list *list)
{
	for (size_t i = 0; i < list->regions.count;) {
		struct ty_region *region = &list->regions.items[i];

		if (region->kind != TY_REGION_BYTECODE && plan->sample - region->used_at > UNUSED_SAMPLES) {
			*region = list->regions.items[--list->regions.count];
			plan->stale = true;
			continue;
		}
		if (region->kind == TY_REGION_CHUNK)
			shrink(plan, region);
		i++;
	}
}
