/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `replay`: any result from a recording, and `annotate` of one. The recording is a target like any other, so sampling
 * loop, results and reports are those of `run` and `attach`; it is merely read as fast as it can be.
 */
#include "cli.h"

#include <string.h>
#include <unistd.h>

/* "TACH" as the number that stands at the begin of a recording. */
static const char MAGIC[] = { 'H', 'C', 'A', 'T' };

/* Whether a file looks like one, so that `annotate FILE` need not be told. */
bool is_recording(const char *path)
{
	char begin[sizeof(MAGIC)];
	FILE *file = fopen(path, "re");
	bool found =
	        file && fread(begin, 1, sizeof(begin), file) == sizeof(begin) && !memcmp(begin, MAGIC, sizeof(begin));

	if (file)
		fclose(file);
	return found;
}

static void tell_recording(const struct options *options, const ty_recording_information *recording)
{
	char count[32] = "all";

	if (recording->stacks)
		snprintf(count, sizeof(count), "%llu", (unsigned long long)recording->stacks);
	fprintf(stderr, "Replaying %s samples from ", count);
	for (char **path = options->recordings; *path; path++) {
		fputs(path == options->recordings ? "" : ", ", stderr);
		text_puts(stderr, *path);
	}
	fprintf(stderr, "\n  Sample interval: %.6g us\n  Compression: %s\n", (double)recording->interval_ns / 1e3,
	        recording->compression == TY_COMPRESSION_ZSTD ? "zstd" : "none");
}

static void complain_recording(ty_target *target, const char *path, int code)
{
	ty_error_info error = { .size = sizeof(error) };

	if (target && ty_last_error(target, &error) == 0 && error.message && error.message[0])
		complain("%s: %s", path, error.message);
	else
		complain("%s: %s", path, ty_strerror(code));
}

/* NULL: refused, and said so. */
static ty_target *open_recordings(const struct options *options)
{
	char **path = options->recordings;
	ty_target *target = NULL;
	int code = ty_open_recording(*path, NULL, &target);

	while (code == 0 && path[1])
		code = ty_add_recording(target, *++path);
	if (code == 0)
		return target;
	complain_recording(target, *path, code);
	ty_detach(target);
	return NULL;
}

/* What the recording knows takes the place of options that only a live target has. */
static struct options options_of(const struct options *given, const ty_recording_information *recording)
{
	struct options options = *given;

	options.interval_ns = recording->interval_ns;
	options.opcodes = recording->opcodes && !given->no_opcodes;
	options.duration_ns = 0;
	return options;
}

static int replay(ty_target *target, const struct options *given)
{
	ty_recording_information recording = { .size = sizeof(recording) };
	ty_target_information python = { .size = sizeof(python) };
	struct outputs outputs = { 0 };
	struct options options;
	int result = ty_recording_info(target, &recording);

	if (result == 0)
		result = ty_target_info(target, &python);
	if (result < 0) {
		complain_recording(target, *given->recordings, result);
		return EXIT_FAILED;
	}
	options = options_of(given, &recording);
	if (options.command == COMMAND_ANNOTATE && !options.opcodes)
		complain("the recording has no instructions: record with --opcodes to see them");
	struct session session = {
		.options = &options, .outputs = &outputs, .target = target, .pid = python.pid, .replayed = true
	};

	if (options.command == COMMAND_REPLAY)
		tell_recording(&options, &recording);
	/* CPython's recordings do not say whose they are. */
	result = outputs_open(&outputs, &options, python.pid ? python.pid : (int)getpid());
	if (result == 0)
		result = session_run(&session);
	outputs_free(&outputs);
	if (ty_recording_info(target, &recording) == 0 && !recording.finished)
		complain("the recording was not finished: its writer was ended before it could; what there is was "
		         "replayed");
	return result == 0 ? EXIT_DONE : EXIT_FAILED;
}

int replay_command(const struct options *options)
{
	ty_target *target = open_recordings(options);
	int status = target ? replay(target, options) : EXIT_FAILED;

	ty_detach(target);
	return status;
}
