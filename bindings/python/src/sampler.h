/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_SAMPLER_H
#define TPY_SAMPLER_H

/*
 * tachyon.Sampler: a clock on a target, to iterate over or to run with collectors.
 *
 * Ctrl-C: the library calls back several times a second, also while it waits, and there signals get their turn.
 */

#include "target.h"

/** Target.sampler(…). */
PyObject *tpy_sampler_new(struct tpy_target *target, PyObject *args, PyObject *keywords);

/** Makes a Summary. */
PyObject *tpy_summary_new(struct tpy_state *state, const ty_run_summary *summary);

#endif
