/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fake_python.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "python/debug_offsets.h"
#include "support/test.h"
#include "target/capture.h"

#define WORD 8
#define HEAP_BEGIN 0x7f0000000000
#define AROUND_BYTES 512 /* zeroes before and behind an object */
#define THREAD_BYTES 400
#define CFRAME_BYTES 32
#define STACK_SLOTS 4

const uint32_t fake_versions[5] = { TY_PYTHON_3_11, TY_PYTHON_3_12, TY_PYTHON_3_13, TY_PYTHON_3_14, TY_PYTHON_3_15 };

/* ---- offsets: those of 3.13 and newer are made up, but as the real ones are ---- */

#define CODE_OFFSETS(adaptive_)                                                                                        \
	{                                                                                                              \
		.size = (adaptive_), .type = 8, .units = 16, .consts = 24, .names = 32, .exceptiontable = 40,          \
		.stacksize = 64, .firstlineno = 68, .nlocalsplus = 72, .version = 92, .localsplusnames = 96,           \
		.filename = 112, .name = 120, .qualname = 128, .linetable = 136, .executors = 152, .monitoring = 176,  \
		.tlbc = PY_ABSENT, .adaptive = (adaptive_)                                                             \
	}
#define OTHER_OFFSETS                                                                                                  \
	.cframe_current = PY_ABSENT, .cframe_tracing = PY_ABSENT, .generator = { .iframe = 72, .frame_state = 67 },                                 \
	.unicode = { .length = 16, .hash = 24, .state = 32, .kind_shift = 2, .ascii_data = 40, .compact_data = 56 },   \
	.bytes = { .size = 16, .data = 32 }, .type = { .name = 24, .cached_keys = 880 }, .object_type = 8

