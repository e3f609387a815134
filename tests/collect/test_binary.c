/* SPDX-License-Identifier: Apache-2.0 */
/* What the collector tells the writer, seen by the reader: samples of a target that is made up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tachyon/recording.h>

#include "recording/reader.h"
#include "support/fake_target.h"
#include "support/test.h"

static struct ty_error_state error;
static struct ty_recording_reader *reader;
static ty_collector *collector;
static ty_target *target;
static char path[64];

static void begin(int opcodes, int trust)
{
	const ty_binary_options options = {
		.size = sizeof(options), .compression = TY_COMPRESSION_NONE, .opcodes = opcodes, .trust = trust
	};
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000000, .start_time_ns = FAKE_START_NS, .mode = 1 };

	snprintf(path, sizeof(path), "/tmp/tachyon-binary-XXXXXX");
	close(mkstemp(path));
	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/add.py", "A.add", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	fake_function(target, "task", "~", "<task Task-1>", 0);
	fake_code(target, "add", "0=1 2=3 12=5");
	ck_assert_ok(ty_binary_new(&options, path, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(uint64_t thread, int verdict, const char *stack)
{
	fake_begin(target);
	fake_thread(target, thread, verdict, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static void end(void)
{
	ck_assert_ok(ty_collector_end(collector, &(ty_run_summary){ .size = sizeof(ty_run_summary), .missed = 3 }));
	ty_collector_free(collector);
	fake_target_free(target);
	ck_assert_ok(ty_reader_open(path, &error, &reader));
}

static void finish(void)
{
	ty_reader_free(reader);
	unlink(path);
}

/* The stack of the next snapshot's first thread: "QUALNAME:LINE" outermost first. */
static const char *next(void)
{
	static char text[512];
	const struct ty_reader_thread *thread;
	size_t used = 0;

	if (ty_reader_next(reader) != 0)
		return "end";
	thread = reader->current.items[0];
	text[0] = '\0';
	for (size_t i = thread->depth; i-- > 0;) {
		const ty_frame *frame = &ty_reader_frames(thread)[i];
		const struct ty_reader_frame *found = ty_reader_find(reader, frame);
		uint32_t name = reader->functions.items[found->function].qualname;

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s:%d", used ? " " : "",
		                         ty_reader_string(reader, name), found->line);
	}
	return text;
}

static const struct ty_reader_frame *leaf(void)
{
	return ty_reader_find(reader, &ty_reader_frames(reader->current.items[0])[0]);
}

TEST(stacks_come_back)
{
	begin(0, TY_TRUST_PROVEN);
	sample(7, TY_VERIFIED, "main@0 add@104");
	sample(7, TY_VERIFIED, "main@0 add@104");
	sample(7, TY_REPAIRED, "main@0 add@104 add@200 gc");
	sample(7, TY_VERIFIED, "main@0 task add@300");
	sample(8, TY_VERIFIED, "main@100");
	sample(7, TY_VERIFIED, "");
	end();
	ck_assert_str_eq(next(), "<module>:1 A.add:11");
	ck_assert_uint_eq(reader->time_us, FAKE_START_NS / 1000);
	ck_assert_str_eq(next(), "<module>:1 A.add:11");
	ck_assert_uint_eq(reader->time_us, (FAKE_START_NS + FAKE_INTERVAL_NS) / 1000);
	ck_assert_str_eq(next(), "<module>:1 A.add:11 A.add:12 <GC>:-1");
	ck_assert_int_eq(reader->current.items[0]->verdict, TY_REPAIRED);
	ck_assert_str_eq(next(), "<module>:1 <task Task-1>:-1 A.add:13");
	ck_assert_uint_eq(reader->current.items[0]->unchanged_frames, 1);
	ck_assert_str_eq(next(), "<module>:2");
	ck_assert_uint_eq(reader->current.items[0]->identity.native_id, 8);
	ck_assert_str_eq(reader->current.items[0]->name, "worker \"8\"");
	ck_assert_str_eq(next(), "");
	ck_assert_str_eq(next(), "end");
	ck_assert_uint_eq(reader->run.mode, 1);
	ck_assert_uint_eq(reader->run.python_hexversion, 0x030e02f0);
	ck_assert_uint_eq(reader->summary.missed, 3);
	ck_assert(!reader->run.opcodes);
	finish();
}

