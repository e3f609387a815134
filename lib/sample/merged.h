/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_MERGED_H
#define TY_SAMPLE_MERGED_H

/*
 * A target that stands for others.
 *
 * What is translated is the ids, so that every collector is right as it is: those of functions, which each target
 * counts from 1, those of threads, and the keys of both. Functions are copied into the merged target's own table, where
 * equal content has one id; so they outlive the process they were seen in. What cannot be copied (bytecode as it is
 * now, names of threads) is asked of the source that the last snapshot came from, and of no other: that one is not in
 * use by anybody else at that time.
 */

#include <tachyon/disassembly.h>
#include <tachyon/merged.h>

struct ty_merged;

void ty_merged_free(struct ty_merged *merged);

/* What the public functions of a snapshot and a target do for a merged one. */
int32_t ty_merged_pid(const struct ty_merged *merged);
size_t ty_merged_threads(const struct ty_merged *merged);
int ty_merged_thread(const struct ty_merged *merged, size_t index, ty_thread_info *info);
const char *ty_merged_thread_name(const struct ty_merged *merged, uint64_t thread_key);
void ty_merged_statistics(const struct ty_merged *merged, ty_target_counters *counters);

/* -TY_ESTALE: the source of the last snapshot does not know the function. */
int ty_merged_instruction(const struct ty_merged *merged, const ty_frame *frame, ty_instruction_info *instruction);
int ty_merged_disassemble(const struct ty_merged *merged, uint32_t function, ty_disassembly_fn callback,
                          void *user_data);

#endif
