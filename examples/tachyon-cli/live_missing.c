/* SPDX-License-Identifier: Apache-2.0 */
/* In the place of the live view where curses was not there when this program was built. */
#include "cli.h"

#include <stddef.h>

struct live *live_open(const struct options *options)
{
	(void)options;
	complain("--live is missing: this " PROGRAM
	         " was built without ncurses. Install its headers (libncurses-dev on "
	         "Debian), then build again");
	return NULL;
}

/* Nobody comes here without a view. */
int live_begin(struct live *live, ty_target *target)
{
	(void)live;
	(void)target;
	return 0;
}

bool live_goes_on(struct live *live, const ty_run_summary *so_far)
{
	(void)live;
	(void)so_far;
	return false;
}

void live_sampling(struct live *live, ty_sampler *sampler)
{
	(void)live;
	(void)sampler;
}

void live_apply(struct live *live, struct options *options)
{
	(void)live;
	(void)options;
}

ty_collector *live_collector(struct live *live)
{
	(void)live;
	return NULL;
}

void live_count(struct live *live, const ty_run_summary *so_far)
{
	(void)live;
	(void)so_far;
}

bool live_was_quit(const struct live *live)
{
	(void)live;
	return false;
}

void live_end(struct live *live, const ty_run_summary *summary, int error)
{
	(void)live;
	(void)summary;
	(void)error;
}

const int *live_stdio(const struct live *live)
{
	(void)live;
	return NULL;
}

void live_started(struct live *live)
{
	(void)live;
}

void live_free(struct live *live)
{
	(void)live;
}
