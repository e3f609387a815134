/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why the header may be compared after the stack was copied: a frame holds a reference to its code object, so the
 * object was alive when the frame was. If the same identity is found later, and was found before, it was there all the
 * time.
 *
 * Where the interpreter counts code objects (python/offsets.h: code_counter) nothing is compared until the counter
 * moves. Headers in doubt become regions of the plan: a program that makes and drops code objects all the time then
 * pays for some more ranges in the same call, not for a further call in every sample.
 */
#include "sample/confirm.h"

#include <errno.h>
#include <string.h>

#include "util/bytes.h"

static struct ty_region *header_region(ty_target *target, uint64_t address, uint32_t size_bytes)
{
	struct ty_region *region = ty_region_find(&target->code_list, address, size_bytes);

	if (region && region->readable) {
		region->used_at = target->plan.sample;
		return region;
	}
	return ty_plan_fetch(&target->plan, &target->code_list, TY_REGION_CODE, address, size_bytes);
}

static bool is_unchanged(ty_target *target, const struct py_code *code)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	struct ty_region *region = header_region(target, code->address, offsets->code.size);
	uint8_t header[PY_CODE_HEADER_BYTES_MAX];
	const uint8_t *name = NULL;
	struct py_identity identity;

	if (!region)
		return false;
	memcpy(header, ty_region_bytes(&target->plan, region, code->address), offsets->code.size);
	if (ty_codes_need_name(offsets)) {
		region = header_region(target, code->qualname_address, PY_NAME_HEADER_BYTES);
		if (!region)
			return false;
		name = ty_region_bytes(&target->plan, region, code->qualname_address);
	}
	ty_codes_identity(offsets, header, name, &identity);
	return memcmp(&identity, &code->identity, sizeof(identity)) == 0;
}

void ty_codes_confirm(ty_target *target, struct ty_walk_result *result)
{
	struct py_codes *codes = &target->codes;

	for (size_t i = 0; i < target->walker.unconfirmed.count; i++) {
		struct py_code *code = target->walker.unconfirmed.items[i];
		uint64_t address = code->address;

		if (!code->function || code->confirmed_epoch == codes->epoch)
			continue;
		codes->checked++;
		if (is_unchanged(target, code)) {
			code->confirmed_epoch = codes->epoch;
			continue;
		}
		result->code_changed = true;
		ty_codes_fetch(codes, address, &code);
	}
	ty_array_clear(&target->walker.unconfirmed);
}
