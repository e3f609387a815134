/* SPDX-License-Identifier: Apache-2.0 */
#include "target/capture.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/array.h"
#include "util/bytes.h"
#include "util/cleanup.h"
#include "util/error.h"

#define MAGIC "TYCAP001"
#define MAGIC_BYTES 8
#define WORD_BYTES 8

/* Bounds on what is opened: a capture is the memory of one sample. */
#define FILE_BYTES_MAX (1L << 30)
#define SEGMENTS_MAX (1u << 24)

struct segment {
	uint64_t address;
	uint32_t size_bytes;
	const uint8_t *bytes;
};

struct capture_memory {
	struct ty_memory base;
	uint8_t *file;
	TY_ARRAY(struct segment) segments;
};

/* Index of the first segment that ends behind an address. */
static size_t first_segment(const struct capture_memory *capture, uint64_t address)
{
	size_t low = 0, high = capture->segments.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct segment *segment = &capture->segments.items[middle];

		if (segment->address + segment->size_bytes <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Are all bytes of a range recorded? They may be in segments that touch: a recorder begins a new one with each page. */
static bool is_recorded(const struct capture_memory *capture, size_t first, uint64_t address, uint64_t end)
{
	for (size_t i = first; i < capture->segments.count && address < end; i++) {
		const struct segment *segment = &capture->segments.items[i];

		if (segment->address > address)
			return false;
		address = segment->address + segment->size_bytes;
	}
	return address >= end;
}

static bool copy_range(const struct capture_memory *capture, uint64_t address, size_t size_bytes, uint8_t *into)
{
	uint64_t end = address + size_bytes;
	size_t first = first_segment(capture, address);
	size_t word = size_bytes < WORD_BYTES ? size_bytes : WORD_BYTES;

	if (end < address || !is_recorded(capture, first, address, address + word))
		return false;
	memset(into, 0, size_bytes);
	for (size_t i = first; i < capture->segments.count && capture->segments.items[i].address < end; i++) {
		const struct segment *segment = &capture->segments.items[i];
		uint64_t from = segment->address > address ? segment->address : address;
		uint64_t to =
		        segment->address + segment->size_bytes < end ? segment->address + segment->size_bytes : end;

		memcpy(into + (from - address), segment->bytes + (from - segment->address), to - from);
	}
	return true;
}

static ssize_t capture_read_vector(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into)
{
	struct capture_memory *capture = (struct capture_memory *)memory;

	memory->syscalls++;
	for (size_t i = 0; i < count; i++) {
		if (!copy_range(capture, (uint64_t)(uintptr_t)remote[i].iov_base, remote[i].iov_len, into))
			return (ssize_t)i;
		memory->bytes_read += remote[i].iov_len;
		into = (char *)into + remote[i].iov_len;
	}
	return (ssize_t)count;
}

static void capture_close(struct ty_memory *memory)
{
	struct capture_memory *capture = (struct capture_memory *)memory;

	ty_array_free(&capture->segments);
	free(capture->file);
	free(capture);
}

static const struct ty_memory_ops CAPTURE_OPS = { .read_vector = capture_read_vector, .close = capture_close };

/* ---- reading the file ---- */

struct parser {
	const uint8_t *at;
	const uint8_t *begin;
	const uint8_t *end;
	bool broken;
};

static const uint8_t *take(struct parser *parser, size_t size_bytes)
{
	const uint8_t *at = parser->at;

	if (parser->broken || (size_t)(parser->end - at) < size_bytes) {
		parser->broken = true;
		return NULL;
	}
	parser->at += size_bytes;
	return at;
}

static uint32_t take_u32(struct parser *parser)
{
	const uint8_t *at = take(parser, 4);

	return at ? le32toh(ty_load_u32(at)) : 0;
}

static uint64_t take_u64(struct parser *parser)
{
	const uint8_t *at = take(parser, 8);

	return at ? le64toh(ty_load_u64(at)) : 0;
}

static bool parse_facts(struct parser *parser, struct ty_capture_facts *facts)
{
	const uint8_t *magic = take(parser, MAGIC_BYTES), *path;
	uint32_t length;

	if (!magic || memcmp(magic, MAGIC, MAGIC_BYTES) != 0)
		return false;
	facts->pid = (pid_t)take_u32(parser);
	facts->namespace_pid = (pid_t)take_u32(parser);
	facts->runtime_address = take_u64(parser);
	facts->hexversion = take_u32(parser);
	length = take_u32(parser);
	path = take(parser, length);
	if (!path || length >= sizeof(facts->runtime_path))
		return false;
	memcpy(facts->runtime_path, path, length);
	facts->runtime_path[length] = '\0';
	return true;
}

static int parse_segments(struct parser *parser, struct capture_memory *capture)
{
	uint32_t count = take_u32(parser);
	uint64_t last_end = 0;

	if (parser->broken || count > SEGMENTS_MAX)
		return -TY_ECAPTURE;
	for (uint32_t i = 0; i < count; i++) {
		struct segment segment = { .address = take_u64(parser), .size_bytes = take_u32(parser) };
		struct segment *slot;

		segment.bytes = take(parser, segment.size_bytes);
		if (!segment.bytes || segment.address < last_end ||
		    segment.address + segment.size_bytes < segment.address)
			return -TY_ECAPTURE;
		last_end = segment.address + segment.size_bytes;
		slot = ty_array_push(&capture->segments);
		if (!slot)
			return -ENOMEM;
		*slot = segment;
	}
	return 0;
}

static int load_file(const char *path, uint8_t **bytes, size_t *size_bytes)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	_cleanup_free_ uint8_t *loaded = NULL;
	struct stat status;
	size_t done = 0;

	if (fd < 0 || fstat(fd, &status) != 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_size > FILE_BYTES_MAX)
		return -TY_ECAPTURE;
	loaded = malloc((size_t)status.st_size + 1);
	if (!loaded)
		return -ENOMEM;
	while (done < (size_t)status.st_size) {
		ssize_t got = read(fd, loaded + done, (size_t)status.st_size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	*bytes = ty_steal_ptr(loaded);
	*size_bytes = done;
	return 0;
}

int ty_capture_open(const char *path, struct ty_capture_facts *facts, struct ty_memory **memory,
                    struct ty_error_state *error)
{
	struct capture_memory *capture = calloc(1, sizeof(*capture));
	struct parser parser = { 0 };
	size_t size_bytes = 0;
	int result;

	if (!capture)
		return ty_fail(error, -ENOMEM, "out of memory");
	capture->base.ops = &CAPTURE_OPS;
	memset(facts, 0, sizeof(*facts));
	result = load_file(path, &capture->file, &size_bytes);
	if (result == 0) {
		parser = (struct parser){ .at = capture->file,
			                  .begin = capture->file,
			                  .end = capture->file + size_bytes };
		result = parse_facts(&parser, facts) ? parse_segments(&parser, capture) : -TY_ECAPTURE;
	}
	if (result < 0) {
		if (result == -TY_ECAPTURE)
			ty_fail(error, result, "%s: not a capture, or cut off or damaged at byte %td", path,
			        parser.at - parser.begin);
		else
			ty_fail(error, result, "%s: %s", path, ty_strerror(result));
		capture_close(&capture->base);
		return result;
	}
	*memory = &capture->base;
	return 0;
}
