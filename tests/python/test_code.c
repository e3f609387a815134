/* SPDX-License-Identifier: Apache-2.0 */
/* Which code objects are one function, and bytecode that could not be told when it was fetched. */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include "python/code.h"

/* CPython 3.12: its offsets are compiled in. */
#define HEXVERSION 0x030c01f0
#define MONITORING_LINES 40 /* in _PyCoMonitoringData */
#define UNITS 6
enum {
	RETURN_VALUE = 83,
	LOAD_CONST = 100,
	LOAD_NAME = 101,
	BINARY_OP = 122,
	BINARY_OP_ADD_INT = 7,
	RESUME = 151,
	INSTRUMENTED_LINE = 254,
	ADD = 0,
	SUBTRACT = 10,
};

#define BASE 0x10000u

struct fake {
	struct ty_memory memory;
	uint64_t used;
	uint64_t type, name, linetable;
	uint8_t bytes[0x4000];
};

static struct fake fake;
static struct py_codes codes;
static const struct py_offsets *offsets;

static ssize_t fake_read(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into)
{
	size_t i;

	(void)memory;
	for (i = 0; i < count; i++) {
		uint64_t at = (uint64_t)(uintptr_t)remote[i].iov_base - BASE;

		if (at > sizeof(fake.bytes) || remote[i].iov_len > sizeof(fake.bytes) - at)
			break;
		memcpy(into, fake.bytes + at, remote[i].iov_len);
		into = (char *)into + remote[i].iov_len;
	}
	return (ssize_t)i;
}

static const struct ty_memory_ops fake_ops = { .read_vector = fake_read };

static uint64_t reserve(size_t size_bytes)
{
	uint64_t address = BASE + fake.used;

	fake.used += (size_bytes + 15) / 16 * 16;
	ck_assert_uint_le(fake.used, sizeof(fake.bytes));
	return address;
}

static void put(uint64_t address, const void *data, size_t size_bytes)
{
	memcpy(fake.bytes + (address - BASE), data, size_bytes);
}

static void put_u64(uint64_t address, uint64_t value)
{
	put(address, &value, sizeof(value));
}

static void put_u32(uint64_t address, uint32_t value)
{
	put(address, &value, sizeof(value));
}

static uint64_t make_string(const char *text)
{
	const uint32_t compact_ascii = 1u << 2 | 1u << 5 | 1u << 6;
	uint64_t address = reserve(offsets->unicode.ascii_data + strlen(text) + 1);

	put_u64(address + offsets->object_type, fake.type);
	put_u64(address + offsets->unicode.length, strlen(text));
	put_u32(address + offsets->unicode.state, compact_ascii);
	put(address + offsets->unicode.ascii_data, text, strlen(text));
	return address;
}

static uint64_t make_type(const char *name)
{
	uint64_t type = reserve(64), text = reserve(strlen(name) + 1);

	put(text, name, strlen(name));
	put_u64(type + offsets->type.name, text);
	return type;
}

/* x + 1, or x - 1. `version`: of the code object. */
static uint64_t make_code(uint32_t version, const uint8_t code[2 * UNITS])
{
	uint64_t address = reserve(offsets->code.size + 2 * UNITS);

	put_u64(address + offsets->code.type, fake.type);
	put_u64(address + offsets->code.units, UNITS);
	put_u64(address + offsets->code.filename, fake.name);
	put_u64(address + offsets->code.name, fake.name);
	put_u64(address + offsets->code.qualname, fake.name);
	put_u64(address + offsets->code.linetable, fake.linetable);
	put_u32(address + offsets->code.firstlineno, 1);
	put_u32(address + offsets->code.version, version);
	put(address + offsets->code.adaptive, code, 2 * UNITS);
	return address;
}

static uint64_t make_expression(uint32_t version, uint8_t opcode, uint8_t operation)
{
	return make_code(version, (uint8_t[]){ RESUME, 0, LOAD_NAME, 0, LOAD_CONST, 0, opcode, operation, 0, 0,
	                                       RETURN_VALUE, 0 });
}

static void begin(void)
{
	const struct py_version *version = ty_version_find(HEXVERSION);

	fake = (struct fake){ .memory = { .ops = &fake_ops }, .used = 16 };
	offsets = version->fixed;
	fake.type = make_type("code");
	fake.name = make_string("<module>");
	fake.linetable = reserve(64);
	ck_assert_ok(ty_codes_init(&codes, &fake.memory));
	ty_codes_bind(&codes, version, offsets, ty_opcode_table(version->number));
}