static const struct py_offsets OFFSETS_3_13 = {
	.runtime = { .interpreters_head = 1200, .gil = PY_ABSENT },
	.gil = { .holder = 8, .locked = 16, .switches = 24 },
	.interpreter = { .id = 48,
	                 .next = 64,
	                 .threads_head = 72,
	                 .threads_main = PY_ABSENT,
	                 .code_counter = 17000,
	                 .gil = 104,
	                 .gc = 112,
	                 .modules = 200 },
	.gc = { .collecting = 40, .frame = PY_ABSENT, .statistics = PY_ABSENT, .statistics_bytes = PY_ABSENT },
	.thread = { .next = 8,
	            .interpreter = 16,
	            .current_frame = 72,
	            .base_frame = PY_ABSENT,
	            .thread_id = 136,
	            .native_thread_id = 144,
	            .datastack_chunk = 232,
	            .datastack_top = 240,
	            .status = 32,
	            .holds_gil = 32,
	            .holds_gil_mask = 1u << 5,
	            .state = 40,
	            .executor = PY_ABSENT,
	            .gil_requested = PY_ABSENT,
	            .current_exception = 112,
	            .exc_info = 120,
	            .exc_state = 256 },
	.frame = { .size = 72,
	           .executable = 0,
	           .previous = 8,
	           .function = 16,
	           .instr_ptr = 56,
	           .owner = 70,
	           .is_entry = PY_ABSENT,
	           .stacktop = 64,
	           .stackpointer = PY_ABSENT,
	           .tlbc_index = PY_ABSENT },
	.code = CODE_OFFSETS(200),
	OTHER_OFFSETS,
};
static const struct py_offsets OFFSETS_3_14 = {
	.runtime = { .interpreters_head = 1200, .gil = PY_ABSENT },
	.gil = { .holder = 8, .locked = 16, .switches = 24 },
	.interpreter = { .id = 48,
	                 .next = 64,
	                 .threads_head = 72,
	                 .threads_main = 80,
	                 .code_counter = 1000,
	                 .gil = 104,
	                 .gc = 112,
	                 .modules = 200 },
	.gc = { .collecting = 40, .frame = PY_ABSENT, .statistics = PY_ABSENT, .statistics_bytes = PY_ABSENT },
	.thread = { .next = 8,
	            .interpreter = 16,
	            .current_frame = 72,
	            .base_frame = PY_ABSENT,
	            .thread_id = 136,
	            .native_thread_id = 144,
	            .datastack_chunk = 232,
	            .datastack_top = 240,
	            .status = 32,
	            .holds_gil = 36,
	            .holds_gil_mask = UINT32_MAX,
	            .state = 44,
	            .executor = 272,
	            .gil_requested = PY_ABSENT,
	            .current_exception = 112,
	            .exc_info = 120,
	            .exc_state = 256 },
	.frame = { .size = 80,
	           .executable = 0,
	           .previous = 8,
	           .function = 16,
	           .instr_ptr = 56,
	           .owner = 74,
	           .is_entry = PY_ABSENT,
	           .stacktop = PY_ABSENT,
	           .stackpointer = 64,
	           .tlbc_index = PY_ABSENT },
	.code = CODE_OFFSETS(208),
	OTHER_OFFSETS,
};
static const struct py_offsets OFFSETS_3_15 = {
	.runtime = { .interpreters_head = 1200, .gil = PY_ABSENT },
	.gil = { .holder = 8, .locked = 16, .switches = 24 },
	.interpreter = { .id = 48,
	                 .next = 64,
	                 .threads_head = 72,
	                 .threads_main = 80,
	                 .code_counter = 1000,
	                 .gil = 104,
	                 .gc = 112,
	                 .modules = 200 },
	.gc = { .collecting = 40, .frame = 48, .statistics = 56, .statistics_bytes = 1112 },
	.thread = { .next = 8,
	            .interpreter = 16,
	            .current_frame = 72,
	            .base_frame = 80,
	            .thread_id = 136,
	            .native_thread_id = 144,
	            .datastack_chunk = 232,
	            .datastack_top = 240,
	            .status = 32,
	            .holds_gil = 36,
	            .holds_gil_mask = UINT32_MAX,
	            .state = 48,
	            .executor = 280,
	            .gil_requested = 40,
	            .current_exception = 112,
	            .exc_info = 120,
	            .exc_state = 264 },
	.frame = { .size = 80,
	           .executable = 0,
	           .previous = 8,
	           .function = 16,
	           .instr_ptr = 56,
	           .owner = 74,
	           .is_entry = PY_ABSENT,
	           .stacktop = PY_ABSENT,
	           .stackpointer = 64,
	           .tlbc_index = PY_ABSENT },
	.code = CODE_OFFSETS(208),
	OTHER_OFFSETS,
};

const struct py_offsets *fake_offsets(uint32_t number)
{
	const struct py_version *version = ty_version_find(number << 16);

	if (version->fixed)
		return version->fixed;
	return number == TY_PYTHON_3_13 ? &OFFSETS_3_13 : number == TY_PYTHON_3_14 ? &OFFSETS_3_14 : &OFFSETS_3_15;
}

/* ---- the interpreter ---- */

static void put(struct fake_python *python, uint64_t object, uint32_t offset, uint64_t value)
{
	if (py_has(offset))
		fake_write_u64(python->memory, object + offset, value);
}

uint64_t fake_allocate(struct fake_python *python, size_t size_bytes)
{
	uint64_t address = python->heap + AROUND_BYTES;

	fake_fill(python->memory, python->heap, 0, size_bytes + 2 * AROUND_BYTES);
	python->heap = (address + size_bytes + AROUND_BYTES + 15) & ~(uint64_t)15;
	return address;
}

