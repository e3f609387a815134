/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dicts and the attributes of instances (Include/internal/pycore_dict.h).
 *
 * A dict's keys are an object of their own: indices, then entries in the order of insertion. Where all keys are str an
 * entry is key and value, else hash, key and value; an instance of a class shares the keys with the others of its class
 * and has an array of values beside it, until somebody asks for its __dict__. Where that array is differs between
 * versions: enum py_values.
 */
#include <errno.h>

#include <tachyon/base.h>

#include "python/heap.h"
#include "python/tasks.h"
#include "util/bytes.h"

#define WORD_BYTES 8
#define ENTRIES_MAX 65536
#define ATTRIBUTES_MAX 4096

enum { DICT_KEYS = 16, DICT_VALUES = 24 }; /* behind the object's header */
enum { KEYS_INDEX_SIZE = 9, KEYS_KIND = 10, KEYS_COUNT = 24, KEYS_INDICES = 32, KEYS_GENERAL = 0, KEYS_SPLIT = 2 };
enum { MANAGED_DICT_WORDS = 3, VALUES_POINTER_WORDS = 4 }; /* before the object */
enum { INLINE_VALID = 3, INLINE_VALUES = 8 };

/* From tp_name to tp_flags: 18 words; and the flags (Include/object.h) without which the words below mean nothing. */
#define TYPE_FLAGS_FROM_NAME 144
#define FLAG_INLINE_VALUES (1u << 2)
#define FLAG_MANAGED_DICT (1u << 4)
#define FLAG_HEAP_TYPE (1u << 9)

struct keys {
	uint64_t entries;
	uint64_t count;
	uint32_t entry_bytes;
	uint32_t key_at; /* in an entry; the value follows */
	bool split;
};

static int read_keys(struct py_heap *heap, uint64_t address, struct keys *keys)
{
	uint8_t head[KEYS_INDICES];
	int result = ty_pages_read(heap->pages, address, head, sizeof(head));
	bool general = head[KEYS_KIND] == KEYS_GENERAL;

	if (result < 0)
		return result;
	keys->count = ty_load_u64(head + KEYS_COUNT);
	if (head[KEYS_INDEX_SIZE] > 40 || head[KEYS_KIND] > KEYS_SPLIT || keys->count > ENTRIES_MAX)
		return -TY_ECORRUPT;
	keys->entries = address + KEYS_INDICES + (UINT64_C(1) << head[KEYS_INDEX_SIZE]);
	keys->entry_bytes = general ? 3 * WORD_BYTES : 2 * WORD_BYTES;
	keys->key_at = general ? WORD_BYTES : 0;
	keys->split = head[KEYS_KIND] == KEYS_SPLIT;
	return 0;
}

/* Index of a key. 0, -TY_ENOTFOUND or a negative errno. */
static int find_key(struct py_heap *heap, const struct keys *keys, const char *name, uint64_t *index)
{
	for (uint64_t i = 0; i < keys->count; i++) {
		uint64_t key;
		int result = ty_pages_read_u64(heap->pages, keys->entries + i * keys->entry_bytes + keys->key_at, &key);

		if (result < 0)
			return result;
		if (key && ty_heap_is_text(heap, key, name)) {
			*index = i;
			return 0;
		}
	}
	return -TY_ENOTFOUND;
}

static uint64_t values_begin(const struct py_heap *heap, uint64_t values)
{
	return values + (heap->version->values == PY_VALUES_INLINE ? INLINE_VALUES : 0);
}

static int value_at(struct py_heap *heap, const struct keys *keys, uint64_t values, uint64_t index, uint64_t *value)
{
	uint64_t address = keys->entries + index * keys->entry_bytes + keys->key_at + WORD_BYTES;

	if (keys->split)
		address = values_begin(heap, values) + index * WORD_BYTES;
	return ty_pages_read_u64(heap->pages, address, value);
}

static int open_dict(struct py_heap *heap, uint64_t dict, struct keys *keys, uint64_t *values)
{
	uint64_t address;
	int result = dict && dict % WORD_BYTES == 0 ? ty_heap_word(heap, dict, DICT_KEYS, &address) : -EFAULT;

	if (result == 0)
		result = ty_heap_word(heap, dict, DICT_VALUES, values);
	if (result == 0)
		result = read_keys(heap, address, keys);
	return result == 0 && keys->split && !*values ? -TY_ECORRUPT : result;
}

