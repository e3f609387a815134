/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_SUPPORT_FAKE_PYTHON_H
#define TY_TESTS_SUPPORT_FAKE_PYTHON_H

/*
 * A CPython of any known version, laid out in fake memory: runtime, interpreters, threads, data stacks, code objects.
 *
 *     struct fake_python *python = fake_python_new(TY_PYTHON_3_14);
 *     struct fake_thread *thread = fake_thread_new(python, FAKE_PID);
 *     struct fake_code *code = fake_code(python, "work", "RESUME NOP CALL RETURN_VALUE");
 *     fake_call(thread, code);
 *     fake_call(thread, code);        (the first stands on its CALL now)
 *     fake_at(thread, "NOP");
 *     ty_target *target = fake_target(python, NULL);
 *     …
 *     ty_detach(target);
 *     fake_python_free(python);
 *
 * Every call leaves the memory as CPython would between two instructions; fake_hint() and writes to memory make the
 * moments in between.
 */

#include "python/opcode.h"
#include "python/version.h"
#include "sample/target.h"
#include "support/fake_memory.h"

#define FAKE_PID 100
#define FAKE_FRAMES_MAX 4096
#define FAKE_CHUNK_BYTES 16384

struct fake_python {
	struct ty_memory *memory;
	const struct py_version *version;
	const struct py_opcode *opcodes;
	struct py_offsets offsets;
	uint64_t runtime;
	uint64_t interpreter; /* the main one */
	uint64_t gil;         /* of all interpreters, where thread states do not say who holds it */
	uint64_t code_type;
	uint64_t heap; /* next free address */
	uint32_t code_version;
	TY_ARRAY(struct fake_code *) codes;
	TY_ARRAY(struct fake_thread *) threads;
};

struct fake_code {
	uint64_t address;
	uint64_t function; /* address of a function object that runs it */
	const char *name;
	uint32_t units;
	uint32_t nlocalsplus;
	uint32_t stacksize;
	uint8_t bytes[512];
};

struct fake_frame {
	uint64_t address;
	const struct fake_code *code;
	uint32_t unit;
	bool entered;       /* from C */
	uint64_t shim;      /* its entry frame, if that version has them */
	uint64_t generator; /* address of the generator object it is in; 0: on the data stack */
};

struct fake_thread {
	struct fake_python *python;
	uint64_t interpreter;
	uint64_t address;
	uint64_t base;   /* the base frame, if that version has it */
	uint64_t cframe; /* the _PyCFrame, if that version has it */
	uint64_t chunk_bytes;
	TY_ARRAY(uint64_t) chunks;
	struct fake_frame frames[FAKE_FRAMES_MAX]; /* outermost first */
	size_t depth;
};

/* ---- the interpreter ---- */

struct fake_python *fake_python_new(uint32_t version);
struct fake_python *fake_python_of(uint32_t version, bool free_threaded);
void fake_python_free(struct fake_python *python);

/* Offsets that such a CPython may have. */
const struct py_offsets *fake_offsets(uint32_t version);

/* Writes its table of offsets again, for tests that change python->offsets. */
void fake_write_table(struct fake_python *python);

/* Zeroed memory, 16-byte aligned, with some zeroes around it. */
uint64_t fake_allocate(struct fake_python *python, size_t size_bytes);

uint64_t fake_interpreter_new(struct fake_python *python, uint64_t id);

/* Moves the counter of code objects, if that version has one. */
void fake_count_code(struct fake_python *python);

/* ---- code objects ---- */

/* A str object; `text` is ASCII. */
uint64_t fake_string(struct fake_python *python, const char *text);

/* A code object in file "NAME.py" whose instructions are opcode names with blanks between, each on a line of its own.
 */
struct fake_code *fake_code(struct fake_python *python, const char *name, const char *instructions);

/* The same at an address and with a place for local variables. */
struct fake_code *fake_code_at(struct fake_python *python, uint64_t address, const char *name, const char *instructions,
                               uint32_t nlocalsplus);

/* Code unit of the first instruction with that name. */
uint32_t fake_unit(const struct fake_python *python, const struct fake_code *code, const char *instruction);

/* Whether that version has an instruction on which generators are resumed without leaving the interpreter loop. */
bool fake_has_inline_generators(const struct fake_python *python);

/* ---- threads ---- */

/* A thread of the main interpreter, put first in its list. */
struct fake_thread *fake_thread_new(struct fake_python *python, uint64_t native_id);
struct fake_thread *fake_thread_of(struct fake_python *python, uint64_t interpreter, uint64_t native_id);

/* Makes the list of the interpreter's threads these, in this order. */
void fake_list_threads(struct fake_python *python, struct fake_thread **threads, size_t count);

/* ---- stacks ---- */

/* The top frame calls `code` without leaving the interpreter loop, from its CALL. The first frame is always entered. */
void fake_call(struct fake_thread *thread, const struct fake_code *code);

/* The top frame calls `code` through C. */
void fake_enter(struct fake_thread *thread, const struct fake_code *code);

/* A generator that has not begun. */
uint64_t fake_generator(struct fake_python *python, const struct fake_code *code);

/* The top frame resumes a generator, from its FOR_ITER where it can do that inline; else through C from its CALL. */
void fake_resume(struct fake_thread *thread, const struct fake_code *code, uint64_t generator);

/* The top frame is popped. */
void fake_return(struct fake_thread *thread);

/* The top frame goes on to an instruction, or to a code unit. */
void fake_at(struct fake_thread *thread, const char *instruction);
void fake_at_unit(struct fake_thread *thread, uint32_t unit);

struct fake_frame *fake_top(struct fake_thread *thread);

/* The GIL goes from one thread state to another: as often as a stack changes, or fake_give_gil() says. */
void fake_switch_gil(struct fake_python *python);

/* What the thread state says is running. */
void fake_hint(struct fake_thread *thread, uint64_t frame);

/* Writes a frame as it is now, executing or not. */
void fake_write_frame(struct fake_thread *thread, size_t index, bool executing);

/* ---- looking at it ---- */

/* Opens the fake; the target does not own its memory. */
ty_target *fake_target(struct fake_python *python, const ty_attach_options *options);
int fake_open(struct fake_python *python, const ty_attach_options *options, ty_target **target);

/* The stack of a thread as "name@unit name@unit …", outermost first; "?" is an unreadable frame. Static buffer. */
const char *fake_stack_text(ty_target *target, const ty_thread_info *thread);

/* What a correct reader gives for it. Static buffer. */
const char *fake_expected_text(const struct fake_thread *thread);

/* Takes a sample and gives the thread with an index. */
ty_thread_info fake_sample(ty_target *target, size_t index);

/* Samples and checks verdict and stack of a thread. */
#define fake_check(target, index, wanted_verdict, wanted_stack)                                                        \
	do {                                                                                                           \
		ty_thread_info checked_ = fake_sample((target), (index));                                              \
		ck_assert_str_eq(fake_stack_text((target), &checked_), (wanted_stack));                                \
		ck_assert_msg(checked_.verdict == (wanted_verdict), "CPython 3.%u: verdict %d, not %d",                \
		              (target)->runtime.version->number & 0xff, checked_.verdict, (wanted_verdict));           \
	} while (0)

/* All versions, for loops. */
extern const uint32_t fake_versions[5];
#define fake_each_version(version_)                                                                                    \
	for (size_t at_ = 0; at_ < 5; at_++)                                                                           \
		for (uint32_t version_ = fake_versions[at_], once_ = 1; once_; once_ = 0)

#endif
