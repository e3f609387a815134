/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_SUPPORT_FAKE_TARGET_H
#define TY_TESTS_SUPPORT_FAKE_TARGET_H

/*
 * A target that says what a test wants: it takes the place of the whole reading side of the library, so that collectors
 * are tested with stacks written as text:
 *
 *     ty_target *target = fake_target_new();
 *     fake_function(target, "main", "/src/main.py", "<module>", 1);
 *     fake_function(target, "add", "/src/math.py", "Vector.add", 10);
 *     fake_begin(target);
 *     fake_thread(target, 77, TY_VERIFIED, "main@0 add@104=2");
 *     ty_collector_sample(collector, fake_snapshot(target));
 *
 * Outermost frame first; "@" gives the offset, "=" the opcode of the fake's own small instruction set. The line of an
 * instruction is the function's first line + offset / 100, its column offset % 100, its end column 3 more.
 * unchanged_frames is computed as a reader would, from the thread's stack in the snapshot before.
 */

#include <stdbool.h>

#include <tachyon/snapshot.h>

/* Opcodes that ty_instruction() of the fake knows. */
enum fake_opcode {
	FAKE_LOAD_FAST = 1,
	FAKE_BINARY_OP = 2,
	FAKE_BINARY_OP_ADD_INT = 3, /* specialized */
	FAKE_CALL = 4,
	FAKE_RETURN_VALUE = 5, /* without an argument */
	FAKE_INSTRUMENTED_CALL = 6, /* CALL in truth */
	FAKE_ENTER_EXECUTOR = 7,    /* JUMP_BACKWARD in truth, where a JIT trace was entered */
};

/* The first snapshot's time, and from one snapshot to the next. */
#define FAKE_START_NS 5000000000ULL
#define FAKE_INTERVAL_NS 1000000ULL
#define FAKE_PID 4711

ty_target *fake_target_new(void);
void fake_target_free(ty_target *target);

/* A function known to the text of stacks as `nick`. File name "~" makes its frames artificial. */
uint32_t fake_function(ty_target *target, const char *nick, const char *filename, const char *qualname,
                       uint32_t first_line);

/*
 * Instructions that ty_disassemble() gives of a function, "0=2 12=5": offset and opcode. Their argument text is their
 * name in small letters. Without: the function cannot be disassembled.
 */
void fake_code(ty_target *target, const char *nick, const char *code);

/* From now on nothing can be disassembled: the process has ended. */
void fake_exit(ty_target *target);

/* How often ty_disassemble() was called. */
unsigned int fake_disassemblies(const ty_target *target);

/* From now on snapshots follow each other by that time rather than by FAKE_INTERVAL_NS. */
void fake_interval(ty_target *target, uint64_t interval_ns);

/* Begins the next snapshot, empty. */
void fake_begin(ty_target *target);

/* Adds a thread; its key and its thread id are `id`. */
void fake_thread(ty_target *target, uint64_t id, int verdict, const char *stack);

/* Status of the threads that are added from now on: enum ty_thread_status. */
void fake_status(ty_target *target, uint32_t status);

/* The same from frames, leaf first, and with a key of its own. */
void fake_thread_frames(ty_target *target, uint64_t key, uint64_t id, int verdict, const ty_frame *frames,
                        size_t count);

/* Whether it says 0 unchanged frames whatever is true. */
void fake_hide_unchanged(ty_target *target, bool hide);

const ty_snapshot *fake_snapshot(ty_target *target);

/* What ty_sample() gives, as a recording does: stacks of one thread, one after another up to a NULL, then -TY_EEXITED. */
void fake_record(ty_target *target, const char *const *stacks);

#endif
