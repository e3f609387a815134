/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_FOLDER_H
#define TY_OUTPUT_FOLDER_H

/*
 * A folder of files that is there as a whole or not at all: it is made under a temporary name beside the final one at
 * once, so that a place that cannot be written to is known before there is anything to write, and renamed when it is
 * complete. A folder that exists and holds anything is never touched.
 */

#include <tachyon/sink.h>

struct ty_folder;

/* 0; -EEXIST: there is something that is no empty folder; other -errno. */
int ty_folder_new(const char *path, struct ty_folder **folder);

/* Writes one file, whose name is a plain one. 0 or the first error of `write`, the sink or the system. */
int ty_folder_write(struct ty_folder *folder, const char *name, int (*write)(ty_sink *sink, void *user_data),
                    void *user_data);

/* Gives the folder its final name. 0 or -errno. */
int ty_folder_commit(struct ty_folder *folder);

/* Frees it; without a commit nothing is left behind. NULL is allowed. */
void ty_folder_free(struct ty_folder *folder);

#endif
