/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAMILY_H
#define FAMILY_H

/*
 * --subprocesses: a process and all its descendants, each sampled by a thread of its own (ptrace(2) is tied to one, and
 * handles of the library may be used in parallel). The main thread watches for processes, signals and the time.
 *
 * What threads share is in struct family behind its lock; the rest of a member is its own thread's until that has
 * finished.
 */

#include "cli.h"

#include <pthread.h>

#define NAME_BYTES 32

enum member_state {
	MEMBER_TRYING,   /* it is not known to be Python yet */
	MEMBER_STARTING, /* it is Python, and not up yet */
	MEMBER_OTHER,    /* it is something else, as far as one can tell */
	MEMBER_SAMPLED,
	MEMBER_REFUSED
};

struct member {
	struct family *family;
	pid_t pid;
	pthread_t thread;
	struct options options; /* with the places of its own results */
	struct outputs *outputs;
	char places[OUTPUTS_MAX][4096]; /* names in options.outputs point here */
	char name[NAME_BYTES];          /* the kernel's, for messages */

	/* Behind the family's lock. */
	enum member_state state;
	bool replaced; /* exec() since it was last tried */
	bool waiting;  /* for its turn to write */
	bool finished; /* the thread has nothing more to do */
	ty_sampler *sampler;
	ty_run_summary so_far;
	ty_target_counters counters;
};

struct family {
	const struct options *options;
	struct outputs *outputs; /* of the first Python, or of all with --merge */
	pid_t root;
	ty_target *merged; /* --merge; NULL otherwise */
	uint64_t start_ns;
	int living; /* processes that have not ended */

	pthread_mutex_t lock;
	pthread_cond_t changed; /* over, replaced or reported */
	bool over;              /* everybody is to end */
	size_t refusals_told;   /* processes that cannot be read, of which that was said */
	bool reported;          /* the report is written: the first may write its results */
	struct member *first;   /* that has the outputs as they were named */
	struct member **members;
	size_t count, capacity;
	int error;           /* the first that a result gave with --merge */
	ty_run_summary gone; /* sum of members that are no more */
	ty_target_counters counters_gone;
	ty_target_information python;     /* of the first */
	size_t sampled, refused, unready; /* processes, by how it went */
	size_t others;
	char other_names[512]; /* of some of them */
};

/* member.c */
struct member *member_start(struct family *family, pid_t pid);
void member_free(struct member *member);

/* What session.c asks of a member: called by its thread. */
void member_watch(struct member *member, ty_sampler *sampler);
void member_progress(struct member *member, const ty_run_summary *so_far, const ty_target_counters *counters);
int member_give(struct member *member, const ty_snapshot *snapshot);
bool member_may_write(struct member *member, const ty_run_summary *summary, const ty_target_counters *counters);
bool member_is_over(struct member *member);
bool member_may_complain(struct member *member);

void summary_add(ty_run_summary *sum, const ty_run_summary *part);
void counters_add(ty_target_counters *sum, const ty_target_counters *part);

#endif
