/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_CLEANUP_H
#define TY_UTIL_CLEANUP_H

/*
 * Scope-bound release of resources. A variable marked with one of these is released when its scope is left;
 * ty_steal_ptr() and ty_steal_fd() take the value out first.
 */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(function) __attribute__((cleanup(function)))

static inline void ty_free_p(void *pointer)
{
	free(*(void **)pointer);
}

static inline void ty_close_p(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void ty_fclose_p(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void ty_closedir_p(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define _cleanup_free_ _cleanup_(ty_free_p)
#define _cleanup_close_ _cleanup_(ty_close_p)
#define _cleanup_fclose_ _cleanup_(ty_fclose_p)
#define _cleanup_closedir_ _cleanup_(ty_closedir_p)

#define ty_steal_ptr(variable)                                                                                         \
	({                                                                                                             \
		__typeof__(variable) stolen_ = (variable);                                                             \
		(variable) = NULL;                                                                                     \
		stolen_;                                                                                               \
	})

static inline int ty_steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

#endif
