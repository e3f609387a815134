/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `dump`: one sample as text, in the form of a Python traceback.
 *
 * A single reading may catch a stack in motion, so it is repeated for a while until every thread is proven; what is
 * still not proven is printed with its verdict. Columns are bytes of UTF-8 in the source line; they are marked with
 * colours on a terminal and with carets elsewhere, which takes the width of the characters before them.
 */
#include "cli.h"

#include <string.h>
#include <unistd.h>

#define TRIES 100
#define TRY_PAUSE_NS (NS_PER_MS / 5)

struct style {
	const char *heading, *file, *line, *function, *note, *source, *marked, *warning, *end;
};

static const struct style plain_style = { "", "", "", "", "", "", "", "", "" };
static const struct style color_style = {
	.heading = "\033[1;34m",
	.file = "\033[36m",
	.line = "\033[33m",
	.function = "\033[1;32m",
	.note = "\033[90m",
	.source = "\033[37m",
	.marked = "\033[1;33m",
	.warning = "\033[1;31m",
	.end = "\033[0m",
};

struct dump {
	const struct options *options;
	ty_target *target;
	struct source_cache *sources;
	const struct style *style;
	bool several_interpreters;
};

static bool all_proven(const ty_snapshot *snapshot)
{
	ty_thread_info thread = { .size = sizeof(thread) };

	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		if (ty_snapshot_thread(snapshot, i, &thread) == 0 && thread.verdict != TY_VERIFIED &&
		    thread.verdict != TY_REPAIRED)
			return false;
	}
	return true;
}

/* Reads until every stack is proven, or as good as it gets. 0 or the error of the last reading. */
static int sample_well(ty_target *target, const ty_snapshot **snapshot)
{
	int result = 0;

	for (int i = 0; i < TRIES; i++) {
		result = ty_sample(target, snapshot);
		if (result == -TY_EEXITED || (result == 0 && all_proven(*snapshot)))
			return result;
		sleep_ns(TRY_PAUSE_NS);
	}
	return result;
}

static const char *verdict_text(int verdict)
{
	switch (verdict) {
	case TY_TORN:
		return "torn: this stack may never have existed";
	case TY_INCOMPLETE:
		return "incomplete: the outermost frames are missing";
	case TY_FAILED:
		return "this thread could not be read";
	default:
		return NULL;
	}
}

static void print_status(uint32_t status)
{
	static const struct {
		uint32_t flag;
		const char *text;
	} states[] = {
		{ TY_THREAD_MAIN, "main thread" },
		{ TY_THREAD_HAS_GIL, "has GIL" },
		{ TY_THREAD_ON_CPU, "on CPU" },
		{ TY_THREAD_GIL_REQUESTED, "waiting for GIL" },
		{ TY_THREAD_HAS_EXCEPTION, "has exception" },
	};
	bool busy = status & (TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU | TY_THREAD_GIL_REQUESTED | TY_THREAD_UNKNOWN);

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (status & states[i].flag)
			printf("%s, ", states[i].text);
	}
	if (!busy)
		fputs("idle, ", stdout);
}

static void print_heading(const struct dump *dump, const ty_thread_info *thread, bool first)
{
	const char *name = ty_thread_name(dump->target, thread->thread_key);
	const char *verdict = verdict_text(thread->verdict);

	printf("%sStack dump", dump->style->heading);
	if (first)
		printf(" for PID %d", dump->options->pid);
	printf(", thread %llu", (unsigned long long)(thread->host_id ? thread->host_id : thread->native_id));
	if (name && *name) {
		fputs(" '", stdout);
		text_puts(stdout, name);
		fputs("'", stdout);
	}
	if (dump->several_interpreters)
		printf(", interpreter %lld", (long long)thread->interpreter);
	fputs(" (", stdout);
	print_status(thread->status);
	printf("most recent call last):%s\n", dump->style->end);
	if (verdict)
		printf("  %s[%s]%s\n", dump->style->warning, verdict, dump->style->end);
}

/* "  opcode=BINARY_OP_ADD_INT (BINARY_OP)" */
static void print_opcode(const struct dump *dump, const ty_frame *frame)
{
	ty_instruction_info instruction = { .size = sizeof(instruction) };

	if (!dump->options->opcodes || ty_instruction(dump->target, frame, &instruction) != 0)
		return;
	printf("  %sopcode=%s", dump->style->note, instruction.name);
	if (instruction.opcode != instruction.base)
		printf(" (%s)", instruction.base_name);
	fputs(dump->style->end, stdout);
}

static void print_carets(const char *line, size_t begin, size_t end, bool whole)
{
	size_t before = text_width(line, begin);
	size_t width = text_width(line + begin, end - begin);

	/* Marking all of a line says nothing. */
	if (whole || width == 0)
		return;
	printf("    %*s", (int)before, "");
	for (size_t i = 0; i < width; i++)
		fputc('^', stdout);
	fputc('\n', stdout);
}

