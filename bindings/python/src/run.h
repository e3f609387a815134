/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_RUN_H
#define TPY_RUN_H

/*
 * What collectors are handed samples by: a sampler, or the session of a merged target. Built-in collectors, live models
 * and Python objects are taken for the time of the run, so that no other one can use them, and given back.
 */

#include "destination.h"
#include "target.h"

struct tpy_receiver;

struct tpy_run {
	struct tpy_target *target;
	ty_sampler *sampler;      /* NULL: a session */
	struct tpy_raised raised; /* the first exception of Python code; it ends the run */
	/* While it runs. */
	PyObject *objects; /* tuple of collectors as Python knows them */
	Py_ssize_t taken;  /* how many of them are */
	bool complete;     /* all are: they may begin */
	ty_collector **collectors;
	struct tpy_receiver *receivers;
};

/** Takes the collectors of a tuple. false: an exception is set; tpy_run_give() in any case. */
bool tpy_run_take(struct tpy_run *run, PyObject *objects);

/** Gives them back. Keeps the exception that is set, or else the first one of a file that a collector wrote to. */
void tpy_run_give(struct tpy_run *run);

/** Tells live models how far the run is. With the GIL held, on the thread that samples. */
void tpy_run_progress(struct tpy_run *run, const ty_run_summary *so_far);

/** For the tp_traverse of who has one. */
int tpy_run_visit(struct tpy_run *run, visitproc visit, void *arg);

#endif
