/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_MERGED_H
#define TPY_MERGED_H

/*
 * tachyon.Merged: several targets as one, and tachyon.Session: a run over them.
 *
 * The library wants to be told before a source goes, and asks the source of the last snapshot what it cannot know
 * itself. So sources belong to the merged target while they are part of it; their handles know its handle, which leaves
 * them when they are closed, and it knows the handle that it may ask, which must not be in use by another thread then.
 */

#include "run.h"

struct tpy_merged {
	PyObject_HEAD
	struct tpy_target *target; /* that stands for all; NULL: it could not be made */
	PyObject *sources;         /* list of Target */
};

/* A sample of a source, from when both are taken to when they are given back. */
struct tpy_merged_call {
	struct tpy_merged *merged;
	struct tpy_target *source;
	const ty_snapshot *snapshot; /* of the merged target */
};

/** Takes merged target and source, and a sample. false: an exception is set, and nothing is taken. */
bool tpy_merged_begin(struct tpy_merged_call *call, struct tpy_merged *merged, PyObject *source);

/** Gives both back. */
void tpy_merged_end(struct tpy_merged_call *call);

/** Merged.session(*collectors, …). */
PyObject *tpy_session_new(struct tpy_merged *merged, PyObject *collectors, PyObject *keywords);

#endif
