/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/chunks.h"

#include "util/bytes.h"

#define WORD_BYTES 8

#define CHUNK_PREVIOUS 0
#define CHUNK_SIZE 8
#define CHUNK_TOP 16
#define CHUNK_DATA 24

/* Chunks of one thread, and bytes of one: CPython doubles chunks as needed and begins with 16 KiB. */
#define CHUNKS_MAX 8192
#define CHUNK_BYTES_MAX (64u << 20)

struct chunk {
	uint64_t address;
	uint64_t previous;
	uint64_t size_bytes;
	uint64_t used_bytes;
};

static struct ty_region *find_chunk(struct ty_region_list *list, uint64_t address)
{
	for (size_t i = 0; i < list->regions.count; i++)
		if (list->regions.items[i].address == address && list->regions.items[i].kind == TY_REGION_CHUNK)
			return &list->regions.items[i];
	return NULL;
}

static bool load_chunk(const uint8_t *bytes, uint64_t address, struct chunk *chunk)
{
	chunk->address = address;
	chunk->previous = ty_load_u64(bytes + CHUNK_PREVIOUS);
	chunk->size_bytes = ty_load_u64(bytes + CHUNK_SIZE);
	chunk->used_bytes = CHUNK_DATA + ty_load_u64(bytes + CHUNK_TOP) * WORD_BYTES;
	return chunk->size_bytes > CHUNK_DATA && chunk->size_bytes <= CHUNK_BYTES_MAX;
}

/* Bytes of a chunk to read so that `used_bytes` of it are there. */
static uint32_t wanted_bytes(const struct chunk *chunk, bool is_top)
{
	uint64_t wanted = is_top ? ty_plan_reserve(chunk->address, chunk->used_bytes) : chunk->used_bytes;

	return (uint32_t)(wanted < chunk->size_bytes ? wanted : chunk->size_bytes);
}

static struct ty_region *fetch_chunk(struct ty_plan *plan, struct ty_thread *thread, uint64_t address,
                                     uint32_t size_bytes, bool *missed)
{
	*missed = true;
	return ty_plan_fetch(plan, &thread->list, TY_REGION_CHUNK, address, size_bytes);
}

/* The region of one chunk, with at least its used part. */
static struct ty_region *update_chunk(struct ty_plan *plan, struct ty_thread *thread, uint64_t address, uint64_t top,
                                      struct chunk *chunk, bool *missed)
{
	struct ty_region *region = find_chunk(&thread->list, address);

	if (!region || !region->readable)
		region = fetch_chunk(plan, thread, address, CHUNK_DATA, missed);
	if (!region || !load_chunk(ty_region_bytes(plan, region, address), address, chunk))
		return NULL;
	if (top > address + CHUNK_DATA && top <= address + chunk->size_bytes)
		chunk->used_bytes = top - address;
	if (chunk->used_bytes > chunk->size_bytes)
		chunk->used_bytes = chunk->size_bytes;
	if (region->size_bytes < chunk->used_bytes)
		region = fetch_chunk(plan, thread, address, wanted_bytes(chunk, top != 0), missed);
	if (!region)
		return NULL;
	region->used_at = plan->sample;
	if (chunk->used_bytes > region->high_water_bytes)
		region->high_water_bytes = (uint32_t)chunk->used_bytes;
	return region;
}

void ty_chunks_update(struct ty_plan *plan, struct ty_thread *thread, const struct py_offsets *offsets,
                      const uint8_t *state, bool *missed)
{
	uint64_t address = ty_load_u64(state + offsets->thread.datastack_chunk);
	uint64_t top = ty_load_u64(state + offsets->thread.datastack_top);

	thread->stack_top = top;
	for (int i = 0; address && i < CHUNKS_MAX; i++) {
		struct chunk chunk;
		struct ty_region *region = update_chunk(plan, thread, address, i == 0 ? top : 0, &chunk, missed);

		if (!region)
			return;
		plan->stale |= region->is_top != (i == 0);
		region->is_top = i == 0;
		if (!chunk.previous)
			thread->root_slot = address + CHUNK_DATA + WORD_BYTES;
		address = chunk.previous;
	}
}

bool ty_chunks_begin_at(const struct ty_region_list *list, uint64_t address)
{
	for (size_t i = 0; i < list->regions.count; i++) {
		const struct ty_region *region = &list->regions.items[i];

		if (region->kind == TY_REGION_CHUNK && address >= region->address + CHUNK_DATA &&
		    address <= region->address + CHUNK_DATA + WORD_BYTES)
			return true;
	}
	return false;
}
