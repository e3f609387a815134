/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints samples of a process as JSON, one a line, for the live tests:
 *
 *     snapshot_json [--all] [--cpu] [--native] [--no-gc] [--opcodes] [--stop] [--interactive] PID
 *     snapshot_json [--all] [--opcodes] [--interactive] --open FILE
 *     snapshot_json [--all] [--cpu] [--native] [--no-gc] [--opcodes] [--stop] --forever PID
 *
 * It attaches, takes one sample and ends. With --interactive it reads commands, one a line, and answers each with one
 * line: "sample", "reattach", "capture FILE", "statistics", "repeat N" (that many samples, of which nothing is asked,
 * and then the statistics). With --forever it says how the attach went and samples until it is killed. It stands on the
 * public headers alone, as any user's program. A failure is a line too: {"status": -4001, …}; the exit status is 1 if
 * the last answer was one.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/tachyon.h>

struct options {
	ty_attach_options attach;
	bool interactive;
	bool forever;
	const char *capture_path;
	const char *pid;
};

static void print_string(const char *text)
{
	putchar('"');
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '"' || *c == '\\')
			printf("\\%c", *c);
		else if (*c < 0x20)
			printf("\\u%04x", *c);
		else
			putchar(*c);
	}
	putchar('"');
}

static void print_field(const char *name, const char *text)
{
	printf("\"%s\": ", name);
	print_string(text ? text : "");
	printf(", ");
}

static void print_location(ty_target *target, const ty_frame *frame)
{
	ty_location_info location = { .size = sizeof(location) };

	if (ty_location(target, frame, &location) == 0)
		printf("\"position\": [%d, %d, %d, %d], ", location.line, location.end_line, location.column,
		       location.end_column);
}

static void print_instruction(ty_target *target, const ty_frame *frame)
{
	ty_instruction_info instruction = { .size = sizeof(instruction) };
	int status = ty_instruction(target, frame, &instruction);

	if (status) {
		printf("\"instruction_status\": %d, ", status);
		return;
	}
	print_field("opcode", instruction.name);
	print_field("base", instruction.base_name);
	printf("\"executing\": %u, \"argument\": %" PRIu32 ", \"instruction_flags\": %u, ", instruction.executing,
	       instruction.argument, instruction.flags);
}

static void print_frame(ty_target *target, const ty_frame *frame, bool opcodes)
{
	ty_function_info function = { .size = sizeof(function) };

	printf("{");
	if (ty_function(target, frame->function, &function) == 0) {
		print_field("name", function.name);
		print_field("qualname", function.qualname);
		print_field("filename", function.filename);
		printf("\"first_line\": %" PRIu32 ", ", function.first_line);
	}
	print_location(target, frame);
	if (opcodes)
		print_instruction(target, frame);
	printf("\"function\": %" PRIu32 ", \"offset\": %d, \"kind\": %u, \"flags\": %u}", frame->function,
	       frame->offset, frame->kind, frame->flags);
}

static void print_thread(ty_target *target, const ty_thread_info *thread, bool opcodes)
{
	printf("{");
	print_field("name", ty_thread_name(target, thread->thread_key));
	printf("\"native_id\": %" PRIu64 ", \"host_id\": %" PRIu64 ", \"pthread_id\": %" PRIu64
	       ", \"interpreter\": %" PRId64 ", \"status\": %" PRIu32
	       ", \"verdict\": %d, \"unchanged_frames\": %" PRIu32 ", \"frames\": [",
	       thread->native_id, thread->host_id, thread->pthread_id, thread->interpreter, thread->status,
	       thread->verdict, thread->unchanged_frames);
	for (uint32_t i = 0; i < thread->frame_count; i++) {
		printf(i ? ", " : "");
		print_frame(target, &thread->frames[i], opcodes);
	}
	printf("]}");
}

static void print_target(ty_target *target)
{
	ty_target_information information = { .size = sizeof(information) };

	if (ty_target_info(target, &information))
		return;
	print_field("runtime_path", information.runtime_path);
	printf("\"python_version\": [%" PRIu32 ", %" PRIu32
	       "], \"pid\": %d, \"namespace_pid\": %d, \"is_capture\": %d, ",
	       information.python_version >> 8, information.python_version & 0xff, information.pid,
	       information.namespace_pid, information.is_capture);
}

static int print_status(ty_target *target, int status)
{
	ty_error_info error = { .size = sizeof(error) };

	printf("{");
	if (status && target && ty_last_error(target, &error) == 0) {
		print_field("message", error.message);
		printf("\"class\": %d, \"phase\": %d, ", error.error_class, error.phase);
	}
	print_field("text", ty_strerror(status));
	printf("\"status\": %d}\n", status);
	return status;
}

