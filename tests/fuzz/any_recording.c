/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/any_recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "recording/format.h"
#include "recording/pack.h"
#include "recording/wire.h"

#define CHUNKS_MAX 1000

static void store(uint8_t *at, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t load(const uint8_t *at)
{
	struct ty_wire_in in = ty_wire_in(at, 4);

	return ty_wire_get_u32(&in);
}

/* Makes the checksums of one chunk right. Its length; 0: none begins here. */
static size_t mend_chunk(uint8_t *at, size_t left, uint8_t *samples, size_t samples_left)
{
	uint64_t front = left < TY_CHUNK_HEAD_BYTES ? 0 : 8 + (uint64_t)load(at + 4), back;
	uint32_t crc;

	if (!front || load(at) != TY_CHUNK_SKIPPABLE || front < TY_CHUNK_HEAD_BYTES || front > left)
		return 0;
	back = load(at + 24);
	samples = samples ? samples : at + front;
	samples_left = samples == at + front ? left - front : samples_left;
	if (back <= samples_left)
		store(at + 32, ty_checksum(0, samples, back));
	crc = ty_checksum(0, at, TY_CHUNK_HEAD_BYTES - 4);
	store(at + 36, ty_checksum(crc, at + TY_CHUNK_HEAD_BYTES, front - TY_CHUNK_HEAD_BYTES));
	return front + (samples == at + front && back <= samples_left ? back : 0);
}

/* Chunks stand behind the empty frame or the header; or all at the end, with the samples behind the header. */
static void mend(uint8_t *bytes, size_t size)
{
	size_t at = TY_RECORDING_HEADER_BYTES + TY_RECORDING_EMPTY_FRAME_BYTES, length = 1, samples_at;

	for (int i = 0; i < CHUNKS_MAX && length && at < size; i++, at += length)
		length = mend_chunk(bytes + at, size - at, NULL, 0);
	if (size < TY_RECORDING_HEADER_BYTES + TY_RECORDING_FOOTER_BYTES)
		return;
	at = load(bytes + size - 8);
	samples_at = TY_RECORDING_HEADER_BYTES;
	for (int i = 0; i < CHUNKS_MAX && at < size && samples_at < size; i++) {
		length = mend_chunk(bytes + at, size - at, bytes + samples_at, size - samples_at);
		if (!length)
			break;
		samples_at += load(bytes + at + 24);
		at += length;
	}
}

void fuzz_with_recording(const uint8_t *data, size_t size_bytes, void (*use)(const char *path))
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	uint8_t *copy = malloc(size_bytes + 1);
	char path[64];

	if (fd < 0 || !copy)
		abort();
	if (size_bytes)
		memcpy(copy, data, size_bytes);
	if (size_bytes && data[size_bytes - 1] % 2 == 0)
		mend(copy, size_bytes);
	if (size_bytes && write(fd, copy, size_bytes) != (ssize_t)size_bytes)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	use(path);
	close(fd);
	free(copy);
}
