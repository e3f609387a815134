/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_DISASSEMBLY_H
#define TACHYON_DISASSEMBLY_H

/**
 * @file disassembly.h
 * The instructions of a function as they are in the target now, specialized as far as the program has run.
 */

#include <tachyon/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * One instruction of a disassembly. Everything in it is valid during the callback only.
 * @since 0.1
 */
typedef struct ty_disassembly_row {
	size_t size;                            /**< size of this struct as the library knows it */
	const ty_instruction_info *instruction; /**< the instruction; TY_INSTRUCTION_LATER is always set */
	const ty_location_info *location;       /**< its place in the source */
	const char *argument_text; /**< what the target's own dis module shows in parentheses behind the argument: a
	                              constant, names, "to L1", …; "" for nothing, or what cannot be read */
	int32_t target;  /**< byte offset of the instruction its argument refers to, by a jump or otherwise; -1: none */
	uint32_t label;  /**< number of this instruction among the jump targets, from 1: the "L1" of argument_text
	                      where that version shows labels; 0: it is none */
	int32_t handler; /**< byte offset of the handler of an exception that it raises; -1: none in this function */
	uint32_t handler_depth; /**< values on the stack that the handler keeps */
	int32_t handler_lasti;  /**< 1: the offset of what raised is pushed for the handler */
	uint32_t reserved;      /**< 0 */
} ty_disassembly_row;

/**
 * Receiver of the instructions, in the order they stand in; inline caches are left out.
 * @param row valid during the call
 * @param user_data as given to ty_disassemble()
 * @return 0 to go on, anything else to stop
 * @since 0.1
 */
typedef int (*ty_disassembly_fn)(const ty_disassembly_row *row, void *user_data);

/**
 * Gives every instruction of a function, read from the target now: what dis.get_instructions(adaptive=True) gives
 * inside of it, but with the real opcodes where instrumentation or a JIT replaced them. Where opcodes cannot be told
 * any more the disassembly ends early, without an error.
 * @param function id of a function that a snapshot of this target had
 * @param callback called for every instruction; it may use the target, but not sample it
 * @param user_data handed to the callback
 * @return 0; what the callback returned if that was not 0; -TY_ENOTFOUND for an unknown or artificial function;
 * -TY_ESTALE if its code object is gone; -TY_ELIMIT if it is too large; -TY_ECORRUPT, -TY_EEXITED, -ENOMEM, -errno
 * @note One thread at a time per target. Makes system calls. @since 0.1
 */
TY_API int ty_disassemble(ty_target *target, uint32_t function, ty_disassembly_fn callback, void *user_data);

#ifdef __cplusplus
}
#endif

#endif