void fake_write_table(struct fake_python *python)
{
	const struct py_version *version = python->version;
	uint8_t table[PY_TABLE_BYTES_MAX] = PY_COOKIE;
	uint64_t hexversion = (uint64_t)version->number << 16 | 0xf0;

	if (version->fixed)
		return;
	memcpy(table + PY_TABLE_VERSION_SLOT, &hexversion, sizeof(hexversion));
	for (size_t i = 0; i < version->published_count; i++) {
		uint64_t value = *(uint32_t *)((char *)&python->offsets + version->published[i].member);

		memcpy(table + version->published[i].slot, &value, sizeof(value));
	}
	table[PY_TABLE_FREE_THREADED_SLOT] = (uint8_t)python->offsets.free_threaded;
	if (python->offsets.free_threaded && version->tlbc_slot) {
		table[version->tlbc_slot] = (uint8_t)python->offsets.code.tlbc;
		table[version->tlbc_index_slot] = (uint8_t)python->offsets.frame.tlbc_index;
	}
	fake_write(python->memory, python->runtime, table, version->table_bytes);
}

uint64_t fake_interpreter_new(struct fake_python *python, uint64_t id)
{
	const struct py_offsets *offsets = &python->offsets;
	uint32_t counter = offsets->interpreter.code_counter;
	uint64_t interpreter = fake_allocate(python, 256 + (py_has(counter) ? counter : 0));
	uint64_t first = fake_read_u64(python->memory, python->runtime + offsets->runtime.interpreters_head);

	put(python, interpreter, offsets->interpreter.id, id);
	put(python, interpreter, offsets->interpreter.gil, python->gil);
	put(python, interpreter, offsets->interpreter.next, first);
	put(python, python->runtime, offsets->runtime.interpreters_head, interpreter);
	return interpreter;
}

/* What a build without the GIL has otherwise. */
static void make_free_threaded(struct fake_python *python)
{
	python->offsets.free_threaded = 1;
	python->offsets.unicode.kind_shift = python->version->unicode_kind_shift_free_threaded;
	python->offsets.thread.holds_gil = python->offsets.thread.status;
	python->offsets.thread.holds_gil_mask = python->version->status_attached;
	if (!python->version->tlbc_slot)
		return;
	python->offsets.frame.tlbc_index = 76;
	python->offsets.code.tlbc = 192;
}

struct fake_python *fake_python_new(uint32_t number)
{
	return fake_python_of(number, false);
}

struct fake_python *fake_python_of(uint32_t number, bool free_threaded)
{
	struct fake_python *python = calloc(1, sizeof(*python));
	uint64_t name;

	ck_assert_ptr_nonnull(python);
	python->memory = fake_memory_new();
	python->version = ty_version_find(number << 16);
	python->opcodes = ty_opcode_table(number);
	python->offsets = *fake_offsets(number);
	if (free_threaded)
		make_free_threaded(python);
	python->heap = HEAP_BEGIN;
	python->runtime = fake_allocate(python, 4096);
	fake_write_table(python);
	python->gil = py_has(python->offsets.runtime.gil) ? python->runtime + python->offsets.runtime.gil
	                                                  : fake_allocate(python, 64);
	python->interpreter = fake_interpreter_new(python, 0);
	python->code_type = fake_allocate(python, 400);
	name = fake_allocate(python, 16);
	fake_write(python->memory, name, "code", 5);
	put(python, python->code_type, python->offsets.type.name, name);
	return python;
}

void fake_python_free(struct fake_python *python)
{
	for (size_t i = 0; i < python->codes.count; i++)
		free(python->codes.items[i]);
	for (size_t i = 0; i < python->threads.count; i++) {
		ty_array_free(&python->threads.items[i]->chunks);
		free(python->threads.items[i]);
	}
	ty_array_free(&python->codes);
	ty_array_free(&python->threads);
	ty_memory_close(python->memory);
	free(python);
}

void fake_count_code(struct fake_python *python)
{
	uint64_t at = python->interpreter + python->offsets.interpreter.code_counter;

	if (py_has(python->offsets.interpreter.code_counter))
		fake_write_u64(python->memory, at & ~(uint64_t)7, fake_read_u64(python->memory, at & ~(uint64_t)7) + 1);
}

/* ---- code objects ---- */

