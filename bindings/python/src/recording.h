/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_RECORDING_H
#define TPY_RECORDING_H

/*
 * What BinaryWriter and BinaryReader of tachyon.remote_debugging stand on: recordings that are written from, and read
 * as, the named tuples of CPython's _remote_debugging.
 */

#include "state.h"

/** RecordingInfo of a target. @return a new reference, or NULL with an exception */
PyObject *tpy_recording_info(struct tpy_state *state, struct tpy_handle *handle);

#endif
