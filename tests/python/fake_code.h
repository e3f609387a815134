/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_PYTHON_FAKE_CODE_H
#define TY_TESTS_PYTHON_FAKE_CODE_H

/* A memory with objects of CPython 3.12, whose offsets are compiled in: what code objects are made of. */

#include <string.h>

#include "python/version.h"
#include "support/test.h"
#include "target/memory.h"

#define FAKE_HEXVERSION 0x030c01f0
#define FAKE_BASE 0x10000u

struct fake {
	struct ty_memory memory;
	uint64_t used;
	uint64_t code_type, string_type;
	uint8_t bytes[0x4000];
};

static struct fake fake;
static const struct py_version *version;
static const struct py_offsets *offsets;

static ssize_t fake_read(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into)
{
	size_t i;

	(void)memory;
	for (i = 0; i < count; i++) {
		uint64_t at = (uint64_t)(uintptr_t)remote[i].iov_base - FAKE_BASE;

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
	uint64_t address = FAKE_BASE + fake.used;

	fake.used += (size_bytes + 15) / 16 * 16;
	ck_assert_uint_le(fake.used, sizeof(fake.bytes));
	return address;
}

static void put(uint64_t address, const void *data, size_t size_bytes)
{
	if (size_bytes)
		memcpy(fake.bytes + (address - FAKE_BASE), data, size_bytes);
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

	put_u64(address + offsets->object_type, fake.string_type);
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

static void fake_begin(void)
{
	version = ty_version_find(FAKE_HEXVERSION);
	fake = (struct fake){ .memory = { .ops = &fake_ops }, .used = 16 };
	offsets = version->fixed;
	fake.code_type = make_type("code");
	fake.string_type = make_type("str");
}

#endif
