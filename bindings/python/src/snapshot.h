/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_SNAPSHOT_H
#define TPY_SNAPSHOT_H

/*
 * Snapshots as Python objects. The library's own is gone with the next sample, so everything is copied out: a snapshot
 * in Python is good for ever. What is costly to make, the frames, comes out of the cache.
 */

#include "frames.h"

/** Makes a tachyon.Snapshot. @param target the Target it is of. @return a new reference, or NULL with an exception */
PyObject *tpy_snapshot_new(struct tpy_frames *frames, PyObject *target, const ty_snapshot *snapshot);

#endif
