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

#define DIGIT_BITS 30

/* From 3.12 on the lowest two bits of an int's word are its sign, 2 for negative (pycore_long.h); before, ob_size is. */
#define SIGN_BITS 3
#define SIGN_NEGATIVE 2

/* From tp_name: to tp_basicsize, and to tp_flags; and the flags (Include/object.h) without which words are others. */
#define TYPE_BASIC_SIZE WORD_BYTES
#define TYPE_FLAGS 144
#define FLAG_INLINE_VALUES (1u << 2)
#define FLAG_MANAGED_DICT (1u << 4)
#define FLAG_HEAP_TYPE (1u << 9)

/* struct _dictvalues of 3.13+: whether it still is what holds the attributes. */
#define VALUES_VALID 3

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
	count = ty_load_u64(bytes) >> objects->version->int_size_shift;
	if (count > 2 || (objects->version->int_size_shift && (ty_load_u64(bytes) & SIGN_BITS) == SIGN_NEGATIVE))
		return -TY_ECORRUPT;
	*number = count > 0 ? ty_load_u32(bytes + WORD_BYTES) : 0;
	if (count > 1)
		*number |= (uint64_t)ty_load_u32(bytes + WORD_BYTES + 4) << DIGIT_BITS;
	return 0;
}

bool ty_object_is_text(const struct py_objects *objects, uint64_t object, const char *text)
{
	const struct py_offsets *offsets = objects->offsets;
	size_t length = strlen(text);
	uint8_t bytes[256 + PY_TEXT_BYTES_MAX];

	if (!object || object % WORD_BYTES || length > PY_TEXT_BYTES_MAX ||
	    offsets->unicode.ascii_data + length > sizeof(bytes) ||
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
		return ty_object_is_text(objects, key, wanted->text);
	return ty_object_number(objects, key, &number) == 0 && number == wanted->number;
}

/* ---- tables ---- */

static int load_keys(const struct py_objects *objects, uint64_t address, struct py_table *table)
{
	static const uint32_t entry_bytes[] = { [KIND_GENERAL] = 24, [KIND_TEXT] = 16, [KIND_SPLIT] = 16 };
	uint8_t header[KEYS_HEADER_BYTES];
	int result = ty_memory_read(objects->memory, address, header, sizeof(header));

	if (result < 0)
		return result;
	if (header[KEYS_KIND] > KIND_SPLIT || header[KEYS_LOG2_INDEX_BYTES] > LOG2_INDEX_MAX)
		return -TY_ECORRUPT;
	table->kind = header[KEYS_KIND];
	table->entry_bytes = entry_bytes[table->kind];
	table->entries = address + KEYS_HEADER_BYTES + (1ULL << header[KEYS_LOG2_INDEX_BYTES]);
	table->count = ty_load_u64(header + KEYS_COUNT);
	table->values = 0;
	return table->count <= ENTRIES_MAX ? 0 : -TY_ECORRUPT;
}

int ty_dict_open(const struct py_objects *objects, uint64_t dict, struct py_table *table)
{
	uint8_t bytes[2 * WORD_BYTES]; /* ma_keys, ma_values */
	int result = dict && dict % WORD_BYTES == 0 ? ty_memory_read(objects->memory, dict + object_bytes(objects) + 16,
	                                                             bytes, sizeof(bytes))
	                                            : -EFAULT;

	if (result == 0)
		result = load_keys(objects, ty_load_u64(bytes), table);
	if (result == 0 && (table->kind == KIND_SPLIT) != (ty_load_u64(bytes + WORD_BYTES) != 0))
		result = -TY_ECORRUPT;
	if (result == 0 && table->kind == KIND_SPLIT)
		table->values = ty_load_u64(bytes + WORD_BYTES) + objects->version->values_header_bytes;
	return result;
}

int ty_table_value(const struct py_objects *objects, const struct py_table *table, uint64_t index, uint64_t *value)
{
	uint64_t address = table->values ? table->values + index * WORD_BYTES
	                                 : table->entries + (index + 1) * table->entry_bytes - WORD_BYTES;
	int result = ty_memory_read_u64(objects->memory, address, value);

	return result == 0 && !*value ? -TY_ENOTFOUND : result;
}

/* Index of a key. */
static int find(const struct py_objects *objects, const struct py_table *table, const struct wanted *wanted,
                uint64_t *index)
{
	uint32_t key_at = table->kind == KIND_GENERAL ? WORD_BYTES : 0;
	uint8_t block[BLOCK_ENTRIES * 24];

	for (uint64_t i = 0; i < table->count; i++) {
		uint64_t in_block = i % BLOCK_ENTRIES, left = table->count - i;
		size_t size = (left < BLOCK_ENTRIES ? left : BLOCK_ENTRIES) * table->entry_bytes;
		int result = in_block ? 0
		                      : ty_memory_read(objects->memory, table->entries + i * table->entry_bytes, block,
		                                       size);

		if (result < 0)
			return result;
		*index = i;
		if (matches(objects, ty_load_u64(block + in_block * table->entry_bytes + key_at), wanted))
			return 0;
	}
	return -TY_ENOTFOUND;
}

static int find_in_dict(const struct py_objects *objects, uint64_t dict, const struct wanted *wanted, uint64_t *value)
{
	struct py_table table;
	uint64_t index;
	int result = ty_dict_open(objects, dict, &table);

	if (result == 0)
		result = find(objects, &table, wanted, &index);
	return result == 0 ? ty_table_value(objects, &table, index, value) : result;
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

/* Behind the object, unless they were moved into its dict. */
static int find_inline_values(const struct py_objects *objects, uint64_t object, struct py_instance *instance)
{
	uint64_t basic_size;
	uint8_t valid;
	int result = ty_memory_read_u64(objects->memory,
	                                instance->type + objects->offsets->type.name + TYPE_BASIC_SIZE, &basic_size);

	if (result == 0)
		result = ty_memory_read(objects->memory, object + basic_size + VALUES_VALID, &valid, 1);
	if (result == 0 && valid == 1)
		instance->values = object + basic_size + objects->version->values_header_bytes;
	return result;
}

/* The words before an object are its garbage collector's, where builds have such, and then what these are read from. */
static int find_values(const struct py_objects *objects, uint64_t object, bool is_inline, struct py_instance *instance)
{
	uint64_t before;
	int result = ty_memory_read_u64(
	        objects->memory, object - (objects->offsets->free_threaded ? 1 : 3) * WORD_BYTES, &before);

	if (result < 0)
		return result;
	instance->dict = before;
	switch (objects->version->attributes) {
	case PY_ATTRIBUTES_POINTERS:
		return ty_memory_read_u64(objects->memory, object - 4 * WORD_BYTES, &instance->values);
	case PY_ATTRIBUTES_TAGGED:
		instance->values = before & 1 ? before + 1 : 0;
		instance->dict = before & 1 ? 0 : before;
		return 0;
	case PY_ATTRIBUTES_INLINE:
		return is_inline ? find_inline_values(objects, object, instance) : 0;
	}
	return -TY_ENOTFOUND;
}

int ty_object_instance(const struct py_objects *objects, uint64_t object, struct py_instance *instance)
{
	const struct py_offsets *offsets = objects->offsets;
	uint64_t flags;
	int result = object && object % WORD_BYTES == 0
	                     ? ty_memory_read_u64(objects->memory, object + offsets->object_type, &instance->type)
	                     : -EFAULT;

	instance->values = instance->dict = 0;
	if (result == 0)
		result = ty_memory_read_u64(objects->memory, instance->type + offsets->type.name + TYPE_FLAGS, &flags);
	if (result < 0)
		return result;
	if (!(flags & FLAG_HEAP_TYPE) || !(flags & FLAG_MANAGED_DICT))
		return -TY_ENOTFOUND;
	return find_values(objects, object, flags & FLAG_INLINE_VALUES, instance);
}

int ty_type_attribute(const struct py_objects *objects, uint64_t type, const char *name, uint64_t *index)
{
	struct py_table table;
	uint64_t keys;
	int result = ty_memory_read_u64(objects->memory, type + objects->offsets->type.cached_keys, &keys);

	if (result == 0)
		result = keys ? load_keys(objects, keys, &table) : -TY_ENOTFOUND;
	if (result == 0 && table.kind != KIND_SPLIT)
		result = -TY_ECORRUPT;
	return result == 0 ? find(objects, &table, &(struct wanted){ .text = name }, index) : result;
}

int ty_object_attribute(const struct py_objects *objects, uint64_t object, const char *name, uint64_t *value)
{
	struct py_instance instance;
	uint64_t index;
	int result = ty_object_instance(objects, object, &instance);

	if (result < 0)
		return result;
	if (!instance.values)
		return instance.dict ? ty_dict_find_text(objects, instance.dict, name, value) : -TY_ENOTFOUND;
	result = ty_type_attribute(objects, instance.type, name, &index);
	if (result == 0)
		result = ty_memory_read_u64(objects->memory, instance.values + index * WORD_BYTES, value);
	return result == 0 && !*value ? -TY_ENOTFOUND : result;
}
