/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program of the time of 0.1: it knows the library by the header beside it, which is never that of today. It goes once
 * through every object of the API, and checks what the library fills in: a struct that had moved would show here.
 * program PID, where PID is tests/cli/targets/park.py.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tachyon-0.1.h"

#define SAMPLES 20

/* The rest would be consequences. */
#define CHECK(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			printf("line %d: %s\n", __LINE__, #condition);                                                 \
			exit(1);                                                                                       \
		}                                                                                                      \
	} while (0)

struct tally {
	int begun;
	int samples;
	int ended;
	int destroyed;
	uint64_t interval_ns;
};

static int begin(const ty_run_info *run, void *user_data)
{
	struct tally *tally = user_data;

	CHECK(run->size >= sizeof(*run) && run->target && run->start_unix_ns);
	tally->begun++;
	tally->interval_ns = run->interval_ns;
	return 0;
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct tally *tally = user_data;

	CHECK(ty_snapshot_threads(snapshot) >= 1);
	tally->samples++;
	return 0;
}

static int end(const ty_run_summary *summary, void *user_data)
{
	struct tally *tally = user_data;

	CHECK(summary->samples == (uint64_t)tally->samples && summary->duration_ns > 0);
	tally->ended++;
	return 0;
}

static void destroy(void *user_data)
{
	((struct tally *)user_data)->destroyed++;
}

static void check_opcode(void)
{
	ty_opcode opcode = { sizeof(opcode) };

	CHECK(ty_decode_opcode(TY_PYTHON_3_11, 122, &opcode) == 0);
	CHECK(strcmp(opcode.name, "BINARY_OP") == 0 && opcode.version == TY_PYTHON_3_11 && opcode.caches == 1);
	CHECK(ty_decode_opcode(1, 1, &opcode) == -TY_EVERSION);
}

/* With guards around: a library that thought the struct larger would write over them. */
static void check_thread(ty_target *target, const ty_snapshot *snapshot, size_t index)
{
	struct {
		ty_thread_info info;
		uint64_t guard;
	} thread = { { sizeof(thread.info) }, 0x5afe };
	struct {
		ty_function_info info;
		uint64_t guard;
	} function = { { sizeof(function.info) }, 0x5afe };

	CHECK(ty_snapshot_thread(snapshot, index, &thread.info) == 0);
	CHECK(thread.info.size == sizeof(thread.info) && thread.guard == 0x5afe);
	CHECK(thread.info.verdict == TY_VERIFIED && thread.info.frame_count >= 1 && thread.info.native_id);
	for (uint32_t i = 0; i < thread.info.frame_count; i++) {
		const ty_frame *frame = &thread.info.frames[i];
		ty_location_info location = { sizeof(location) };
		ty_instruction_info instruction = { sizeof(instruction) };

		CHECK(ty_function(target, frame->function, &function.info) == 0 && function.guard == 0x5afe);
		CHECK(function.info.id == frame->function && *function.info.qualname);
		CHECK(ty_location(target, frame, &location) == 0);
		if (frame->kind != TY_FRAME_PYTHON)
			continue;
		CHECK(location.line >= (int32_t)function.info.first_line && location.end_line >= location.line);
		CHECK(ty_instruction(target, frame, &instruction) == 0);
		CHECK(instruction.offset == frame->offset && *instruction.name && *instruction.base_name);
	}
	/* The outermost is the module's for the one thread, threading's for the other. */
	CHECK(strcmp(function.info.qualname, "<module>") == 0 || strstr(function.info.qualname, "_bootstrap"));
}

static void check_sampler(ty_target *target)
{
	ty_sampler_options options = { sizeof(options), 1000000, 0, SAMPLES };
	ty_collector_callbacks callbacks = { sizeof(callbacks), begin, sample, end, destroy };
	ty_run_summary summary = { sizeof(summary) };
	struct tally tally = { 0 };
	ty_collector *collectors[2];
	ty_sampler *sampler;
	char *text = NULL;
	size_t size_bytes;
	ty_sink *sink;
	FILE *file = tmpfile();

	CHECK(file && ty_sink_fd(fileno(file), &sink) == 0);
	CHECK(ty_collector_new(&callbacks, &tally, &collectors[0]) == 0);
	CHECK(ty_collapsed_new(NULL, sink, &collectors[1]) == 0);
	CHECK(ty_sampler_new(target, &options, &sampler) == 0);
	CHECK(ty_sampler_run(sampler, collectors, 2) >= 0);
	CHECK(ty_sampler_summary(sampler, &summary) == 0 && summary.samples == SAMPLES);
	CHECK(summary.end_reason == TY_END_DURATION);
	ty_sampler_free(sampler);
	ty_collector_free(collectors[0]);
	ty_collector_free(collectors[1]);
	CHECK(tally.begun == 1 && tally.samples == SAMPLES && tally.ended == 1 && tally.destroyed == 1);
	CHECK(tally.interval_ns == options.interval_ns);

	CHECK((size_bytes = (size_t)ftell(file)) > 0 && (text = calloc(1, size_bytes + 1)));
	rewind(file);
	CHECK(fread(text, 1, size_bytes, file) == size_bytes && strstr(text, "<module>"));
	free(text);
	fclose(file);
}

static int count_row(const ty_disassembly_row *row, void *user_data)
{
	CHECK(row->instruction->size >= sizeof(ty_instruction_info) && *row->instruction->name && row->argument_text);
	++*(int *)user_data;
	return 0;
}

int main(int argc, char **argv)
{
	ty_attach_options options = { sizeof(options) };
	ty_target_information information = { sizeof(information) };
	ty_target_counters counters = { sizeof(counters) };
	ty_error_info error = { sizeof(error) };
	const ty_snapshot *snapshot;
	ty_target *target;
	int rows = 0;

	check_opcode();
	CHECK(ty_version_number() >= 0x000100 && *ty_version_string());
	options.threads = TY_THREADS_ALL;
	options.opcodes = 1;
	CHECK(ty_attach(argc > 1 ? atoi(argv[1]) : 0, &options, &target) == 0);
	CHECK(ty_target_info(target, &information) == 0 && information.pid == atoi(argv[1]));
	CHECK(information.python_version >= TY_PYTHON_3_11 && *information.runtime_path);
	CHECK(ty_sample(target, &snapshot) == 0 && ty_snapshot_target(snapshot) == target);
	CHECK(ty_snapshot_threads(snapshot) == 2);
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++)
		check_thread(target, snapshot, i);
	CHECK(ty_disassemble(target, 1, count_row, &rows) == 0 && rows > 3);
	check_sampler(target);
	CHECK(ty_target_statistics(target, &counters) == 0 && counters.samples == SAMPLES + 1 && counters.code_objects);
	CHECK(ty_last_error(target, &error) == 0 && error.code == 0);
	ty_detach(target);
	puts("all as in 0.1");
	return 0;
}
