/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/clock.h"

/* Regions of one list; a thread has few, a deep stack one for every 16 KiB. */
#define REGIONS_MAX 8192

/*
 * Two loose ranges become one region when they are this near: a further range costs the kernel about
 * as much as copying 4 KiB more, but bytes between may belong to somebody else's cache lines, so it is kept below that.
 */
#define MERGE_BYTES 1024

/* A merged region is read anew whenever it grows: larger ones are not made, or a long chain would cost its square. */
#define MERGED_BYTES_MAX 32768

/* Samples after which an unused region is dropped, and reserve kept above what a chunk used. */
#define UNUSED_SAMPLES 256
#define ARENA_BYTES 65536

/* Readings tried until one is not interrupted; and what a reading may take beyond one and a half of the usual time. */
#define INTERRUPTIONS_MAX 3
#define SLACK_NS 500

/*
 * Read beyond what is in use of a chunk: frames called between the thread state's reading and the stack's, and the next
 * sample's. Where that would take one page more, which costs the kernel as much as 4 KiB, a few frames will do.
 */
#define RESERVE_BYTES 1024
#define RESERVE_MIN_BYTES 256
#define GRAIN_BYTES 512
#define PAGE_BYTES 4096

void ty_plan_free(struct ty_plan *plan)
{
	free(plan->arena);
	free(plan->arena_before);
	ty_array_free(&plan->vector);
	ty_array_free(&plan->order);
	ty_array_free(&plan->failed);
	*plan = (struct ty_plan){ 0 };
}

void ty_region_list_free(struct ty_region_list *list)
{
	ty_array_free(&list->regions);
}

static bool grow(uint8_t **arena, size_t size_bytes)
{
	uint8_t *moved = realloc(*arena, size_bytes);

	if (moved)
		*arena = moved;
	return moved != NULL;
}

