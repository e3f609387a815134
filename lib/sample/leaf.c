/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/leaf.h"

#include <string.h>

/* Longer bytecode is not read with every sample: its instructions are as of when it was fetched or refreshed. */
#define LEAF_BYTES_MAX 8192

static struct ty_region *find_bytecode(struct ty_thread *thread)
{
	for (size_t i = 0; i < thread->list.regions.count; i++)
		if (thread->list.regions.items[i].kind == TY_REGION_BYTECODE)
			return &thread->list.regions.items[i];
	return NULL;
}

static bool is_of(const struct ty_region *region, const struct py_code *code)
{
	return region->address == code->bytecode_address && region->size_bytes == 2 * code->units;
}

void ty_leaf_update(struct ty_plan *plan, struct ty_thread *thread)
{
	struct ty_region *region = thread->leaf ? find_bytecode(thread) : NULL;

	if (region && region->readable && thread->leaf->function && is_of(region, thread->leaf))
		memcpy(thread->leaf->adaptive, ty_region_bytes(plan, region, region->address), region->size_bytes);
}

void ty_leaf_predict(struct ty_plan *plan, struct ty_thread *thread)
{
	struct py_code *code = thread->stack.depth ? ty_stack_records(&thread->stack)[0].code : NULL;
	struct ty_region *region;

	if (!code)
		return;
	region = find_bytecode(thread);
	/* Another code object may have come to the same address. */
	if (code == thread->leaf && (!region || is_of(region, code)))
		return;
	thread->leaf = code;
	if (region) {
		*region = thread->list.regions.items[--thread->list.regions.count];
		plan->stale = true;
	}
	if (2 * code->units <= LEAF_BYTES_MAX)
		ty_plan_add(plan, &thread->list, TY_REGION_BYTECODE, code->bytecode_address, 2 * code->units);
}
