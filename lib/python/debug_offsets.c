/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the table that CPython 3.13+ publishes for readers from outside (_Py_DebugOffsets; its values are u64) to our
 * own struct of offsets. Which value stands where is data: struct py_version.
 */
#include "python/debug_offsets.h"

#include <string.h>

#include "util/bytes.h"
#include "util/error.h"

static uint32_t *member_of(struct py_offsets *offsets, size_t member)
{
	return (uint32_t *)((char *)offsets + member);
}

/* A value that does not fit is made one that no rule of the validation lets pass. */
static uint32_t narrow(uint64_t value)
{
	return value < PY_ABSENT ? (uint32_t)value : PY_ABSENT - 1;
}

static void load_published(const struct py_version *version, const uint8_t *table, struct py_offsets *offsets)
{
	for (size_t i = 0; i < version->published_count; i++) {
		const struct py_published_offset *entry = &version->published[i];

		*member_of(offsets, entry->member) = narrow(ty_load_u64(table + entry->slot));
	}
	for (size_t i = 0; i < version->derived_count; i++) {
		const struct py_derived_offset *entry = &version->derived[i];
		uint64_t from = *member_of(offsets, entry->from);

		*member_of(offsets, entry->member) = narrow(from + (uint64_t)(int64_t)entry->distance_bytes);
	}
}

/* Who holds the GIL; without one, who is attached: may use the interpreter. */
static void load_gil(const struct py_version *version, struct py_offsets *offsets)
{
	offsets->thread.holds_gil_mask = UINT32_MAX;
	if (!offsets->free_threaded) {
		offsets->gil.holder = version->gil_holder;
		offsets->gil.locked = version->gil_locked;
		offsets->gil.switches = version->gil_switches;
		offsets->gil.waiters = version->gil_waiters;
	}
	if (!offsets->free_threaded && !version->status_holds_gil)
		return;
	offsets->thread.holds_gil = offsets->thread.status;
	offsets->thread.holds_gil_mask = offsets->free_threaded ? version->status_attached : version->status_holds_gil;
}

static void load_by_build(const struct py_version *version, const uint8_t *table, struct py_offsets *offsets)
{
	offsets->free_threaded = narrow(ty_load_u64(table + PY_TABLE_FREE_THREADED_SLOT));
	if (offsets->free_threaded) {
		offsets->unicode.kind_shift = version->unicode_kind_shift_free_threaded;
		if (version->tlbc_slot) {
			offsets->code.tlbc = narrow(ty_load_u64(table + version->tlbc_slot));
			offsets->frame.tlbc_index = narrow(ty_load_u64(table + version->tlbc_index_slot));
		}
	} else {
		offsets->unicode.kind_shift = version->unicode_kind_shift;
		if (!py_has(offsets->interpreter.code_counter))
			offsets->interpreter.code_counter = version->code_counter;
	}
}

int ty_debug_offsets_load(const struct py_version *version, const uint8_t *table, struct py_offsets *offsets,
                          struct ty_error_state *error)
{
	if (version->fixed) {
		*offsets = *version->fixed;
	} else {
		memset(offsets, 0xff, sizeof(*offsets)); /* all absent */
		load_published(version, table, offsets);
		load_by_build(version, table, offsets);
		load_gil(version, offsets);
	}
	return ty_offsets_validate(offsets, error);
}
