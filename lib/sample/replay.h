/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_REPLAY_H
#define TY_SAMPLE_REPLAY_H

/*
 * A target that is a recording. The public functions ask here instead of a process: what is read from memory elsewhere
 * is looked up in the tables of the recording.
 */

#include <tachyon/disassembly.h>
#include <tachyon/recording.h>

#include "sample/target.h"

struct ty_replay;

void ty_replay_free(struct ty_replay *replay);

/* As the public functions of these names. */
int ty_replay_sample(ty_target *target);
/* Process of the snapshot's threads; 0 where it has none. */
int32_t ty_replay_pid(const struct ty_replay *replay);
size_t ty_replay_threads(const struct ty_replay *replay);
int ty_replay_thread(const struct ty_replay *replay, size_t index, ty_thread_info *info);
int ty_replay_function(const struct ty_replay *replay, uint32_t id, ty_function_info *info);
int ty_replay_location(const struct ty_replay *replay, const ty_frame *frame, ty_location_info *location);
int ty_replay_instruction(const struct ty_replay *replay, const ty_frame *frame, ty_instruction_info *instruction);
int ty_replay_disassemble(ty_target *target, uint32_t function, ty_disassembly_fn callback, void *user_data);
const char *ty_replay_thread_name(const struct ty_replay *replay, uint64_t thread_key);
void ty_replay_target_info(const struct ty_replay *replay, ty_target_information *information);

/* What the recorded run says of itself, for the sampler: the rest of the summary is counted while it is replayed. */
void ty_replay_run(const struct ty_replay *replay, ty_run_info *run);
void ty_replay_summary(const struct ty_replay *replay, ty_run_summary *summary);

#endif
