/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_MERGED_H
#define TACHYON_MERGED_H

/**
 * @file merged.h
 * Several targets as one: so that one collector gathers the samples of many processes.
 */

#include <tachyon/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a target that stands for others. It reads no process: give it the snapshots of its sources with
 * ty_merged_sample(), and its own to collectors. Functions of equal content are one function, whatever process they were
 * seen in; each snapshot is of one process (ty_snapshot_pid()), and its threads are known by the ids that we see
 * (host_id).
 *
 * ty_target_info() gives what is known of the first source; its versions are 0 when sources differ in theirs.
 * ty_function() and ty_location() answer as long as the merged target lives, also for sources that are gone.
 * ty_instruction(), ty_disassemble() and ty_thread_name() may have to ask the source: they do so between
 * ty_merged_sample() and the next one, for what is in that source.
 *
 * @param[out] merged to be freed with ty_detach()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_merged_new(ty_target **merged);

/**
 * Gives a snapshot of a source as one of the merged target. The number of sources is not limited.
 * @param merged from ty_merged_new()
 * @param snapshot of any target that is not merged itself
 * @param[out] out owned by merged and valid until its next ty_merged_sample(); NULL on error
 * @return 0, -TY_ESTATE, -ENOMEM
 * @note One thread at a time per merged target; the source must not be used by another one meanwhile, nor while
 *       collectors are given the result. @since 0.1
 */
TY_API int ty_merged_sample(ty_target *merged, const ty_snapshot *snapshot, const ty_snapshot **out);

/**
 * Tells that a source will give no more snapshots: before ty_detach() on it, or when another thread is to use it. It is
 * not asked any more; functions, ids and counters of it stay.
 * @return 0; -TY_ENOTFOUND if it never gave a snapshot; -TY_ESTATE
 * @note One thread at a time per merged target. @since 0.1
 */
TY_API int ty_merged_leave(ty_target *merged, ty_target *source);

#ifdef __cplusplus
}
#endif

#endif
