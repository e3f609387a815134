/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Captures of real interpreters: the whole reading side, from the file to names, lines, columns and instructions, must
 * give what the interpreter said of itself when the capture was recorded (tests/data/captures/record.py). And in the
 * steady state a sample allocates nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/disassembly.h>
#include <tachyon/sampler.h>

#include "support/allocations.h"
#include "support/fake_python.h"
#include "support/test.h"
#include "util/cleanup.h"

static const char *const versions[] = { "3.11", "3.12", "3.13", "3.14", "3.15" };
#define VERSIONS (sizeof(versions) / sizeof(*versions))

/* ---- captures ---- */

static ty_target *open_capture(const char *version, const ty_attach_options *options)
{
	ty_error_info error = { .size = sizeof(error) };
	ty_target *target;
	char path[4096];
	int result;

	snprintf(path, sizeof(path), "%s/%s.tycap", CAPTURES, version);
	result = ty_open_capture(path, options, &target);
	ck_assert_ok(ty_last_error(target, &error));
	ck_assert_msg(result == 0, "%s: %s", path, error.message);
	return target;
}

static char *load_expected(const char *version)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[4096], *text = calloc(1, 1 << 16);

	snprintf(path, sizeof(path), "%s/%s.json", CAPTURES, version);
	file = fopen(path, "re");
	ck_assert_msg(file && text, "%s: %s", path, strerror(errno));
	ck_assert_uint_lt(fread(text, 1, (1 << 16) - 1, file), (1 << 16) - 1);
	return text;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A frame as record.py writes it. */
static void print_frame(FILE *out, ty_target *target, const ty_frame *frame)
{
	ty_instruction_info instruction = { .size = sizeof(instruction) };
	ty_location_info location = { .size = sizeof(location) };
	ty_function_info function = { .size = sizeof(function) };

	ck_assert_ok(ty_function(target, frame->function, &function));
	ck_assert_ok(ty_location(target, frame, &location));
	ck_assert_ok(ty_instruction(target, frame, &instruction));
	ck_assert_int_eq(instruction.offset, frame->offset);
	fprintf(out,
	        " {\"name\": \"%s\", \"qualname\": \"%s\", \"filename\": \"%s\", \"first_line\": %u, \"line\": %d, "
	        "\"end_line\": %d, \"column\": %d, \"end_column\": %d, \"offset\": %d, \"base\": \"%s\"}",
	        function.name, function.qualname, base_name(function.filename), function.first_line, location.line,
	        location.end_line, location.column, location.end_column, instruction.offset, instruction.base_name);
}

/* All frames below rest(), which is where the program told what it knew. */
static char *print_stack(ty_target *target, const ty_thread_info *thread)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	ck_assert_ptr_nonnull(out);
	fprintf(out, "[\n");
	for (uint32_t i = 1; i < thread->frame_count; i++) {
		print_frame(out, target, &thread->frames[i]);
		fprintf(out, i + 1 < thread->frame_count ? ",\n" : "\n]\n");
	}
	fclose(out);
	return text;
}

TEST(stacks_are_what_the_interpreter_said)
{
	for (size_t i = 0; i < VERSIONS; i++) {
		_cleanup_free_ char *expected = load_expected(versions[i]);
		ty_target *target = open_capture(versions[i], NULL);

		for (int again = 0; again < 3; again++) {
			ty_thread_info thread = fake_sample(target, 0);
			_cleanup_free_ char *found = print_stack(target, &thread);

			ck_assert_int_eq(thread.verdict, TY_VERIFIED);
			ck_assert_str_eq(found, expected);
		}
		ty_detach(target);
	}
}

TEST(facts_of_a_capture)
{
	for (size_t i = 0; i < VERSIONS; i++) {
		ty_target *target = open_capture(versions[i], NULL);
		ty_target_information information = { .size = sizeof(information) };
		char version[16];

		ck_assert_ok(ty_target_info(target, &information));
		snprintf(version, sizeof(version), "%u.%u", information.python_version >> 8,
		         information.python_version & 0xff);
		ck_assert_str_eq(version, versions[i]);
		ck_assert_int_eq(information.is_capture, 1);
		ck_assert_int_eq(information.free_threaded, 0);
		ck_assert_int_gt(information.pid, 0);
		ck_assert_str_eq(base_name(information.runtime_path) + strlen("python"), versions[i]);
		ck_assert_int_eq(ty_reattach(target), -TY_ESTATE);
		ck_assert_int_eq(ty_capture(target, NULL), -TY_ESTATE);
		ty_detach(target);
	}
}

static int count_rows(const ty_disassembly_row *row, void *user_data)
{
	int *rows = user_data;

	(void)row;
	++*rows;
	return 0;
}