uint64_t fake_string(struct fake_python *python, const char *text)
{
	const struct py_offsets *offsets = &python->offsets;
	uint64_t string = fake_allocate(python, offsets->unicode.ascii_data + strlen(text) + 1);

	put(python, string, offsets->unicode.length, strlen(text));
	put(python, string, offsets->unicode.hash, ty_hash_bytes(text, strlen(text)));
	fake_write_u32(python->memory, string + offsets->unicode.state,
	               (1u | 1 << 3 | 1 << 4) << offsets->unicode.kind_shift);
	fake_write(python->memory, string + offsets->unicode.ascii_data, text, strlen(text));
	return string;
}

static uint8_t opcode_of(const struct fake_python *python, const char *name, size_t length)
{
	for (int i = 0; i < PY_OPCODE_COUNT; i++)
		if (python->opcodes[i].name && strlen(python->opcodes[i].name) == length &&
		    memcmp(python->opcodes[i].name, name, length) == 0)
			return (uint8_t)i;
	ck_abort_msg("no opcode %.*s", (int)length, name);
	return 0;
}

static void assemble(const struct fake_python *python, struct fake_code *code, const char *text, uint8_t *table,
                     size_t *table_bytes)
{
	code->units = 0;
	*table_bytes = 0;
	for (size_t length; *text; text += length + (text[length] == ' ')) {
		uint32_t units;

		length = strcspn(text, " ");
		code->bytes[2 * code->units] = opcode_of(python, text, length);
		units = 1u + python->opcodes[code->bytes[2 * code->units]].caches;
		code->units += units;
		ck_assert_uint_lt(2 * code->units + 64, sizeof(code->bytes));
		/* One line further for each instruction, columns 4 to 9; at most 8 units an entry. */
		for (uint8_t form = 11; units; form = 10) {
			uint32_t part = units < 8 ? units : 8;

			table[(*table_bytes)++] = (uint8_t)(0x80 | form << 3 | (part - 1));
			table[(*table_bytes)++] = 4;
			table[(*table_bytes)++] = 9;
			units -= part;
		}
	}
}

struct fake_code *fake_code_at(struct fake_python *python, uint64_t address, const char *name, const char *instructions,
                               uint32_t nlocalsplus)
{
	const struct py_offsets *offsets = &python->offsets;
	struct fake_code *code = calloc(1, sizeof(*code)), **slot = ty_array_push(&python->codes);
	size_t table_bytes;
	uint8_t table[1024];
	uint64_t string;
	char filename[128];

	ck_assert(code && slot);
	*slot = code;
	assemble(python, code, instructions, table, &table_bytes);
	code->name = name;
	code->nlocalsplus = nlocalsplus;
	code->stacksize = STACK_SLOTS;
	code->address = address ? address : fake_allocate(python, offsets->code.adaptive + 2 * code->units);
	code->function = fake_allocate(python, 64);
	snprintf(filename, sizeof(filename), "%s.py", name);
	put(python, code->address, offsets->code.type, python->code_type);
	put(python, code->address, offsets->code.units, code->units);
	put(python, code->address, offsets->code.filename, fake_string(python, filename));
	string = fake_string(python, name);
	put(python, code->address, offsets->code.name, string);
	put(python, code->address, offsets->code.qualname, string);
	string = fake_allocate(python, offsets->bytes.data + table_bytes);
	put(python, string, offsets->bytes.size, table_bytes);
	fake_write(python->memory, string + offsets->bytes.data, table, table_bytes);
	put(python, code->address, offsets->code.linetable, string);
	fake_write_u32(python->memory, code->address + offsets->code.firstlineno, 10);
	fake_write_u32(python->memory, code->address + offsets->code.nlocalsplus, nlocalsplus);
	fake_write_u32(python->memory, code->address + offsets->code.stacksize, code->stacksize);
	if (py_has(offsets->code.version))
		fake_write_u32(python->memory, code->address + offsets->code.version, ++python->code_version);
	fake_write(python->memory, code->address + offsets->code.adaptive, code->bytes, 2 * code->units);
	return code;
}

