/* SPDX-License-Identifier: Apache-2.0 */
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"

#define ATTEMPTS 16

/* 0666 and 0777 are cut by the umask, as for anything a program makes. */
static int make_file(const char *name)
{
	return open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static int make_folder(const char *name)
{
	return mkdir(name, 0777);
}

static int make_beside(const char *path, int (*make)(const char *name), char **name)
{
	const char *slash = strrchr(path, '/');
	int directory_bytes = slash ? (int)(slash - path) + 1 : 0;

	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		unsigned int random[2];
		int made;

		*name = NULL;
		if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
			return -EIO;
		if (asprintf(name, "%.*s.tachyon-%08x%08x", directory_bytes, path, random[0], random[1]) < 0) {
			*name = NULL;
			return -ENOMEM;
		}
		made = make(*name);
		if (made >= 0)
			return made;
		made = -errno;
		free(ty_steal_ptr(*name));
		if (made != -EEXIST)
			return made;
	}
	return -EEXIST;
}

int ty_file_make_beside(const char *path, char **name)
{
	return make_beside(path, make_file, name);
}

int ty_folder_make_beside(const char *path, char **name)
{
	return make_beside(path, make_folder, name);
}

int ty_file_sync(int fd)
{
	while (fsync(fd) < 0) {
		/* Some user-space file systems have no fsync; a full disk is no such case. */
		if (errno == EINVAL || errno == ENOSYS)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

/* Without this a crash of the machine may leave the old name or none. Not every file system can do it. */
static void sync_directory_of(const char *path)
{
	_cleanup_free_ char *directory = strdup(path);
	_cleanup_close_ int fd = -1;
	char *slash = directory ? strrchr(directory, '/') : NULL;

	if (!directory)
		return;
	if (slash)
		slash[1] = '\0';
	fd = open(slash ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		(void)fsync(fd);
}

int ty_file_replace(const char *temporary, const char *path)
{
	if (rename(temporary, path) < 0)
		return -errno;
	sync_directory_of(path);
	return 0;
}
