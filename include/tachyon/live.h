/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_LIVE_H
#define TACHYON_LIVE_H

/**
 * @file live.h
 * A profile to look at while it grows: the model behind a live view. Its collector receives samples like any other; at
 * any time the functions so far, their instructions, their callers and their last minute can be asked for.
 *
 * Threads: two may use one ty_live at the same time. The sampling thread uses the collector, ty_live_progress() and
 * ty_live_save(); one reading thread uses all the others. ty_live_update() copies what is new in small pieces, so that
 * the sampling thread never waits for longer than it takes to copy some thousand numbers, however large the profile is
 * and however slow the reader. Queries work on that copy and wait for nobody.
 *
 * Lists are made by one call and read row by row with another. Strings in rows belong to the ty_live and are valid until
 * the next call of ty_live_update() or of the call that made the list.
 */

#include <tachyon/collector.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A profile that grows and can be asked. Opaque. @since 0.1 */
typedef struct ty_live ty_live;

/**
 * Options of ty_live_new().
 * @since 0.1
 */
typedef struct ty_live_options {
	size_t size;  /**< sizeof(ty_live_options) */
	int opcodes;  /**< non-zero: also gather instructions; attach with ty_attach_options.opcodes */
	int trust;    /**< enum ty_trust */
	int listings; /**< non-zero, with opcodes: disassemble every function that is seen, one with each sample. Without it
	                   only those that were executing, and the one that is asked for: in others the instructions
	                   that wait for what they called have no name */
	int reserved; /**< 0 */
} ty_live_options;

/**
 * Makes a model.
 * @param options NULL for the defaults
 * @param[out] live to be freed with ty_live_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_live_new(const ty_live_options *options, ty_live **live);

/**
 * Frees a model and its collector. NULL is allowed.
 * @note One thread, when no other uses it any more. @since 0.1
 */
TY_API void ty_live_free(ty_live *live);

/**
 * The collector that fills the model. It is owned by the model: do not free it.
 * @note Any thread; the collector is for the sampling thread. @since 0.1
 */
TY_API ty_collector *ty_live_collector(ty_live *live);

/**
 * Tells the model what the sampler counted so far: ticks that were missed or failed show in ty_live_overview_info only
 * if this is called now and then. Fits ty_sampler_options.progress, with the model as user_data.
 * @param so_far copied
 * @param live the model, a ty_live
 * @return 0
 * @note The sampling thread. @since 0.1
 */
TY_API int ty_live_progress(const ty_run_summary *so_far, void *live);

/**
 * Hands all that was gathered since the begin to another collector and ends that one, so that it writes its result: the
 * profile so far, in any format, while this one goes on.
 * @param so_far what the sampler counted so far
 * @param collector a new built-in collector that has not begun. It has ended afterwards, also on error, unless the error
 *        is -TY_EOPTION
 * @return 0; -TY_EOPTION if that collector needs to see every sample when it comes; -TY_ESTATE without a first sample;
 *         otherwise as ty_collector_end()
 * @note The sampling thread, between two samples: a progress function may call it, a callback of a collector may not.
 *       @since 0.1
 */
TY_API int ty_live_save(ty_live *live, const ty_run_summary *so_far, ty_collector *collector);

/**
 * Brings the copy that queries work on up to date.
 * @return 0 or -ENOMEM
 * @note The reading thread; it may come after the target's ty_detach(). @since 0.1
 */
TY_API int ty_live_update(ty_live *live);

/**
 * Counts from here on: everything that queries give begins again at the last ty_live_update(). What ty_live_save() gives
 * does not.
 * @note The reading thread. @since 0.1
 */
TY_API void ty_live_reset(ty_live *live);

/**
 * The profile in numbers, since the begin or ty_live_reset().
 * @since 0.1
 */
typedef struct ty_live_overview_info {
	size_t size;          /**< in: sizeof(ty_live_overview_info) */
	uint64_t duration_ns; /**< in ns, as ty_live_progress() was told */
	uint64_t samples;     /**< the sampler's counters, as ty_live_progress() was told */
	uint64_t missed;
	uint64_t failed;
	uint64_t stacks;      /**< thread stacks seen: the sum of the next five */
	uint64_t verified;    /**< thread stacks by verdict: enum ty_verdict */
	uint64_t repaired;
	uint64_t torn;
	uint64_t incomplete;
	uint64_t unreadable;
	uint64_t counted;       /**< stacks that functions are counted from: what shares are shares of */
	uint64_t has_gil;       /**< stacks of threads with this flag of enum ty_thread_status */
	uint64_t on_cpu;
	uint64_t unknown;
	uint64_t gil_requested;
	uint64_t has_exception;
	uint64_t collecting;    /**< counted stacks in which the garbage collector runs (TY_FRAME_GC) */
	uint32_t threads;       /**< threads seen */
	uint32_t functions;     /**< functions seen */
	uint32_t executing;     /**< of them with leaf samples */
	uint32_t reserved;      /**< 0 */
} ty_live_overview_info;