struct fake_code *fake_code(struct fake_python *python, const char *name, const char *instructions)
{
	return fake_code_at(python, 0, name, instructions, 2);
}

static int find_unit(const struct fake_python *python, const struct fake_code *code, const char *instruction)
{
	uint8_t opcode = opcode_of(python, instruction, strlen(instruction));

	for (uint32_t unit = 0; unit < code->units; unit += 1u + python->opcodes[code->bytes[2 * unit]].caches)
		if (code->bytes[2 * unit] == opcode)
			return (int)unit;
	return -1;
}

uint32_t fake_unit(const struct fake_python *python, const struct fake_code *code, const char *instruction)
{
	int unit = find_unit(python, code, instruction);

	ck_assert_msg(unit >= 0, "%s has no %s", code->name, instruction);
	return (uint32_t)unit;
}

bool fake_has_inline_generators(const struct fake_python *python)
{
	return python->opcodes[opcode_of(python, "FOR_ITER", 8)].flags & PY_OPCODE_RESUMES;
}

/* ---- threads ---- */

static void write_top(struct fake_thread *thread)
{
	const struct py_offsets *offsets = &thread->python->offsets;
	uint64_t chunk = thread->chunks.items[thread->chunks.count - 1];
	uint64_t top = chunk + 24 + (thread->chunks.count == 1 ? WORD : 0);

	for (size_t i = 0; i < thread->depth; i++) {
		const struct fake_frame *frame = &thread->frames[i];
		uint64_t end = frame->address + offsets->frame.size +
		               (frame->code->nlocalsplus + frame->code->stacksize) * WORD;

		if (!frame->generator && frame->address >= chunk && end <= chunk + thread->chunk_bytes && end > top)
			top = end;
	}
	put(thread->python, thread->address, offsets->thread.datastack_chunk, chunk);
	put(thread->python, thread->address, offsets->thread.datastack_top, top);
}

static void add_chunk(struct fake_thread *thread)
{
	struct fake_python *python = thread->python;
	uint64_t *slot = ty_array_push(&thread->chunks);

	ck_assert_ptr_nonnull(slot);
	*slot = fake_allocate(python, thread->chunk_bytes);
	fake_write_u64(python->memory, *slot, thread->chunks.count > 1 ? slot[-1] : 0);
	fake_write_u64(python->memory, *slot + 8, thread->chunk_bytes);
	if (thread->chunks.count > 1) {
		uint64_t top = fake_read_u64(python->memory, thread->address + python->offsets.thread.datastack_top);

		fake_write_u64(python->memory, slot[-1] + 16, (top - slot[-1] - 24) / WORD);
	}
}

struct fake_thread *fake_thread_of(struct fake_python *python, uint64_t interpreter, uint64_t native_id)
{
	const struct py_offsets *offsets = &python->offsets;
	struct fake_thread *thread = calloc(1, sizeof(*thread)), **slot = ty_array_push(&python->threads);

	ck_assert(thread && slot);
	*slot = thread;
	thread->python = python;
	thread->interpreter = interpreter;
	thread->chunk_bytes = FAKE_CHUNK_BYTES;
	thread->address = fake_allocate(python, THREAD_BYTES);
	thread->base = py_has(offsets->thread.base_frame) ? fake_allocate(python, offsets->frame.size) : 0;
	thread->cframe = py_has(offsets->cframe_current) ? fake_allocate(python, CFRAME_BYTES) : 0;
	if (thread->cframe)
		fake_fill(python->memory, thread->cframe, 0, CFRAME_BYTES);
	if (thread->base)
		fake_write_u8(python->memory, thread->base + offsets->frame.owner, python->version->entry_owner);
	put(python, thread->address, offsets->thread.base_frame, thread->base);
	put(python, thread->address, offsets->thread.interpreter, interpreter);
	put(python, thread->address, offsets->thread.exc_info, thread->address + offsets->thread.exc_state);
	put(python, thread->address, offsets->thread.native_thread_id, native_id);
	put(python, thread->address, offsets->thread.thread_id, 0x7fff00000000 + native_id);
	put(python, thread->address, offsets->thread.next,
	    fake_read_u64(python->memory, interpreter + offsets->interpreter.threads_head));
	put(python, interpreter, offsets->interpreter.threads_head, thread->address);
	if (native_id == FAKE_PID)
		put(python, interpreter, offsets->interpreter.threads_main, thread->address);
	add_chunk(thread);
	write_top(thread);
	fake_hint(thread, thread->base);
	return thread;
}

