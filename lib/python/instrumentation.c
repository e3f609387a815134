/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As CPython does it in _Py_GetBaseCodeUnit() (Python/instrumentation.c). Line entries and instruction opcodes are
 * arrays over all code units and are read whole, at the first need; an executor is found through its index, which
 * stands in the argument of ENTER_EXECUTOR.
 *
 * All of it is read later than the bytecode and may have changed since. An INSTRUMENTED_LINE may itself stand for an
 * INSTRUMENTED_INSTRUCTION, so two steps are taken; whatever comes out must be an opcode, which ty_bytecode_decode()
 * checks.
 */
#include "python/instrumentation.h"

#include <stdlib.h>

#include "util/cleanup.h"

#define ENTRY_BYTES_MIN 2 /* an opcode and a line difference of 1 to 4 bytes */
#define ENTRY_BYTES_MAX 5
#define EXECUTORS_ARRAY 8u /* _PyExecutorArray: int size, int capacity, then pointers */
#define EXECUTOR_FROM_OB_SIZE                                                                                          \
	16u /* from ob_size to vm_data, which begins with opcode and argument; `trace` between                         \
	     */

struct hidden {
	struct ty_memory *memory;
	const struct py_opcode *table;
	const struct py_offsets *offsets;
	const struct py_monitoring *layout;
	uint64_t code_address;
	uint32_t unit_count;
	/* One byte a unit, once read: */
	uint8_t *lines;
	uint8_t *instructions;
	bool lines_failed;
	bool instructions_failed;
};

/* A pointer in the target: 0 when it is null or cannot be read. */
static uint64_t read_pointer(const struct hidden *hidden, uint64_t address)
{
	uint64_t pointer = 0;

	return ty_memory_read_u64(hidden->memory, address, &pointer) ? 0 : pointer;
}

/* A pointer member of the code object's monitoring data. */
static uint64_t monitoring_pointer(const struct hidden *hidden, uint16_t member)
{
	uint64_t monitoring = 0;

	if (py_has(hidden->offsets->code.monitoring))
		monitoring = read_pointer(hidden, hidden->code_address + hidden->offsets->code.monitoring);
	return monitoring ? read_pointer(hidden, monitoring + member) : 0;
}

/* The first byte of each of `unit_count` entries. */
static uint8_t *read_column(const struct hidden *hidden, uint64_t address, uint8_t entry_bytes)
{
	size_t size_bytes = (size_t)hidden->unit_count * entry_bytes;
	_cleanup_free_ uint8_t *entries = malloc(size_bytes);

	if (!entries || ty_memory_read(hidden->memory, address, entries, size_bytes))
		return NULL;
	for (size_t unit = 0; unit < hidden->unit_count; unit++)
		entries[unit] = entries[unit * entry_bytes];
	return ty_steal_ptr(entries);
}

static uint8_t *read_lines(const struct hidden *hidden)
{
	uint64_t address = monitoring_pointer(hidden, hidden->layout->lines);
	uint8_t first;

	if (!address || ty_memory_read(hidden->memory, address, &first, 1))
		return NULL;
	if (first >= ENTRY_BYTES_MIN && first <= ENTRY_BYTES_MAX)
		return read_column(hidden, address + 1, first);
	return read_column(hidden, address, ENTRY_BYTES_MIN);
}

static uint8_t *read_instructions(const struct hidden *hidden)
{
	uint64_t address = monitoring_pointer(hidden, hidden->layout->instructions);

	return address ? read_column(hidden, address, 1) : NULL;
}

static bool behind_line(struct hidden *hidden, uint32_t unit, struct ty_code_unit *real)
{
	if (!hidden->lines && !hidden->lines_failed)
		hidden->lines = read_lines(hidden);
	hidden->lines_failed = !hidden->lines;
	if (hidden->lines)
		real->opcode = hidden->lines[unit];
	return hidden->lines;
}

static bool behind_instruction(struct hidden *hidden, uint32_t unit, struct ty_code_unit *real)
{
	if (!hidden->instructions && !hidden->instructions_failed)
		hidden->instructions = read_instructions(hidden);
	hidden->instructions_failed = !hidden->instructions;
	if (hidden->instructions)
		real->opcode = hidden->instructions[unit];
	return hidden->instructions;
}

static bool behind_executor(const struct hidden *hidden, struct ty_code_unit *real)
{
	uint64_t array = 0, executor = 0;
	uint8_t original[2];
	int32_t count;

	if (py_has(hidden->offsets->code.executors))
		array = read_pointer(hidden, hidden->code_address + hidden->offsets->code.executors);
	if (!array || ty_memory_read(hidden->memory, array, &count, sizeof(count)) || real->argument >= count)
		return false;
	executor = read_pointer(hidden, array + EXECUTORS_ARRAY + 8u * real->argument);
	if (!executor || ty_memory_read(hidden->memory, executor + hidden->offsets->bytes.size + EXECUTOR_FROM_OB_SIZE,
	                                original, sizeof(original)))
		return false;
	real->opcode = original[0];
	real->argument = original[1];
	return true;
}

static bool resolve(void *context, uint32_t unit, struct ty_code_unit executing, struct ty_code_unit *real)
{
	struct hidden *hidden = context;

	*real = executing;
	if (hidden->table[real->opcode].flags & TY_OPCODE_EXECUTOR)
		return behind_executor(hidden, real);
	if (!hidden->layout)
		return false;
	if (hidden->table[real->opcode].flags & PY_OPCODE_LINE && !behind_line(hidden, unit, real))
		return false;
	if (hidden->table[real->opcode].flags & PY_OPCODE_HIDDEN)
		return behind_instruction(hidden, unit, real);
	return true;
}

int ty_bytecode_read(struct ty_memory *memory, uint32_t version, const struct py_offsets *offsets,
                     uint64_t code_address, const uint8_t *code, uint32_t unit_count, struct ty_bytecode *out)
{
	struct hidden hidden = {
		.memory = memory,
		.table = ty_opcode_table(version),
		.offsets = offsets,
		.layout = ty_monitoring_layout(version),
		.code_address = code_address,
		.unit_count = unit_count,
	};
	int result = ty_bytecode_decode(hidden.table, code, unit_count, resolve, &hidden, out);

	free(hidden.lines);
	free(hidden.instructions);
	return result;
}
