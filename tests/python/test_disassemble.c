/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole code object in memory as rows with arguments in words (argument.c); then with parts of it damaged. That the
 * words are those of dis is shown on live interpreters.
 */
#include <stdio.h>

#include "python/disassemble.h"

#include "fake_code.h"

/* CPython 3.12 */
enum {
	RETURN_VALUE = 83,
	LOAD_CONST = 100,
	COMPARE_OP = 107,
	JUMP_FORWARD = 110,
	POP_JUMP_IF_FALSE = 114,
	LOAD_GLOBAL = 116,
	BINARY_OP = 122,
	LOAD_FAST = 124,
	EXTENDED_ARG = 144,
	RESUME = 151,
	INSTRUMENTED_LINE = 254,
};

static const uint8_t CODE[] = {
	RESUME,
	0, /* 0 */
	LOAD_GLOBAL,
	1,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0, /* 2: NULL + first name */
	LOAD_FAST,
	1, /* 12 */
	LOAD_CONST,
	0, /* 14 */
	BINARY_OP,
	10,
	0,
	0, /* 16: - */
	COMPARE_OP,
	2,
	0,
	0, /* 20: < */
	POP_JUMP_IF_FALSE,
	1, /* 24: to 28 */
	JUMP_FORWARD,
	0, /* 26: to 28 */
	EXTENDED_ARG,
	1, /* 28 */
	LOAD_CONST,
	0, /* 30: constant 256, which is not there */
	RETURN_VALUE,
	0, /* 32 */
};
#define UNITS (sizeof(CODE) / 2)

static uint64_t code;
static char text[1024];

static uint64_t make_bytes(const uint8_t *data, size_t size_bytes)
{
	uint64_t address = reserve(offsets->bytes.data + size_bytes);

	put_u64(address + offsets->bytes.size, size_bytes);
	put(address + offsets->bytes.data, data, size_bytes);
	return address;
}

static uint64_t make_tuple(const uint64_t *items, size_t count)
{
	uint64_t address = reserve(24 + 8 * count);

	put_u64(address + offsets->bytes.size, count);
	put(address + 24, items, 8 * count);
	return address;
}

static uint64_t make_int(uint32_t digit)
{
	uint64_t address = reserve(32);

	put_u64(address + offsets->object_type, make_type("int"));
	put_u64(address + 16, 1 << 3);
	put_u64(address + 24, digit);
	return address;
}

static void begin(void)
{
	/* 8 units of line 7, columns 4 to 9, then what is missing is nowhere. */
	const uint8_t lines[] = { 0x80 | 10 << 3 | 7, 4, 9 };
	/* Units 1 to 8 are handled at unit 14, with 2 values kept and the offset pushed. */
	const uint8_t handlers[] = { 0x80 | 1, 8, 14, 2 << 1 | 1 };

	fake_begin();
	code = reserve(offsets->code.size + sizeof(CODE));
	put_u64(code + offsets->code.type, fake.code_type);
	put_u64(code + offsets->code.units, UNITS);
	put_u64(code + offsets->code.consts, make_tuple((uint64_t[]){ make_int(41) }, 1));
	put_u64(code + offsets->code.names, make_tuple((uint64_t[]){ make_string("spam") }, 1));
	put_u64(code + offsets->code.localsplusnames,
	        make_tuple((uint64_t[]){ make_string("a"), make_string("b") }, 2));
	put_u64(code + offsets->code.qualname, make_string("f"));
	put_u64(code + offsets->code.linetable, make_bytes(lines, sizeof(lines)));
	put_u64(code + offsets->code.exceptiontable, make_bytes(handlers, sizeof(handlers)));
	put_u32(code + offsets->code.firstlineno, 7);
	put_u32(code + offsets->code.version, 5);
	put(code + offsets->code.adaptive, CODE, sizeof(CODE));
}

static int add_row(const struct ty_row *row, void *user_data)
{
	size_t used = strlen(text);

	(void)user_data;
	snprintf(text + used, sizeof(text) - used, "%d %s%s%s\n", (int)row->instruction.offset, row->instruction.name,
	         *row->argument_text ? " " : "", row->argument_text);
	return 0;
}

static int disassemble(ty_row_fn callback, const struct py_identity *identity)
{
	text[0] = '\0';
	return ty_disassemble_code(&fake.memory, version, offsets, code, identity, callback, NULL);
}