static struct py_code *fetch(uint64_t address)
{
	struct py_code *code;

	ck_assert_ok(ty_codes_fetch(&codes, address, &code));
	ck_assert_ptr_nonnull(code);
	return code;
}

TEST(equal_content_is_one_function)
{
	begin();
	uint32_t first = fetch(make_expression(1, BINARY_OP, ADD))->function;

	ck_assert_uint_eq(fetch(make_expression(2, BINARY_OP, ADD))->function, first);
	/* Specialization is no difference. */
	ck_assert_uint_eq(fetch(make_expression(3, BINARY_OP_ADD_INT, ADD))->function, first);
	ck_assert_uint_eq(codes.functions.count, 1);
	ty_codes_free(&codes);
}

TEST(other_instructions_are_another_function)
{
	begin();
	/* eval("x+1") and eval("x-1"): nothing but the bytecode differs. */
	struct py_code *add = fetch(make_expression(1, BINARY_OP, ADD));
	struct py_code *subtract = fetch(make_expression(2, BINARY_OP, SUBTRACT));

	ck_assert_uint_ne(add->function, subtract->function);
	ck_assert_uint_eq(fetch(make_expression(3, BINARY_OP, SUBTRACT))->function, subtract->function);
	ck_assert_uint_eq(ty_bytecode_argument(add->bytecode, 3), ADD);
	ck_assert_uint_eq(ty_bytecode_argument(subtract->bytecode, 3), SUBTRACT);
	ty_codes_free(&codes);
}

/* Instrumented from its second instruction on. */
static uint64_t make_instrumented(uint32_t version, uint8_t operation)
{
	return make_code(version, (uint8_t[]){ RESUME, 0, INSTRUMENTED_LINE, 0, LOAD_CONST, 0, BINARY_OP, operation, 0,
	                                       0, RETURN_VALUE, 0 });
}

static void instrument(uint64_t code, uint8_t replaced)
{
	uint64_t monitoring = reserve(64), lines = reserve(2 * UNITS);

	put_u64(code + offsets->code.monitoring, monitoring);
	put_u64(monitoring + MONITORING_LINES, lines);
	put(lines + 2, &replaced, 1);
}

TEST(what_could_not_be_told_is_asked_again)
{
	begin();
	uint64_t address = make_instrumented(1, ADD);
	struct py_code *code = fetch(address);

	ck_assert_uint_eq(code->bytecode->known_count, 1);
	ck_assert_ok(ty_codes_refresh(&codes, code));
	ck_assert_uint_eq(code->bytecode->known_count, 1);
	instrument(address, LOAD_NAME);
	ck_assert_ok(ty_codes_refresh(&codes, code));
	ck_assert_uint_eq(code->bytecode->known_count, UNITS);
	ck_assert_uint_eq(code->bytecode->units[1].opcode, LOAD_NAME);
	/* From now on it is like any other. */
	ck_assert_uint_eq(fetch(make_expression(2, BINARY_OP, ADD))->function, code->function);
	ty_codes_free(&codes);
}

TEST(what_is_not_known_is_equal_to_nothing)
{
	begin();
	struct py_code *one = fetch(make_instrumented(1, ADD));
	struct py_code *other = fetch(make_instrumented(2, SUBTRACT));

	ck_assert_uint_ne(one->function, other->function);
	ty_codes_free(&codes);
}

TEST(another_code_object_at_the_address_tells_nothing)
{
	begin();
	uint64_t address = make_instrumented(1, ADD);
	struct py_code *code = fetch(address);

	instrument(address, LOAD_NAME);
	put_u32(address + offsets->code.version, 2);
	ck_assert_int_eq(ty_codes_refresh(&codes, code), -TY_ESTALE);
	ck_assert_uint_eq(code->bytecode->known_count, 1);
	ty_codes_free(&codes);
}

TEST(a_code_object_that_is_gone_has_no_instructions)
{
	struct py_code *found;

	begin();
	uint64_t address = make_expression(1, BINARY_OP, ADD);
	struct py_code *code = fetch(address);
	uint32_t function = code->function;

	put_u64(address + offsets->code.units, 0);
	ck_assert_int_lt(ty_codes_fetch(&codes, address, &found), 0);
	ck_assert_ptr_null(found);
	ck_assert_uint_eq(code->bytecode->known_count, 0);
	/* What is known of the function outlives it. */
	ck_assert_uint_eq(ty_codes_function(&codes, function)->bytecode.known_count, UNITS);
	ty_codes_free(&codes);
}
