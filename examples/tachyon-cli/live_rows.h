/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_ROWS_H
#define LIVE_ROWS_H

/* Rows that panel and listing have in common: a source line, or an instruction. */

#include "live.h"

void live_row_draw(const struct view *view, int row, const ty_live_instruction_info *info, bool selected);

#endif
