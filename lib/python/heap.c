/* SPDX-License-Identifier: Apache-2.0 */
#include "python/heap.h"

#include <errno.h>
#include <string.h>

#include <tachyon/base.h>

#include "python/tasks.h"

#define WORD_BYTES 8

/* Bounds: names of types, bases of one type, entries of a set, links of a deque; what is remembered. */
#define TYPE_NAME_BYTES 48
#define BASES_MAX 16
#define SET_ENTRIES_MAX (1u << 22)
#define BLOCKS_MAX 64
#define TYPES_MAX 4096
#define ATTRIBUTES_MAX 4096

/* Members behind the header. Types: PyVarObject has one more word in its header. */
enum {
	SET_MASK = 16,
	SET_TABLE = 24,
	SET_ENTRY_BYTES = 16,
	VAR_SIZE = 0,
	LIST_ITEMS = 8,
	DEQUE_LEFT_BLOCK = 8,
	DEQUE_LEFT_INDEX = 24,
	DEQUE_BLOCK_LENGTH = 64
};

/* From tp_name to tp_base: 29 words of PyTypeObject (Include/cpython/heap.h). */
#define TYPE_BASE_FROM_NAME 232

void ty_heap_init(struct py_heap *heap, struct ty_pages *pages)
{
	*heap = (struct py_heap){ .pages = pages };
}

void ty_heap_free(struct py_heap *heap)
{
	ty_map_free(&heap->classes);
	ty_map_free(&heap->attributes);
}

void ty_heap_forget(struct py_heap *heap)
{
	ty_map_clear(&heap->classes);
	ty_map_clear(&heap->attributes);
}

int ty_heap_word(struct py_heap *heap, uint64_t object, uint32_t at, uint64_t *word)
{
	return ty_pages_read_u64(heap->pages, object + heap->body + at, word);
}

/* ---- types ---- */

static const struct {
	const char *name;
	enum py_class class;
} CLASSES[] = {
	{ "_asyncio.Task", PY_CLASS_TASK },
	{ "_asyncio.Future", PY_CLASS_FUTURE },
	{ "_asyncio.FutureIter", PY_CLASS_FUTURE_ITERATOR },
	{ "coroutine", PY_CLASS_COROUTINE },
	{ "generator", PY_CLASS_COROUTINE },
	{ "async_generator", PY_CLASS_COROUTINE },
	{ "async_generator_asend", PY_CLASS_AWAITS },
	{ "async_generator_athrow", PY_CLASS_AWAITS },
	{ "coroutine_wrapper", PY_CLASS_AWAITS },
	{ "anext_awaitable", PY_CLASS_AWAITS },
	{ "function", PY_CLASS_FUNCTION },
	{ "cell", PY_CLASS_CELL },
	{ "method", PY_CLASS_METHOD },
	{ "builtin_function_or_method", PY_CLASS_BUILTIN },
	{ "functools.partial", PY_CLASS_PARTIAL },
	{ "set", PY_CLASS_SET },
	{ "list", PY_CLASS_LIST },
	{ "dict", PY_CLASS_DICT },
	{ "collections.deque", PY_CLASS_DEQUE },
	{ "int", PY_CLASS_INT },
	{ "str", PY_CLASS_STR },
};

static enum py_class class_of_name(const char *name)
{
	for (size_t i = 0; i < sizeof(CLASSES) / sizeof(*CLASSES); i++)
		if (strcmp(name, CLASSES[i].name) == 0)
			return CLASSES[i].class;
	return PY_CLASS_UNKNOWN;
}

/* Text up to its NUL; what is longer than any name that matters is cut. */
static bool read_name(struct py_heap *heap, uint64_t address, char name[TYPE_NAME_BYTES])
{
	for (size_t i = 0; i < TYPE_NAME_BYTES; i++) {
		if (ty_pages_read(heap->pages, address + i, &name[i], 1) < 0)
			return false;
		if (!name[i])
			return true;
	}
	name[TYPE_NAME_BYTES - 1] = '\0';
	return true;
}

static enum py_class ask_type(struct py_heap *heap, uint64_t type)
{
	char name[TYPE_NAME_BYTES];
	uint32_t name_offset = heap->objects.offsets->type.name;
	enum py_class class = PY_CLASS_UNKNOWN;

	for (int i = 0; i < BASES_MAX && type; i++) {
		uint64_t address;

		if (ty_pages_read_u64(heap->pages, type + name_offset, &address) < 0 || !read_name(heap, address, name))
			return PY_CLASS_UNKNOWN;
		class = class_of_name(name);
		/* Only these are subclassed and still what they were. */
		if (class != PY_CLASS_UNKNOWN)
			return i == 0 || class == PY_CLASS_TASK || class == PY_CLASS_FUTURE ? class : PY_CLASS_UNKNOWN;
		if (ty_pages_read_u64(heap->pages, type + name_offset + TYPE_BASE_FROM_NAME, &type) < 0)
			return PY_CLASS_UNKNOWN;
	}
	return PY_CLASS_UNKNOWN;
}

static enum py_class type_class(struct py_heap *heap, uint64_t type)
{
	const uint64_t *known = ty_map_get(&heap->classes, type);
	enum py_class class;

	if (known)
		return (enum py_class) * known;
	if (!type || type % WORD_BYTES)
		return PY_CLASS_UNKNOWN;
	if (heap->classes.count >= TYPES_MAX)
		ty_map_clear(&heap->classes);
	class = ask_type(heap, type);
	/* Out of memory only means asking again. */
	(void)ty_map_put(&heap->classes, type, class);
	return class;
}

enum py_class ty_heap_class(struct py_heap *heap, uint64_t object)
{
	uint64_t type;

