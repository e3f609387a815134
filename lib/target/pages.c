/* SPDX-License-Identifier: Apache-2.0 */
#include "target/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/base.h>

/* Rounds after which a page that is not used is dropped, and after which parts shrink to what is used. */
#define UNUSED_ROUNDS 16
#define SHRINK_ROUNDS 64

/* Pages fetched together: CPython allocates small objects in pools of 16 KiB. */
#define GROUP_PAGES 4

/* Parts are whole cache lines. */
#define LINE_BYTES 64u

#define PAGE_MASK (~(uint64_t)(TY_PAGE_BYTES - 1))
#define CAPACITY_FIRST 65536

static ssize_t read_view(struct ty_memory *view, const struct iovec *remote, size_t count, void *into)
{
	for (size_t i = 0; i < count; i++) {
		int result = ty_pages_read((struct ty_pages *)view, (uint64_t)(uintptr_t)remote[i].iov_base, into,
		                           remote[i].iov_len);

		if (result == -EFAULT || result == -TY_ELIMIT)
			return (ssize_t)i;
		if (result < 0)
			return result;
		into = (char *)into + remote[i].iov_len;
	}
	return (ssize_t)count;
}

static const struct ty_memory_ops VIEW_OPS = { .read_vector = read_view };

void ty_pages_init(struct ty_pages *pages, struct ty_memory *memory)
{
	*pages = (struct ty_pages){ .view = { .ops = &VIEW_OPS }, .memory = memory, .round = UNUSED_ROUNDS };
}

void ty_pages_free(struct ty_pages *pages)
{
	ty_array_free(&pages->pages);
	ty_array_free(&pages->vector);
	ty_array_free(&pages->runs);
	ty_array_free(&pages->failed);
	ty_array_free(&pages->touched);
	ty_map_free(&pages->index);
	free(pages->bytes);
	ty_array_free(&pages->renewal.vector);
	ty_array_free(&pages->renewal.failed);
	free(pages->renewal.bytes);
	*pages = (struct ty_pages){ 0 };
}

void ty_pages_forget(struct ty_pages *pages)
{
	ty_array_clear(&pages->pages);
	ty_array_clear(&pages->touched);
	ty_map_clear(&pages->index);
	pages->stale = true;
}

static bool reserve(uint8_t **bytes, size_t *capacity, size_t wanted)
{
	size_t size = *capacity ? *capacity : CAPACITY_FIRST;
	uint8_t *grown;

	if (wanted <= *capacity)
		return true;
	while (size < wanted)
		size *= 2;
	grown = realloc(*bytes, size);
	if (!grown)
		return false;
	*bytes = grown;
	*capacity = size;
	return true;
}

static size_t size_of(struct ty_part part)
{
	return (size_t)(part.end - part.begin);
}

/* The smallest part that holds both. */
static struct ty_part hull(struct ty_part a, struct ty_part b)
{
	if (!a.end || !b.end)
		return a.end ? a : b;
	return (struct ty_part){ a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end };
}

/* ---- the prediction ---- */

