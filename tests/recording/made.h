/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_RECORDING_MADE_H
#define TY_TESTS_RECORDING_MADE_H

/*
 * A recording made for tests, in a temporary file: two functions, two threads, stacks that grow, shrink and stay.
 * Stacks are written as text, outermost first, one letter a frame: "ab" is frame b, called by frame a.
 */

#include "recording/reader.h"

#define MADE_START_NS 5000000000ULL
#define MADE_MS 1000000ULL

struct made {
	struct ty_recording_writer *writer;
	char path[64];
	uint32_t threads[2];
};

/* Begun, with frames a to d: a, b of one function at offsets 0 and 10, c, d of another. */
void made_begin(struct made *made, int compression);
void made_sample(struct made *made, uint32_t thread, uint64_t time_ms, const char *stack);
void made_value(struct made *made, uint32_t thread, uint64_t time_ms, const char *stack, uint32_t status, int verdict);
void made_finish(struct made *made);

/* Frees the writer; the file stays until made_remove(). */
void made_close(struct made *made);
void made_remove(struct made *made);

/* The whole file. To be freed. */
uint8_t *made_read(const char *path, size_t *size_bytes);

/* The stack of a thread that was read, as such text: by offset and function. */
const char *made_text(const struct ty_recording_reader *reader, const struct ty_reader_thread *thread);

#endif
