/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_TARGET_H
#define TACHYON_TARGET_H

/**
 * @file target.h
 * A target: one process, or a memory capture of one. It is only ever read, never written to, and its binary is never
 * run. Everything read from it is taken as hostile.
 */

#include <tachyon/base.h>
#include <tachyon/sink.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One process or capture. Opaque; made by ty_attach() or ty_open_capture(). @since 0.1 */
typedef struct ty_target ty_target;

/**
 * Which threads a sample holds.
 * @since 0.1
 */
enum ty_thread_selection {
	TY_THREADS_MAIN = 0, /**< the main thread of the main interpreter */
	TY_THREADS_ALL = 1   /**< all threads of all interpreters */
};

/**
 * Whether the library may stop a thread whose stack memory alone does not prove.
 * @since 0.1
 */
enum ty_stop_policy {
	TY_STOP_NEVER = 0,  /**< never; an unproven stack is reported as torn */
	TY_STOP_THREAD = 1, /**< that thread alone, when retries did not help, for the one read */
	TY_STOP_ALWAYS = 2  /**< every sampled thread, one at a time, around its reading ("blocking") */
};

/**
 * Options of ty_attach() and ty_open_capture().
 * @since 0.1
 */
typedef struct ty_attach_options {
	size_t size;               /**< sizeof(ty_attach_options) */
	int threads;               /**< enum ty_thread_selection */
	int stop_policy;           /**< enum ty_stop_policy */
	uint32_t stop_deadline_us; /**< longest wait for a thread to stop, in µs; 0: 100 000. One that does not stop in time (it
	                                sleeps in the kernel) is not read in that sample */
	uint32_t max_retries;      /**< further readings within one sample when one is torn; 0: 3; UINT32_MAX: none */
	uint32_t max_frames;       /**< deepest stack that is followed; 0: 16384 */
	int opcodes;               /**< non-zero: read the leaf's instruction together with its frame */
	int cpu_status;            /**< non-zero: ask the kernel for every thread in every sample whether it is on CPU, by one
	                                more system call a thread. Without it, outside of TY_MODE_CPU, that is unknown */
	int tasks;                 /**< enum ty_task_selection: stacks of asyncio tasks instead of threads; see tasks.h */
	ty_log_fn log;             /**< NULL: silence */
	void *log_user_data;       /**< handed to log */
	int native_frames;         /**< non-zero: frames of TY_FRAME_NATIVE where Python code has called into C */
	int no_gc_frames;          /**< non-zero: no frames of TY_FRAME_GC where the garbage collector runs */
} ty_attach_options;

/**
 * Facts about a target.
 * @since 0.1
 */
typedef struct ty_target_information {
	size_t size;                /**< in: sizeof(ty_target_information) */
	uint32_t python_version;    /**< major << 8 | minor, e.g. TY_PYTHON_3_14; 0: merged targets that differ */
	uint32_t python_hexversion; /**< PY_VERSION_HEX of the target: patch level, release level; 0 if unknown */
	int free_threaded;          /**< 1 for a build without the GIL */
	int is_capture;             /**< 1 for a capture, 0 for a live process */
	int32_t pid;                /**< process id as seen by us */
	int32_t namespace_pid;      /**< process id as the target sees itself */
	uint64_t runtime_address;   /**< address of _PyRuntime in the target */
	const char *runtime_path;   /**< file that holds the runtime, as the target names it; valid until detach */
} ty_target_information;

/**
 * Attaches to a running CPython: finds its runtime, its version and its struct offsets and validates them. The process
 * is not stopped.
 *
 * @param pid process id in our own PID namespace
 * @param options NULL for the defaults
 * @param[out] target the new target, to be freed with ty_detach(). Set even on failure as long as memory lasts (so that
 *             ty_last_error() can say why); NULL if not even that was possible
 * @return 0, or -TY_ENOTPYTHON, -TY_EVERSION, -TY_EOFFSETS, -TY_ESTARTING, -TY_EEXITED, -TY_EPERMISSION, -TY_EOPTION,
 *         -errno
 * @note The thread that attaches must be the one that samples if the stop policy is not TY_STOP_NEVER: the kernel ties
 *       ptrace to a thread. @since 0.1
 */
TY_API int ty_attach(int pid, const ty_attach_options *options, ty_target **target);

/**
 * Finds the runtime again in a process that called exec() (-TY_EREPLACED), or that was still starting. Function ids
 * handed out so far stay valid.
 * @return as ty_attach()
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_reattach(ty_target *target);

/**
 * Frees a target and everything it handed out. The process goes on. NULL is allowed.
 * @note One thread at a time per target. @since 0.1
 */
TY_API void ty_detach(ty_target *target);

/**
 * Facts about the target.
 * @param[in,out] information set its size before
 * @return 0, -TY_EOPTION, or -TY_ESTATE if the attach had failed
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_target_info(ty_target *target, ty_target_information *information);

/**
 * The last error of this target, from any call on it.
 * @param[in,out] info set its size before; message is owned by the target and valid until its next call
 * @return 0 or -TY_EOPTION
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_last_error(ty_target *target, ty_error_info *info);

/**
 * Counters of a target since its attach.
 * @since 0.1
 */
typedef struct ty_target_counters {
	size_t size;           /**< in: sizeof(ty_target_counters) */
	uint64_t samples;      /**< calls of ty_sample() that gave a snapshot */
	uint64_t failed;       /**< calls of ty_sample() that gave none */
	uint64_t verified;     /**< thread stacks by verdict: enum ty_verdict */
	uint64_t repaired;
	uint64_t torn;
	uint64_t incomplete;
	uint64_t retries;      /**< readings repeated because the one before was torn */
	uint64_t stops;        /**< times one thread was stopped */
	uint64_t stop_ns;      /**< sum of those stops, in ns */
	uint64_t syscalls;     /**< system calls made to read the target */
	uint64_t bytes_read;   /**< bytes read from the target */
	uint64_t predicted;    /**< samples whose single vector read held everything */
	uint64_t code_objects; /**< code objects fetched */
	uint64_t code_checks;  /**< cached code objects compared with the target's again */
} ty_target_counters;

/**
 * Reads the counters.
 * @return 0 or -TY_EOPTION
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_target_statistics(ty_target *target, ty_target_counters *counters);

/**
 * Records a capture: the memory that attaching, one sample and all its names, tables and bytecode need, as it is now.
 * It is at once a bug report and a test fixture. It holds no values of variables other than what lies in the pages of
 * the frames themselves.
 * @param sink where to write; not freed
 * @return 0, any error of ty_attach() and ty_sample(), or the sink's error
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_capture(ty_target *target, ty_sink *sink);

/**
 * Opens a capture. Every call that works on a process works on it; each ty_sample() gives the same snapshot.
 * @param path the file
 * @param options NULL for the defaults
 * @param[out] target as ty_attach()
 * @return 0, -TY_ECAPTURE, -errno, or as ty_attach()
 * @note Any thread. @since 0.1
 */
TY_API int ty_open_capture(const char *path, const ty_attach_options *options, ty_target **target);

#ifdef __cplusplus
}
#endif

#endif
