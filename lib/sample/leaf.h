/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_LEAF_H
#define TY_SAMPLE_LEAF_H

/*
 * The bytecode of a thread's leaf function. Instructions are specialized while the program runs, so the leaf's is read
 * in the same vector read as its frame; the leaf of the last sample is the prediction for the next. What was read is
 * also the newest copy of that function's bytecode: it serves when the function is not the predicted one
 * (TY_FRAME_OPCODE_LATER).
 */

#include "sample/thread.h"

/* Takes over the bytecode that a reading has brought. */
void ty_leaf_update(struct ty_plan *plan, struct ty_thread *thread);

/* Makes the leaf of this sample's stack the prediction for the next. */
void ty_leaf_predict(struct ty_plan *plan, struct ty_thread *thread);

#endif
