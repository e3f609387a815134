/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_TASKS_H
#define TPY_TASKS_H

/* asyncio tasks of a target. */

#include "frames.h"

/** A Tasks of a reading. @return a new reference, or NULL with an exception */
PyObject *tpy_tasks_new(struct tpy_frames *frames, const ty_task_list *list);

#endif
