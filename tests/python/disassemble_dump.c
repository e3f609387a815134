/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what the library makes of code objects of a process, for check_disassembly.py:
 *
 *     disassemble_dump PID <addresses, one a line, in hexadecimal
 *
 * A line an instruction, separated by tabs; "-" is what is not there.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "python/disassemble.h"
#include "python/runtime.h"
#include "util/error.h"

static int print_row(const struct ty_row *row, void *user_data)
{
	const ty_instruction_info *instruction = &row->instruction;

	(void)user_data;
	printf("%d\t%s\t%s\t", instruction->offset, instruction->name, instruction->base_name);
	if (instruction->opcode_flags & TY_OPCODE_HAS_ARGUMENT)
		printf("%" PRIu32, instruction->argument);
	else
		printf("-");
	printf("\t%s\t%d:%d:%d:%d\t%" PRIu32, row->argument_text, row->position.line, row->position.end_line,
	       row->position.column, row->position.end_column, row->label);
	if (row->handler)
		printf("\t%" PRIu32 ":%" PRIu32 ":%d\n", row->handler->target * 2, row->handler->depth,
		       row->handler->lasti);
	else
		printf("\t-\n");
	return 0;
}

int main(int argc, char **argv)
{
	static struct py_runtime runtime;
	static struct ty_error_state error;
	struct ty_memory *memory = NULL;
	char line[64];
	int result;

	if (argc != 2) {
		fprintf(stderr, "usage: %s PID\n", argv[0]);
		return EXIT_FAILURE;
	}
	result = ty_live_open(atoi(argv[1]), &memory);
	if (!result)
		result = ty_runtime_find(atoi(argv[1]), memory, &runtime, &error);
	if (result) {
		fprintf(stderr, "%s: %s %s\n", argv[1], ty_strerror(result), error.message);
		return EXIT_FAILURE;
	}
	while (fgets(line, sizeof(line), stdin)) {
		uint64_t address = strtoull(line, NULL, 16);

		printf("code %" PRIx64 "\n", address);
		result = ty_disassemble_code(memory, runtime.version, &runtime.offsets, address, NULL, print_row, NULL);
		if (result)
			printf("error %d (%s)\n", result, ty_strerror(result));
	}
	ty_memory_close(memory);
	return EXIT_SUCCESS;
}
