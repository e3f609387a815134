/* SPDX-License-Identifier: Apache-2.0 */
#include "target/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/base.h>

/* Rounds after which a page that is not used is dropped. */
#define UNUSED_ROUNDS 16

/* Pages fetched together: CPython allocates small objects in pools of 16 KiB. */
#define GROUP_PAGES 4

#define PAGE_MASK (~(uint64_t)(TY_PAGE_BYTES - 1))
#define CAPACITY_FIRST 64

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

static bool reserve(struct ty_pages *pages, size_t wanted)
{
	size_t capacity = pages->capacity ? pages->capacity : CAPACITY_FIRST;
	uint8_t *grown;

	if (wanted <= pages->capacity)
		return true;
	while (capacity < wanted)
		capacity *= 2;
	grown = realloc(pages->bytes, capacity * TY_PAGE_BYTES);
	if (!grown)
		return false;
	pages->bytes = grown;
	pages->capacity = capacity;
	return true;
}

/* ---- the prediction ---- */

static int by_address(const void *a, const void *b)
{
	const struct ty_page *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static bool is_wanted(const struct ty_pages *pages, const struct ty_page *page)
{
	return !page->dead && pages->round - page->used_at <= UNUSED_ROUNDS;
}

static bool drop_unused(struct ty_pages *pages)
{
	size_t kept = 0;

	for (size_t i = 0; i < pages->pages.count; i++)
		if (is_wanted(pages, &pages->pages.items[i]))
			pages->pages.items[kept++] = pages->pages.items[i];
	if (kept == pages->pages.count)
		return false;
	pages->pages.count = kept;
	return true;
}

static bool append_range(struct ty_pages *pages, const struct ty_page *page, bool follows)
{
	struct iovec *range;

	if (follows) {
		pages->vector.items[pages->vector.count - 1].iov_len += TY_PAGE_BYTES;
		return true;
	}
	range = ty_array_push(&pages->vector);
	if (range)
		*range = (struct iovec){ (void *)(uintptr_t)page->address, TY_PAGE_BYTES };
	return range != NULL;
}

/* Puts the pages into the order of their addresses, and neighbours into one range. */
static int build(struct ty_pages *pages)
{
	ty_array_clear(&pages->vector);
	ty_map_clear(&pages->index);
	pages->last = 0;
	if (pages->pages.count)
		qsort(pages->pages.items, pages->pages.count, sizeof(*pages->pages.items), by_address);
	for (size_t i = 0; i < pages->pages.count; i++) {
		const struct ty_page *page = &pages->pages.items[i];

		if (!append_range(pages, page, i && page[-1].address + TY_PAGE_BYTES == page->address) ||
		    !ty_map_put(&pages->index, page->address, i + 1))
			return -ENOMEM;
	}
	pages->stale = false;
	return ty_array_reserve(&pages->failed, pages->vector.count + 1) ? 0 : -ENOMEM;
}

/* Of a range that could not be read some pages may still be there: they are fetched when they are asked for. */
static void mark_failed(struct ty_pages *pages)
{
	size_t at = 0;

	for (size_t i = 0; i < pages->vector.count; i++) {
		size_t count = pages->vector.items[i].iov_len / TY_PAGE_BYTES;

		for (size_t j = at; pages->failed.items[i] && j < at + count; j++) {
			pages->pages.items[j].dead = true;
			ty_map_remove(&pages->index, pages->pages.items[j].address);
			pages->stale = true;
		}
		at += count;
	}
}

int ty_pages_begin(struct ty_pages *pages)
{
	ssize_t failures;

	pages->round++;
	pages->full = false;
	ty_array_clear(&pages->touched);
	if (drop_unused(pages) || pages->stale) {
		int result = build(pages);

		if (result < 0)
			return result;
	}
	if (!pages->vector.count)
		return 0;
	failures = ty_memory_read_ranges(pages->memory, pages->vector.items, pages->vector.count, pages->bytes,
	                                 pages->failed.items);
	if (failures < 0)
		return (int)failures;
	if (failures)
		mark_failed(pages);
	return 0;
}

/* ---- look-up ---- */

static int add_page(struct ty_pages *pages, uint64_t address, const uint8_t *bytes)
{
	struct ty_page *page;

	if (ty_map_get(&pages->index, address))
		return 0;
	if (pages->pages.count >= TY_PAGES_MAX) {
		pages->full = true;
		return -TY_ELIMIT;
	}
	page = reserve(pages, pages->pages.count + 1) ? ty_array_push(&pages->pages) : NULL;
	if (!page || !ty_map_put(&pages->index, address, pages->pages.count)) {
		pages->pages.count -= page != NULL;
		return -ENOMEM;
	}
	page->address = address;
	/* One that nobody asked for stays until the next round only. */
	page->used_at = pages->round - UNUSED_ROUNDS;
	memcpy(pages->bytes + (pages->pages.count - 1) * TY_PAGE_BYTES, bytes, TY_PAGE_BYTES);
	pages->stale = true;
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
		result = add_page(pages, begin + i * TY_PAGE_BYTES, group + i * TY_PAGE_BYTES);
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

static int touch(struct ty_pages *pages, struct ty_page *page)
{
	uint32_t *slot;

	page->used_at = pages->round;
	if (!pages->touch_mark || page->touched_at == pages->touch_mark)
		return 0;
	page->touched_at = pages->touch_mark;
	slot = ty_array_push(&pages->touched);
	if (slot)
		*slot = (uint32_t)(page - pages->pages.items);
	return slot ? 0 : -ENOMEM;
}

static int read_in_page(struct ty_pages *pages, uint64_t address, void *into, size_t size_bytes)
{
	uint64_t begin = address & PAGE_MASK;
	struct ty_page *page = find(pages, begin);
	int result = page ? 0 : fetch(pages, begin);

	/* Memory that does not come in pages: what a capture holds of one. */
	if (result == -EFAULT)
		return ty_memory_read(pages->memory, address, into, size_bytes);
	if (result < 0)
		return result;
	page = page ? page : find(pages, begin);
	if (!page)
		return -EFAULT;
	memcpy(into, pages->bytes + (size_t)(page - pages->pages.items) * TY_PAGE_BYTES + (address - begin),
	       size_bytes);
	return touch(pages, page);
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

static bool reserve_renewal(struct ty_pages *pages, size_t count)
{
	size_t wanted = pages->renewal.capacity ? pages->renewal.capacity : CAPACITY_FIRST;
	uint8_t *grown;

	while (wanted < count)
		wanted *= 2;
	if (wanted == pages->renewal.capacity)
		return true;
	grown = realloc(pages->renewal.bytes, wanted * TY_PAGE_BYTES);
	if (!grown)
		return false;
	pages->renewal.bytes = grown;
	pages->renewal.capacity = wanted;
	return ty_array_reserve(&pages->renewal.failed, wanted);
}

/* Each page is a range of its own: one that is gone must not take its neighbours with it. */
static int read_touched(struct ty_pages *pages)
{
	ty_array_clear(&pages->renewal.vector);
	for (size_t i = 0; i < pages->touched.count; i++) {
		const struct ty_page *page = &pages->pages.items[pages->touched.items[i]];
		struct iovec *range = ty_array_push(&pages->renewal.vector);

		if (!range)
			return -ENOMEM;
		*range = (struct iovec){ (void *)(uintptr_t)page->address, TY_PAGE_BYTES };
	}
	if (!reserve_renewal(pages, pages->touched.count))
		return -ENOMEM;
	return (int)ty_memory_read_ranges(pages->memory, pages->renewal.vector.items, pages->renewal.vector.count,
	                                  pages->renewal.bytes, pages->renewal.failed.items);
}

static void put_renewed(struct ty_pages *pages, size_t at)
{
	struct ty_page *page = &pages->pages.items[pages->touched.items[at]];

	if (pages->renewal.failed.items[at]) {
		page->dead = true;
		pages->stale = true;
		ty_map_remove(&pages->index, page->address);
		return;
	}
	memcpy(pages->bytes + (size_t)pages->touched.items[at] * TY_PAGE_BYTES,
	       pages->renewal.bytes + at * TY_PAGE_BYTES, TY_PAGE_BYTES);
}

int ty_pages_renew(struct ty_pages *pages)
{
	int result;

	sort_touched(pages);
	result = pages->touched.count ? read_touched(pages) : 0;
	for (size_t i = 0; result >= 0 && i < pages->touched.count; i++)
		put_renewed(pages, i);
	ty_array_clear(&pages->touched);
	return result < 0 ? result : 0;
}