static void print_part(const char *style, const char *text, size_t size_bytes, const char *end)
{
	if (size_bytes == 0)
		return;
	fputs(style, stdout);
	text_print(stdout, text, size_bytes);
	fputs(end, stdout);
}

/* The line without its indentation, with the columns of the instruction marked. */
static void print_source(const struct dump *dump, const char *filename, const ty_location_info *location)
{
	size_t size_bytes;
	const char *line = source_line(dump->sources, filename, location->line, &size_bytes);

	if (!line)
		return;
	size_t indent = 0;

	while (indent < size_bytes && strchr(" \t\f", line[indent]))
		indent++;
	while (size_bytes > indent && strchr(" \t", line[size_bytes - 1]))
		size_bytes--;
	if (indent == size_bytes)
		return;
	size_t begin = location->column > 0 ? (size_t)location->column : 0;
	size_t end = location->end_line == location->line ? (size_t)location->end_column : size_bytes;
	bool marks = dump->options->opcodes && location->column >= 0 && location->end_column >= 0;

	/* Columns that do not fit the line: the file is not the one that was compiled. */
	if (!marks || begin < indent || end > size_bytes || begin >= end)
		begin = end = indent;
	fputs("    ", stdout);
	print_part(begin == end ? "" : dump->style->source, line + indent, begin - indent, dump->style->end);
	print_part(dump->style->marked, line + begin, end - begin, dump->style->end);
	print_part(begin == end ? "" : dump->style->source, line + end, size_bytes - end, dump->style->end);
	fputc('\n', stdout);
	if (begin < end && dump->style == &plain_style)
		print_carets(line + indent, begin - indent, end - indent, begin == indent && end == size_bytes);
}

static void print_frame(const struct dump *dump, const ty_frame *frame)
{
	ty_function_info function = { .size = sizeof(function) };
	ty_location_info location = { .size = sizeof(location), .line = -1 };
	const struct style *style = dump->style;

	if (ty_function(dump->target, frame->function, &function) != 0)
		return;
	if (frame->kind != TY_FRAME_PYTHON) {
		fputs("  ", stdout);
		text_puts(stdout, function.qualname);
		fputc('\n', stdout);
		return;
	}
	ty_location(dump->target, frame, &location);
	printf("  File %s\"", style->file);
	text_puts(stdout, function.filename);
	printf("\"%s, line %s%d%s, in %s", style->end, style->line, location.line > 0 ? location.line : 0, style->end,
	       style->function);
	text_puts(stdout, function.qualname);
	fputs(style->end, stdout);
	print_opcode(dump, frame);
	fputc('\n', stdout);
	print_source(dump, function.filename, &location);
}

static void print_thread(const struct dump *dump, const ty_thread_info *thread, bool first)
{
	if (!first)
		fputc('\n', stdout);
	print_heading(dump, thread, first);
	for (uint32_t i = thread->frame_count; i > 0; i--)
		print_frame(dump, &thread->frames[i - 1]);
	if (thread->frame_count == 0 && thread->verdict != TY_FAILED)
		fputs("  No Python frames\n", stdout);
}

static void print_snapshot(struct dump *dump, const ty_snapshot *snapshot)
{
	ty_thread_info thread = { .size = sizeof(thread) };
	size_t count = ty_snapshot_threads(snapshot);

	for (size_t i = 0; i < count; i++) {
		if (ty_snapshot_thread(snapshot, i, &thread) == 0 && thread.interpreter != 0)
			dump->several_interpreters = true;
	}
	for (size_t i = 0; i < count; i++) {
		if (ty_snapshot_thread(snapshot, i, &thread) == 0)
			print_thread(dump, &thread, i == 0);
	}
	if (count == 0)
		printf("No Python stacks found for PID %d\n", dump->options->pid);
}

int dump_command(const struct options *options)
{
	struct dump dump = { .options = options, .style = wants_color(STDOUT_FILENO) ? &color_style : &plain_style };
	const ty_snapshot *snapshot = NULL;
	ty_attach_options attach;
	int result = EXIT_FAILED;

	attach_options_fill(&attach, options);
	dump.target = attach_patiently(options, &attach);
	if (!dump.target)
		return EXIT_FAILED;
	dump.sources = source_open(options->pid);
	int code = sample_well(dump.target, &snapshot);

	if (code == -TY_EEXITED)
		complain("no stack dump: process %d ended before its stack could be read", options->pid);
	else if (code != 0)
		complain_target(dump.target, code, options->pid);
	else if (!dump.sources)
		complain("out of memory");
	else
		print_snapshot(&dump, snapshot);
	/* Letting go of a thread that was told to stop and has not may take a while. */
	output_flush();
	if (code == 0 && dump.sources)
		result = EXIT_DONE;
	source_close(dump.sources);
	ty_detach(dump.target);
	return result;
}
