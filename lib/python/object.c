/* SPDX-License-Identifier: Apache-2.0 */
#include "python/object.h"

#include <errno.h>
#include <string.h>

#include <tachyon/base.h>

#include "util/bytes.h"

#define WORD_BYTES 8

/* PyDictKeysObject. */
#define KEYS_LOG2_INDEX_BYTES 9
#define KEYS_KIND 10
#define KEYS_COUNT 24
#define KEYS_HEADER_BYTES 32
#define KIND_GENERAL 0
#define KIND_TEXT 1
#define KIND_SPLIT 2

/* Entries looked at, and bits of an index: tables that are larger are not gone through. */
#define ENTRIES_MAX 65536
#define LOG2_INDEX_MAX 24

/* Entries read at a time. */
#define BLOCK_ENTRIES 64

/* Longest key that is looked for. */
#define TEXT_MAX 32

#define DIGIT_BITS 30

struct keys {
	uint64_t entries; /* address */
	uint64_t count;
	uint8_t kind;
	uint32_t entry_bytes;
	uint64_t values; /* address of the array, where the kind is split */
};

/* What is looked for. */
struct wanted {
	const char *text; /* NULL: a number */
	uint64_t number;
};

/* ---- keys ---- */

/* Bytes of a plain object, which is what stands before the size of one that varies in size. */
static uint32_t object_bytes(const struct py_objects *objects)
{
	return objects->offsets->bytes.size;
}

int ty_object_number(const struct py_objects *objects, uint64_t object, uint64_t *number)
{
	uint8_t bytes[2 * WORD_BYTES];
	uint64_t count;
	int result = ty_memory_read(objects->memory, object + object_bytes(objects), bytes, sizeof(bytes));

	if (result < 0)
		return result;
	/* The size is their number; from 3.12 on that is in the bits above the sign. */
	count = ty_load_u64(bytes) >> objects->version->int_size_shift;
	if (count > 2)
		return -TY_ECORRUPT;
	*number = count > 0 ? ty_load_u32(bytes + WORD_BYTES) : 0;
	if (count > 1)
		*number |= (uint64_t)ty_load_u32(bytes + WORD_BYTES + 4) << DIGIT_BITS;
	return 0;
}

static bool is_text(const struct py_objects *objects, uint64_t object, const char *text)
{
	const struct py_offsets *offsets = objects->offsets;
	size_t length = strlen(text);
	uint8_t bytes[256 + TEXT_MAX];

	if (length > TEXT_MAX || offsets->unicode.ascii_data + length > sizeof(bytes) ||
	    ty_memory_read(objects->memory, object, bytes, offsets->unicode.ascii_data + length) < 0)
		return false;
	return ty_load_u64(bytes + offsets->unicode.length) == length &&
	       memcmp(bytes + offsets->unicode.ascii_data, text, length) == 0;
}

static bool matches(const struct py_objects *objects, uint64_t key, const struct wanted *wanted)
{
	uint64_t number;

	if (!key)
		return false;
	if (wanted->text)
		return is_text(objects, key, wanted->text);
	return ty_object_number(objects, key, &number) == 0 && number == wanted->number;
}

/* ---- tables ---- */

static int load_keys(const struct py_objects *objects, uint64_t address, struct keys *keys)
{
	static const uint32_t entry_bytes[] = { [KIND_GENERAL] = 24, [KIND_TEXT] = 16, [KIND_SPLIT] = 16 };
	uint8_t header[KEYS_HEADER_BYTES];
	int result = ty_memory_read(objects->memory, address, header, sizeof(header));

	if (result < 0)
		return result;
	if (header[KEYS_KIND] > KIND_SPLIT || header[KEYS_LOG2_INDEX_BYTES] > LOG2_INDEX_MAX)
		return -TY_ECORRUPT;
	keys->kind = header[KEYS_KIND];
	keys->entry_bytes = entry_bytes[keys->kind];
	keys->entries = address + KEYS_HEADER_BYTES + (1ULL << header[KEYS_LOG2_INDEX_BYTES]);
	keys->count = ty_load_u64(header + KEYS_COUNT);
	return keys->count <= ENTRIES_MAX ? 0 : -TY_ECORRUPT;
}

