/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest use of libtachyon: prints the stack of a Python process's main thread, with instructions. hello PID */
#include <stdio.h>
#include <stdlib.h>
#include <tachyon/tachyon.h>

int main(int argc, char **argv)
{
	ty_attach_options options = { .size = sizeof(options), .opcodes = 1 };
	ty_thread_info thread = { .size = sizeof(thread) };
	ty_target *target = NULL;
	const ty_snapshot *snapshot;
	int code = ty_attach(argc > 1 ? atoi(argv[1]) : 0, &options, &target);

	if (code == 0)
		code = ty_sample(target, &snapshot);
	if (code == 0)
		code = ty_snapshot_thread(snapshot, 0, &thread);
	for (uint32_t i = 0; code == 0 && i < thread.frame_count; i++) {
		ty_function_info function = { .size = sizeof(function) };
		ty_location_info location = { .size = sizeof(location) };
		ty_instruction_info instruction = { .size = sizeof(instruction), .name = "?" };

		ty_function(target, thread.frames[i].function, &function);
		ty_location(target, &thread.frames[i], &location);
		ty_instruction(target, &thread.frames[i], &instruction);
		printf("%s:%d %s %s\n", function.filename, location.line, function.qualname, instruction.name);
	}
	if (code != 0)
		fprintf(stderr, "hello: %s\n", ty_strerror(code));
	ty_detach(target);
	return code != 0;
}