/* Whatever unchanged_frames says, the file says the truth. */
/* Of a merged target: two processes, whose samples lie nearer to each other than a recording's clock can tell. */
TEST(snapshots_of_one_microsecond_stay_two)
{
	begin(0, TY_TRUST_PROVEN);
	fake_interval(target, 300);
	sample(7, TY_VERIFIED, "main@0 add@104");
	sample(8, TY_VERIFIED, "main@0");
	sample(9, TY_VERIFIED, "main@100");
	end();
	ck_assert_str_eq(next(), "<module>:1 A.add:11");
	ck_assert_str_eq(next(), "<module>:1");
	ck_assert_str_eq(next(), "<module>:2");
	ck_assert_uint_eq(reader->time_us, FAKE_START_NS / 1000 + 2);
	ck_assert_str_eq(next(), "end");
	finish();
}

TEST(stacks_come_back_when_nothing_is_said_to_be_unchanged)
{
	begin(1, TY_TRUST_PROVEN);
	fake_hide_unchanged(target, true);
	sample(7, TY_VERIFIED, "main@0 add@104=2");
	sample(7, TY_VERIFIED, "main@0 add@104=3");
	sample(7, TY_VERIFIED, "main@0 add@104=3");
	end();
	for (int i = 0; i < 3; i++) {
		ck_assert_str_eq(next(), "<module>:1 A.add:11");
		ck_assert_uint_eq(leaf()->opcode, i ? FAKE_BINARY_OP_ADD_INT : FAKE_BINARY_OP);
		ck_assert_uint_eq(reader->current.items[0]->unchanged_frames, i ? 2 : 0);
	}
	finish();
}

/* A frame is the leaf, then waits for another, then is the leaf again, in another form; offsets stay all the time. */
TEST(the_leaf_has_its_own_opcode)
{
	static const char *const STACKS[] = { "add@4=2",       "add@4=3",       "add@4 add@4=3", "add@4=3",
		                              "add@4 add@4=4", "add@4 add@4=4", "add@4" };

	begin(1, TY_TRUST_PROVEN);
	for (size_t i = 0; i < sizeof(STACKS) / sizeof(STACKS[0]); i++)
		sample(7, TY_VERIFIED, STACKS[i]);
	end();
	for (size_t i = 0; i < sizeof(STACKS) / sizeof(STACKS[0]); i++) {
		const char *opcode = strchr(STACKS[i], '=');

		ck_assert_str_ne(next(), "end");
		ck_assert_uint_eq(ty_reader_frames(reader->current.items[0])[0].opcode, opcode ? opcode[1] - '0' : 0);
		for (size_t f = 1; f < reader->current.items[0]->depth; f++)
			ck_assert_uint_eq(ty_reader_frames(reader->current.items[0])[f].flags & TY_FRAME_HAS_OPCODE, 0);
	}
	finish();
}

TEST(instructions_are_resolved_while_the_target_is_there)
{
	begin(1, TY_TRUST_PROVEN);
	sample(7, TY_VERIFIED, "add@4=6");
	end();
	ck_assert_str_eq(next(), "A.add:10");
	ck_assert(leaf()->has_instruction);
	ck_assert_uint_eq(leaf()->executing, FAKE_INSTRUMENTED_CALL);
	ck_assert_uint_eq(leaf()->opcode, FAKE_CALL);
	ck_assert_uint_eq(leaf()->flags & TY_INSTRUCTION_INSTRUMENTED, TY_INSTRUCTION_INSTRUMENTED);
	finish();
}

