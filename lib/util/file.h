/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_FILE_H
#define TY_UTIL_FILE_H

/*
 * Files and folders that are there as a whole or not at all: made under a temporary name beside the final one, because
 * rename(2) is atomic within a file system only, and renamed when they are complete. The temporary name does not grow
 * out of the final one, which may be as long as a name can be.
 */

/* Makes a new, empty file beside `path`, for reading and writing. Its descriptor, or a negative errno. */
int ty_file_make_beside(const char *path, char **name);

/* Makes a new folder beside `path`, which does not end with a slash. 0 or a negative errno. */
int ty_folder_make_beside(const char *path, char **name);

/* Waits until a file is on the disk, where its file system can tell. 0 or a negative errno. */
int ty_file_sync(int fd);

/* Gives a complete file its final name, for good. 0 or a negative errno. */
int ty_file_replace(const char *temporary, const char *path);

#endif