static int by_address(const void *a, const void *b)
{
	const struct ty_page *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static bool is_wanted(const struct ty_pages *pages, const struct ty_page *page)
{
	return !page->dead && page->plan.end && pages->round - page->used_at <= UNUSED_ROUNDS;
}

/* What the next round reads of a page. true: it is not what this one did. */
static bool plan_page(const struct ty_pages *pages, struct ty_page *page)
{
	struct ty_part before = page->plan;

	if (page->used_at == pages->round && pages->round % SHRINK_ROUNDS == 0)
		page->plan = page->used;
	else
		page->plan = hull(page->plan, page->used);
	page->used = (struct ty_part){ 0, 0 };
	return page->plan.begin != before.begin || page->plan.end != before.end;
}

static void plan_round(struct ty_pages *pages)
{
	size_t kept = 0;

	for (size_t i = 0; i < pages->pages.count; i++) {
		struct ty_page *page = &pages->pages.items[i];

		pages->stale |= plan_page(pages, page);
		if (is_wanted(pages, page))
			pages->pages.items[kept++] = *page;
	}
	pages->stale |= kept != pages->pages.count;
	pages->pages.count = kept;
}

static bool follows(const struct ty_page *page)
{
	return page[-1].address + TY_PAGE_BYTES == page->address && page[-1].plan.end == TY_PAGE_BYTES &&
	       !page->plan.begin;
}

static bool append(struct ty_pages *pages, const struct ty_page *page, bool to_last)
{
	struct iovec *range;
	uint32_t *run;

	if (to_last) {
		pages->vector.items[pages->vector.count - 1].iov_len += size_of(page->plan);
		pages->runs.items[pages->runs.count - 1]++;
		return true;
	}
	range = ty_array_push(&pages->vector);
	run = ty_array_push(&pages->runs);
	if (!range || !run)
		return false;
	*range = (struct iovec){ (void *)(uintptr_t)(page->address + page->plan.begin), size_of(page->plan) };
	*run = 1;
	return true;
}

/* Puts the pages into the order of their addresses, and parts that touch into one range. */
static int build(struct ty_pages *pages)
{
	ty_array_clear(&pages->vector);
	ty_array_clear(&pages->runs);
	ty_map_clear(&pages->index);
	pages->last = 0;
	if (pages->pages.count)
		qsort(pages->pages.items, pages->pages.count, sizeof(*pages->pages.items), by_address);
	for (size_t i = 0; i < pages->pages.count; i++) {
		const struct ty_page *page = &pages->pages.items[i];

		if (!append(pages, page, i && follows(page)) || !ty_map_put(&pages->index, page->address, i + 1))
			return -ENOMEM;
	}
	pages->stale = false;
	return ty_array_reserve(&pages->failed, pages->vector.count + 1) ? 0 : -ENOMEM;
}

/* Where each page's bytes will be: in the order of the vector. */
static bool place(struct ty_pages *pages)
{
	pages->bytes_used = 0;
	for (size_t i = 0; i < pages->pages.count; i++) {
		struct ty_page *page = &pages->pages.items[i];

		page->here = page->plan;
		page->at = pages->bytes_used;
		pages->bytes_used += size_of(page->plan);
	}
	return reserve(&pages->bytes, &pages->capacity, pages->bytes_used);
}

static void bury(struct ty_pages *pages, struct ty_page *page)
{
	page->dead = true;
	pages->stale = true;
	ty_map_remove(&pages->index, page->address);
}

/* Of a range that could not be read some pages may still be there: they are fetched when they are asked for. */
static void bury_failed(struct ty_pages *pages)
{
	size_t at = 0;

	for (size_t i = 0; i < pages->vector.count; i++) {
		for (size_t j = at; pages->failed.items[i] && j < at + pages->runs.items[i]; j++)
			bury(pages, &pages->pages.items[j]);
		at += pages->runs.items[i];
	}
}

int ty_pages_begin(struct ty_pages *pages)
{
	ssize_t failures;
	int result;

	pages->full = false;
	ty_array_clear(&pages->touched);
	plan_round(pages);
	pages->round++;
	result = pages->stale ? build(pages) : 0;
	if (result < 0 || !place(pages))
		return -ENOMEM;
	if (!pages->vector.count)
		return 0;
	failures = ty_memory_read_ranges(pages->memory, pages->vector.items, pages->vector.count, pages->bytes,
	                                 pages->failed.items);
	if (failures < 0)
		return (int)failures;
	if (failures)
		bury_failed(pages);
	return 0;
}

/* ---- look-up ---- */

static struct ty_page *add_page(struct ty_pages *pages, uint64_t address)
{
	struct ty_page *page;

	if (pages->pages.count >= TY_PAGES_MAX) {
		pages->full = true;
		return NULL;
	}
	page = ty_array_push(&pages->pages);
	if (!page || !ty_map_put(&pages->index, address, pages->pages.count)) {
		pages->pages.count -= page != NULL;
		return NULL;
	}
	page->address = address;
	pages->stale = true;
	return page;
}

/* Keeps a whole page. What is there already belongs to the same round and stays where it is used. */
static int keep_page(struct ty_pages *pages, uint64_t address, const uint8_t *bytes, bool asked)
{
	const uint64_t *place = ty_map_get(&pages->index, address);
	struct ty_page *page = place ? &pages->pages.items[*place - 1] : NULL;

	if (page && !asked)
		return 0;
	if (!reserve(&pages->bytes, &pages->capacity, pages->bytes_used + TY_PAGE_BYTES))
		return -ENOMEM;
	memcpy(pages->bytes + pages->bytes_used, bytes, TY_PAGE_BYTES);
	/* What the round has read of it is not replaced by what was read later. */
	if (page)
		memcpy(pages->bytes + pages->bytes_used + page->here.begin, pages->bytes + page->at,
		       size_of(page->here));
	page = page ? page : add_page(pages, address);
	if (!page)
		return pages->full ? -TY_ELIMIT : -ENOMEM;
	page->here = (struct ty_part){ 0, TY_PAGE_BYTES };
	page->at = pages->bytes_used;
	pages->bytes_used += TY_PAGE_BYTES;
	return 0;
}

static int fetch(struct ty_pages *pages, uint64_t address)
{
	uint64_t begin = address & ~(uint64_t)(GROUP_PAGES * TY_PAGE_BYTES - 1);
	uint8_t group[GROUP_PAGES * TY_PAGE_BYTES];
	size_t count = GROUP_PAGES;
	int result = begin ? ty_memory_read(pages->memory, begin, group, sizeof(group)) : -EFAULT;

	if (result == -EFAULT) {
		begin = address;
		count = 1;
		result = ty_memory_read(pages->memory, begin, group, TY_PAGE_BYTES);
	}
	for (size_t i = 0; result == 0 && i < count; i++)
		result = keep_page(pages, begin + i * TY_PAGE_BYTES, group + i * TY_PAGE_BYTES,
		                   begin + i * TY_PAGE_BYTES == address);
	return result;
}

static struct ty_page *find(struct ty_pages *pages, uint64_t address)
{
	const uint64_t *place;

	if (pages->last < pages->pages.count && pages->pages.items[pages->last].address == address &&
	    !pages->pages.items[pages->last].dead)
		return &pages->pages.items[pages->last];
	place = ty_map_get(&pages->index, address);
	if (!place)
		return NULL;
	pages->last = (size_t)*place - 1;
	return &pages->pages.items[pages->last];
}

static int touch(struct ty_pages *pages, struct ty_page *page, struct ty_part part)
{
	uint32_t *slot;

	page->used_at = pages->round;
	page->used = hull(page->used, part);
	if (!pages->touch_mark || page->touched_at == pages->touch_mark)
		return 0;
	page->touched_at = pages->touch_mark;
	slot = ty_array_push(&pages->touched);
	if (slot)
		*slot = (uint32_t)(page - pages->pages.items);
	return slot ? 0 : -ENOMEM;
}

static bool holds(const struct ty_page *page, struct ty_part part)
{
	return page && page->here.begin <= part.begin && part.end <= page->here.end;
}

static int read_in_page(struct ty_pages *pages, uint64_t address, void *into, size_t size_bytes)
{
	uint64_t begin = address & PAGE_MASK;
	uint32_t at = (uint32_t)(address - begin);
	struct ty_part part = { (uint16_t)(at / LINE_BYTES * LINE_BYTES),
		                (uint16_t)((at + size_bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES) };
	struct ty_page *page = find(pages, begin);
	int result = holds(page, part) ? 0 : fetch(pages, begin);

	/* Memory that does not come in pages: what a capture holds of one. */
	if (result == -EFAULT)
		return ty_memory_read(pages->memory, address, into, size_bytes);
	if (result < 0)
		return result;
	page = find(pages, begin);
	if (!holds(page, part))
		return -EFAULT;
	memcpy(into, pages->bytes + page->at + (at - page->here.begin), size_bytes);
	return touch(pages, page, part);
}

int ty_pages_read(struct ty_pages *pages, uint64_t address, void *into, size_t size_bytes)
{
	if (address < TY_PAGE_BYTES || address + size_bytes < address)
		return -EFAULT;
	while (size_bytes) {
		size_t left = TY_PAGE_BYTES - (address & ~PAGE_MASK);
		size_t part = size_bytes < left ? size_bytes : left;
		int result = read_in_page(pages, address, into, part);

		if (result < 0)
			return result;
		address += part;
		into = (char *)into + part;
		size_bytes -= part;
	}
	return 0;
}

int ty_pages_read_u64(struct ty_pages *pages, uint64_t address, uint64_t *value)
{
	return ty_pages_read(pages, address, value, sizeof(*value));
}

/* ---- reading anew ---- */

void ty_pages_touch(struct ty_pages *pages)
{
	if (++pages->touch_mark == 0)
		pages->touch_mark = 1;
}

static int by_place(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* `touched` in the order of places, each once. */
static void sort_touched(struct ty_pages *pages)
{
	size_t kept = 0;

	if (!pages->touched.count)
		return;
	qsort(pages->touched.items, pages->touched.count, sizeof(*pages->touched.items), by_place);
	for (size_t i = 0; i < pages->touched.count; i++)
		if (!kept || pages->touched.items[kept - 1] != pages->touched.items[i])
			pages->touched.items[kept++] = pages->touched.items[i];
	pages->touched.count = kept;
}

/* Each page is a range of its own: one that is gone must not take its neighbours with it. */
static int read_touched(struct ty_pages *pages)
{
	size_t size = 0;

	ty_array_clear(&pages->renewal.vector);
	for (size_t i = 0; i < pages->touched.count; i++) {
		const struct ty_page *page = &pages->pages.items[pages->touched.items[i]];
		struct iovec *range = ty_array_push(&pages->renewal.vector);

		if (!range)
			return -ENOMEM;
		*range = (struct iovec){ (void *)(uintptr_t)(page->address + page->here.begin), size_of(page->here) };
		size += size_of(page->here);
	}
	if (!reserve(&pages->renewal.bytes, &pages->renewal.capacity, size) ||
	    !ty_array_reserve(&pages->renewal.failed, pages->touched.count))
		return -ENOMEM;
	return (int)ty_memory_read_ranges(pages->memory, pages->renewal.vector.items, pages->renewal.vector.count,
	                                  pages->renewal.bytes, pages->renewal.failed.items);
}

static void put_renewed(struct ty_pages *pages)
{
	const uint8_t *renewed = pages->renewal.bytes;

	for (size_t i = 0; i < pages->touched.count; i++) {
		struct ty_page *page = &pages->pages.items[pages->touched.items[i]];

		if (pages->renewal.failed.items[i])
			bury(pages, page);
		else
			memcpy(pages->bytes + page->at, renewed, size_of(page->here));
		renewed += size_of(page->here);
	}
}

int ty_pages_renew(struct ty_pages *pages)
{
	int result;

	sort_touched(pages);
	result = pages->touched.count ? read_touched(pages) : 0;
	if (result >= 0)
		put_renewed(pages);
	ty_array_clear(&pages->touched);
	return result < 0 ? result : 0;
}