/**
 * Fills the overview.
 * @param thread number of a thread as in ty_live_thread_info; 0: all. The sampler's counters are of all in any case
 * @param[in,out] overview set its size before
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_overview(ty_live *live, uint32_t thread, ty_live_overview_info *overview);

/**
 * One thread that was seen. Threads that had one id after another are one.
 * @since 0.1
 */
typedef struct ty_live_thread_info {
	size_t size;         /**< in: sizeof(ty_live_thread_info) */
	uint32_t thread;     /**< its number, from 1; it stays */
	int32_t is_main;     /**< 1 for the main thread */
	uint64_t id;         /**< kernel thread id as the target sees itself, or what else identifies it */
	int64_t interpreter; /**< id of its interpreter */
	uint64_t counted;    /**< counted stacks */
	const char *name;    /**< "" if it is not known */
} ty_live_thread_info;

/**
 * Gives a thread.
 * @param thread from 1 to ty_live_overview_info.threads
 * @param[in,out] info set its size before
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_thread(ty_live *live, uint32_t thread, ty_live_thread_info *info);

/**
 * What makes a row of a list of functions.
 * @since 0.1
 */
enum ty_live_group {
	TY_LIVE_FUNCTIONS = 0, /**< a function: file, qualified name and first line */
	TY_LIVE_LINES = 1,     /**< a line of a function, as the rows of pstats are */
	TY_LIVE_TASKS = 2,     /**< an asyncio task, by its name: frames of kind TY_FRAME_TASK */
	TY_LIVE_FILES = 3,     /**< a source file: for editors, like the next one */
	TY_LIVE_FILE_LINES = 4 /**< a line of a source file, whatever functions have code on it: a sample counts once */
};

/**
 * Which rows, in which order.
 * @since 0.1
 */
typedef struct ty_live_query {
	size_t size;        /**< sizeof(ty_live_query) */
	int group;          /**< enum ty_live_group */
	int sort;           /**< enum ty_sort: largest first, names from a to z; files and their lines by file and line */
	uint32_t thread;    /**< number of a thread; 0: all */
	int reserved;       /**< 0 */
	const char *filter; /**< only where file or name contains it, in capitals or not; NULL: all */
	const char *filename; /**< only of the file with exactly this name, as rows have it; NULL: all */
} ty_live_query;

/**
 * One row.
 * @since 0.1
 */
typedef struct ty_live_function_info {
	size_t size;          /**< in: sizeof(ty_live_function_info) */
	uint32_t function;    /**< number of the function; it stays, and is the same in every group but TY_LIVE_TASKS; 0 for
	                           files and their lines */
	int32_t line;         /**< first line of the function, or the line; 0: not known, or a file */
	const char *filename; /**< as the target names it; "~" for artificial ones, which are in no file */
	const char *name;     /**< qualified; "" for files and their lines */
	uint64_t leaf;        /**< samples in which it was executing; of a task: in which what runs is of that task */
	uint64_t on_stack;    /**< samples in which it was executing or waiting for what it called, or awaited */
	int leaf_trend;       /**< 1: its share of the last second is larger than of the seconds before, -1: smaller */
	int on_stack_trend;
} ty_live_function_info;

/**
 * Makes the list of functions.
 * @param query NULL for the defaults
 * @return number of rows; -TY_EOPTION, -ENOMEM
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_functions(ty_live *live, const ty_live_query *query);

/**
 * A row of the last list of functions.
 * @param[in,out] info set its size before
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_function(ty_live *live, size_t index, ty_live_function_info *info);

/**
 * What the adaptive interpreter made of an instruction.
 * @since 0.1
 */
