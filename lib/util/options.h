/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_OPTIONS_H
#define TY_UTIL_OPTIONS_H

/*
 * Structs that grow with the ABI (base.h): the first member is `size_t size`.
 *
 * Options: ty_options_in() copies what the caller has into a zeroed local of today's layout and refuses a non-zero tail
 * that this library does not know, so that a newer program on an older library fails loudly.
 * Results: ty_options_out() copies as much as the caller has room for and keeps the caller's size.
 */

#include <stddef.h>

/* 0 or -TY_EOPTION. `given` may be NULL: then `local` is all zero but its size. */
int ty_options_in(void *local, size_t local_size_bytes, const void *given);

/* 0 or -TY_EOPTION when `given` is NULL or has no size. */
int ty_options_out(void *given, const void *local, size_t local_size_bytes);

#endif
