/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_SNAPSHOT_H
#define TACHYON_SNAPSHOT_H

/**
 * @file snapshot.h
 * One reading of a target: interpreters, threads, frames; and what the frames mean.
 */

#include <tachyon/target.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One reading of all sampled threads. Opaque; owned by its target and valid until the next ty_sample() on it. @since 0.1 */
typedef struct ty_snapshot ty_snapshot;

/**
 * How far a thread's stack can be trusted.
 * @since 0.1
 */
enum ty_verdict {
	TY_VERIFIED = 0,   /**< the bytes prove a stack that existed at one instant */
	TY_REPAIRED = 1,   /**< a frame was caught dying or being born; the stack that existed is proven by the bytes */
	TY_TORN = 2,       /**< the bytes contradict each other: this stack may never have existed */
	TY_INCOMPLETE = 3, /**< the chain of frames did not reach its base; the outermost frames are missing */
	TY_FAILED = 4      /**< the thread could not be read; it has no frames */
};

/**
 * What a thread is doing, or-ed together. The names and values are those of CPython's own profiler.
 * @since 0.1
 */
enum ty_thread_status {
	TY_THREAD_HAS_GIL = 1,        /**< holds the GIL; without a GIL: is attached to its interpreter */
	TY_THREAD_ON_CPU = 2,         /**< runs, or waits for a processor only */
	TY_THREAD_UNKNOWN = 4,        /**< whether it is on CPU was not asked or could not be told */
	TY_THREAD_GIL_REQUESTED = 8,  /**< waits for the GIL. From 3.15 on CPython says so; before, the kernel does, where it
	                                   is asked who is on CPU (ty_attach_options.cpu_status, TY_MODE_CPU) */
	TY_THREAD_HAS_EXCEPTION = 16, /**< raises or handles an exception */
	TY_THREAD_MAIN = 32           /**< the main thread of the main interpreter */
};

/**
 * Kind of a frame.
 * @since 0.1
 */
enum ty_frame_kind {
	TY_FRAME_PYTHON = 0,     /**< a function of Python */
	TY_FRAME_UNREADABLE = 1, /**< a Python frame whose code object could not be read: named "<unreadable>" */
	TY_FRAME_NATIVE = 2,     /**< artificial: Python called into C here */
	TY_FRAME_GC = 3,         /**< artificial: the garbage collector runs */
	TY_FRAME_TASK = 4        /**< artificial: an asyncio task begins here */
};

/**
 * Properties of a frame, or-ed together.
 * @since 0.1
 */
enum ty_frame_flag {
	TY_FRAME_HAS_OPCODE = 1,    /**< opcode and oparg hold the code unit at offset */
	TY_FRAME_OPCODE_LATER = 2,  /**< that code unit was read at another time than the frame; it may have been
	                                 specialized in between */
	TY_FRAME_GENERATOR = 4,     /**< the frame of a generator or coroutine */
	TY_FRAME_ENTRY = 8,         /**< the interpreter loop was entered here from C */
	TY_FRAME_TRACE = 16         /**< of a leaf: it runs a trace that a JIT compiled. Function and line range of the trace
	                                 are right, but offset is the last one that the trace has written down: the
	                                 instructions in between are not visible. Known from 3.14 on */
};

/**
 * One frame: fixed size, never grows. Compare function and offset to tell frames apart.
 * @since 0.1
 */
typedef struct ty_frame {
	uint32_t function; /**< id for ty_function(); stable for the target's lifetime */
	int32_t offset;    /**< byte offset of the instruction in the function's bytecode; -1 if it has not begun or is unknown */
	uint8_t kind;      /**< enum ty_frame_kind */
	uint8_t flags;     /**< enum ty_frame_flag */
	uint8_t opcode;    /**< as executing: may be specialized or instrumented; ty_instruction() tells the real one */
	uint8_t oparg;     /**< argument byte beside it, without EXTENDED_ARG */
	uint32_t task;     /**< TY_FRAME_TASK: ty_task_info.serial of the task; else 0 */
} ty_frame;

/**
 * One thread of a snapshot.
 * @since 0.1
 */
typedef struct ty_thread_info {
	size_t size;               /**< in: sizeof(ty_thread_info) */
	uint64_t native_id;        /**< kernel thread id as the target sees itself (in its PID namespace); 0 if unknown */
	uint64_t host_id;          /**< kernel thread id as we see it; native_id where both are the same or it is unknown */
	uint64_t pthread_id;       /**< threading.get_ident() of the thread */
	int64_t interpreter;       /**< id of its interpreter; 0 is the main one */
	uint32_t status;           /**< enum ty_thread_status */
	int32_t verdict;           /**< enum ty_verdict */
	const ty_frame *frames;    /**< leaf first; owned by the snapshot */
	uint32_t frame_count;      /**< number of frames */
	uint32_t unchanged_frames; /**< how many of the outermost frames are equal, offset included, to those of this
	                                thread in the snapshot before, of its process where a merged target has several; 0
	                                if it was not in it */
	uint64_t thread_key;       /**< identifies the thread within its target while it lives */
} ty_thread_info;

/**
 * Takes a sample: reads the chosen threads without stopping the target.
 *
 * One call makes one system call in the steady state and allocates nothing. A stack that memory cannot prove is read
 * again up to max_retries times, then reported with its verdict: a torn read is an outcome, not an error.
 *
 * @param target from ty_attach() or ty_open_capture()
 * @param[out] snapshot owned by the target, valid until its next call of ty_sample(), ty_reattach() or ty_detach();
 *             NULL on error
 * @return 0, -TY_EEXITED, -TY_EREPLACED (call ty_reattach()), -TY_ESTARTING, -TY_EPERMISSION, -TY_ECORRUPT, -errno
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_sample(ty_target *target, const ty_snapshot **snapshot);

/**
 * When the snapshot was read: CLOCK_MONOTONIC in ns, taken directly before the read that gave it.
 * @note One thread at a time per target. @since 0.1
 */
