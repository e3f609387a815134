/* SPDX-License-Identifier: Apache-2.0 */
/* What instrumentation and traces hide, read from memory laid out as each version does it, also where that is damaged.
 */
#include "support/test.h"

#include <errno.h>
#include <string.h>

#include "python/instrumentation.h"

#define BASE 0x10000u
#define CODE BASE
#define MONITORING (BASE + 0x200)
#define LINES (BASE + 0x400)
#define INSTRUCTIONS (BASE + 0x500)
#define EXECUTORS (BASE + 0x600)
#define EXECUTOR (BASE + 0x700)

#define CODE_MONITORING 0x40
#define CODE_EXECUTORS 0x48
#define OB_SIZE 16

struct fake {
	struct ty_memory memory;
	uint8_t bytes[0x800];
};

static ssize_t fake_read(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into)
{
	struct fake *fake = (struct fake *)memory;
	size_t i;

	memory->syscalls++;
	for (i = 0; i < count; i++) {
		uint64_t at = (uint64_t)(uintptr_t)remote[i].iov_base - BASE;

		if (at > sizeof(fake->bytes) || remote[i].iov_len > sizeof(fake->bytes) - at)
			break;
		memcpy(into, fake->bytes + at, remote[i].iov_len);
		into = (char *)into + remote[i].iov_len;
	}
	return (ssize_t)i;
}

static const struct ty_memory_ops fake_ops = { .read_vector = fake_read };

static void put(struct fake *fake, uint64_t address, const void *value, size_t size_bytes)
{
	memcpy(fake->bytes + (address - BASE), value, size_bytes);
}

static void put_u64(struct fake *fake, uint64_t address, uint64_t value)
{
	put(fake, address, &value, sizeof(value));
}

static const struct py_offsets offsets = {
	.code = { .monitoring = CODE_MONITORING, .executors = CODE_EXECUTORS },
	.bytes = { .size = OB_SIZE },
};

/* Opcodes of one version, and where its monitoring data keeps what it replaced. */
struct version {
	uint32_t number;
	uint16_t lines, instructions;
	uint8_t entry_bytes; /* with a byte before the entries where `counted` */
	bool counted;
	uint8_t load_const, return_value, jump_backward;
	uint8_t instrumented_line, instrumented_instruction, instrumented_return_value, enter_executor;
};

static const struct version versions[] = {
	{ TY_PYTHON_3_12, 40, 56, 2, false, 100, 83, 140, 254, 253, 242, 0 },
	{ TY_PYTHON_3_12, 40, 56, 3, true, 100, 83, 140, 254, 253, 242, 0 },
	{ TY_PYTHON_3_13, 32, 48, 2, true, 83, 36, 77, 254, 247, 239, 70 },
	{ TY_PYTHON_3_13, 32, 48, 2, false, 83, 36, 77, 254, 247, 239, 70 },
	{ TY_PYTHON_3_14, 96, 112, 3, true, 82, 35, 75, 254, 238, 246, 255 },
	{ TY_PYTHON_3_15, 104, 120, 5, true, 81, 33, 74, 253, 237, 245, 254 },
};
#define FIRST_WITH_EXECUTORS 2
#define VERSION_COUNT (sizeof(versions) / sizeof(versions[0]))

/* A code object of four units: LOAD_CONST behind a line, LOAD_CONST behind an instruction, RETURN_VALUE behind both. */
static void build(const struct version *version, struct fake *fake, uint8_t code[8])
{
	const uint8_t instructions[] = { 0, version->load_const, version->instrumented_return_value, 0 };
	const uint8_t lines[] = { version->load_const, 0, version->instrumented_instruction, 0 };

	*fake = (struct fake){ .memory = { .ops = &fake_ops } };
	put_u64(fake, CODE + CODE_MONITORING, MONITORING);
	put_u64(fake, MONITORING + version->lines, LINES);
	put_u64(fake, MONITORING + version->instructions, INSTRUCTIONS);
	put(fake, INSTRUCTIONS, instructions, sizeof(instructions));
	if (version->counted)
		put(fake, LINES, &version->entry_bytes, 1);
	for (size_t unit = 0; unit < 4; unit++)
		put(fake, LINES + version->counted + unit * version->entry_bytes, &lines[unit], 1);
	memcpy(code,
	       (uint8_t[]){ version->instrumented_line, 7, version->instrumented_instruction, 8,
	                    version->instrumented_line, 0, version->return_value, 0 },
	       8);
}