struct fake_thread *fake_thread_new(struct fake_python *python, uint64_t native_id)
{
	return fake_thread_of(python, python->interpreter, native_id);
}

void fake_list_threads(struct fake_python *python, struct fake_thread **threads, size_t count)
{
	uint64_t next = 0;

	while (count--) {
		put(python, threads[count]->address, python->offsets.thread.next, next);
		next = threads[count]->address;
	}
	put(python, python->interpreter, python->offsets.interpreter.threads_head, next);
}

/* ---- stacks ---- */

struct fake_frame *fake_top(struct fake_thread *thread)
{
	ck_assert_uint_gt(thread->depth, 0);
	return &thread->frames[thread->depth - 1];
}

void fake_switch_gil(struct fake_python *python)
{
	uint64_t at = python->gil + python->offsets.gil.switches;

	if (!python->offsets.free_threaded)
		fake_write_u64(python->memory, at, fake_read_u64(python->memory, at) + 1);
}

/* A thread that changes its stack has had the GIL meanwhile. */
void fake_hint(struct fake_thread *thread, uint64_t frame)
{
	const struct py_offsets *offsets = &thread->python->offsets;

	fake_switch_gil(thread->python);

	if (thread->cframe) {
		put(thread->python, thread->cframe, offsets->cframe_current, frame);
		frame = thread->cframe;
	}
	put(thread->python, thread->address, offsets->thread.current_frame, frame);
}

static uint64_t previous_of(const struct fake_thread *thread, size_t index)
{
	const struct fake_frame *frame = &thread->frames[index];

	if (frame->shim)
		return frame->shim;
	return index ? thread->frames[index - 1].address : thread->base;
}

/* The value stack of a frame that has called the one above: what it called, or what it resumed below the top. */
static uint64_t write_called(struct fake_thread *thread, size_t index)
{
	const struct fake_frame *frame = &thread->frames[index], *callee = frame + 1;
	struct ty_memory *memory = thread->python->memory;
	uint64_t slot = frame->address + thread->python->offsets.frame.size + frame->code->nlocalsplus * WORD;

	if (index + 1 == thread->depth || callee->entered)
		return slot;
	if (callee->generator) {
		fake_write_u64(memory, slot, callee->generator);
		fake_write_u64(memory, slot + WORD, 0);
		return slot + WORD;
	}
	fake_write_u64(memory, slot, callee->code->function);
	return slot;
}