static bool reserve_arena(struct ty_plan *plan, size_t size_bytes)
{
	size_t grown = plan->arena_bytes ? plan->arena_bytes : ARENA_BYTES;

	if (size_bytes <= plan->arena_bytes)
		return true;
	if (size_bytes > TY_PLAN_BYTES_MAX)
		return false;
	while (grown < size_bytes)
		grown *= 2;
	if (!grow(&plan->arena, grown) || !grow(&plan->arena_before, grown)) {
		plan->is_starved = true;
		return false;
	}
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

/* Adds the regions of one kind; those of a list that rests are not read but for the thread's state. */
static bool append_kind(struct ty_plan *plan, struct ty_region_list *list, int kind, bool is_top)
{
	for (size_t i = 0; i < list->regions.count; i++) {
		struct ty_region *region = &list->regions.items[i];

		if (region->kind != kind || region->is_top != is_top)
			continue;
		if (list->is_resting && kind != TY_REGION_THREAD)
			region->readable = false;
		else if (!append(plan, region))
			return false;
	}
	return true;
}

/*
 * What changes has to agree: the thread state and the chunk on top are neighbours in time. The chunks below come first,
 * so that a caller at the end of one was read before what it has called, and nothing that rests lies between those two.
 */
static bool append_list(struct ty_plan *plan, struct ty_region_list *list)
{
	if (!append_kind(plan, list, TY_REGION_CHUNK, false))
		return false;
	for (int kind = 0; kind < TY_REGION_KINDS; kind++)
		if (!append_kind(plan, list, kind, kind == TY_REGION_CHUNK))
			return false;
	return true;
}

static int build(struct ty_plan *plan, struct ty_region_list *const *lists, size_t count)
{
	ty_array_clear(&plan->vector);
	ty_array_clear(&plan->order);
	plan->arena_used = 0;
	for (size_t i = 0; i < count; i++)
		if (!append_list(plan, lists[i]))
			return -ENOMEM;
	if (!reserve_arena(plan, plan->arena_used) || !ty_array_reserve(&plan->failed, plan->vector.count + 1))
		return -ENOMEM;
	plan->vector_bytes = plan->arena_used;
	plan->stale = false;
	return 0;
}

static void swap_arenas(struct ty_plan *plan)
{
	uint8_t *before = plan->arena_before;

	plan->arena_before = plan->arena;
	plan->arena = before;
}

/*
 * Was the reading interrupted? When the kernel takes the processor away from us in the middle, milliseconds lie between
 * two regions, and bytes that belong to different times may agree by chance. Such a reading shows by its duration.
 */
static bool was_interrupted(struct ty_plan *plan, uint64_t took_ns)
{
	bool slow = plan->memory->is_live && plan->usual_ns && took_ns > plan->usual_ns + plan->usual_ns / 2 + SLACK_NS;

	if (!plan->usual_ns)
		plan->usual_ns = took_ns;
	/* Slow ones count a little, so that a machine that became slow is believed after a while. */
	else if (slow)
		plan->usual_ns += plan->usual_ns / 64;
	else
		plan->usual_ns = plan->usual_ns - plan->usual_ns / 16 + took_ns / 16;
	return slow;
}

static ssize_t read_once(struct ty_plan *plan, bool *interrupted)
{
	uint64_t begin_ns = ty_now_ns();
	ssize_t failures;

	swap_arenas(plan);
	plan->reading++;
	failures = ty_memory_read_ranges(plan->memory, plan->vector.items, plan->vector.count, plan->arena,
	                                 plan->failed.items);
	*interrupted = was_interrupted(plan, ty_now_ns() - begin_ns);
	return failures;
}

/* A target that rests cannot have been torn. */
static bool is_as_before(const struct ty_plan *plan, bool rebuilt)
{
	return !rebuilt && plan->was_whole && memcmp(plan->arena, plan->arena_before, plan->vector_bytes) == 0;
}

/* Most regions stay where they are when others come and go behind them, and can be compared with what they were. */
static void note_reading(const struct ty_plan *plan, struct ty_region *region, uint32_t before, bool readable)
{
	region->readable = readable;
	region->comparable = readable && region->in_reading == before && region->read_at == region->at &&
	                     region->read_bytes == region->size_bytes;
	region->in_reading = readable ? plan->reading : 0;
	region->read_bytes = region->size_bytes;
	region->read_at = region->at;
}

int ty_plan_read(struct ty_plan *plan, struct ty_region_list *const *lists, size_t count)
{
	bool rebuilt = plan->stale, interrupted = true;
	uint32_t before = plan->reading;
	int result = rebuilt ? build(plan, lists, count) : 0;
	ssize_t failures = result;

	for (int i = 0; failures >= 0 && interrupted && i < INTERRUPTIONS_MAX; i++) {
		failures = read_once(plan, &interrupted);
		interrupted = interrupted && !is_as_before(plan, rebuilt && i == 0);
	}
	if (failures < 0)
		return (int)failures;
	/* Bytes of a region that could not be read are nothing to compare with. */
	plan->has_before = !rebuilt && failures == 0 && plan->was_whole;
	plan->was_whole = failures == 0;
	for (size_t i = 0; i < plan->order.count; i++)
		note_reading(plan, plan->order.items[i], before, !plan->failed.items[i]);
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
	if (!region) {
		plan->is_starved = true;
		return NULL;
	}
	*region = (struct ty_region){
		.address = address, .size_bytes = size_bytes, .kind = (uint8_t)kind, .used_at = plan->sample
	};
	plan->stale = true;
	return region;
}

/* A region that is extended to hold a range as well. */
static struct ty_region extended(const struct ty_region *region, uint64_t address, uint32_t size_bytes)
{
	struct ty_region wider = *region;
	uint64_t end = region->address + region->size_bytes;

	wider.address = address < region->address ? address : region->address;
	end = (address + size_bytes > end ? address + size_bytes : end) - wider.address;
	wider.size_bytes = end > TY_REGION_BYTES_MAX ? UINT32_MAX : (uint32_t)end;
	return wider;
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
		if (kind != TY_REGION_LOOSE && kind != TY_REGION_SHARED
		            ? address == region->address
		            : address <= end + MERGE_BYTES && address + size_bytes + MERGE_BYTES >= region->address &&
		                      extended(region, address, size_bytes).size_bytes <= MERGED_BYTES_MAX)
			return region;
	}
	return NULL;
}

