/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TASKS_H
#define CLI_TASKS_H

/* What the two forms of `tasks` share. */

#include "cli.h"

struct tasks {
	const struct options *options;
	ty_target *target;
	const ty_task_list *list;
	ty_task_list_info info;
};

/* tasks_json.c: 0, or -1 after saying what went wrong. */
int tasks_print_json(const struct tasks *tasks);

#endif