static int take_value(const struct py_objects *objects, const struct keys *keys, uint64_t index, const uint8_t *entry,
                      uint64_t *value)
{
	int result = 0;

	if (keys->values)
		result = ty_memory_read_u64(objects->memory, keys->values + index * WORD_BYTES, value);
	else
		*value = ty_load_u64(entry + keys->entry_bytes - WORD_BYTES);
	if (result < 0)
		return result;
	return *value ? 0 : -ENOENT;
}

static int find(const struct py_objects *objects, const struct keys *keys, const struct wanted *wanted, uint64_t *value)
{
	uint32_t key_at = keys->kind == KIND_GENERAL ? WORD_BYTES : 0;
	uint8_t block[BLOCK_ENTRIES * 24];

	for (uint64_t i = 0; i < keys->count; i++) {
		uint64_t in_block = i % BLOCK_ENTRIES, left = keys->count - i;
		const uint8_t *entry = block + in_block * keys->entry_bytes;
		size_t size = (left < BLOCK_ENTRIES ? left : BLOCK_ENTRIES) * keys->entry_bytes;
		int result =
		        in_block ? 0
		                 : ty_memory_read(objects->memory, keys->entries + i * keys->entry_bytes, block, size);

		if (result < 0)
			return result;
		if (matches(objects, ty_load_u64(entry + key_at), wanted))
			return take_value(objects, keys, i, entry, value);
	}
	return -ENOENT;
}

static int find_in_dict(const struct py_objects *objects, uint64_t dict, const struct wanted *wanted, uint64_t *value)
{
	uint8_t bytes[2 * WORD_BYTES]; /* ma_keys, ma_values */
	struct keys keys = { 0 };
	int result = ty_memory_read(objects->memory, dict + object_bytes(objects) + 16, bytes, sizeof(bytes));

	if (result == 0)
		result = load_keys(objects, ty_load_u64(bytes), &keys);
	if (result < 0)
		return result;
	if (ty_load_u64(bytes + WORD_BYTES))
		keys.values = ty_load_u64(bytes + WORD_BYTES) + objects->version->values_header_bytes;
	return find(objects, &keys, wanted, value);
}

int ty_dict_find_text(const struct py_objects *objects, uint64_t dict, const char *key, uint64_t *value)
{
	return find_in_dict(objects, dict, &(struct wanted){ .text = key }, value);
}

int ty_dict_find_number(const struct py_objects *objects, uint64_t dict, uint64_t key, uint64_t *value)
{
	return find_in_dict(objects, dict, &(struct wanted){ .number = key }, value);
}

/* ---- attributes ---- */

static uint64_t word(const struct py_objects *objects, uint64_t address)
{
	uint64_t value;

	return ty_memory_read_u64(objects->memory, address, &value) == 0 ? value : 0;
}

/* Where the values of an instance are, or its dict where it has one. */
static void locate_attributes(const struct py_objects *objects, uint64_t object, uint64_t type, uint64_t *values,
                              uint64_t *dict)
{
	const struct py_offsets *offsets = objects->offsets;
	uint64_t before = word(objects, object - (offsets->free_threaded ? 1 : 3) * WORD_BYTES);

	*values = *dict = 0;
	switch (objects->version->attributes) {
	case PY_ATTRIBUTES_POINTERS:
		*dict = before;
		*values = word(objects, object - 4 * WORD_BYTES);
		break;
	case PY_ATTRIBUTES_TAGGED:
		*dict = before & 1 ? 0 : before;
		*values = before & 1 ? before + 1 : 0;
		break;
	case PY_ATTRIBUTES_INLINE:
		*dict = before;
		*values = object + word(objects, type + offsets->type.name + WORD_BYTES) +
		          objects->version->values_header_bytes;
		break;
	}
}

int ty_object_attribute(const struct py_objects *objects, uint64_t object, const char *name, uint64_t *value)
{
	const struct py_offsets *offsets = objects->offsets;
	uint64_t type = word(objects, object + offsets->object_type);
	struct wanted wanted = { .text = name };
	struct keys keys = { 0 };
	uint64_t values, dict;
	int result;

	if (!type)
		return -TY_ECORRUPT;
	locate_attributes(objects, object, type, &values, &dict);
	if (dict)
		return find_in_dict(objects, dict, &wanted, value);
	result = load_keys(objects, word(objects, type + offsets->type.cached_keys), &keys);
	if (result < 0)
		return result;
	if (keys.kind != KIND_SPLIT || !values)
		return -TY_ECORRUPT;
	keys.values = values;
	return find(objects, &keys, &wanted, value);
}
