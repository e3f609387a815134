/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fake_target.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/disassembly.h>
#include <tachyon/opcode.h>

#include "util/array.h"
#include "util/options.h"

#define FRAMES_MAX 20000

struct fake_function {
	const char *nick;
	const char *filename;
	const char *qualname;
	uint32_t first_line;
	const char *code; /* of fake_code() */
};

struct fake_stack {
	ty_thread_info info;
	ty_frame *frames;
};

struct ty_snapshot {
	ty_target *target;
	TY_ARRAY(struct fake_stack) threads;
};

struct ty_target {
	TY_ARRAY(struct fake_function) functions;
	struct ty_snapshot now;
	struct ty_snapshot before;
	uint64_t samples;
	uint64_t interval_ns;
	bool hides_unchanged;
	bool has_exited;
	unsigned int disassemblies;
	uint32_t status;
	char thread_name[64];
	const char *const *recording; /* of fake_record(), what is left of it */
};

static const struct {
	const char *name;
	const char *base_name;
	uint32_t flags;
	uint16_t real; /* 0: itself */
	uint16_t instruction_flags;
} OPCODES[] = {
	[FAKE_LOAD_FAST] = { "LOAD_FAST", "LOAD_FAST", TY_OPCODE_HAS_ARGUMENT, 0, 0 },
	[FAKE_BINARY_OP] = { "BINARY_OP", "BINARY_OP", TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SPECIALIZABLE, 0, 0 },
	[FAKE_BINARY_OP_ADD_INT] = { "BINARY_OP_ADD_INT", "BINARY_OP", TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SPECIALIZED,
	                             0, 0 },
	[FAKE_RETURN_VALUE] = { "RETURN_VALUE", "RETURN_VALUE", 0, 0, 0 },
	[FAKE_INSTRUMENTED_CALL] = { "CALL", "CALL", TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SPECIALIZABLE, FAKE_CALL,
	                             TY_INSTRUCTION_INSTRUMENTED },
	[FAKE_ENTER_EXECUTOR] = { "JUMP_BACKWARD", "JUMP_BACKWARD", TY_OPCODE_HAS_ARGUMENT, 0, TY_INSTRUCTION_TRACE },
	[FAKE_CALL] = { "CALL", "CALL", TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SPECIALIZABLE, 0, 0 },
};

ty_target *fake_target_new(void)
{
	ty_target *target = calloc(1, sizeof(*target));

	target->now.target = target->before.target = target;
	target->interval_ns = FAKE_INTERVAL_NS;
	return target;
}

static void clear(struct ty_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->threads.count; i++)
		free(snapshot->threads.items[i].frames);
	ty_array_clear(&snapshot->threads);
}

void fake_target_free(ty_target *target)
{
	clear(&target->now);
	clear(&target->before);
	ty_array_free(&target->now.threads);
	ty_array_free(&target->before.threads);
	ty_array_free(&target->functions);
	free(target);
}

uint32_t fake_function(ty_target *target, const char *nick, const char *filename, const char *qualname,
                       uint32_t first_line)
{
	*ty_array_push(&target->functions) = (struct fake_function){ nick, filename, qualname, first_line, NULL };
	return (uint32_t)target->functions.count;
}

void fake_interval(ty_target *target, uint64_t interval_ns)
{
	target->interval_ns = interval_ns;
}

void fake_begin(ty_target *target)
{
	struct ty_snapshot last = target->before;

	clear(&last);
	target->before = target->now;
	target->now = last;
	target->samples++;
}

static uint32_t unchanged(const ty_target *target, uint64_t key, const ty_frame *frames, size_t count)
{
	for (size_t i = 0; i < target->before.threads.count; i++) {
		const ty_thread_info *before = &target->before.threads.items[i].info;
		uint32_t same = 0;

		if (before->thread_key != key)
			continue;
		while (same < count && same < before->frame_count &&
		       frames[count - 1 - same].function == before->frames[before->frame_count - 1 - same].function &&
		       frames[count - 1 - same].offset == before->frames[before->frame_count - 1 - same].offset)
			same++;
		return same;
	}
	return 0;
}

