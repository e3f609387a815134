/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a recording to measure with, without a target:
 *
 *     make_recording FILE SAMPLES DEPTH KEEP [THREADS]
 *
 * A program of 400 functions in 40 files with about 2000 distinct stacks. The stack stays as it is with a probability
 * of KEEP percent, else its innermost frames change, mostly one or two of them. Ticks come every 100 µs, give or take
 * some, as a sampler at 10 kHz has them. The same arguments give the same file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recording/format.h"
#include "recording/pack.h"
#include "recording/writer.h"

#define FUNCTIONS 400
#define SITES 5 /* places in each function */
#define FILES 40
#define INTERVAL_NS 100000
#define DEPTH_MAX 1000
#define THREADS_MAX 64

static uint64_t state = 0x853c49e6748fea9b;

static uint64_t random_below(uint64_t end)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % end;
}

static void must(int64_t result)
{
	if (result < 0) {
		fprintf(stderr, "make_recording: %s\n", ty_strerror((int)result));
		exit(EXIT_FAILURE);
	}
}

static void add_tables(struct ty_recording_writer *writer)
{
	for (uint32_t i = 0; i < FUNCTIONS; i++) {
		char name[64], file[64];

		snprintf(name, sizeof(name), "function_%u", i);
		snprintf(file, sizeof(file), "/srv/app/lib/package/module_%u.py", i % FILES);
		must(ty_recording_add_function(writer, &(ty_function_info){ .name = name,
		                                                            .qualname = name,
		                                                            .filename = file,
		                                                            .first_line = 10 * i + 1,
		                                                            .bytecode_bytes = 100 }));
		for (int32_t site = 0; site < SITES; site++) {
			int32_t line = (int32_t)(10 * i) + site + 2;
			struct ty_recording_frame frame = {
				.function = i,
				.frame = { .offset = site * 10, .flags = TY_FRAME_HAS_OPCODE, .opcode = 44 },
				.has_location = true,
				.has_instruction = true,
				.location = { .line = line, .end_line = line, .column = 8, .end_column = 20 },
				.instruction = { .executing = 44, .opcode = 44 },
			};

			must(ty_recording_add_frame(writer, &frame));
		}
	}
}

/* What is called by a place of a function is always the same few functions, as in a real program. */
static uint32_t callee(uint32_t frame)
{
	uint32_t function = (frame / SITES * 7 + frame % SITES * 13 + 1) % FUNCTIONS;

	return function * SITES + (uint32_t)random_below(2);
}

static size_t change(uint32_t *stack, size_t depth, size_t most)
{
	size_t kept = depth, drop = 1;

	while (drop < depth && random_below(3) == 0)
		drop++;
	kept = depth > drop ? depth - drop : 1;
	depth = kept + random_below(3);
	depth = depth > most ? most : depth < most / 2 ? most : depth;
	for (size_t i = kept; i < depth; i++)
		stack[i] = callee(stack[i - 1]);
	return depth;
}

int main(int argc, char **argv)
{
	static uint32_t stacks[THREADS_MAX][DEPTH_MAX];
	size_t depths[THREADS_MAX];
	struct ty_recording_writer *writer;
	const struct ty_recording_run run = { .start_time_ns = 1000000000,
		                              .interval_ns = INTERVAL_NS,
		                              .opcodes = true,
		                              .python_hexversion = 0x030f00f0,
		                              .python_version = 0x030f,
		                              .pid = 1 };
	uint64_t samples, time_ns = run.start_time_ns;
	size_t most, keep, threads;

	if (argc < 5)
		return EXIT_FAILURE;
	samples = strtoull(argv[2], NULL, 10);
	most = strtoull(argv[3], NULL, 10);
	keep = strtoull(argv[4], NULL, 10);
	threads = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
	if (most < 2 || most > DEPTH_MAX || threads < 1 || threads > THREADS_MAX)
		return EXIT_FAILURE;
	must(ty_recording_create(argv[1], ty_pack_available() ? TY_RECORDING_ZSTD : TY_RECORDING_PLAIN, &writer));
	must(ty_recording_begin(writer, &run));
	add_tables(writer);
	for (size_t t = 0; t < threads; t++) {
		must(ty_recording_add_thread(
		        writer, &(struct ty_recording_thread){ .id = 1000 + t, .key = t + 1, .native_id = 1000 + t }));
		stacks[t][0] = (uint32_t)t;
		depths[t] = change(stacks[t], 1, most);
	}
	for (uint64_t i = 0; i < samples; i += threads) {
		time_ns += INTERVAL_NS - 2000 + 1000 * random_below(5);
		for (size_t t = 0; t < threads; t++) {
			if (random_below(100) >= keep)
				depths[t] = change(stacks[t], depths[t], most);
			must(ty_recording_add_sample(writer, (uint32_t)t, time_ns, TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU,
			                             TY_VERIFIED, stacks[t], depths[t], 0));
		}
		must(ty_recording_pause(writer, time_ns));
	}
	must(ty_recording_finish(writer, &(struct ty_recording_summary){ .duration_ns = time_ns - run.start_time_ns,
	                                                                 .samples = samples / threads,
	                                                                 .verified = samples }));
	ty_recording_writer_free(writer);
	return EXIT_SUCCESS;
}