static struct ty_bytecode read_code(const struct version *version, struct fake *fake, const uint8_t *code,
                                    uint32_t unit_count)
{
	struct ty_bytecode bytecode;

	ck_assert_ok(ty_bytecode_read(&fake->memory, version->number, &offsets, CODE, code, unit_count, &bytecode));
	return bytecode;
}

TEST(reads_the_opcodes_that_were_replaced)
{
	for (size_t i = 0; i < VERSION_COUNT; i++) {
		struct fake fake;
		uint8_t code[8];
		struct ty_bytecode bytecode;

		build(&versions[i], &fake, code);
		bytecode = read_code(&versions[i], &fake, code, 4);
		ck_assert_uint_eq(bytecode.known_count, 4);
		ck_assert_uint_eq(bytecode.units[0].opcode, versions[i].load_const);
		ck_assert_uint_eq(bytecode.units[0].argument, 7);
		ck_assert_uint_eq(bytecode.units[1].opcode, versions[i].load_const);
		ck_assert_uint_eq(bytecode.units[1].argument, 8);
		ck_assert_uint_eq(bytecode.units[2].opcode, versions[i].return_value);
		ty_bytecode_free(&bytecode);
	}
}

TEST(knows_nothing_where_the_data_is_damaged)
{
	for (size_t i = 0; i < VERSION_COUNT; i++) {
		const struct version *version = &versions[i];
		const uint64_t broken[] = { CODE + CODE_MONITORING, MONITORING + version->lines,
			                    MONITORING + version->instructions };

		for (size_t which = 0; which < 3; which++) {
			for (int null = 0; null < 2; null++) {
				struct fake fake;
				uint8_t code[8];
				struct ty_bytecode bytecode;

				build(version, &fake, code);
				put_u64(&fake, broken[which], null ? 0 : UINT64_MAX - 16);
				bytecode = read_code(version, &fake, code, 4);
				ck_assert_uint_eq(bytecode.known_count, which == 2 ? 1 : 0);
				ty_bytecode_free(&bytecode);
			}
		}
	}
}

static void build_executor(const struct version *version, struct fake *fake)
{
	const int32_t sizes[2] = { 4, 4 };

	*fake = (struct fake){ .memory = { .ops = &fake_ops } };
	put_u64(fake, CODE + CODE_EXECUTORS, EXECUTORS);
	put(fake, EXECUTORS, sizes, sizeof(sizes));
	put_u64(fake, EXECUTORS + 8 + 3 * 8, EXECUTOR);
	put(fake, EXECUTOR + OB_SIZE + 16, (uint8_t[]){ version->jump_backward, 21 }, 2);
}

TEST(reads_the_instruction_that_an_executor_replaced)
{
	for (size_t i = FIRST_WITH_EXECUTORS; i < VERSION_COUNT; i++) {
		const uint8_t code[] = { versions[i].enter_executor, 3, 0, 0, versions[i].return_value, 0 };
		struct fake fake;
		struct ty_bytecode bytecode;

		build_executor(&versions[i], &fake);
		bytecode = read_code(&versions[i], &fake, code, 3);
		ck_assert_uint_eq(bytecode.known_count, 3);
		ck_assert_uint_eq(bytecode.units[0].opcode, versions[i].jump_backward);
		ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 0), 21);
		ck_assert_uint_eq(bytecode.units[2].opcode, versions[i].return_value);
		ty_bytecode_free(&bytecode);
	}
}

TEST(believes_no_executor_that_is_not_there)
{
	for (size_t i = FIRST_WITH_EXECUTORS; i < VERSION_COUNT; i++) {
		uint8_t code[] = { versions[i].enter_executor, 4, 0, 0, versions[i].return_value, 0 };
		struct fake fake;
		struct ty_bytecode bytecode;

		build_executor(&versions[i], &fake);
		bytecode = read_code(&versions[i], &fake, code, 3);
		ck_assert_uint_eq(bytecode.known_count, 0);
		ty_bytecode_free(&bytecode);
		code[1] = 2; /* a null pointer */
		bytecode = read_code(&versions[i], &fake, code, 3);
		ck_assert_uint_eq(bytecode.known_count, 0);
		ty_bytecode_free(&bytecode);
	}
}

TEST(reads_nothing_where_nothing_is_hidden)
{
	const uint8_t code[] = { 116, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 83, 0 };
	const struct version version = { .number = TY_PYTHON_3_11 };
	struct fake fake = { .memory = { .ops = &fake_ops } };
	struct ty_bytecode bytecode = read_code(&version, &fake, code, 7);

	ck_assert_uint_eq(bytecode.known_count, 7);
	ck_assert_uint_eq(fake.memory.syscalls, 0);
	ty_bytecode_free(&bytecode);
}
