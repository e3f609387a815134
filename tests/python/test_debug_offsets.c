/* SPDX-License-Identifier: Apache-2.0 */
/* From the table in a target's memory to offsets: every slot is taken from where it stands, and none is trusted. */
#include "python/debug_offsets.h"

#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"
#include "util/error.h"

struct table {
	const struct py_version *version;
	uint8_t bytes[PY_TABLE_BYTES_MAX];
};

static struct table table_of(uint32_t number)
{
	struct fake_python *python = fake_python_new(number);
	struct table table = { .version = python->version };

	if (table.version->table_bytes)
		ck_assert_ok(ty_memory_read(python->memory, python->runtime, table.bytes, table.version->table_bytes));
	fake_python_free(python);
	return table;
}

static int load(const struct table *table, struct py_offsets *offsets)
{
	struct ty_error_state error = { 0 };
	int result = ty_debug_offsets_load(table->version, table->bytes, offsets, &error);

	ck_assert_int_eq(error.code, result);
	ck_assert(result == 0 || strlen(error.message) > 10);
	return result;
}

static void put_slot(struct table *table, size_t slot, uint64_t value)
{
	memcpy(table->bytes + slot, &value, sizeof(value));
}

TEST(what_a_table_says_arrives)
{
	fake_each_version(version)
	{
		struct table table = table_of(version);
		struct py_offsets offsets;

		ck_assert_ok(load(&table, &offsets));
		ck_assert_mem_eq(&offsets.runtime, &fake_offsets(version)->runtime, sizeof(offsets.runtime));
		ck_assert_mem_eq(&offsets.thread, &fake_offsets(version)->thread, sizeof(offsets.thread));
		ck_assert_mem_eq(&offsets.frame, &fake_offsets(version)->frame, sizeof(offsets.frame));
		ck_assert_mem_eq(&offsets.code, &fake_offsets(version)->code, sizeof(offsets.code));
		ck_assert_mem_eq(&offsets.generator, &fake_offsets(version)->generator, sizeof(offsets.generator));
		ck_assert_mem_eq(&offsets.unicode, &fake_offsets(version)->unicode, sizeof(offsets.unicode));
	}
}

TEST(no_slot_is_trusted)
{
	static const uint64_t values[] = { UINT64_MAX,       UINT32_MAX, UINT32_MAX - 1, 1ULL << 32,
		                           (1ULL << 32) + 8, 1ULL << 63, 1u << 21 };

	fake_each_version(version)
	{
		struct table table = table_of(version);

		for (size_t i = 0; i < table.version->published_count; i++)
			for (size_t j = 0; j < sizeof(values) / sizeof(*values); j++) {
				struct table damaged = table;
				struct py_offsets offsets;

				put_slot(&damaged, table.version->published[i].slot, values[j]);
				ck_assert_msg(load(&damaged, &offsets) == -TY_EOFFSETS, "CPython 3.%u: slot %u = %llx",
				              version & 0xff, table.version->published[i].slot,
				              (unsigned long long)values[j]);
			}
	}
}

TEST(slots_lie_in_the_table)
{
	fake_each_version(version)
	{
		const struct py_version *known = ty_version_find(version << 16);

		ck_assert_uint_le(known->table_bytes, PY_TABLE_BYTES_MAX);
		for (size_t i = 0; i < known->published_count; i++)
			ck_assert_uint_le(known->published[i].slot + 8u, known->table_bytes);
		ck_assert_uint_le(known->tlbc_slot + 8u, known->table_bytes ? known->table_bytes : 8);
		ck_assert_uint_le(known->tlbc_index_slot + 8u, known->table_bytes ? known->table_bytes : 8);
	}
}

TEST(free_threaded_builds_have_members_of_their_own)
{
	struct table table = table_of(TY_PYTHON_3_14);
	struct py_offsets offsets;

	put_slot(&table, PY_TABLE_FREE_THREADED_SLOT, 1);
	put_slot(&table, table.version->tlbc_slot, 192);
	put_slot(&table, table.version->tlbc_index_slot, 72);
	ck_assert_ok(load(&table, &offsets));
	ck_assert_uint_eq(offsets.free_threaded, 1);
	ck_assert_uint_eq(offsets.code.tlbc, 192);
	ck_assert_uint_eq(offsets.frame.tlbc_index, 72);
	ck_assert_uint_eq(offsets.unicode.kind_shift, table.version->unicode_kind_shift_free_threaded);
	put_slot(&table, PY_TABLE_FREE_THREADED_SLOT, 2);
	ck_assert_int_eq(load(&table, &offsets), -TY_EOFFSETS);
	put_slot(&table, PY_TABLE_FREE_THREADED_SLOT, UINT64_MAX);
	ck_assert_int_eq(load(&table, &offsets), -TY_EOFFSETS);
}

TEST(random_tables_are_refused_or_sound)
{
	uint64_t random = 0x1234567;

	fake_each_version(version)
	{
		struct table table = table_of(version);

		for (int round = 0; round < 3000; round++) {
			struct table damaged = table;
			struct py_offsets offsets;

			for (int i = 0; i < 3 && table.version->published_count; i++) {
				random = random * 6364136223846793005 + 1442695040888963407;
				put_slot(&damaged, table.version->published[(random >> 33) % table.version->published_count].slot,
				         random >> 40 & 0x1ff8);
			}
			if (load(&damaged, &offsets) < 0)
				continue;
			ck_assert_uint_le(offsets.frame.owner + 1, offsets.frame.size);
			ck_assert_uint_le(offsets.code.names + 8, offsets.code.size);
			ck_assert_uint_le(offsets.code.size, PY_CODE_HEADER_BYTES_MAX);
			ck_assert_uint_le(offsets.unicode.state + 4, offsets.unicode.ascii_data);
		}
	}
}