/* What a capture does not hold is told, whatever is asked. */
TEST(disassembling_a_capture_gives_what_there_is)
{
	for (size_t i = 0; i < VERSIONS; i++) {
		ty_target *target = open_capture(versions[i], NULL);
		ty_thread_info thread = fake_sample(target, 0);

		for (uint32_t f = 0; f < thread.frame_count; f++) {
			int rows = 0;

			ty_disassemble(target, thread.frames[f].function, count_rows, &rows);
			ck_assert_int_lt(rows, 1000);
		}
		ty_detach(target);
	}
}

/* ---- what no frame of a snapshot says ---- */

static void check_no_name(ty_target *target, ty_frame frame, int expected)
{
	ty_instruction_info instruction = { .size = sizeof(instruction) };

	ck_assert_int_eq(ty_instruction(target, &frame, &instruction), expected);
	ck_assert_ptr_null(instruction.name);
}

static void check_nowhere(ty_target *target, ty_frame frame, int32_t offset)
{
	ty_location_info location = { .size = sizeof(location) };

	frame.offset = offset;
	check_no_name(target, frame, -TY_ENOTFOUND);
	ck_assert_ok(ty_location(target, &frame, &location));
	ck_assert_int_eq(location.line, -1);
	ck_assert_int_eq(location.end_line, -1);
	ck_assert_int_eq(location.column, -1);
	ck_assert_int_eq(location.end_column, -1);
}

/* A program may ask about frames that it has made up, or kept for too long: no answer is better than a wrong one. */
TEST(a_frame_that_cannot_be_has_neither_name_nor_place)
{
	for (size_t i = 0; i < VERSIONS; i++) {
		ty_target *target = open_capture(versions[i], NULL);
		ty_thread_info thread = fake_sample(target, 0);
		ty_function_info function = { .size = sizeof(function) };
		ty_instruction_info instruction = { .size = sizeof(instruction) };
		ty_frame leaf = thread.frames[0], frame = leaf;

		ck_assert_ok(ty_instruction(target, &leaf, &instruction));
		ck_assert_ok(ty_function(target, leaf.function, &function));
		for (int32_t offset = 1; offset < (int32_t)function.bytecode_bytes; offset += 2)
			check_nowhere(target, leaf, offset);
		for (int64_t offset = function.bytecode_bytes; offset < INT32_MAX; offset = offset * 2 + 2)
			check_nowhere(target, leaf, (int32_t)offset);
		check_nowhere(target, leaf, INT32_MAX);
		check_nowhere(target, leaf, INT32_MIN);
		frame.opcode = 0; /* CACHE: never executed, whatever the version */
		frame.flags |= TY_FRAME_HAS_OPCODE;
		check_no_name(target, frame, -TY_EOPCODE);
		frame = leaf;
		frame.function = UINT32_MAX;
		check_no_name(target, frame, -TY_ENOTFOUND);
		ty_detach(target);
	}
}

/* ---- what threads were doing ---- */

static ty_target *open_states(const char *version, const ty_attach_options *options)
{
	char name[16];

	snprintf(name, sizeof(name), "%s-states", version);
	return open_capture(name, options);
}

static ty_thread_info thread_named(ty_target *target, const ty_snapshot *snapshot, const char *name)
{
	ty_thread_info thread = { .size = sizeof(thread) };

	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ck_assert_ok(ty_snapshot_thread(snapshot, i, &thread));
		if (strcmp(ty_thread_name(target, thread.thread_key), name) == 0)
			return thread;
	}
	ck_abort_msg("no thread %s", name);
	return thread;
}

static bool has_kind(const ty_thread_info *thread, int kind)
{
	for (uint32_t i = 0; i < thread->frame_count; i++)
		if (thread->frames[i].kind == kind)
			return true;
	return false;
}

/* states.py: whoever was on CPU cannot be asked any more. */
TEST(states_and_names_and_the_collector)
{
	static const ty_attach_options options = { .size = sizeof(options),
		                                   .threads = TY_THREADS_ALL,
		                                   .native_frames = 1 };

	for (size_t i = 0; i < VERSIONS; i++) {
		ty_target *target = open_states(versions[i], &options);
		ty_thread_info thread;
		const ty_snapshot *snapshot;

		ck_assert_ok(ty_sample(target, &snapshot));
		ck_assert_uint_eq(ty_snapshot_threads(snapshot), 3);
		thread = thread_named(target, snapshot, "MainThread");
		ck_assert_uint_eq(thread.status, TY_THREAD_UNKNOWN | TY_THREAD_MAIN);
		ck_assert(!has_kind(&thread, TY_FRAME_GC));
		thread = thread_named(target, snapshot, "rechnet");
		ck_assert_uint_eq(thread.status, TY_THREAD_UNKNOWN | TY_THREAD_HAS_GIL);
		ck_assert_int_eq(thread.frames[0].kind, TY_FRAME_PYTHON);
		ck_assert(!has_kind(&thread, TY_FRAME_GC));
		thread = thread_named(target, snapshot, "räumt auf ♻");
		ck_assert_uint_eq(thread.status, TY_THREAD_UNKNOWN | TY_THREAD_HAS_EXCEPTION);
		ck_assert(has_kind(&thread, TY_FRAME_GC));
		ck_assert_uint_eq(thread.interpreter, 0);
		ty_detach(target);
	}
}

