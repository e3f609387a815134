/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_CONFIRM_H
#define TY_SAMPLE_CONFIRM_H

#include "sample/target.h"

/*
 * Makes sure that the code objects a walk used still are what was cached: compares their identity with the header that
 * came with the same reading, or that is read now, by one call for all. What was replaced is fetched anew and
 * result->code_changed is set.
 */
void ty_codes_confirm(ty_target *target, struct ty_walk_result *result);

#endif
