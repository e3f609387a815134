/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_PLAN_H
#define TY_SAMPLE_PLAN_H

/*
 * The plan of a sample: which regions of the target's memory its one vector read brings.
 *
 * A region is wanted because the last samples used it: the plan is a prediction. Regions live in lists, one for what
 * all threads share and one for each thread; the bytes of all of them lie in one arena, in the order in which they are
 * read. What a walk misses is fetched by a read of its own and becomes a region of the next plan; what is not used for
 * a while is dropped. As long as nothing changes, a sample rebuilds nothing and allocates nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target/memory.h"
#include "util/array.h"

/*
 * In the order in which those of one list are read, but for chunks that are not on top, which come before all: what is
 * read next to each other in time is what has to agree.
 */
enum ty_region_kind {
	TY_REGION_SHARED,   /* runtime and interpreter state */
	TY_REGION_THREAD,   /* thread state */
	TY_REGION_LOOSE,    /* frames of generators on the heap, entry frames on the C stack */
	TY_REGION_CHUNK,    /* the data stack */
	TY_REGION_AGAIN,    /* generators and callers once more, behind the stack: were they the same all the time? */
	TY_REGION_BYTECODE, /* of leaf functions */
	TY_REGION_CODE,     /* headers of code objects whose identity is in doubt */
	TY_REGION_KINDS
};

struct ty_region {
	uint64_t address;
	uint32_t size_bytes;
	uint32_t high_water_bytes; /* most that was used since the last sweep */
	uint32_t used_at;          /* number of the last sample that used it */
	uint8_t kind;
	bool is_top;         /* the chunk on top: read behind the thread state, the others before. Changes make the plan
	                        stale */
	bool readable;       /* its bytes are there */
	bool comparable;     /* ... and those of the reading before are at the same place of the arena before */
	size_t at;           /* where they are in the arena */
	uint32_t in_reading; /* number of the last reading that brought it, ... */
	uint32_t read_bytes; /* ... so many bytes of it, ... */
	size_t read_at;      /* ... to this place */
};

struct ty_region_list {
	TY_ARRAY(struct ty_region) regions;
	size_t last_found; /* where the next look-up begins: frames come in runs */
	bool is_resting; /* of a thread whose stack is not wanted: its state alone is read. Changes make the plan stale
	                  */
	uint32_t awake_at; /* number of the last sample for which it was not expected to rest */
};

struct ty_plan {
	struct ty_memory *memory;
	uint32_t sample;       /* number of the current sample */
	bool stale;            /* regions came or went since the vector was built */
	uint8_t *arena;        /* bytes of this reading */
	uint8_t *arena_before; /* bytes of the reading before */
	bool has_before;       /* ... which had the same regions at the same places */
	bool was_whole;        /* every region of this reading could be read */
	bool is_starved;       /* a region is missing because memory was out */
	uint64_t usual_ns;     /* how long a reading usually takes */
	uint32_t reading;      /* number of this reading */
	size_t arena_bytes;
	size_t vector_bytes; /* of the arena, that the vector fills; what is fetched comes behind */
	size_t arena_used;
	TY_ARRAY(struct iovec) vector;
	TY_ARRAY(struct ty_region *) order; /* region of each element of the vector */
	TY_ARRAY(bool) failed;
};

/* Regions larger than this are refused: nothing a frame walk needs is. */
#define TY_REGION_BYTES_MAX (64u << 20)

/* Sum of all regions. */
#define TY_PLAN_BYTES_MAX (1u << 30)

void ty_plan_free(struct ty_plan *plan);
void ty_region_list_free(struct ty_region_list *list);

/*
 * Reads all regions of `count` lists by one call. 0 or a negative errno. Regions that cannot be read any more are
 * marked unreadable.
 */
int ty_plan_read(struct ty_plan *plan, struct ty_region_list *const *lists, size_t count);

/* Adds a region without reading it: it comes with the next ty_plan_read(). NULL: out of memory or over a limit. */
struct ty_region *ty_plan_add(struct ty_plan *plan, struct ty_region_list *list, enum ty_region_kind kind,
                              uint64_t address, uint32_t size_bytes);

/*
 * Adds a region, or extends a near one of the same kind, and reads it at once: what a walk does when its prediction
 * failed. NULL when it cannot be read.
 */
struct ty_region *ty_plan_fetch(struct ty_plan *plan, struct ty_region_list *list, enum ty_region_kind kind,
                                uint64_t address, uint32_t size_bytes);

/* The region of a list that holds a range, readable or not, or NULL. Never one of TY_REGION_AGAIN. */
struct ty_region *ty_region_find(struct ty_region_list *list, uint64_t address, size_t size_bytes);

/* The region of TY_REGION_AGAIN that begins at an address, readable or not, or NULL. */
struct ty_region *ty_region_find_again(struct ty_region_list *list, uint64_t address);

/* The bytes at an address of a region that holds it. */
static inline const uint8_t *ty_region_bytes(const struct ty_plan *plan, const struct ty_region *region,
                                             uint64_t address)
{
	return plan->arena + region->at + (address - region->address);
}

/*
 * true when the bytes of a region from its begin up to an address are the same as in the reading before. An address
 * behind the region's end stands for its end.
 */
bool ty_region_is_unchanged(const struct ty_plan *plan, const struct ty_region *region, uint64_t up_to);

/* true when this reading brought, byte for byte, what the one before did. */
bool ty_plan_is_at_rest(const struct ty_plan *plan);

/* Bytes to read of a chunk at an address of which so many are in use: some more. */
uint64_t ty_plan_reserve(uint64_t address, uint64_t used_bytes);

/* Drops the regions of a list that were not used in the last samples, and shrinks those of which less is used. */
void ty_plan_sweep(struct ty_plan *plan, struct ty_region_list *list);

#endif
