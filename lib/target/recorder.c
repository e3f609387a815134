/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that remembers what was read through it: how captures (capture.h) are made. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/capture.h"
#include "util/array.h"
#include "util/map.h"

#define PAGE_BYTES 4096

/* Pages remembered at the most: 1 GiB. */
#define PAGES_MAX 262144

struct page {
	uint64_t address;
	uint8_t bytes[PAGE_BYTES];
	bool known[PAGE_BYTES];
};

struct recorder {
	struct ty_memory base;
	struct ty_memory *inner;
	TY_ARRAY(struct page *) pages;
	struct ty_map by_address; /* page address + 1 -> struct page * */
	bool out_of_memory;
};

static struct page *page_at(struct recorder *recorder, uint64_t address)
{
	uint64_t *known = ty_map_get(&recorder->by_address, address + 1);
	struct page **slot;
	struct page *page;

	if (known)
		return (struct page *)(uintptr_t)*known;
	if (recorder->pages.count >= PAGES_MAX)
		return NULL;
	page = calloc(1, sizeof(*page));
	slot = page ? ty_array_push(&recorder->pages) : NULL;
	if (!slot || !ty_map_put(&recorder->by_address, address + 1, (uintptr_t)page)) {
		recorder->pages.count -= slot != NULL;
		free(page);
		return NULL;
	}
	page->address = address;
	*slot = page;
	return page;
}

static void remember(struct recorder *recorder, uint64_t address, size_t size_bytes, const uint8_t *bytes)
{
	while (size_bytes) {
		uint64_t offset = address % PAGE_BYTES;
		size_t part = PAGE_BYTES - offset < size_bytes ? (size_t)(PAGE_BYTES - offset) : size_bytes;
		struct page *page = page_at(recorder, address - offset);

		if (!page) {
			recorder->out_of_memory = true;
			return;
		}
		memcpy(page->bytes + offset, bytes, part);
		memset(page->known + offset, true, part);
		address += part;
		bytes += part;
		size_bytes -= part;
	}
}

static ssize_t recorder_read_vector(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into)
{
	struct recorder *recorder = (struct recorder *)memory;
	ssize_t done = recorder->inner->ops->read_vector(recorder->inner, remote, count, into);

	memory->syscalls = recorder->inner->syscalls;
	memory->bytes_read = recorder->inner->bytes_read;
	for (ssize_t i = 0; i < done; i++) {
		remember(recorder, (uint64_t)(uintptr_t)remote[i].iov_base, remote[i].iov_len, into);
		into = (char *)into + remote[i].iov_len;
	}
	return done;
}

static void recorder_close(struct ty_memory *memory)
{
	struct recorder *recorder = (struct recorder *)memory;

	for (size_t i = 0; i < recorder->pages.count; i++)
		free(recorder->pages.items[i]);
	ty_array_free(&recorder->pages);
	ty_map_free(&recorder->by_address);
	ty_memory_close(recorder->inner);
	free(recorder);
}

static const struct ty_memory_ops RECORDER_OPS = { .read_vector = recorder_read_vector, .close = recorder_close };

int ty_recorder_open(struct ty_memory *inner, struct ty_memory **memory)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder)
		return -ENOMEM;
	recorder->base.ops = &RECORDER_OPS;
	recorder->base.is_live = inner->is_live;
	recorder->inner = inner;
	*memory = &recorder->base;
	return 0;
}

/* ---- saving ---- */

struct output {
	int (*write)(const void *data, size_t size_bytes, void *user_data);
	void *user_data;
	int result;
};

static void put(struct output *output, const void *data, size_t size_bytes)
{
	if (output->result == 0 && size_bytes)
		output->result = output->write(data, size_bytes, output->user_data);
}

static void put_u32(struct output *output, uint32_t value)
{
	value = htole32(value);
	put(output, &value, sizeof(value));
}

static void put_u64(struct output *output, uint64_t value)
{
	value = htole64(value);
	put(output, &value, sizeof(value));
}

static int compare_pages(const void *a, const void *b)
{
	const struct page *const *left = a, *const *right = b;

	return (*left)->address < (*right)->address ? -1 : (*left)->address > (*right)->address;
}

/* Calls back for every run of known bytes within a page. */
static uint32_t each_segment(const struct page *page, struct output *output)
{
	uint32_t count = 0;

	for (uint32_t at = 0; at < PAGE_BYTES;) {
		uint32_t begin;

		while (at < PAGE_BYTES && !page->known[at])
			at++;
		begin = at;
		while (at < PAGE_BYTES && page->known[at])
			at++;
		if (at == begin)
			break;
		count++;
		if (!output)
			continue;
		put_u64(output, page->address + begin);
		put_u32(output, at - begin);
		put(output, page->bytes + begin, at - begin);
	}
	return count;
}

int ty_recorder_save(struct ty_memory *memory, const struct ty_capture_facts *facts,
                     int (*write)(const void *data, size_t size_bytes, void *user_data), void *user_data)
{
	struct recorder *recorder = (struct recorder *)memory;
	struct output output = { .write = write, .user_data = user_data };
	uint32_t count = 0;

	if (recorder->out_of_memory)
		return -ENOMEM;
	if (recorder->pages.count)
		qsort(recorder->pages.items, recorder->pages.count, sizeof(*recorder->pages.items), compare_pages);
	for (size_t i = 0; i < recorder->pages.count; i++)
		count += each_segment(recorder->pages.items[i], NULL);
	put(&output, "TYCAP001", 8);
	put_u32(&output, (uint32_t)facts->pid);
	put_u32(&output, (uint32_t)facts->namespace_pid);
	put_u64(&output, facts->runtime_address);
	put_u32(&output, facts->hexversion);
	put_u32(&output, (uint32_t)strlen(facts->runtime_path));
	put(&output, facts->runtime_path, strlen(facts->runtime_path));
	put_u32(&output, count);
	for (size_t i = 0; i < recorder->pages.count; i++)
		each_segment(recorder->pages.items[i], &output);
	return output.result;
}