enum ty_live_form {
	TY_LIVE_FORM_UNKNOWN = 0,     /**< could not be told */
	TY_LIVE_FORM_SPECIALIZED = 1, /**< it runs in a form for certain types */
	TY_LIVE_FORM_GENERIC = 2,     /**< it could be specialized and is not */
	TY_LIVE_FORM_FIXED = 3,       /**< it has no specialized forms */
	TY_LIVE_FORM_TRACE = 4        /**< a JIT trace runs here: what runs inside is not visible */
};

/**
 * A source line of a function, or an instruction: a line comes before its instructions.
 * @since 0.1
 */
typedef struct ty_live_instruction_info {
	size_t size;          /**< in: sizeof(ty_live_instruction_info) */
	int is_line;          /**< 1: a source line, only the members up to on_stack mean something */
	int32_t line;         /**< -1: not known */
	uint64_t leaf;        /**< samples in which it was executing */
	uint64_t on_stack;    /**< samples in which it was executing or waiting for what it called */
	int32_t offset;       /**< byte offset in the bytecode; -1: not known */
	int32_t column;       /**< as in ty_location_info */
	int32_t end_line;
	int32_t end_column;
	const char *name;          /**< of the form that most of its samples were in, else of the one it has now */
	const char *base_name;     /**< of its generic form */
	const char *argument_text; /**< as in ty_disassembly_row */
	uint32_t argument;         /**< with EXTENDED_ARG; 0 if it has none */
	int has_argument;          /**< 1: argument means something */
	uint32_t label;            /**< number among the jump targets, from 1; 0: it is none */
	int form;                  /**< enum ty_live_form */
	uint32_t forms;            /**< number of forms it was sampled in */
	uint32_t flags;            /**< enum ty_instruction_flag */
	uint16_t opcode;           /**< number of the form that name is of, for ty_decode_opcode(); means nothing without a name */
	uint16_t reserved[3];      /**< 0 */
} ty_live_instruction_info;

/**
 * Makes the list of a function's lines and instructions, sampled or not, by line and offset. Without
 * ty_live_options.opcodes, or where the function could not be read, only of those that were sampled. The instructions of
 * the function that is asked for are read again from the target from time to time.
 * @param function its number
 * @param thread number of a thread; 0: all
 * @return number of rows; -TY_ENOTFOUND, -ENOMEM
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_instructions(ty_live *live, uint32_t function, uint32_t thread);

/**
 * A row of the last list of instructions.
 * @param[in,out] info set its size before
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_instruction(ty_live *live, size_t index, ty_live_instruction_info *info);

/**
 * Direction of a list of calls.
 * @since 0.1
 */
enum ty_live_direction {
	TY_LIVE_CALLERS = 0, /**< who calls the function, and who calls them */
	TY_LIVE_CALLEES = 1  /**< what the function calls, and what that calls */
};

/**
 * A row of a tree of calls.
 * @since 0.1
 */
typedef struct ty_live_call_info {
	size_t size;          /**< in: sizeof(ty_live_call_info) */
	uint32_t function;    /**< its number */
	uint32_t depth;       /**< 0: the function that was asked for */
	int32_t line;         /**< first line of the function */
	int is_last;          /**< 1: no further row of this depth has the same parent */
	const char *filename; /**< "~" for artificial ones */
	const char *name;     /**< qualified */
	uint64_t samples;     /**< in which this path was on the stack */
} ty_live_call_info;

/**
 * Makes the tree of calls of a function: a row, then the rows below it, the most samples first. Under recursion the
 * function is taken where it stands outermost, so that a sample counts once. Paths with less than a thousandth of the
 * function's samples are left out.
 * @param function its number
 * @param direction enum ty_live_direction
 * @param thread number of a thread; 0: all
 * @return number of rows; -TY_ENOTFOUND, -TY_EOPTION, -ENOMEM
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_calls(ty_live *live, uint32_t function, int direction, uint32_t thread);

/**
 * A row of the last tree of calls.
 * @param[in,out] info set its size before
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_call(ty_live *live, size_t index, ty_live_call_info *info);

/**
 * The last seconds of a function: its share of each second's samples, in thousandths.
 * @param function its number
 * @param on_stack 0: leaf samples; otherwise on-stack samples
 * @param[out] shares the oldest first; seconds before the begin are 0
 * @param seconds how many; no more than 60 are known
 * @return number of seconds filled; -TY_ENOTFOUND
 * @note The reading thread. @since 0.1
 */
TY_API int ty_live_history(ty_live *live, uint32_t function, int on_stack, uint16_t *shares, size_t seconds);

#ifdef __cplusplus
}
#endif

#endif