	if (!object || object % WORD_BYTES ||
	    ty_pages_read_u64(heap->pages, object + heap->objects.offsets->object_type, &type) < 0)
		return PY_CLASS_UNKNOWN;
	return type_class(heap, type);
}

/* ---- dicts and instances ---- */

int ty_heap_dict_values(struct py_heap *heap, uint64_t dict, struct py_addresses *out)
{
	struct py_table table;
	int result = ty_dict_open(&heap->objects, dict, &table);

	for (uint64_t i = 0; result == 0 && i < table.count; i++) {
		uint64_t value, *slot;

		result = ty_table_value(&heap->objects, &table, i, &value);
		if (result == -TY_ENOTFOUND) {
			result = 0;
			continue;
		}
		slot = result == 0 ? ty_array_push(&out->list) : NULL;
		if (slot)
			*slot = value;
		else if (result == 0)
			result = -ENOMEM;
	}
	return result;
}

static int attribute_index(struct py_heap *heap, uint64_t type, const char *name, uint64_t *index)
{
	uint64_t key = ty_hash64(type) ^ (uint64_t)(uintptr_t)name;
	const uint64_t *known = ty_map_get(&heap->attributes, key);
	int result;

	if (known) {
		*index = *known - 1;
		return *known ? 0 : -TY_ENOTFOUND;
	}
	result = ty_type_attribute(&heap->objects, type, name, index);
	if (heap->attributes.count >= ATTRIBUTES_MAX)
		ty_map_clear(&heap->attributes);
	/* What a class does not have yet its instances may get: asked again with the types. */
	if (result == 0 || result == -TY_ENOTFOUND)
		(void)ty_map_put(&heap->attributes, key, result == 0 ? *index + 1 : 0);
	return result;
}

int ty_heap_attribute(struct py_heap *heap, uint64_t object, const char *name, uint64_t *value)
{
	struct py_instance instance;
	uint64_t index;
	int result = ty_object_instance(&heap->objects, object, &instance);

	if (result < 0)
		return result;
	if (!instance.values)
		return instance.dict ? ty_dict_find_text(&heap->objects, instance.dict, name, value) : -TY_ENOTFOUND;
	result = attribute_index(heap, instance.type, name, &index);
	if (result == 0)
		result = ty_pages_read_u64(heap->pages, instance.values + index * WORD_BYTES, value);
	return result == 0 && !*value ? -TY_ENOTFOUND : result;
}

/* ---- sets and lists ---- */

int ty_heap_set(struct py_heap *heap, uint64_t set, struct py_addresses *members)
{
	uint64_t mask, table, entry;
	int result = ty_heap_word(heap, set, SET_MASK, &mask);

	if (result == 0)
		result = ty_heap_word(heap, set, SET_TABLE, &table);
	if (result < 0)
		return result;
	if (mask >= SET_ENTRIES_MAX || (mask & (mask + 1)))
		return -TY_ECORRUPT;
	for (uint64_t i = 0; i <= mask; i++) {
		uint64_t *slot;

		result = ty_pages_read_u64(heap->pages, table + i * SET_ENTRY_BYTES, &entry);
		if (result < 0)
			return result;
		if (!entry)
			continue;
		slot = ty_array_push(&members->list);
		if (!slot)
			return -ENOMEM;
		*slot = entry;
	}
	return 0;
}

static int read_members(struct py_heap *heap, uint64_t items, uint64_t count, struct py_addresses *members)
{
	for (uint64_t i = 0; i < count; i++) {
		uint64_t *slot = ty_array_push(&members->list);
		int result;

		if (!slot)
			return -ENOMEM;
		result = ty_pages_read_u64(heap->pages, items + i * WORD_BYTES, slot);
		if (result < 0) {
			members->list.count--;
			return result;
		}
	}
	return 0;
}

int ty_heap_list(struct py_heap *heap, uint64_t list, size_t limit, struct py_addresses *members)
{
	uint64_t count, items;
	int result = ty_heap_word(heap, list, VAR_SIZE, &count);

	if (result == 0)
		result = ty_heap_word(heap, list, LIST_ITEMS, &items);
	return result < 0 ? result : read_members(heap, items, count < limit ? count : limit, members);
}

int ty_heap_tuple(struct py_heap *heap, uint64_t tuple, size_t limit, struct py_addresses *members)
{
	uint64_t count, items = tuple + heap->body + heap->version->tuple_items;
	int result = ty_heap_word(heap, tuple, VAR_SIZE, &count);

	return result < 0 ? result : read_members(heap, items, count < limit ? count : limit, members);
}

/* Blocks of 64 elements with a link at either end (Modules/_collectionsmodule.c). */
int ty_heap_deque(struct py_heap *heap, uint64_t deque, size_t limit, struct py_addresses *members)
{
	uint64_t count, block, index;
	int result = ty_heap_word(heap, deque, VAR_SIZE, &count);

	if (result == 0)
		result = ty_heap_word(heap, deque, DEQUE_LEFT_BLOCK, &block);
	if (result == 0)
		result = ty_heap_word(heap, deque, DEQUE_LEFT_INDEX, &index);
	count = result == 0 && count < limit ? count : limit;
	for (int i = 0; result == 0 && count && i < BLOCKS_MAX; i++) {
		uint64_t part;

		if (index >= DEQUE_BLOCK_LENGTH)
			return -TY_ECORRUPT;
		part = count < DEQUE_BLOCK_LENGTH - index ? count : DEQUE_BLOCK_LENGTH - index;
		result = read_members(heap, block + (1 + index) * WORD_BYTES, part, members);
		count -= part;
		index = 0;
		if (result == 0 && count)
			result = ty_pages_read_u64(heap->pages, block + (1 + DEQUE_BLOCK_LENGTH) * WORD_BYTES, &block);
	}
	return result;
}
