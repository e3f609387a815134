/* SPDX-License-Identifier: Apache-2.0 */
#include "python/copies.h"

#include <errno.h>

/* _PyCodeArray. */
#define ARRAY_SIZE 0
#define ARRAY_ENTRIES 8
#define WORD_BYTES 8

/* Indices are given to threads one after the other, and again when they end. */
#define COPIES_MAX 65536

bool ty_copies_translate(const struct py_code *code, struct py_frame *frame)
{
	uint64_t copy;

	if (!frame->copy)
		return true;
	copy = frame->copy < code->copies.count ? code->copies.items[frame->copy] : 0;
	if (!copy || frame->ip - copy >= 2 * (uint64_t)code->units)
		return false;
	frame->ip = code->bytecode_address + (frame->ip - copy);
	return true;
}

static int keep(struct py_code *code, uint32_t index, uint64_t copy)
{
	while (code->copies.count <= index)
		if (!ty_array_push(&code->copies))
			return -ENOMEM;
	code->copies.items[index] = copy;
	return 0;
}

int ty_copies_find(struct py_codes *codes, struct py_code *code, const struct py_frame *frame)
{
	uint64_t array, size, copy;
	int result;

	if (!py_has(codes->offsets->code.tlbc) || frame->copy >= COPIES_MAX)
		return -TY_ECORRUPT;
	result = ty_memory_read_u64(codes->memory, code->address + codes->offsets->code.tlbc, &array);
	if (result == 0)
		result = ty_memory_read_u64(codes->memory, array + ARRAY_SIZE, &size);
	if (result == 0 && (size > COPIES_MAX || frame->copy >= size))
		return -TY_ECORRUPT;
	if (result == 0)
		result = ty_memory_read_u64(codes->memory, array + ARRAY_ENTRIES + frame->copy * WORD_BYTES, &copy);
	return result < 0 ? result : keep(code, frame->copy, copy);
}
