/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fake_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/map.h"

#define PAGE_BYTES 4096

struct page {
	uint8_t bytes[PAGE_BYTES];
	bool known[PAGE_BYTES];
};

/* What the memories that share it have in common. */
struct contents {
	struct ty_map pages; /* page number + 1 -> struct page * */
	int users;
	int error;
};

struct fake_memory {
	struct ty_memory base;
	struct contents *contents;
	uint64_t reads;
	void (*on_read)(uint64_t number, size_t ranges, void *user_data);
	void *on_read_data;
	void (*on_range)(uint64_t address, size_t size_bytes, void *user_data);
	void *on_range_data;
};

static struct fake_memory *fake(struct ty_memory *memory)
{
	return (struct fake_memory *)memory;
}

static struct page *find_page(const struct contents *contents, uint64_t address)
{
	uint64_t *slot = ty_map_get(&contents->pages, address / PAGE_BYTES + 1);

	return slot ? (struct page *)(uintptr_t)*slot : NULL;
}

static struct page *make_page(struct contents *contents, uint64_t address)
{
	struct page *page = find_page(contents, address);

	if (page)
		return page;
	page = calloc(1, sizeof(*page));
	if (!page || !ty_map_put(&contents->pages, address / PAGE_BYTES + 1, (uintptr_t)page))
		abort();
	return page;
}

static bool copy(const struct contents *contents, uint64_t address, uint8_t *into, size_t size_bytes)
{
	while (size_bytes) {
		const struct page *page = find_page(contents, address);
		size_t at = address % PAGE_BYTES;
		size_t part = PAGE_BYTES - at < size_bytes ? PAGE_BYTES - at : size_bytes;

		if (!page || memchr(page->known + at, false, part))
			return false;
		memcpy(into, page->bytes + at, part);
		address += part;
		into += part;
		size_bytes -= part;
	}
	return true;
}

static ssize_t fake_read_vector(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into)
{
	struct fake_memory *self = fake(memory);

	self->reads++;
	memory->syscalls++;
	if (self->on_read)
		self->on_read(self->reads, count, self->on_read_data);
	if (self->contents->error)
		return self->contents->error;
	for (size_t i = 0; i < count; i++) {
		uint64_t address = (uint64_t)(uintptr_t)remote[i].iov_base;

		if (self->on_range)
			self->on_range(address, remote[i].iov_len, self->on_range_data);
		if (!copy(self->contents, address, into, remote[i].iov_len))
			return (ssize_t)i;
		into = (char *)into + remote[i].iov_len;
		memory->bytes_read += remote[i].iov_len;
	}
	return (ssize_t)count;
}

static void fake_close(struct ty_memory *memory)
{
	struct contents *contents = fake(memory)->contents;

	free(memory);
	if (--contents->users)
		return;
	for (size_t i = 0; contents->pages.slots && i <= contents->pages.mask; i++)
		free((void *)(uintptr_t)contents->pages.slots[i].value);
	ty_map_free(&contents->pages);
	free(contents);
}

static const struct ty_memory_ops FAKE_OPS = { .read_vector = fake_read_vector, .close = fake_close };

static struct ty_memory *open_contents(struct contents *contents)
{
	struct fake_memory *memory = calloc(1, sizeof(*memory));

	if (!memory)
		abort();
	memory->base.ops = &FAKE_OPS;
	memory->contents = contents;
	contents->users++;
	return &memory->base;
}

struct ty_memory *fake_memory_new(void)
{
	struct contents *contents = calloc(1, sizeof(*contents));

	if (!contents)
		abort();
	return open_contents(contents);
}

struct ty_memory *fake_memory_share(struct ty_memory *memory)
{
	return open_contents(fake(memory)->contents);
}

/* Calls for the part of a range in each page: `from` is NULL to write one value. */
static void write_part(struct page *page, size_t at, size_t size_bytes, const uint8_t *from, uint8_t value)
{
	if (from)
		memcpy(page->bytes + at, from, size_bytes);
	else
		memset(page->bytes + at, value, size_bytes);
	memset(page->known + at, true, size_bytes);
}

static void write_range(struct ty_memory *memory, uint64_t address, size_t size_bytes, const uint8_t *from,
                        uint8_t value)
{
	while (size_bytes) {
		size_t at = address % PAGE_BYTES;
		size_t part = PAGE_BYTES - at < size_bytes ? PAGE_BYTES - at : size_bytes;

		write_part(make_page(fake(memory)->contents, address), at, part, from, value);
		address += part;
		from = from ? from + part : NULL;
		size_bytes -= part;
	}
}

void fake_write(struct ty_memory *memory, uint64_t address, const void *bytes, size_t size_bytes)
{
	write_range(memory, address, size_bytes, bytes, 0);
}

void fake_write_u64(struct ty_memory *memory, uint64_t address, uint64_t value)
{
	fake_write(memory, address, &value, sizeof(value));
}

void fake_write_u32(struct ty_memory *memory, uint64_t address, uint32_t value)
{
	fake_write(memory, address, &value, sizeof(value));
}

void fake_write_u8(struct ty_memory *memory, uint64_t address, uint8_t value)
{
	fake_write(memory, address, &value, sizeof(value));
}

void fake_fill(struct ty_memory *memory, uint64_t address, uint8_t value, size_t size_bytes)
{
	write_range(memory, address, size_bytes, NULL, value);
}

uint64_t fake_read_u64(struct ty_memory *memory, uint64_t address)
{
	uint64_t value = 0;

	return copy(fake(memory)->contents, address, (uint8_t *)&value, sizeof(value)) ? value : 0;
}

void fake_unmap(struct ty_memory *memory, uint64_t address, size_t size_bytes)
{
	for (size_t i = 0; i < size_bytes; i++) {
		struct page *page = find_page(fake(memory)->contents, address + i);

		if (page)
			page->known[(address + i) % PAGE_BYTES] = false;
	}
}

void fake_whole_pages(struct ty_memory *memory)
{
	const struct contents *contents = fake(memory)->contents;

	for (size_t i = 0; contents->pages.slots && i <= contents->pages.mask; i++)
		if (contents->pages.slots[i].key)
			memset(((struct page *)(uintptr_t)contents->pages.slots[i].value)->known, true, PAGE_BYTES);
}

void fake_fail(struct ty_memory *memory, int error)
{
	fake(memory)->contents->error = error;
}

void fake_on_read(struct ty_memory *memory, void (*hook)(uint64_t number, size_t ranges, void *user_data),
                  void *user_data)
{
	fake(memory)->on_read = hook;
	fake(memory)->on_read_data = user_data;
}

void fake_on_range(struct ty_memory *memory, void (*hook)(uint64_t address, size_t size_bytes, void *user_data),
                   void *user_data)
{
	fake(memory)->on_range = hook;
	fake(memory)->on_range_data = user_data;
}

uint64_t fake_reads(struct ty_memory *memory)
{
	return fake(memory)->reads;
}
