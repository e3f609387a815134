/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPython 3.14: struct _Py_DebugOffsets in Include/internal/pycore_debug_offsets.h. New: frames hold tagged references
 * (pycore_stackref.h, two low bits), a popped frame's reference to its code is cleared, the stack position is an
 * address. Distances: Include/cpython/code.h, Include/internal/pycore_interpframe_structs.h.
 */
#include "python/versions/versions.h"

static const struct py_published_offset PUBLISHED[] = {
	PY_PUBLISHED(40, runtime.interpreters_head),
	PY_PUBLISHED(56, interpreter.id),
	PY_PUBLISHED(64, interpreter.next),
	PY_PUBLISHED(72, interpreter.threads_head),
	PY_PUBLISHED(80, interpreter.threads_main),
	PY_PUBLISHED(160, interpreter.code_counter),
	PY_PUBLISHED(192, thread.next),
	PY_PUBLISHED(200, thread.interpreter),
	PY_PUBLISHED(208, thread.current_frame),
	PY_PUBLISHED(216, thread.thread_id),
	PY_PUBLISHED(224, thread.native_thread_id),
	PY_PUBLISHED(232, thread.datastack_chunk),
	PY_PUBLISHED(256, frame.previous),
	PY_PUBLISHED(264, frame.executable),
	PY_PUBLISHED(272, frame.instr_ptr),
	PY_PUBLISHED(280, frame.size),
	PY_PUBLISHED(288, frame.owner),
	PY_PUBLISHED(296, frame.stackpointer),
	PY_PUBLISHED(320, code.filename),
	PY_PUBLISHED(328, code.name),
	PY_PUBLISHED(336, code.qualname),
	PY_PUBLISHED(344, code.linetable),
	PY_PUBLISHED(352, code.firstlineno),
	PY_PUBLISHED(368, code.localsplusnames),
	PY_PUBLISHED(384, code.adaptive),
	PY_PUBLISHED(400, code.units),
	PY_PUBLISHED(408, object_type),
	PY_PUBLISHED(424, type.name),
	PY_PUBLISHED(600, bytes.size),
	PY_PUBLISHED(608, bytes.data),
	PY_PUBLISHED(624, unicode.state),
	PY_PUBLISHED(632, unicode.length),
	PY_PUBLISHED(640, unicode.ascii_data),
	PY_PUBLISHED(680, generator.iframe),
	PY_PUBLISHED(688, generator.frame_state),
};

static const struct py_derived_offset DERIVED[] = {
	PY_DERIVED(thread.datastack_top, thread.datastack_chunk, 8),
	PY_DERIVED(frame.function, frame.executable, 16),
	PY_DERIVED(code.size, code.adaptive, 0),
	PY_DERIVED(code.type, object_type, 0),
	PY_DERIVED(code.consts, code.units, 8),
	PY_DERIVED(code.names, code.units, 16),
	PY_DERIVED(code.exceptiontable, code.units, 24),
	PY_DERIVED(code.stacksize, code.firstlineno, -4),
	PY_DERIVED(code.nlocalsplus, code.firstlineno, 4),
	PY_DERIVED(code.version, code.firstlineno, 24),
	PY_DERIVED(code.executors, code.linetable, 16),
	PY_DERIVED(code.monitoring, code.linetable, 40),
	PY_DERIVED(unicode.hash, unicode.length, 8),
	PY_DERIVED(unicode.compact_data, unicode.ascii_data, 16),
};

const struct py_version ty_python_3_14 = {
	.number = TY_PYTHON_3_14,
	.table_bytes = 760,
	.published = PUBLISHED,
	.published_count = PY_COUNT(PUBLISHED),
	.derived = DERIVED,
	.derived_count = PY_COUNT(DERIVED),
	.tlbc_index_slot = 304,
	.tlbc_slot = 392,
	.code_counter = PY_ABSENT,
	.unicode_kind_shift = 2,
	.unicode_kind_shift_free_threaded = 8,
	.points_to_previous = false,
	.reference_tag_mask = 3,
	.popped_code_is_cleared = true,
	.generator_executing = 0,
	.generator_ended = 1,
	.entry_owner = 3,
	.tasks = &ty_tasks_3_14,
};
