/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_LIVE_ROWS_H
#define TPY_LIVE_ROWS_H

/* Rows of a live model as named tuples. Each is called with the GIL held; a new reference, or NULL with an exception.
 */

#include "state.h"

PyObject *tpy_live_overview(struct tpy_state *state, ty_live *live, uint32_t thread);

/** All threads, as a list. */
PyObject *tpy_live_threads(struct tpy_state *state, ty_live *live);

/** Makes one row of the last list of its kind. */
typedef PyObject *(*tpy_live_row)(struct tpy_state *state, ty_live *live, size_t index);

PyObject *tpy_live_function(struct tpy_state *state, ty_live *live, size_t index);
PyObject *tpy_live_instruction(struct tpy_state *state, ty_live *live, size_t index);
PyObject *tpy_live_call(struct tpy_state *state, ty_live *live, size_t index);

#endif
