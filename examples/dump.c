/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the stack of every thread of a Python process, once, and says how far each can be trusted. dump PID
 *
 * What went wrong is told in full: ty_last_error() also names the remedy, which ty_strerror() cannot know.
 */
#include <stdio.h>
#include <stdlib.h>
#include <tachyon/tachyon.h>

static const char *verdict_name(int verdict)
{
	static const char *const names[] = { "verified", "repaired", "torn", "incomplete", "failed" };

	return verdict >= TY_VERIFIED && verdict <= TY_FAILED ? names[verdict] : "?";
}

static void print_frame(ty_target *target, const ty_frame *frame)
{
	ty_function_info function = { .size = sizeof(function) };
	ty_location_info location = { .size = sizeof(location) };

	if (ty_function(target, frame->function, &function) != 0)
		return;
	printf("  %s", function.qualname);
	/* A native call or the garbage collector has a name only. */
	if (frame->kind == TY_FRAME_PYTHON && ty_location(target, frame, &location) == 0)
		printf(" (%s:%d)", function.filename, location.line);
	putchar('\n');
}

static int print_threads(ty_target *target, const ty_snapshot *snapshot)
{
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };
		int code = ty_snapshot_thread(snapshot, i, &thread);

		if (code != 0)
			return code;
		printf("thread %llu \"%s\"%s, %s\n", (unsigned long long)thread.native_id,
		       ty_thread_name(target, thread.thread_key), thread.status & TY_THREAD_MAIN ? ", main" : "",
		       verdict_name(thread.verdict));
		for (uint32_t j = 0; j < thread.frame_count; j++)
			print_frame(target, &thread.frames[j]);
	}
	return 0;
}

int main(int argc, char **argv)
{
	ty_attach_options options = { .size = sizeof(options), .threads = TY_THREADS_ALL, .native_frames = 1 };
	ty_error_info error = { .size = sizeof(error) };
	const ty_snapshot *snapshot = NULL;
	ty_target *target = NULL;
	int code = ty_attach(argc > 1 ? atoi(argv[1]) : 0, &options, &target);

	if (code == 0)
		code = ty_sample(target, &snapshot);
	if (code == 0)
		code = print_threads(target, snapshot);
	/* A target is there even when attaching to it failed, unless memory ran out. */
	if (code != 0 && target && ty_last_error(target, &error) == 0)
		fprintf(stderr, "dump: %s\n", error.message);
	else if (code != 0)
		fprintf(stderr, "dump: %s\n", ty_strerror(code));
	ty_detach(target);
	return code != 0;
}
