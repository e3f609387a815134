/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_ERROR_H
#define TY_UTIL_ERROR_H

/*
 * The error of a handle: what ty_last_error() gives. Every function that can fail takes the error it is to fill;
 * ty_fail() fills it and returns the code, so that a failing line reads `return ty_fail(error, -TY_EVERSION, …)`.
 */

#include <stdint.h>

#include <tachyon/base.h>

#define TY_MESSAGE_BYTES 1024

struct ty_error_state {
	int code; /* negative, 0: none */
	int os_errno;
	int phase; /* enum ty_phase: set by the caller before it begins something */
	uint64_t address;
	char message[TY_MESSAGE_BYTES];
	ty_log_fn log;
	void *log_user_data;
};

/* Records an error with its text and gives `code` back. For a code that is an errno, os_errno is set too. */
__attribute__((format(printf, 3, 4))) int ty_fail(struct ty_error_state *error, int code, const char *format, ...);

/* The same, with the address in the target that was being read. */
__attribute__((format(printf, 4, 5))) int ty_fail_at(struct ty_error_state *error, int code, uint64_t address,
                                                     const char *format, ...);

void ty_error_clear(struct ty_error_state *error);

/* One line to the hook of the handle; nothing without a hook. */
__attribute__((format(printf, 3, 4))) void ty_log(const struct ty_error_state *error, int level, const char *format,
                                                  ...);

#endif
