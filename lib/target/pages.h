/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_PAGES_H
#define TY_TARGET_PAGES_H

/*
 * Pages of a target's memory, for readers of many small objects: 10 000 tasks with their coroutines lie in some 1 500
 * pages, and reading those costs far less than 20 000 ranges would.
 *
 * What is read is a prediction: of each page that the last rounds used the part they used, neighbours as one range, all
 * of it by one vector read. What is missing is fetched when it is asked for, the whole page and the pages around it,
 * because the object after it usually lies there. As long as a program's objects stay where they are, a round rebuilds
 * nothing and allocates nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target/memory.h"
#include "util/array.h"
#include "util/map.h"

#define TY_PAGE_BYTES 4096u

/* Most pages that are held: 256 MiB. */
#define TY_PAGES_MAX 65536

/* A part of a page, in bytes from its begin. */
struct ty_part {
	uint16_t begin;
	uint16_t end;
};

struct ty_page {
	uint64_t address;
	size_t at;           /* of the bytes that are there */
	struct ty_part here; /* which these are */
	struct ty_part used; /* in this round, in whole cache lines; empty: begin 0, end 0 */
	struct ty_part plan; /* to be read in the next one */
	uint32_t used_at;    /* number of the last round that used it */
	uint32_t touched_at; /* as touch_mark, when it was touched last */
	bool dead;           /* could not be read again: goes with the next round */
};

struct ty_pages {
	struct ty_memory view; /* this round's bytes for those who read memory; must be first. Never closed */
	struct ty_memory *memory;
	TY_ARRAY(struct ty_page) pages;
	uint8_t *bytes;
	size_t bytes_used;
	size_t capacity;     /* in bytes */
	struct ty_map index; /* address -> place + 1 */
	size_t last;         /* where the look-up before this one ended */
	bool stale;          /* pages came or went since the vector was built */
	uint32_t round;
	bool full; /* in this round something was refused because TY_PAGES_MAX were held */
	TY_ARRAY(struct iovec) vector;
	TY_ARRAY(uint32_t) runs; /* pages in each range of it */
	TY_ARRAY(bool) failed;

	/* Places of the pages that were touched since the caller said so: what it may want to have read anew. */
	TY_ARRAY(uint32_t) touched;
	uint32_t touch_mark;
	struct {
		TY_ARRAY(struct iovec) vector;
		TY_ARRAY(bool) failed;
		uint8_t *bytes;
		size_t capacity; /* in bytes */
	} renewal;               /* scratch of ty_pages_renew() */
};

void ty_pages_init(struct ty_pages *pages, struct ty_memory *memory);
void ty_pages_free(struct ty_pages *pages);

/* Forgets everything: the process has become another one. */
void ty_pages_forget(struct ty_pages *pages);

/* Begins a round: reads what the last one used by one call. 0, -ENOMEM, -ESRCH, … */
int ty_pages_begin(struct ty_pages *pages);

/* Copies a range out of this round's bytes. 0, -EFAULT, -ENOMEM, -TY_ELIMIT, or a negative errno as ty_memory_read().
 */
int ty_pages_read(struct ty_pages *pages, uint64_t address, void *into, size_t size_bytes);

int ty_pages_read_u64(struct ty_pages *pages, uint64_t address, uint64_t *value);

/* Notes in `touched` every page that is used from now on, once. What stands in `touched` already stays. */
void ty_pages_touch(struct ty_pages *pages);

/* Reads the pages in `touched` anew by one call and empties it. 0 or a negative errno. */
int ty_pages_renew(struct ty_pages *pages);

#endif