void fake_thread_frames(ty_target *target, uint64_t key, uint64_t id, int verdict, const ty_frame *frames, size_t count)
{
	struct fake_stack *stack = ty_array_push(&target->now.threads);

	stack->frames = malloc((count + 1) * sizeof(*frames));
	if (count)
		memcpy(stack->frames, frames, count * sizeof(*frames));
	stack->info = (ty_thread_info){
		.native_id = id,
		.host_id = id,
		.pthread_id = id,
		.status = target->status,
		.verdict = verdict,
		.frames = stack->frames,
		.frame_count = (uint32_t)count,
		.unchanged_frames = unchanged(target, key, frames, count),
		.thread_key = key,
	};
}

void fake_status(ty_target *target, uint32_t status)
{
	target->status = status;
}

static uint32_t id_of(const ty_target *target, const char *nick)
{
	for (size_t i = 0; i < target->functions.count; i++)
		if (strcmp(target->functions.items[i].nick, nick) == 0)
			return (uint32_t)i + 1;
	fprintf(stderr, "fake target: no function \"%s\"\n", nick);
	abort();
}

/* "nick@offset=opcode", the last two optional. */
static ty_frame parse_frame(const ty_target *target, char *text)
{
	ty_frame frame = { .offset = -1 };
	char *opcode = strchr(text, '='), *offset = strchr(text, '@');

	if (opcode) {
		*opcode = '\0';
		frame.flags = TY_FRAME_HAS_OPCODE;
		frame.opcode = (uint8_t)atoi(opcode + 1);
		frame.oparg = 5;
	}
	if (offset) {
		*offset = '\0';
		frame.offset = atoi(offset + 1);
	}
	frame.function = id_of(target, text);
	if (strcmp(target->functions.items[frame.function - 1].filename, "~") == 0)
		frame.kind = TY_FRAME_GC;
	return frame;
}

void fake_thread(ty_target *target, uint64_t id, int verdict, const char *stack)
{
	ty_frame *frames = calloc(FRAMES_MAX, sizeof(*frames));
	char *text = strdup(stack), *rest = text, *word;
	size_t at = FRAMES_MAX;

	while (at && (word = strsep(&rest, " ")))
		if (*word)
			frames[--at] = parse_frame(target, word);
	fake_thread_frames(target, id, id, verdict, frames + at, FRAMES_MAX - at);
	free(frames);
	free(text);
}

void fake_hide_unchanged(ty_target *target, bool hide)
{
	target->hides_unchanged = hide;
}

const ty_snapshot *fake_snapshot(ty_target *target)
{
	return &target->now;
}

void fake_record(ty_target *target, const char *const *stacks)
{
	target->recording = stacks;
}

int ty_sample(ty_target *target, const ty_snapshot **snapshot)
{
	*snapshot = NULL;
	if (!target->recording || !*target->recording)
		return -TY_EEXITED;
	fake_begin(target);
	fake_thread(target, 7, TY_VERIFIED, *target->recording++);
	*snapshot = fake_snapshot(target);
	return 0;
}

size_t ty_snapshot_threads(const ty_snapshot *snapshot)
{
	return snapshot->threads.count;
}

int ty_snapshot_thread(const ty_snapshot *snapshot, size_t index, ty_thread_info *info)
{
	ty_thread_info known;

	if (index >= snapshot->threads.count)
		return -TY_ENOTFOUND;
	known = snapshot->threads.items[index].info;
	if (snapshot->target->hides_unchanged)
		known.unchanged_frames = 0;
	return ty_options_out(info, &known, sizeof(known));
}

int32_t ty_snapshot_pid(const ty_snapshot *snapshot)
{
	ty_target_information information = { .size = sizeof(information) };

	return ty_target_info(snapshot->target, &information) == 0 ? information.pid : 0;
}

ty_target *ty_snapshot_target(const ty_snapshot *snapshot)
{
	return snapshot->target;
}

uint64_t ty_snapshot_time(const ty_snapshot *snapshot)
{
	return FAKE_START_NS + (snapshot->target->samples - 1) * snapshot->target->interval_ns;
}

const char *ty_thread_name(ty_target *target, uint64_t thread_key)
{
	snprintf(target->thread_name, sizeof(target->thread_name), "worker \"%llu\"", (unsigned long long)thread_key);
	return target->thread_name;
}

int ty_target_info(ty_target *target, ty_target_information *information)
{
	ty_target_information known = {
		.python_version = TY_PYTHON_3_14,
		.python_hexversion = 0x030e02f0,
		.pid = FAKE_PID,
		.namespace_pid = FAKE_PID,
		.runtime_path = "/usr/lib/libpython3.14.so",
	};

	(void)target;
	return ty_options_out(information, &known, sizeof(known));
}

