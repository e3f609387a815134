/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_COLLECTOR_H
#define TPY_COLLECTOR_H

/* tachyon.Collector: a built-in collector. Which there are is a table in collector.c. */

#include "state.h"

/** Takes a built-in collector for a run. NULL without an exception: it is no built-in one. */
ty_collector *tpy_collector_take(struct tpy_state *state, PyObject *object);

/** After the run. @return false: writing to its file raised, and that is set */
bool tpy_collector_give(PyObject *object);

#endif
