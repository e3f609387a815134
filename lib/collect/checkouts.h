/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_CHECKOUTS_H
#define TY_COLLECT_CHECKOUTS_H

/*
 * Which file of one run is which of another one, when the runs had different checkouts, virtual environments or
 * versions of Python:
 *
 *   the same path                                     is the same file
 *   the standard library, packages                    by their path below its root (modules.h)
 *   files of the project                              by what their paths end with. Of several that fit, the pair of
 *                                                     folders counts that explains most files: two checkouts differ
 *                                                     in one folder, not in one for each file
 */

#include <stddef.h>
#include <stdint.h>

/*
 * For every path of `before` the index of its file in `now`, SIZE_MAX if it has none. No file of `now` is given twice.
 * Allocated; NULL when memory is out.
 */
size_t *ty_checkouts_match(const char *const *before, size_t before_count, const char *const *now, size_t now_count);

#endif
