/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the bytecode that a process's main thread is in, as it is now: with the specializations that the program has
 * run itself into, and an arrow at the instruction that executes. disassemble PID [DEPTH]
 *
 * DEPTH counts callers: 0, the default, is the innermost function.
 */
#include <stdio.h>
#include <stdlib.h>
#include <tachyon/tachyon.h>

struct listing {
	int32_t current; /* byte offset of the instruction that executes */
	int32_t line;    /* the one printed last, to print each once */
};

/* The row and all it points to are valid during this call only. */
static int print_row(const ty_disassembly_row *row, void *user_data)
{
	const ty_instruction_info *instruction = row->instruction;
	struct listing *listing = user_data;

	if (row->location->line > 0 && row->location->line != listing->line)
		printf("line %d\n", listing->line = row->location->line);
	printf(" %s %5d %s", instruction->offset == listing->current ? "->" : "  ", instruction->offset,
	       instruction->name);
	if (row->argument_text[0])
		printf(" (%s)", row->argument_text);
	if (instruction->opcode != instruction->base)
		printf("  <- %s", instruction->base_name);
	putchar('\n');
	return 0;
}

static int print_function(ty_target *target, const ty_frame *frame)
{
	struct listing listing = { .current = frame->offset };
	ty_function_info function = { .size = sizeof(function) };
	int code = ty_function(target, frame->function, &function);

	if (code != 0)
		return code;
	printf("%s (%s:%u)\n", function.qualname, function.filename, function.first_line);
	return ty_disassemble(target, frame->function, print_row, &listing);
}

int main(int argc, char **argv)
{
	ty_thread_info thread = { .size = sizeof(thread) };
	const ty_snapshot *snapshot = NULL;
	ty_target *target = NULL;
	unsigned depth = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	int code = ty_attach(argc > 1 ? atoi(argv[1]) : 0, NULL, &target);

	if (code == 0)
		code = ty_sample(target, &snapshot);
	if (code == 0)
		code = ty_snapshot_thread(snapshot, 0, &thread);
	if (code == 0 && depth >= thread.frame_count)
		code = -TY_ENOTFOUND;
	if (code == 0)
		code = print_function(target, &thread.frames[depth]);
	if (code != 0)
		fprintf(stderr, "disassemble: %s\n", ty_strerror(code));
	ty_detach(target);
	return code != 0;
}
