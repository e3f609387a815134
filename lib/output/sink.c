/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sinks: where finished bytes go. One buffer and one sticky error in front of four kinds of receivers.
 *
 * A file is written under a temporary name beside its final one, so that a reader never sees half a profile and a
 * failed run leaves the profile of the last one alone (util/file.h).
 * The temporary file is made when the sink is: a directory that cannot be written to is known before hours of sampling.
 * What is no regular file (a terminal, a pipe, /dev/null) cannot be replaced and is written to as it is; so is what is
 * named by an open descriptor (/dev/stdout, /dev/fd/3): whoever opened it, with `>` or `>>`, goes on writing to that
 * very file, at that place.
 *
 * The first error sticks, so that writers may ignore the result of single writes and ask once, at the commit.
 */
#include "output/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "util/array.h"
#include "util/cleanup.h"
#include "util/file.h"

#define BUFFER_BYTES ((size_t)64 * 1024)

struct ty_sink {
	/* Takes a block that left the buffer. 0 or a negative error. */
	int (*take)(struct ty_sink *sink, const char *data, size_t size_bytes);
	int error; /* the first one, negative */
	int fd;    /* -1: none */
	bool owns_fd;
	bool in_memory;
	bool committed; /* a file that has its final name: nothing may follow */
	char *path;     /* final name of a file that is replaced */
	char *temporary;
	ty_write_fn write;
	void *user_data;
	TY_ARRAY(char) buffer; /* a memory sink's contents, or what was not taken yet */
};

static int wait_writable(int fd)
{
	struct pollfd waiting = { .fd = fd, .events = POLLOUT };

	return poll(&waiting, 1, -1) < 0 && errno != EINTR ? -errno : 0;
}

static int take_fd(struct ty_sink *sink, const char *data, size_t size_bytes)
{
	while (size_bytes) {
		ssize_t written = write(sink->fd, data, size_bytes);
		int error = 0;

		if (written >= 0) {
			data += written;
			size_bytes -= (size_t)written;
		} else if (errno == EAGAIN) {
			/* Somebody who shares the terminal or pipe with us made it non-blocking. */
			error = wait_writable(sink->fd);
		} else if (errno != EINTR) {
			error = -errno;
		}
		if (error)
			return error;
	}
	return 0;
}

static int take_callback(struct ty_sink *sink, const char *data, size_t size_bytes)
{
	int result = sink->write(data, size_bytes, sink->user_data);

	/* Its contract knows no positive result; taking one for success would lose bytes silently. */
	return result > 0 ? -EIO : result;
}

static struct ty_sink *new_sink(int (*take)(struct ty_sink *, const char *, size_t))
{
	struct ty_sink *sink = calloc(1, sizeof(*sink));

	if (!sink || !ty_array_reserve(&sink->buffer, BUFFER_BYTES)) {
		free(sink);
		return NULL;
	}
	sink->take = take;
	sink->in_memory = !take;
	sink->fd = -1;
	return sink;
}

int ty_sink_fd(int fd, ty_sink **sink)
{
	if (!sink)
		return -EINVAL;
	*sink = NULL;
	int mode = fcntl(fd, F_GETFL);

	if (mode < 0)
		return -errno;
	if ((mode & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	*sink = new_sink(take_fd);
	if (!*sink)
		return -ENOMEM;
	(*sink)->fd = fd;
	return 0;
}

int ty_sink_callback(ty_write_fn write, void *user_data, ty_sink **sink)
{
	if (!sink)
		return -EINVAL;
	*sink = NULL;
	if (!write)
		return -EINVAL;
	*sink = new_sink(take_callback);
	if (!*sink)
		return -ENOMEM;
	(*sink)->write = write;
	(*sink)->user_data = user_data;
	return 0;
}

int ty_sink_memory(ty_sink **sink)
{
	if (!sink)
		return -EINVAL;
	*sink = new_sink(NULL);
	return *sink ? 0 : -ENOMEM;
}

/*
 * Replaces a regular file: the one that a symbolic link points to rather than the link, and only if it could have been
 * overwritten; it keeps its permissions.
 */
static int open_replacing(struct ty_sink *sink, const char *path, const struct stat *existing)
{
	int error;

	sink->path = existing ? realpath(path, NULL) : strdup(path);
	if (!sink->path)
		return -errno;
	if (existing && faccessat(AT_FDCWD, sink->path, W_OK, AT_EACCESS) < 0)
		return -errno;
	sink->fd = ty_file_make_beside(sink->path, &sink->temporary);
	error = sink->fd < 0 ? sink->fd : 0;
	if (!error && existing && fchmod(sink->fd, existing->st_mode & 0777) < 0)
		error = -errno;
	return error;
}

static int open_directly(struct ty_sink *sink, const char *path, int flags)
{
	sink->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags);
	return sink->fd < 0 ? -errno : 0;
}

/* The descriptor of ours that a path is a usual name of; -1: of none. */
static int named_descriptor(const char *path)
{
	static const char *const DIRECTORIES[] = { "/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/" };

	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof(DIRECTORIES) / sizeof(*DIRECTORIES); i++) {
		size_t length = strlen(DIRECTORIES[i]);
		const char *digits = path + length;

		if (strncmp(path, DIRECTORIES[i], length) == 0 && *digits &&
		    strspn(digits, "0123456789") == strlen(digits))
			return (int)strtol(digits, NULL, 10);
	}
	return -1;
}