void fake_write_frame(struct fake_thread *thread, size_t index, bool executing)
{
	const struct fake_frame *frame = &thread->frames[index];
	const struct py_offsets *offsets = &thread->python->offsets;
	struct ty_memory *memory = thread->python->memory;
	uint64_t ip = frame->code->address + offsets->code.adaptive + 2 * frame->unit, stack;
	bool innermost = executing || frame[1].entered;

	fake_switch_gil(thread->python);
	/* Where the pointer is to what was begun last, a caller's rests on the last inline cache of its call. */
	if (thread->python->version->points_to_previous && !executing)
		ip += 2u * thread->python->opcodes[frame->code->bytes[2 * frame->unit]].caches;
	put(thread->python, frame->address, offsets->frame.executable, frame->code->address);
	put(thread->python, frame->address, offsets->frame.function, frame->code->function);
	put(thread->python, frame->address, offsets->frame.previous, previous_of(thread, index));
	put(thread->python, frame->address, offsets->frame.instr_ptr, ip);
	stack = write_called(thread, index);
	if (py_has(offsets->frame.stacktop)) {
		uint64_t slots = (stack - frame->address - offsets->frame.size) / WORD;

		fake_write_u32(memory, frame->address + offsets->frame.stacktop,
		               innermost ? UINT32_MAX : (uint32_t)slots);
	}
	put(thread->python, frame->address, offsets->frame.stackpointer, innermost ? 0 : stack);
	fake_write_u8(memory, frame->address + offsets->frame.owner,
	              frame->generator ? PY_OWNER_GENERATOR : PY_OWNER_THREAD);
	if (py_has(offsets->frame.is_entry))
		fake_write_u8(memory, frame->address + offsets->frame.is_entry, frame->entered);
}

static void write_shim(struct fake_thread *thread, size_t index)
{
	const struct fake_frame *frame = &thread->frames[index];
	const struct py_offsets *offsets = &thread->python->offsets;

	put(thread->python, frame->shim, offsets->frame.previous,
	    index ? thread->frames[index - 1].address : thread->base);
	fake_write_u8(thread->python->memory, frame->shim + offsets->frame.owner, thread->python->version->entry_owner);
}

/* Room for a frame behind the last one on the data stack. */
static uint64_t data_stack_room(struct fake_thread *thread, uint64_t size_bytes)
{
	uint64_t at_top = thread->address + thread->python->offsets.thread.datastack_top;
	uint64_t chunk = thread->chunks.items[thread->chunks.count - 1];
	uint64_t top = fake_read_u64(thread->python->memory, at_top);

	if (top + size_bytes <= chunk + thread->chunk_bytes)
		return top;
	add_chunk(thread);
	return thread->chunks.items[thread->chunks.count - 1] + 24;
}

static void push(struct fake_thread *thread, const struct fake_code *code, bool entered, uint64_t generator)
{
	const struct py_offsets *offsets = &thread->python->offsets;
	struct fake_frame *frame = &thread->frames[thread->depth];
	uint64_t size = offsets->frame.size + (code->nlocalsplus + code->stacksize) * WORD;

	ck_assert_uint_lt(thread->depth, FAKE_FRAMES_MAX);
	*frame = (struct fake_frame){ .code = code, .entered = entered, .generator = generator };
	frame->address = generator ? generator + offsets->generator.iframe : data_stack_room(thread, size);
	if (entered && thread->python->version->entry_owner != UINT8_MAX)
		frame->shim = fake_allocate(thread->python, offsets->frame.size);
	thread->depth++;
	if (frame->shim)
		write_shim(thread, thread->depth - 1);
	if (generator)
		fake_write_u8(thread->python->memory, generator + offsets->generator.frame_state,
		              (uint8_t)thread->python->version->generator_executing);
	fake_write_frame(thread, thread->depth - 1, true);
	if (thread->depth > 1)
		fake_write_frame(thread, thread->depth - 2, false);
	write_top(thread);
	fake_hint(thread, frame->address);
}

void fake_call(struct fake_thread *thread, const struct fake_code *code)
{
	if (thread->depth)
		fake_top(thread)->unit = fake_unit(thread->python, fake_top(thread)->code, "CALL");
	push(thread, code, thread->depth == 0, 0);
}

void fake_enter(struct fake_thread *thread, const struct fake_code *code)
{
	if (thread->depth)
		fake_top(thread)->unit = fake_unit(thread->python, fake_top(thread)->code, "CALL");
	push(thread, code, true, 0);
}

uint64_t fake_generator(struct fake_python *python, const struct fake_code *code)
{
	return fake_allocate(python, python->offsets.generator.iframe + python->offsets.frame.size +
	                                     (code->nlocalsplus + code->stacksize) * WORD);
}