static const char ROWS[] = "0 RESUME\n2 LOAD_GLOBAL NULL + spam\n12 LOAD_FAST b\n14 LOAD_CONST 41\n16 BINARY_OP -\n"
                           "20 COMPARE_OP <\n24 POP_JUMP_IF_FALSE to 28\n26 JUMP_FORWARD to 28\n28 EXTENDED_ARG\n"
                           "30 LOAD_CONST\n32 RETURN_VALUE\n";

TEST(gives_every_instruction_with_its_argument_in_words)
{
	begin();
	ck_assert_ok(disassemble(add_row, NULL));
	ck_assert_str_eq(text, ROWS);
}

static int check_row(const struct ty_row *row, void *user_data)
{
	int32_t offset = row->instruction.offset;

	(void)user_data;
	ck_assert_int_eq(row->instruction.flags, TY_INSTRUCTION_LATER);
	ck_assert_int_eq(row->position.line, offset < 16 ? 7 : -1);
	ck_assert_int_eq(row->position.column, offset < 16 ? 4 : -1);
	ck_assert_int_eq(row->target, offset == 24 || offset == 26 ? 14 : -1);
	ck_assert_uint_eq(row->label, offset == 28);
	ck_assert_int_eq(row->handler != NULL, offset >= 2 && offset < 18);
	if (row->handler) {
		ck_assert_uint_eq(row->handler->target, 14);
		ck_assert_uint_eq(row->handler->depth, 2);
		ck_assert(row->handler->lasti);
	}
	if (offset == 30)
		ck_assert_uint_eq(row->instruction.argument, 256);
	return 0;
}

TEST(gives_places_jumps_and_handlers)
{
	begin();
	ck_assert_ok(disassemble(check_row, NULL));
}

TEST(damaged_tables_leave_the_instructions)
{
	const uint8_t damaged[] = { 0x7f, 0xff, 0xff };

	begin();
	put_u64(code + offsets->code.linetable, make_bytes(damaged, sizeof(damaged)));
	put_u64(code + offsets->code.exceptiontable, make_bytes(damaged, sizeof(damaged)));
	ck_assert_ok(disassemble(add_row, NULL));
	ck_assert_str_eq(text, ROWS);
}

TEST(what_an_argument_refers_to_may_be_missing)
{
	begin();
	put_u64(code + offsets->code.names, make_tuple((uint64_t[]){ 0xdead0000 }, 1));
	put_u64(code + offsets->code.consts, make_tuple((uint64_t[]){ 1 }, 1));
	put_u64(code + offsets->code.localsplusnames, make_tuple(NULL, 0));
	ck_assert_ok(disassemble(add_row, NULL));
	ck_assert_ptr_nonnull(strstr(text, "2 LOAD_GLOBAL\n12 LOAD_FAST\n14 LOAD_CONST\n16 BINARY_OP -\n"));
}

TEST(ends_where_bytecode_cannot_be_told)
{
	begin();
	fake.bytes[code + offsets->code.adaptive + 14 - FAKE_BASE] = INSTRUMENTED_LINE; /* without its data */
	ck_assert_ok(disassemble(add_row, NULL));
	ck_assert_str_eq(text, "0 RESUME\n2 LOAD_GLOBAL NULL + spam\n12 LOAD_FAST b\n");
}

TEST(refuses_another_code_object)
{
	struct py_identity identity;

	begin();
	ty_codes_identity(offsets, fake.bytes + (code - FAKE_BASE), NULL, &identity);
	ck_assert_ok(disassemble(add_row, &identity));
	put_u32(code + offsets->code.version, 6);
	ck_assert_int_eq(disassemble(add_row, &identity), -TY_ESTALE);
	ck_assert_str_eq(text, "");
}

TEST(bounds_every_length)
{
	begin();
	put_u64(code + offsets->code.units, UINT64_MAX);
	ck_assert_int_eq(disassemble(add_row, NULL), -TY_ELIMIT);
	put_u64(code + offsets->code.units, 0);
	ck_assert_int_eq(disassemble(add_row, NULL), -TY_ELIMIT);
	begin();
	uint64_t tuple = make_tuple(NULL, 0);

	put_u64(tuple + offsets->bytes.size, UINT64_MAX);
	put_u64(code + offsets->code.consts, tuple);
	ck_assert_int_eq(disassemble(add_row, NULL), -TY_ELIMIT);
}

static int stop(const struct ty_row *row, void *user_data)
{
	(void)user_data;
	return row->instruction.offset == 12 ? 99 : 0;
}

TEST(stops_when_told)
{
	begin();
	ck_assert_int_eq(disassemble(stop, NULL), 99);
}