/* Shares the place in the file with everybody who has the descriptor. */
static int open_descriptor(struct ty_sink *sink, int fd)
{
	int mode = fcntl(fd, F_GETFL);

	if (mode >= 0 && (mode & O_ACCMODE) == O_RDONLY)
		return -EACCES;
	sink->fd = mode < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return sink->fd < 0 ? -errno : 0;
}

/* Whether the path leads to a file through a descriptor of some process, by links of /proc. */
static bool leads_through_descriptor(const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_MAGICLINKS };
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == ELOOP;
}

static int open_file(struct ty_sink *sink, const char *path)
{
	size_t length = strlen(path);
	int descriptor = named_descriptor(path);
	struct stat existing;

	if (descriptor >= 0)
		return open_descriptor(sink, descriptor);
	if (stat(path, &existing) < 0) {
		if (errno != ENOENT || !length)
			return -errno;
		return path[length - 1] == '/' ? -EISDIR : open_replacing(sink, path, NULL);
	}
	if (S_ISDIR(existing.st_mode))
		return -EISDIR;
	if (!S_ISREG(existing.st_mode))
		return open_directly(sink, path, 0);
	return leads_through_descriptor(path) ? open_directly(sink, path, O_APPEND)
	                                      : open_replacing(sink, path, &existing);
}

int ty_sink_file(const char *path, ty_sink **sink)
{
	struct ty_sink *made;
	int error;

	if (!sink)
		return -EINVAL;
	*sink = NULL;
	if (!path)
		return -EINVAL;
	made = new_sink(take_fd);
	if (!made)
		return -ENOMEM;
	made->owns_fd = true;
	error = open_file(made, path);
	if (error) {
		ty_sink_free(made);
		return error;
	}
	*sink = made;
	return 0;
}

static int flush(struct ty_sink *sink)
{
	if (!sink->error && !sink->in_memory && sink->buffer.count)
		sink->error = sink->take(sink, sink->buffer.items, sink->buffer.count);
	if (!sink->in_memory)
		ty_array_clear(&sink->buffer);
	return sink->error;
}

/* One byte more than asked for, for the NUL that ty_sink_data() promises. */
static int append(struct ty_sink *sink, const void *data, size_t size_bytes)
{
	size_t count = sink->buffer.count;

	if (size_bytes >= SIZE_MAX - count || !ty_array_reserve(&sink->buffer, count + size_bytes + 1))
		return sink->error = -ENOMEM;
	memcpy(sink->buffer.items + count, data, size_bytes);
	sink->buffer.count = count + size_bytes;
	return 0;
}

int ty_sink_write(ty_sink *sink, const void *data, size_t size_bytes)
{
	if (!sink->error && sink->committed)
		sink->error = -TY_ESTATE;
	if (sink->error || !size_bytes)
		return sink->error;
	if (sink->in_memory)
		return append(sink, data, size_bytes);
	if (size_bytes >= BUFFER_BYTES - sink->buffer.count && flush(sink))
		return sink->error;
	if (size_bytes >= BUFFER_BYTES)
		return sink->error = sink->take(sink, data, size_bytes);
	return append(sink, data, size_bytes);
}

void ty_sink_fail(ty_sink *sink, int error)
{
	if (!sink->error)
		sink->error = error;
}

int ty_sink_error(const ty_sink *sink)
{
	return sink->error;
}

const char *ty_sink_data(ty_sink *sink, size_t *size_bytes)
{
	if (!sink->in_memory)
		return NULL;
	sink->buffer.items[sink->buffer.count] = '\0';
	if (size_bytes)
		*size_bytes = sink->buffer.count;
	return sink->buffer.items;
}

static int close_file(struct ty_sink *sink)
{
	/* Network file systems tell of a full disk no earlier than here. */
	return close(ty_steal_fd(&sink->fd)) < 0 && errno != EINTR ? -errno : 0;
}

static int commit_file(struct ty_sink *sink)
{
	int error = 0;

	if (sink->temporary)
		error = ty_file_sync(sink->fd);
	if (!error)
		error = close_file(sink);
	if (error || !sink->temporary)
		return error;
	error = ty_file_replace(sink->temporary, sink->path);
	if (!error)
		free(ty_steal_ptr(sink->temporary));
	return error;
}

int ty_sink_commit(ty_sink *sink)
{
	if (flush(sink) || sink->committed || !sink->owns_fd)
		return sink->error;
	sink->error = commit_file(sink);
	sink->committed = true;
	return sink->error;
}

void ty_sink_free(ty_sink *sink)
{
	if (!sink)
		return;
	if (sink->owns_fd && sink->fd >= 0)
		close(sink->fd);
	if (sink->temporary)
		unlink(sink->temporary);
	free(sink->temporary);
	free(sink->path);
	ty_array_free(&sink->buffer);
	free(sink);
}
