/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_SINK_H
#define TACHYON_SINK_H

/**
 * @file sink.h
 * A sink: where bytes go. A file (written under a temporary name and renamed when complete), a file descriptor,
 * memory, or a function of yours.
 */

#include <tachyon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where bytes go. Opaque; buffered. @since 0.1 */
typedef struct ty_sink ty_sink;

/**
 * Receives bytes.
 * @return 0 to go on, a negative errno to fail
 * @since 0.1
 */
typedef int (*ty_write_fn)(const void *data, size_t size_bytes, void *user_data);

/**
 * A file. It is created under a temporary name beside the final one at once, so that a place that cannot be written to
 * is known before there is anything to write, and renamed by ty_sink_commit(). Without a commit nothing is left behind.
 * @param path final name; an existing regular file is replaced on commit; anything else that exists (a terminal, a
 *        pipe, /dev/null) is written to directly, and so is what an open descriptor names (/dev/stdout, /dev/fd/3)
 * @param[out] sink to be freed with ty_sink_free()
 * @return 0 or -errno
 * @note Any thread. @since 0.1
 */
TY_API int ty_sink_file(const char *path, ty_sink **sink);

/**
 * An open file descriptor. It is not closed.
 * @return 0 or -errno
 * @note Any thread. @since 0.1
 */
TY_API int ty_sink_fd(int fd, ty_sink **sink);

/**
 * A function of yours, called with blocks of bytes.
 * @return 0 or -errno
 * @note Any thread. @since 0.1
 */
TY_API int ty_sink_callback(ty_write_fn write, void *user_data, ty_sink **sink);

/**
 * Memory that grows. Read it with ty_sink_data().
 * @return 0 or -errno
 * @note Any thread. @since 0.1
 */
TY_API int ty_sink_memory(ty_sink **sink);

/**
 * What a memory sink holds so far.
 * @param[out] size_bytes number of bytes
 * @return the bytes (followed by a NUL), owned by the sink and valid until its next call; NULL for other sinks
 * @note One thread at a time per sink. @since 0.1
 */
TY_API const char *ty_sink_data(ty_sink *sink, size_t *size_bytes);

/**
 * Writes bytes. After an error every further write returns that error.
 * @return 0 or -errno
 * @note One thread at a time per sink. @since 0.1
 */
TY_API int ty_sink_write(ty_sink *sink, const void *data, size_t size_bytes);

/**
 * Flushes, and for a file makes it durable under its final name.
 * @return 0 or -errno, the first error of any write included
 * @note One thread at a time per sink. @since 0.1
 */
TY_API int ty_sink_commit(ty_sink *sink);

/**
 * Frees a sink. What was not committed is dropped. NULL is allowed.
 * @note One thread at a time per sink. @since 0.1
 */
TY_API void ty_sink_free(ty_sink *sink);

#ifdef __cplusplus
}
#endif

#endif