static int sample(ty_target *target, bool opcodes)
{
	const ty_snapshot *snapshot;
	int status = ty_sample(target, &snapshot);

	if (status)
		return print_status(target, status);
	printf("{\"status\": 0, ");
	print_target(target);
	printf("\"threads\": [");
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		printf(i ? ", " : "");
		if (ty_snapshot_thread(snapshot, i, &thread) == 0)
			print_thread(target, &thread, opcodes);
	}
	printf("]}\n");
	return 0;
}

static int statistics(ty_target *target)
{
	ty_target_counters counters = { .size = sizeof(counters) };
	int status = ty_target_statistics(target, &counters);

	if (status)
		return print_status(target, status);
	printf("{\"status\": 0, \"samples\": %" PRIu64 ", \"syscalls\": %" PRIu64 ", \"predicted\": %" PRIu64
	       ", \"code_objects\": %" PRIu64 ", \"stops\": %" PRIu64 "}\n",
	       counters.samples, counters.syscalls, counters.predicted, counters.code_objects, counters.stops);
	return 0;
}

static int capture(ty_target *target, const char *path)
{
	ty_sink *sink;
	int status = ty_sink_file(path, &sink);

	if (status == 0)
		status = ty_capture(target, sink);
	if (status == 0)
		status = ty_sink_commit(sink);
	ty_sink_free(sink);
	return print_status(target, status);
}

static int repeat(ty_target *target, unsigned long count)
{
	const ty_snapshot *snapshot;
	int status = 0;

	while (count-- && status == 0)
		status = ty_sample(target, &snapshot);
	return status < 0 ? print_status(target, status) : statistics(target);
}

static int command(ty_target *target, const char *line, bool opcodes)
{
	if (strcmp(line, "sample") == 0)
		return sample(target, opcodes);
	if (strcmp(line, "reattach") == 0)
		return print_status(target, ty_reattach(target));
	if (strcmp(line, "statistics") == 0)
		return statistics(target);
	if (strncmp(line, "repeat ", 7) == 0)
		return repeat(target, strtoul(line + 7, NULL, 10));
	if (strncmp(line, "capture ", 8) == 0)
		return capture(target, line + 8);
	fprintf(stderr, "unknown command: %s\n", line);
	exit(2);
}

static int converse(ty_target *target, bool opcodes)
{
	char line[4096];
	int status = 0;

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		status = command(target, line, opcodes);
		fflush(stdout);
	}
	return status;
}

static int sample_until_killed(ty_target *target)
{
	const ty_snapshot *snapshot;
	int status = 0;

	while (status == 0)
		status = ty_sample(target, &snapshot);
	return print_status(target, status);
}

static void parse(int argc, char **argv, struct options *options)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--all") == 0)
			options->attach.threads = TY_THREADS_ALL;
		else if (strcmp(argv[i], "--cpu") == 0)
			options->attach.cpu_status = 1;
		else if (strcmp(argv[i], "--native") == 0)
			options->attach.native_frames = 1;
		else if (strcmp(argv[i], "--no-gc") == 0)
			options->attach.no_gc_frames = 1;
		else if (strcmp(argv[i], "--opcodes") == 0)
			options->attach.opcodes = 1;
		else if (strcmp(argv[i], "--stop") == 0)
			options->attach.stop_policy = TY_STOP_ALWAYS;
		else if (strcmp(argv[i], "--interactive") == 0)
			options->interactive = true;
		else if (strcmp(argv[i], "--forever") == 0)
			options->forever = true;
		else if (strcmp(argv[i], "--open") == 0 && i + 1 < argc)
			options->capture_path = argv[++i];
		else
			options->pid = argv[i];
	}
	if (!options->pid == !options->capture_path) {
		fprintf(stderr, "usage: snapshot_json [--all] [--cpu] [--native] [--no-gc] [--opcodes] [--stop] "
		                "[--interactive] PID | --open FILE\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct options options = { .attach = { .size = sizeof(ty_attach_options) } };
	ty_target *target = NULL;
	int status;

	parse(argc, argv, &options);
	status = options.pid ? ty_attach(atoi(options.pid), &options.attach, &target)
	                     : ty_open_capture(options.capture_path, &options.attach, &target);
	if (status || options.interactive || options.forever)
		print_status(target, status);
	fflush(stdout);
	if (options.forever && status == 0)
		status = sample_until_killed(target);
	else if (options.interactive)
		status = converse(target, options.attach.opcodes);
	else if (status == 0)
		status = sample(target, options.attach.opcodes);
	ty_detach(target);
	return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
