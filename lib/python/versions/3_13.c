/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPython 3.13: the first with a table of offsets (struct _Py_DebugOffsets in Include/internal/pycore_runtime.h). What
 * the table leaves out is derived from its neighbours in Include/cpython/code.h and Include/internal/pycore_frame.h and
 * pycore_genobject.h. PyInterpreterState.func_state.next_version, which moves with every new code object, is at 17000
 * in the GIL builds of 3.13.0 and 3.13.5.
 */
#include "python/versions/versions.h"

static const struct py_published_offset PUBLISHED[] = {
	PY_PUBLISHED(40, runtime.interpreters_head),
	PY_PUBLISHED(56, interpreter.id),
	PY_PUBLISHED(64, interpreter.next),
	PY_PUBLISHED(72, interpreter.threads_head),
	PY_PUBLISHED(88, interpreter.modules),
	PY_PUBLISHED(168, thread.next),
	PY_PUBLISHED(176, thread.interpreter),
	PY_PUBLISHED(184, thread.current_frame),
	PY_PUBLISHED(192, thread.thread_id),
	PY_PUBLISHED(200, thread.native_thread_id),
	PY_PUBLISHED(208, thread.datastack_chunk),
	PY_PUBLISHED(232, frame.previous),
	PY_PUBLISHED(240, frame.executable),
	PY_PUBLISHED(248, frame.instr_ptr),
	PY_PUBLISHED(256, frame.size),
	PY_PUBLISHED(264, frame.owner),
	PY_PUBLISHED(280, code.filename),
	PY_PUBLISHED(288, code.name),
	PY_PUBLISHED(296, code.qualname),
	PY_PUBLISHED(304, code.linetable),
	PY_PUBLISHED(312, code.firstlineno),
	PY_PUBLISHED(328, code.localsplusnames),
	PY_PUBLISHED(344, code.adaptive),
	PY_PUBLISHED(352, code.units),
	PY_PUBLISHED(360, object_type),
	PY_PUBLISHED(376, type.name),
	PY_PUBLISHED(520, bytes.size),
	PY_PUBLISHED(528, bytes.data),
	PY_PUBLISHED(544, unicode.state),
	PY_PUBLISHED(552, unicode.length),
	PY_PUBLISHED(560, unicode.ascii_data),
};

static const struct py_derived_offset DERIVED[] = {
	PY_DERIVED(thread.datastack_top, thread.datastack_chunk, 8),
	PY_DERIVED(frame.function, frame.executable, 16),
	PY_DERIVED(frame.stacktop, frame.instr_ptr, 8),
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
	PY_DERIVED(generator.frame_state, code.units, 51),
	PY_DERIVED(generator.iframe, code.units, 56),
};

const struct py_version ty_python_3_13 = {
	.number = TY_PYTHON_3_13,
	.table_bytes = 584,
	.published = PUBLISHED,
	.published_count = PY_COUNT(PUBLISHED),
	.derived = DERIVED,
	.derived_count = PY_COUNT(DERIVED),
	.code_counter = 17000,
	.unicode_kind_shift = 2,
	.unicode_kind_shift_free_threaded = 2,
	.points_to_previous = false,
	.reference_tag_mask = 0,
	.popped_code_is_cleared = false,
	.generator_executing = 0,
	.generator_ended = 1,
	.entry_owner = 3,
	.tasks = &ty_tasks_3_13,
};
