/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_LIVE_H
#define TPY_LIVE_H

/* tachyon.Live: a profile to look at while it grows. */

#include "run.h"

/** Takes a live model for a run. NULL without an exception: it is none. */
ty_collector *tpy_live_take(struct tpy_run *run, PyObject *object);

/** After the run. @return false: the object is no live model */
bool tpy_live_give(struct tpy_run *run, PyObject *object);

/** Tells a live model how far its run is, and saves what was asked for meanwhile. Nothing for other objects. */
void tpy_live_progress(struct tpy_run *run, PyObject *object, const ty_run_summary *so_far);

#endif
