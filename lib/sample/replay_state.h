/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_REPLAY_STATE_H
#define TY_SAMPLE_REPLAY_STATE_H

/* What is behind a replay, for the files it is written in. */

#include "recording/reader.h"
#include "sample/replay.h"

/* Keys of threads: the recording's number above, its own key below. */
#define KEY_SHIFT 48

struct ty_replay_source {
	struct ty_replay *replay;
	struct ty_recording_reader *reader;
	uint64_t thread_base; /* added to keys */
	int64_t shift_ns;     /* added to its times, so that they are those of the first one */
	bool over; /* nothing more comes of it */
};

/* Whose a function id is: the recording, and its number there. */
struct ty_replay_owner {
	uint32_t source;
	uint32_t index;
};

struct ty_replay {
	ty_target *target;
	TY_ARRAY(struct ty_replay_source *) sources;
	TY_ARRAY(struct ty_replay_owner) functions; /* by id - 1 */
	struct ty_replay_source *current;           /* whose snapshot it is; NULL: none */
	uint64_t snapshots;
	uint64_t first_ns, last_ns; /* times of the snapshots so far */
};

#endif
