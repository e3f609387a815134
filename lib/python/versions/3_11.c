/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPython 3.11. No table of offsets: these are offsetof() of the headers of 3.11.2 and 3.11.7 (Include/internal/
 * pycore_frame.h, pycore_interp.h, pycore_runtime.h, Include/cpython/code.h, pystate.h) of release builds for x86-64;
 * all members are pointers, ints and size_t, so that aarch64, LP64 as well, lays them out alike.
 *
 * The frame that runs is found through the _PyCFrame on the C stack of the innermost interpreter loop. An entry frame
 * (is_entry) is the first one of its loop.
 */
#include "python/versions/versions.h"

static const struct py_offsets OFFSETS = {
	.free_threaded = 0,
	.runtime = { .interpreters_head = 40, .gil = 360 },
	.interpreter = { .id = 48,
	                 .next = 0,
	                 .threads_head = 16,
	                 .threads_main = PY_ABSENT,
	                 .code_counter = PY_ABSENT,
	                 .modules = 888,
	                 .gil = PY_ABSENT,
	                 .gc = 848 }, /* gc.collecting */
	.gc = { .collecting = 0, .frame = PY_ABSENT, .statistics = PY_ABSENT, .statistics_bytes = PY_ABSENT },
	.gil = { .holder = 8, .locked = 16, .switches = 24, .waiters = 32 },
	.thread = { .next = 8,
	            .interpreter = 16,
	            .current_frame = 56,
	            .base_frame = PY_ABSENT,
	            .thread_id = 152,
	            .native_thread_id = 160,
	            .datastack_chunk = 296,
	            .datastack_top = 304,
	            .status = PY_ABSENT,
	            .holds_gil = PY_ABSENT,
	            .state = PY_ABSENT,
	            .executor = PY_ABSENT,
	            .gil_requested = PY_ABSENT,
	            .current_exception = 96, /* curexc_type */
	            .exc_info = 120,
	            .exc_state = 320 },
	.cframe_current = 8,
	.cframe_tracing = 0,
	.frame = { .size = 72,
	           .executable = 32,
	           .previous = 48,
	           .function = 0,
	           .instr_ptr = 56,
	           .owner = 69,
	           .is_entry = 68,
	           .stacktop = 64,
	           .stackpointer = PY_ABSENT,
	           .tlbc_index = PY_ABSENT },
	.code = { .size = 184,
	          .type = 8,
	          .units = 16,
	          .consts = 24,
	          .names = 32,
	          .exceptiontable = 40,
	          .stacksize = 68,
	          .firstlineno = 72,
	          .nlocalsplus = 76,
	          .version = PY_ABSENT,
	          .localsplusnames = 96,
	          .filename = 112,
	          .name = 120,
	          .qualname = 128,
	          .linetable = 136,
	          .executors = PY_ABSENT,
	          .monitoring = PY_ABSENT,
	          .tlbc = PY_ABSENT,
	          .adaptive = 184 },
	.generator = { .iframe = 80, .frame_state = 75 },
	.unicode = { .length = 16, .hash = 24, .state = 32, .kind_shift = 2, .ascii_data = 48, .compact_data = 72 },
	.bytes = { .size = 16, .data = 32 },
	.type = { .name = 24, .cached_keys = 872 },
	.object_type = 8,
};

const struct py_version ty_python_3_11 = {
	.number = TY_PYTHON_3_11,
	.fixed = &OFFSETS,
	.code_counter = PY_ABSENT,
	.attributes = PY_ATTRIBUTES_POINTERS,
	.values_header_bytes = 0,
	.int_size_shift = 0,
	.handled_is_none = true,
	.points_to_previous = true,
	.reference_tag_mask = 0,
	.popped_code_is_cleared = false,
	.generator_executing = 0,
	.generator_ended = 1,
	.entry_owner = 255,
	.tasks = &ty_tasks_3_11,
};