static void drop_region(struct ty_plan *plan, struct ty_region_list *list, struct ty_region *region)
{
	*region = list->regions.items[--list->regions.count];
	plan->stale = true;
}

/* Reads a region behind what the arena holds already. Nothing points into the arena for longer than that. */
static bool read_region(struct ty_plan *plan, struct ty_region *region)
{
	if (region->size_bytes > TY_REGION_BYTES_MAX || !reserve_arena(plan, plan->arena_used + region->size_bytes) ||
	    ty_memory_read(plan->memory, region->address, plan->arena + plan->arena_used, region->size_bytes) != 0)
		return false;
	region->at = plan->arena_used;
	region->used_at = plan->sample;
	region->readable = true;
	region->comparable = false;
	plan->arena_used += region->size_bytes;
	plan->stale = true;
	return true;
}

struct ty_region *ty_plan_fetch(struct ty_plan *plan, struct ty_region_list *list, enum ty_region_kind kind,
                                uint64_t address, uint32_t size_bytes)
{
	struct ty_region *region;

	if (address + size_bytes < address)
		return NULL;
	region = find_near(list, kind, address, size_bytes);
	if (region && region->readable) {
		struct ty_region wider = extended(region, address, size_bytes);

		/* What it holds stays, whatever lies between it and the range. */
		if (read_region(plan, &wider)) {
			*region = wider;
			return region;
		}
	} else if (region) {
		drop_region(plan, list, region);
	}
	region = ty_plan_add(plan, list, kind, address, size_bytes);
	if (region && read_region(plan, region))
		return region;
	/* What cannot be read is not asked for again. */
	if (region)
		drop_region(plan, list, region);
	return NULL;
}

static bool holds(const struct ty_region *region, uint64_t address, size_t size_bytes)
{
	return region->kind != TY_REGION_AGAIN && address >= region->address && size_bytes <= region->size_bytes &&
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

struct ty_region *ty_region_find_again(struct ty_region_list *list, uint64_t address)
{
	for (size_t i = 0; i < list->regions.count; i++)
		if (list->regions.items[i].kind == TY_REGION_AGAIN && list->regions.items[i].address == address)
			return &list->regions.items[i];
	return NULL;
}

bool ty_plan_is_at_rest(const struct ty_plan *plan)
{
	return plan->has_before && memcmp(plan->arena, plan->arena_before, plan->vector_bytes) == 0;
}

bool ty_region_is_unchanged(const struct ty_plan *plan, const struct ty_region *region, uint64_t up_to)
{
	uint64_t size = up_to - region->address < region->size_bytes ? up_to - region->address : region->size_bytes;

	return region->readable && region->comparable &&
	       memcmp(plan->arena + region->at, plan->arena_before + region->at, size) == 0;
}

uint64_t ty_plan_reserve(uint64_t address, uint64_t used_bytes)
{
	uint64_t wanted = (used_bytes + RESERVE_BYTES + GRAIN_BYTES - 1) / GRAIN_BYTES * GRAIN_BYTES;
	uint64_t page_end = (address + used_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES - address;

	return page_end < wanted && page_end - used_bytes >= RESERVE_MIN_BYTES ? page_end : wanted;
}

static void shrink(struct ty_plan *plan, struct ty_region *region)
{
	uint64_t wanted = ty_plan_reserve(region->address, region->high_water_bytes);

	if (region->high_water_bytes && wanted < region->size_bytes) {
		region->size_bytes = (uint32_t)wanted;
		plan->stale = true;
	}
	region->high_water_bytes = 0;
}

void ty_plan_sweep(struct ty_plan *plan, struct ty_region_list *list)
{
	/* A thread that rests goes on with what it used when it began to. */
	uint32_t now = list->is_resting ? list->awake_at : plan->sample;

	for (size_t i = 0; i < list->regions.count;) {
		struct ty_region *region = &list->regions.items[i];

		if (region->kind != TY_REGION_BYTECODE && now > region->used_at &&
		    now - region->used_at > UNUSED_SAMPLES) {
			drop_region(plan, list, region);
			continue;
		}
		if (region->kind == TY_REGION_CHUNK)
			shrink(plan, region);
		i++;
	}
}