TEST(functions_that_run_are_disassembled)
{
	begin(1, TY_TRUST_PROVEN);
	sample(7, TY_VERIFIED, "main@0 add@2=3");
	sample(7, TY_VERIFIED, "main@0 add@2=3");
	end();
	ck_assert_str_eq(next(), "<module>:1 A.add:10");
	ck_assert_uint_gt(reader->functions.items[1].listing.count, 0);
	finish();
	begin(0, TY_TRUST_PROVEN);
	sample(7, TY_VERIFIED, "main@0 add@2=3");
	sample(7, TY_VERIFIED, "main@0 add@2=3");
	ck_assert_uint_eq(fake_disassemblies(target), 0);
	end();
	finish();
}

TEST(what_is_not_proven_keeps_its_verdict_and_not_its_stack)
{
	for (int trust = TY_TRUST_PROVEN; trust <= TY_TRUST_ALL; trust++) {
		begin(0, trust);
		sample(7, TY_VERIFIED, "main@0 add@104");
		sample(7, TY_TORN, "main@0 add@200");
		sample(7, TY_FAILED, "");
		sample(7, TY_VERIFIED, "main@0 add@104");
		end();
		ck_assert_str_eq(next(), "<module>:1 A.add:11");
		ck_assert_str_eq(next(), trust == TY_TRUST_ALL ? "<module>:1 A.add:12" : "");
		ck_assert_int_eq(reader->current.items[0]->verdict, TY_TORN);
		ck_assert_str_eq(next(), "");
		ck_assert_int_eq(reader->current.items[0]->verdict, TY_FAILED);
		ck_assert_str_eq(next(), "<module>:1 A.add:11");
		ck_assert_int_eq(reader->current.items[0]->verdict, TY_VERIFIED);
		finish();
	}
}

/* Two threads of one kernel id, by turns: whoever it is, the stack is its own. */
TEST(threads_that_share_an_id)
{
	ty_frame frames[2] = { { .function = 2, .offset = 4 }, { .function = 1, .offset = 0 } };

	begin(0, TY_TRUST_PROVEN);
	for (int i = 0; i < 4; i++) {
		fake_begin(target);
		fake_thread_frames(target, 11, 5, TY_VERIFIED, frames, 2);
		fake_thread_frames(target, 12, 5, TY_VERIFIED, frames + 1, 1);
		ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	}
	end();
	for (int i = 0; i < 4; i++) {
		ck_assert_str_eq(next(), "<module>:1 A.add:10");
		ck_assert_uint_eq(reader->current.items[0]->identity.key, 11);
		ck_assert_str_eq(next(), "<module>:1");
		ck_assert_uint_eq(reader->current.items[0]->identity.key, 12);
	}
	finish();
}

TEST(a_frame_that_nobody_knows)
{
	const ty_frame frame = { .function = 4000000000U, .offset = 2 };

	begin(1, TY_TRUST_PROVEN);
	fake_begin(target);
	fake_thread_frames(target, 1, 1, TY_VERIFIED, &frame, 1);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	end();
	ck_assert_str_eq(next(), "<unknown>:-1");
	finish();
}

TEST(wrong_options_and_places_are_refused)
{
	ck_assert_int_eq(ty_binary_new(&(ty_binary_options){ .size = sizeof(ty_binary_options), .trust = 7 }, "/tmp/x",
	                               &collector),
	                 -TY_EOPTION);
	ck_assert_int_eq(ty_binary_new(&(ty_binary_options){ .size = sizeof(ty_binary_options), .compression = 3 },
	                               "/tmp/x", &collector),
	                 -TY_EOPTION);
	ck_assert_int_eq(ty_binary_new(NULL, NULL, &collector), -TY_EOPTION);
	ck_assert_int_eq(ty_binary_new(NULL, "/no/such/directory/x", &collector), -ENOENT);
	ck_assert_int_eq(ty_binary_new(NULL, "/dev/null", &collector), -ESPIPE);
}