TY_API uint64_t ty_snapshot_time(const ty_snapshot *snapshot);

/**
 * Number of threads in the snapshot.
 * @note One thread at a time per target. @since 0.1
 */
TY_API size_t ty_snapshot_threads(const ty_snapshot *snapshot);

/**
 * One thread of the snapshot.
 * @param index 0 to ty_snapshot_threads() - 1; newest thread first, as the interpreter lists them
 * @param[in,out] info set its size before
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_snapshot_thread(const ty_snapshot *snapshot, size_t index, ty_thread_info *info);

/**
 * The target a snapshot was taken from.
 * @note One thread at a time per target. @since 0.1
 */
TY_API ty_target *ty_snapshot_target(const ty_snapshot *snapshot);

/**
 * The process a snapshot is of, as we see it: a merged target gives those of several.
 * @note One thread at a time per target. @since 0.1
 */
TY_API int32_t ty_snapshot_pid(const ty_snapshot *snapshot);

/**
 * Name of a thread: what threading.Thread.name says where that can be read, else the kernel's name (comm).
 * @param thread_key from ty_thread_info
 * @return a string owned by the target, valid until its next call of ty_thread_name(); "" if the thread is not known
 * @note One thread at a time per target. May make system calls. @since 0.1
 */
TY_API const char *ty_thread_name(ty_target *target, uint64_t thread_key);

/**
 * A function: what a code object says about itself.
 * @since 0.1
 */
typedef struct ty_function_info {
	size_t size;             /**< in: sizeof(ty_function_info) */
	uint32_t id;             /**< as in ty_frame */
	uint32_t first_line;     /**< co_firstlineno; 0 for artificial frames */
	const char *name;        /**< co_name */
	const char *qualname;    /**< co_qualname */
	const char *filename;    /**< co_filename; "~" for artificial frames, as CPython's profiler has it */
	uint64_t address;        /**< address of the code object in the target; it may have been reused since */
	uint32_t bytecode_bytes; /**< size of its bytecode in bytes */
	uint32_t reserved;
} ty_function_info;

/**
 * The function of a frame. Ids start at 1 and are dense: an array indexed by id is a good map.
 * @param[in,out] info set its size before; strings are owned by the target and live as long as it does
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note One thread at a time per target. Makes no system call. @since 0.1
 */
TY_API int ty_function(ty_target *target, uint32_t id, ty_function_info *info);

/**
 * A place in a source file, as co_positions() gives it. -1 stands for "not known" in every member.
 * @since 0.1
 */
typedef struct ty_location_info {
	size_t size;        /**< in: sizeof(ty_location_info) */
	int32_t line;       /**< first line, 1-based */
	int32_t end_line;   /**< last line, 1-based */
	int32_t column;     /**< first column, 0-based, in bytes of UTF-8 */
	int32_t end_column; /**< column after the last, 0-based, in bytes of UTF-8 */
} ty_location_info;

/**
 * Source location of a frame's instruction. O(1) after the first call for its function.
 * @param frame any frame of this target, also from an earlier snapshot
 * @param[in,out] location set its size before; all -1 for artificial frames and for offsets that cannot be
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note One thread at a time per target. Makes no system call. @since 0.1
 */
TY_API int ty_location(ty_target *target, const ty_frame *frame, ty_location_info *location);

/**
 * Properties of an instruction, or-ed together.
 * @since 0.1
 */
enum ty_instruction_flag {
	TY_INSTRUCTION_LATER = 1,       /**< the bytecode was read at another time than the frame */
	TY_INSTRUCTION_INSTRUMENTED = 2, /**< sys.monitoring or sys.settrace had replaced it; opcode is the real one */
	TY_INSTRUCTION_TRACE = 4,       /**< a JIT or tier-2 trace was entered here, or runs here (TY_FRAME_TRACE): what runs
	                                     inside is not visible */
	TY_INSTRUCTION_UNRESOLVED = 8   /**< the real opcode could not be told; opcode is the one as executing */
};

/**
 * One instruction.
 * @since 0.1
 */
typedef struct ty_instruction_info {
	size_t size;             /**< in: sizeof(ty_instruction_info) */
	int32_t offset;          /**< byte offset in the bytecode */
	uint16_t executing;      /**< opcode number as executing */
	uint16_t opcode;         /**< the real opcode: instrumentation and executors resolved, specialization kept */
	uint16_t base;           /**< its generic form */
	uint16_t flags;          /**< enum ty_instruction_flag */
	uint32_t argument;       /**< argument with EXTENDED_ARG folded in; 0 if it has none */
	const char *name;        /**< name of opcode; static */
	const char *base_name;   /**< name of base; static */
	uint32_t opcode_flags;   /**< enum ty_opcode_flag of opcode */
	uint32_t reserved;
} ty_instruction_info;

/**
 * The instruction a frame stands on.
 * @param frame any frame of this target
 * @param[in,out] instruction set its size before
 * @return 0; -TY_ENOTFOUND for artificial frames and frames with no known offset; -TY_EOPCODE if the byte is no opcode of
 *         the target's version; -TY_EOPTION
 * @note One thread at a time per target. Makes system calls when the function's bytecode is not cached. @since 0.1
 */
TY_API int ty_instruction(ty_target *target, const ty_frame *frame, ty_instruction_info *instruction);

#ifdef __cplusplus
}
#endif

#endif
