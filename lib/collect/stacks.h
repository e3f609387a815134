/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_STACKS_H
#define TY_COLLECT_STACKS_H

/*
 * The samples of a run as a call tree: what most collectors stand on. Feed it every snapshot, read `tree` at the end.
 */

#include <tachyon/collector.h>

#include "collect/calltree.h"
#include "collect/instructions.h"
#include "util/map.h"

#define TY_VERDICTS (TY_FAILED + 1)

/* A thread as reports show it. Threads that had one id after another are one. */
struct ty_stacks_identity {
	uint64_t id;
	int64_t interpreter;
	int32_t pid; /* of its process; 0: the target's */
	bool is_main;
	uint64_t seen; /* snapshots it was in */
	char *name;    /* as the target gave it last */
};

/* A thread of the target, while it lives. */
struct ty_stacks_thread {
	uint64_t key;
	uint64_t id;   /* as reports show it */
	int32_t pid;   /* of its process */
	uint64_t seen; /* number, among those of its process, of the snapshot it was last in */
	uint64_t last; /* number of that snapshot among all */
	uint32_t root; /* node that its stacks begin under */
	uint32_t identity;
	/* Nodes of the outermost frames of its stack in the last snapshot. All of them, or fewer where the rest was not
	 * counted. */
	TY_ARRAY(uint32_t) path;
};

struct ty_stacks {
	struct ty_calltree tree;
	struct ty_instructions instructions;
	TY_ARRAY(struct ty_stacks_identity) identities; /* a TY_CALLTREE_THREAD node has its index as function */
	uint64_t verdicts[TY_VERDICTS];                 /* stacks by verdict, counted in the tree or not */
	uint64_t counted;                               /* stacks in the tree */
	ty_target *target;
	bool by_thread;
	bool with_instructions;
	int trust; /* enum ty_trust */
	/*
	 * Called for every stack of a snapshot when it has been counted, if not NULL: for collectors that want to know
	 * when. node: its leaf's; 0 if it was not counted. 0 or a negative error.
	 */
	int (*observe)(const struct ty_stacks_thread *thread, const ty_thread_info *info, uint32_t node,
	               void *user_data);
	void *observe_user_data;

	TY_ARRAY(struct ty_stacks_thread) threads;
	struct ty_map thread_by_key;  /* index in threads */
	struct ty_map identity_by_id; /* index in identities by thread id */
	uint64_t snapshots;
	/* A merged target gives snapshots of one process after the other: the threads of the others are not gone. */
	struct ty_map turns;   /* number of snapshots by process */
	int32_t pid;           /* of the last snapshot */
	uint64_t turn;         /* its number among those of its process */
	uint64_t longest_turn; /* of any process */
	size_t foreign;        /* threads of other processes that were kept when dead ones were last dropped */
	uint64_t target_samples; /* samples the target had given when the last snapshot came */
};

/* by_thread: the children of the root are threads, their children the outermost frames. 0, -TY_EOPTION or -ENOMEM. */
int ty_stacks_init(struct ty_stacks *stacks, bool by_thread, bool with_instructions, int trust);
void ty_stacks_free(struct ty_stacks *stacks);

/* 0, -ENOMEM, -TY_ESTATE for a snapshot of another target than the first one's, or a reader's error. */
int ty_stacks_add(struct ty_stacks *stacks, const ty_snapshot *snapshot);

/* Adds a copy of an identity, its name included, that is found by `key`. 0 or -ENOMEM, and then nothing was added. */
int ty_stacks_add_identity(struct ty_stacks *stacks, const struct ty_stacks_identity *known, uint64_t key);

#endif
