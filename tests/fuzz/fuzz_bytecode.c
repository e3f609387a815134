/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the bytecode of any version; the first byte chooses the version, the second answers for what is hidden.
 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "python/bytecode.h"
#include "python/instruction.h"

static bool resolve(void *context, uint32_t unit, struct ty_code_unit executing, struct ty_code_unit *real)
{
	uint8_t answer = *(const uint8_t *)context;

	real->opcode = (uint8_t)(answer + unit);
	real->argument = executing.argument;
	return answer & 1;
}

static void use(const struct ty_bytecode *bytecode, const uint8_t *code)
{
	for (uint32_t unit = 0; unit < bytecode->unit_count + 2; unit++) {
		ty_instruction_info instruction = { .size = sizeof(instruction) };
		struct ty_code_unit executing = { 0 };

		if (unit < bytecode->unit_count)
			memcpy(&executing, code + 2 * (size_t)unit, sizeof(executing));
		if (ty_bytecode_head(bytecode, unit) > unit)
			abort();
		if (ty_bytecode_begins(bytecode, unit))
			ty_bytecode_argument(bytecode, unit);
		if (ty_instruction_fill(bytecode, unit, executing, &instruction) == 0 && !instruction.name)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
	static const uint32_t versions[] = { TY_PYTHON_3_11, TY_PYTHON_3_12, TY_PYTHON_3_13, TY_PYTHON_3_14,
		                             TY_PYTHON_3_15 };
	struct ty_bytecode bytecode;
	uint8_t answer;

	if (size_bytes < 2)
		return 0;
	answer = data[1];
	if (ty_bytecode_decode(ty_opcode_table(versions[data[0] % 5]), data + 2, (uint32_t)((size_bytes - 2) / 2),
	                       resolve, &answer, &bytecode) == 0)
		use(&bytecode, data + 2);
	ty_bytecode_free(&bytecode);
	return 0;
}
