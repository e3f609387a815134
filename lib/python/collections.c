/* SPDX-License-Identifier: Apache-2.0 */
#include "python/collections.h"

#include <string.h>

#include "util/bytes.h"

#define WORD_BYTES 8
#define SLOT_BYTES 64
#define GENERATIONS 3

#define STATISTICS_BYTES_MAX (PY_COLLECTIONS_MAX * SLOT_BYTES)

/* Readings until two in a row are equal: a slot is written in well under a µs. */
#define READINGS_MAX 8

static struct py_gc_slots slots_of(const struct py_version *version, const struct py_offsets *offsets)
{
	return offsets->free_threaded ? version->gc_slots_free_threaded : version->gc_slots;
}

/* A ring and its index, which is padded to a word. */
static uint32_t ring_bytes(uint32_t slots)
{
	return slots * SLOT_BYTES + WORD_BYTES;
}

bool ty_collections_known(const struct py_version *version, const struct py_offsets *offsets)
{
	struct py_gc_slots slots = slots_of(version, offsets);

	return slots.young && py_has(offsets->gc.statistics) &&
	       offsets->gc.statistics_bytes == ring_bytes(slots.young) + 2 * ring_bytes(slots.old) &&
	       offsets->gc.statistics_bytes <= STATISTICS_BYTES_MAX;
}

/* Reads until nothing changes any more. */
static int read_settled(struct ty_memory *memory, uint64_t address, uint8_t *bytes, uint32_t size_bytes)
{
	uint8_t before[STATISTICS_BYTES_MAX];
	int result = ty_memory_read(memory, address, bytes, size_bytes);

	for (int i = 1; result == 0 && i < READINGS_MAX; i++) {
		memcpy(before, bytes, size_bytes);
		result = ty_memory_read(memory, address, bytes, size_bytes);
		if (result == 0 && memcmp(before, bytes, size_bytes) == 0)
			return 0;
	}
	return result < 0 ? result : -TY_ECORRUPT;
}

static ty_gc_collection decode(const uint8_t *slot, int64_t interpreter, uint32_t generation)
{
	ty_gc_collection collection = {
		.size = sizeof(collection),
		.interpreter = interpreter,
		.start_ns = ty_load_u64(slot),
		.stop_ns = ty_load_u64(slot + 8),
		.collections = ty_load_u64(slot + 16),
		.collected = ty_load_u64(slot + 24),
		.uncollectable = ty_load_u64(slot + 32),
		.candidates = ty_load_u64(slot + 40),
		.heap_objects = ty_load_u64(slot + 56),
		.generation = generation,
	};

	memcpy(&collection.duration_s, slot + 48, sizeof(collection.duration_s));
	return collection;
}

/* Those of one generation, behind the `count` that there are. The number of all; -TY_ECORRUPT. */
static int take_ring(const uint8_t *ring, uint32_t slots, int64_t interpreter, uint32_t generation,
                     ty_gc_collection *collections, int count)
{
	uint32_t last = ring[slots * SLOT_BYTES];

	if (last >= slots)
		return -TY_ECORRUPT;
	for (uint32_t i = 1; i <= slots; i++) {
		ty_gc_collection collection = decode(ring + (last + i) % slots * SLOT_BYTES, interpreter, generation);

		if (collection.collections && collection.start_ns <= collection.stop_ns)
			collections[count++] = collection;
	}
	return count;
}

int ty_collections_read(struct ty_memory *memory, const struct py_version *version, const struct py_offsets *offsets,
                        uint64_t interpreter, ty_gc_collection collections[PY_COLLECTIONS_MAX])
{
	struct py_gc_slots slots = slots_of(version, offsets);
	uint8_t bytes[STATISTICS_BYTES_MAX];
	const uint8_t *ring = bytes;
	uint64_t id = 0, address = 0;
	int result = ty_memory_read_u64(memory, interpreter + offsets->interpreter.id, &id);

	if (result == 0)
		result = ty_memory_read_u64(memory, interpreter + offsets->interpreter.gc + offsets->gc.statistics,
		                            &address);
	if (result == 0)
		result = read_settled(memory, address, bytes, offsets->gc.statistics_bytes);
	for (uint32_t generation = 0; result >= 0 && generation < GENERATIONS; generation++) {
		uint32_t count = generation ? slots.old : slots.young;

		result = take_ring(ring, count, (int64_t)id, generation, collections, result);
		ring += ring_bytes(count);
	}
	return result;
}