int ty_target_statistics(ty_target *target, ty_target_counters *counters)
{
	ty_target_counters all = { .samples = target->samples };

	return ty_options_out(counters, &all, sizeof(all));
}

int ty_function(ty_target *target, uint32_t id, ty_function_info *info)
{
	ty_function_info known = { .id = id };
	const struct fake_function *function;

	if (!id || id > target->functions.count)
		return -TY_ENOTFOUND;
	function = &target->functions.items[id - 1];
	known.name = known.qualname = function->qualname;
	known.filename = function->filename;
	known.first_line = function->first_line;
	return ty_options_out(info, &known, sizeof(known));
}

int ty_location(ty_target *target, const ty_frame *frame, ty_location_info *location)
{
	ty_location_info known = { .line = -1, .end_line = -1, .column = -1, .end_column = -1 };

	if (!frame->function || frame->function > target->functions.count)
		return -TY_ENOTFOUND;
	if (frame->kind == TY_FRAME_PYTHON && frame->offset >= 0) {
		known.line = (int32_t)target->functions.items[frame->function - 1].first_line + frame->offset / 100;
		known.end_line = known.line;
		known.column = frame->offset % 100;
		known.end_column = known.column + 3;
	}
	return ty_options_out(location, &known, sizeof(known));
}

int ty_instruction(ty_target *target, const ty_frame *frame, ty_instruction_info *instruction)
{
	ty_instruction_info known = { .offset = frame->offset, .executing = frame->opcode, .opcode = frame->opcode };

	(void)target;
	if (frame->kind != TY_FRAME_PYTHON || frame->offset < 0)
		return -TY_ENOTFOUND;
	if (frame->opcode >= sizeof(OPCODES) / sizeof(*OPCODES) || !OPCODES[frame->opcode].name)
		return -TY_EOPCODE;
	if (OPCODES[frame->opcode].real)
		known.opcode = OPCODES[frame->opcode].real;
	known.flags = OPCODES[frame->opcode].instruction_flags;
	known.name = OPCODES[frame->opcode].name;
	known.base_name = OPCODES[frame->opcode].base_name;
	known.opcode_flags = OPCODES[frame->opcode].flags;
	known.argument = known.opcode_flags & TY_OPCODE_HAS_ARGUMENT ? frame->oparg : 0;
	return ty_options_out(instruction, &known, sizeof(known));
}

void fake_code(ty_target *target, const char *nick, const char *code)
{
	target->functions.items[id_of(target, nick) - 1].code = code;
}

void fake_exit(ty_target *target)
{
	target->has_exited = true;
}

unsigned int fake_disassemblies(const ty_target *target)
{
	return target->disassemblies;
}

static int give_row(ty_target *target, uint32_t function, const char *word, ty_disassembly_fn callback, void *user_data)
{
	ty_frame frame = { .function = function, .flags = TY_FRAME_HAS_OPCODE, .oparg = 5 };
	ty_instruction_info instruction = { .size = sizeof(instruction) };
	ty_location_info location = { .size = sizeof(location) };
	ty_disassembly_row row = { sizeof(row), &instruction, &location, .target = -1, .handler = -1 };
	char text[64] = "";

	frame.offset = atoi(word);
	frame.opcode = (uint8_t)atoi(strchr(word, '=') + 1);
	if (ty_instruction(target, &frame, &instruction) || ty_location(target, &frame, &location))
		abort();
	for (size_t i = 0; instruction.name[i] && i < sizeof(text) - 1; i++)
		text[i] = (char)tolower(instruction.name[i]);
	row.argument_text = text;
	return callback(&row, user_data);
}

int ty_disassemble(ty_target *target, uint32_t function, ty_disassembly_fn callback, void *user_data)
{
	const char *code;
	int result = 0;

	target->disassemblies++;
	if (!function || function > target->functions.count)
		return -TY_ENOTFOUND;
	code = target->functions.items[function - 1].code;
	if (!code || target->has_exited)
		return code ? -TY_EEXITED : -TY_ESTALE;
	while (!result && *code) {
		result = give_row(target, function, code, callback, user_data);
		code += strcspn(code, " ");
		code += strspn(code, " ");
	}
	return result;
}