TEST(modes_of_a_capture)
{
	static const int modes[] = { TY_MODE_GIL, TY_MODE_EXCEPTION, TY_MODE_CPU };
	static const char *const names[] = { "rechnet", "räumt auf ♻", NULL };
	static const ty_attach_options options = { .size = sizeof(options), .threads = TY_THREADS_ALL };

	for (size_t i = 0; i < VERSIONS; i++) {
		ty_target *target = open_states(versions[i], &options);

		for (size_t mode = 0; mode < sizeof(modes) / sizeof(*modes); mode++) {
			ty_sampler_options clock = { .size = sizeof(clock), .interval_ns = 1, .mode = modes[mode] };
			const ty_snapshot *snapshot;
			ty_sampler *sampler;

			ck_assert_ok(ty_sampler_new(target, &clock, &sampler));
			ck_assert_ok(ty_sampler_next(sampler, &snapshot));
			ck_assert_uint_eq(ty_snapshot_threads(snapshot), names[mode] ? 1 : 0);
			if (names[mode])
				thread_named(target, snapshot, names[mode]);
			ty_sampler_free(sampler);
		}
		ty_detach(target);
	}
}

/* ---- the steady state ---- */

/* Everything that can be asked about a thread; a location table is decoded when it is first asked for. */
static void use(ty_target *target, const ty_thread_info *thread)
{
	for (uint32_t i = 0; i < thread->frame_count; i++) {
		ty_instruction_info instruction = { .size = sizeof(instruction) };
		ty_location_info location = { .size = sizeof(location) };
		ty_function_info function = { .size = sizeof(function) };

		ty_function(target, thread->frames[i].function, &function);
		ty_location(target, &thread->frames[i], &location);
		ty_instruction(target, &thread->frames[i], &instruction);
	}
}

static void check_steady(ty_target *target)
{
	ty_target_counters before = { .size = sizeof(before) }, after = { .size = sizeof(after) };
	const ty_snapshot *snapshot;
	unsigned long allocated;

	for (int i = 0; i < 300; i++)
		ck_assert_ok(ty_sample(target, &snapshot));
	ck_assert_ok(ty_target_statistics(target, &before));
	allocated = allocations_made();
	for (int i = 0; i < 1000; i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		if (ty_sample(target, &snapshot) != 0 || ty_snapshot_thread(snapshot, 0, &thread) != 0)
			break;
		use(target, &thread);
	}
	allocated = allocations_made() - allocated;
	ck_assert_uint_eq(allocated, 0);
	ck_assert_ok(ty_target_statistics(target, &after));
	ck_assert_uint_eq(after.samples - before.samples, 1000);
	/* What was not looked at for a while is dropped, and now and then that was too early. */
	ck_assert_uint_le(after.syscalls - before.syscalls, 1050);
}

TEST(samples_of_a_capture_allocate_nothing)
{
	for (size_t i = 0; i < VERSIONS; i++)
		for (int all = 0; all < 2; all++) {
			ty_attach_options options = { .size = sizeof(options), .threads = all, .opcodes = 1 };
			ty_target *target = open_capture(versions[i], &options);
			ty_thread_info thread = fake_sample(target, 0);

			use(target, &thread);
			check_steady(target);
			ty_detach(target);
		}
}

/* Also while the program calls and returns, as long as it does nothing new. */
TEST(samples_of_a_program_that_runs_allocate_nothing)
{
	fake_each_version(version)
	{
		struct fake_python *python = fake_python_new(version);
		struct fake_thread *thread = fake_thread_new(python, FAKE_PID);
		struct fake_code *code = fake_code(python, "work", "RESUME NOP CALL RETURN_VALUE");
		ty_target *target = fake_target(python, NULL);
		unsigned long allocated = 0;

		for (int i = 0; i < 50; i++)
			fake_call(thread, code);
		for (int i = 0; i < 2000; i++) {
			const ty_snapshot *snapshot;
			unsigned long before;
			int result;

			if (i % 20 < 10)
				fake_call(thread, code);
			else
				fake_return(thread);
			before = allocations_made();
			result = ty_sample(target, &snapshot);
			allocated += i >= 1000 ? allocations_made() - before : 0; /* assertions allocate as well */
			ck_assert_int_eq(result, 0);
		}
		ck_assert_uint_eq(allocated, 0);
		ty_detach(target);
		fake_python_free(python);
	}
}