void fake_resume(struct fake_thread *thread, const struct fake_code *code, uint64_t generator)
{
	bool is_inline = fake_has_inline_generators(thread->python);

	fake_top(thread)->unit = fake_unit(thread->python, fake_top(thread)->code, is_inline ? "FOR_ITER" : "CALL");
	push(thread, code, !is_inline, generator);
}

void fake_return(struct fake_thread *thread)
{
	const struct py_offsets *offsets = &thread->python->offsets;
	struct fake_frame popped = *fake_top(thread);

	if (thread->python->version->popped_code_is_cleared && !popped.generator)
		put(thread->python, popped.address, offsets->frame.executable, 0);
	if (py_has(offsets->frame.stacktop))
		fake_write_u32(thread->python->memory, popped.address + offsets->frame.stacktop, 0);
	if (popped.generator)
		fake_write_u8(thread->python->memory, popped.generator + offsets->generator.frame_state, 1);
	thread->depth--;
	if (!popped.generator && thread->chunks.count > 1 &&
	    popped.address == thread->chunks.items[thread->chunks.count - 1] + 24)
		thread->chunks.count--;
	write_top(thread);
	if (thread->depth)
		fake_write_frame(thread, thread->depth - 1, true);
	fake_hint(thread, thread->depth ? fake_top(thread)->address : thread->base);
}

void fake_at_unit(struct fake_thread *thread, uint32_t unit)
{
	fake_top(thread)->unit = unit;
	fake_write_frame(thread, thread->depth - 1, true);
}

void fake_at(struct fake_thread *thread, const char *instruction)
{
	fake_at_unit(thread, fake_unit(thread->python, fake_top(thread)->code, instruction));
}

/* ---- looking at it ---- */

int fake_open(struct fake_python *python, const ty_attach_options *options, ty_target **target)
{
	const struct ty_capture_facts facts = { .pid = FAKE_PID,
		                                .namespace_pid = FAKE_PID,
		                                .runtime_address = python->runtime,
		                                .hexversion = python->version->number << 16 | 0xf0,
		                                .runtime_path = "/usr/bin/python3" };

	return ty_target_open_memory(fake_memory_share(python->memory), &facts, options, target);
}

ty_target *fake_target(struct fake_python *python, const ty_attach_options *options)
{
	ty_target *target;
	int result = fake_open(python, options, &target);

	ck_assert_msg(result == 0, "%d: %s", result, target ? target->error.message : "");
	return target;
}

const char *fake_stack_text(ty_target *target, const ty_thread_info *thread)
{
	static char text[1 << 17];
	size_t length = 0;

	text[0] = '\0';
	for (uint32_t i = thread->frame_count; i-- > 0;) {
		ty_function_info function = { .size = sizeof(function) };
		const ty_frame *frame = &thread->frames[i];

		ck_assert_ok(ty_function(target, frame->function, &function));
		length += (size_t)snprintf(text + length, sizeof(text) - length,
		                           frame->kind == TY_FRAME_UNREADABLE ? "%s?"
		                           : frame->offset < 0                ? "%s%s@?"
		                                                              : "%s%s@%d",
		                           length ? " " : "", function.name, frame->offset / 2);
		ck_assert_uint_lt(length, sizeof(text));
	}
	return text;
}

const char *fake_expected_text(const struct fake_thread *thread)
{
	static char text[1 << 17];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < thread->depth; i++) {
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s@%u", length ? " " : "",
		                           thread->frames[i].code->name, thread->frames[i].unit);
		ck_assert_uint_lt(length, sizeof(text));
	}
	return text;
}

ty_thread_info fake_sample(ty_target *target, size_t index)
{
	ty_thread_info thread = { .size = sizeof(thread) };
	const ty_snapshot *snapshot;
	int result = ty_sample(target, &snapshot);

	ck_assert_msg(result == 0, "%d: %s", result, target->error.message);
	ck_assert_ok(ty_snapshot_thread(snapshot, index, &thread));
	return thread;
}