int ty_heap_dict_find(struct py_heap *heap, uint64_t dict, const char *name, uint64_t *value)
{
	struct keys keys;
	uint64_t values, index;
	int result = open_dict(heap, dict, &keys, &values);

	if (result == 0)
		result = find_key(heap, &keys, name, &index);
	if (result == 0)
		result = value_at(heap, &keys, values, index, value);
	return result == 0 && !*value ? -TY_ENOTFOUND : result;
}

int ty_heap_dict_values(struct py_heap *heap, uint64_t dict, struct py_addresses *out)
{
	struct keys keys;
	uint64_t values;
	int result = open_dict(heap, dict, &keys, &values);

	for (uint64_t i = 0; result == 0 && i < keys.count; i++) {
		uint64_t value, *slot;

		result = value_at(heap, &keys, values, i, &value);
		if (result < 0 || !value)
			continue;
		slot = ty_array_push(&out->list);
		if (!slot)
			return -ENOMEM;
		*slot = value;
	}
	return result;
}

/* ---- instances ---- */

/* Where the instance's array of values is, or else its dict. */
static int find_values(struct py_heap *heap, uint64_t object, uint64_t type, bool is_inline, uint64_t *values,
                       uint64_t *dict)
{
	uint64_t basic_size = 0;
	uint8_t valid = 1;
	int result = ty_pages_read_u64(heap->pages, object - MANAGED_DICT_WORDS * WORD_BYTES, dict);

	*values = 0;
	if (result < 0)
		return result;
	switch (heap->version->values) {
	case PY_VALUES_POINTER:
		return ty_pages_read_u64(heap->pages, object - VALUES_POINTER_WORDS * WORD_BYTES, values);
	case PY_VALUES_TAGGED:
		*values = *dict & 1 ? *dict + 1 : 0;
		return 0;
	case PY_VALUES_INLINE:
		if (!is_inline)
			return 0;
		/* tp_basicsize follows tp_name. */
		result = ty_pages_read_u64(heap->pages, type + heap->offsets->type.name + WORD_BYTES, &basic_size);
		*values = object + basic_size;
		if (result == 0)
			result = ty_pages_read(heap->pages, *values + INLINE_VALID, &valid, 1);
		*values = valid == 1 ? *values : 0;
		return result;
	}
	return -TY_ENOTFOUND;
}

/* Index of an attribute in the keys that the instances of a type share. */
static int attribute_index(struct py_heap *heap, uint64_t type, const char *name, uint64_t *index)
{
	uint64_t key = ty_hash64(type) ^ (uint64_t)(uintptr_t)name, address;
	const uint64_t *known = ty_map_get(&heap->attributes, key);
	struct keys keys;
	int result;

	if (known) {
		*index = *known - 1;
		return *known ? 0 : -TY_ENOTFOUND;
	}
	result = ty_pages_read_u64(heap->pages, type + heap->version->type_keys, &address);
	if (result == 0)
		result = address ? read_keys(heap, address, &keys) : -TY_ENOTFOUND;
	if (result == 0)
		result = find_key(heap, &keys, name, index);
	if (heap->attributes.count >= ATTRIBUTES_MAX)
		ty_map_clear(&heap->attributes);
	/* What a class does not have yet its instances may get: asked again with the types. */
	if (result == 0 || result == -TY_ENOTFOUND)
		(void)ty_map_put(&heap->attributes, key, result == 0 ? *index + 1 : 0);
	return result;
}

int ty_heap_attribute(struct py_heap *heap, uint64_t object, const char *name, uint64_t *value)
{
	uint64_t type, flags, values, dict, index;
	int result = object && object % WORD_BYTES == 0
	                     ? ty_pages_read_u64(heap->pages, object + heap->offsets->object_type, &type)
	                     : -EFAULT;

	if (result == 0)
		result = ty_pages_read_u64(heap->pages, type + heap->offsets->type.name + TYPE_FLAGS_FROM_NAME, &flags);
	if (result == 0 && !(flags & FLAG_HEAP_TYPE && flags & FLAG_MANAGED_DICT))
		result = -TY_ENOTFOUND;
	if (result == 0)
		result = find_values(heap, object, type, flags & FLAG_INLINE_VALUES, &values, &dict);
	if (result < 0)
		return result;
	if (!values)
		return dict ? ty_heap_dict_find(heap, dict, name, value) : -TY_ENOTFOUND;
	result = attribute_index(heap, type, name, &index);
	if (result == 0)
		result = ty_pages_read_u64(heap->pages, values_begin(heap, values) + index * WORD_BYTES, value);
	return result == 0 && !*value ? -TY_ENOTFOUND : result;
}
