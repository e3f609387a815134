/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_BASE_H
#define TACHYON_BASE_H

/**
 * @file base.h
 * What every other header of libtachyon uses: visibility, errors, logging and the library's version.
 *
 * @par Conventions of the whole API
 *
 * - Functions return an int: negative is an error (`-errno`, or one of the codes of `enum ty_error`, always negated),
 *   0 is done, positive is an outcome that the function's doc block names.
 * - Options and results that may grow are structs whose first member is `size_t size`. Set it to `sizeof(struct)`.
 *   Options: NULL means all defaults, a zero member means that member's default, and a non-zero byte beyond the part
 *   the library knows is refused with -TY_EOPTION. Results: the library fills no more than `size` bytes.
 * - Threads: there is no global state. A handle may be used by one thread at a time, different handles in parallel.
 *   Exceptions are named where they stand (ty_sampler_stop()).
 * - Strings are UTF-8, NUL terminated and owned by the library unless said otherwise. A lone surrogate of the target
 *   is given as U+FFFD.
 * - Nothing prints, forks, installs a signal handler or exits.
 */

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) && defined(TY_BUILDING)
#define TY_API __attribute__((visibility("default")))
#else
#define TY_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Errors of the library itself, returned negated. Operating-system errors are returned as `-errno`, below 4000.
 * The numbers are pinned: they never change and retired ones are not reused.
 * @since 0.1
 */
enum ty_error {
	TY_ENOTPYTHON = 4001, /**< the process holds no CPython runtime */
	TY_EVERSION = 4002,   /**< a CPython older or newer than this library knows, or for another machine; never guessed at */
	TY_EOFFSETS = 4003,   /**< the runtime's table of struct offsets failed validation */
	TY_ESTARTING = 4004,  /**< CPython is still starting, or already finishing: no interpreter yet; try again */
	TY_EEXITED = 4005,    /**< the process ended */
	TY_EREPLACED = 4006,  /**< the process called exec(): see ty_reattach() */
	TY_EPERMISSION = 4007, /**< reading the process is refused; ty_last_error() names the check and the remedy */
	TY_ECAPTURE = 4008,   /**< not a capture file, or a truncated or corrupted one */
	TY_ECORRUPT = 4009,   /**< the target's memory contradicts itself */
	TY_ENOTFOUND = 4010,  /**< no such function id, thread index or instruction */
	TY_EOPCODE = 4011,    /**< that version of CPython has no such opcode */
	TY_EOPTION = 4012,    /**< an option is out of its range, or set in a part of a struct this library does not know */
	TY_ESTALE = 4013,     /**< the frame belongs to an earlier snapshot, or its code was destroyed since */
	TY_ELIMIT = 4014,     /**< a named safety limit was reached */
	TY_ESTATE = 4015,     /**< the call does not fit the state of the handle */
	TY_ERECORDING = 4016  /**< not a recording, or a damaged one; ty_last_error() has the place as address */
};

/**
 * Broad classes of errors, so that a caller can decide without knowing every code.
 * @since 0.1
 */
enum ty_error_class {
	TY_CLASS_NONE = 0,       /**< not an error */
	TY_CLASS_RETRY = 1,      /**< the same call may succeed later */
	TY_CLASS_GONE = 2,       /**< the process ended */
	TY_CLASS_PERMISSION = 3, /**< the caller lacks a right */
	TY_CLASS_UNSUPPORTED = 4, /**< this target cannot be read by this library */
	TY_CLASS_USAGE = 5,      /**< the caller's arguments */
	TY_CLASS_SYSTEM = 6      /**< memory, files, the operating system */
};

/**
 * What the library was doing when an error occurred.
 * @since 0.1
 */
enum ty_phase {
	TY_PHASE_NONE = 0,     /**< nothing: there was no error */
	TY_PHASE_OPEN = 1,     /**< opening the process or the file */
	TY_PHASE_DISCOVER = 2, /**< looking for the runtime */
	TY_PHASE_VALIDATE = 3, /**< checking version and offsets */
	TY_PHASE_SAMPLE = 4,   /**< reading threads and frames */
	TY_PHASE_RESOLVE = 5,  /**< reading code objects, names and tables */
	TY_PHASE_OUTPUT = 6    /**< writing a result */
};

/**
 * The last error of a handle in full.
 * @since 0.1
 */
typedef struct ty_error_info {
	size_t size;         /**< in: sizeof(ty_error_info) */
	int code;            /**< negative, as returned; 0 if there was none */
	int os_errno;        /**< the errno behind it, 0 if none */
	int phase;           /**< enum ty_phase */
	int error_class;     /**< enum ty_error_class */
	uint64_t address;    /**< address in the target that was being read, 0 if none */
	const char *message; /**< one or more lines: what happened and what to do; valid until the handle's next call */
} ty_error_info;

/**
 * Text for a return value of this library, e.g. ty_strerror(-TY_ENOTPYTHON).
 * @param code negative or positive error number
 * @return a static string, never NULL
 * @note Any thread. @since 0.1
 */
TY_API const char *ty_strerror(int code);

/**
 * Class of a return value: retry, gone, permission, …
 * @param code negative or positive error number
 * @return enum ty_error_class
 * @note Any thread. @since 0.1
 */
TY_API int ty_error_classify(int code);

/**
 * Severity of a log message.
 * @since 0.1
 */
enum ty_log_level {
	TY_LOG_ERROR = 1,   /**< a call failed */
	TY_LOG_WARNING = 2, /**< something is missing from a result */
	TY_LOG_INFO = 3,    /**< what was found in a target */
	TY_LOG_DEBUG = 4    /**< what was tried */
};

/**
 * Receiver of log messages. The default is silence.
 * @param level enum ty_log_level
 * @param message one line without newline, valid during the call
 * @param user_data as given with the function
 * @note Called from the thread that uses the handle. @since 0.1
 */
typedef void (*ty_log_fn)(int level, const char *message, void *user_data);

/**
 * Version of the library that is running, e.g. "0.1.0".
 * @return a static string
 * @note Any thread. @since 0.1
 */
TY_API const char *ty_version_string(void);

/**
 * Version of the library that is running as one number: major << 16 | minor << 8 | patch.
 * @note Any thread. @since 0.1
 */
TY_API uint32_t ty_version_number(void);

#ifdef __cplusplus
}
#endif

#endif
