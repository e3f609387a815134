/* SPDX-License-Identifier: Apache-2.0 */
#include "output/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/cleanup.h"
#include "util/file.h"

struct ty_folder {
	char *path;
	char *temporary; /* NULL: committed, or never made */
	int fd;
	TY_ARRAY(char *) names; /* of its files */
};

/* Whether a path can become a folder: it is free, or an empty one. */
static int check_free(const char *path)
{
	_cleanup_closedir_ DIR *existing = opendir(path);
	const struct dirent *entry;

	/* The path itself may be no folder, or something on the way to it. */
	if (!existing && errno == ENOTDIR)
		return access(path, F_OK) == 0 ? -EEXIST : -ENOTDIR;
	if (!existing)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(existing)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return -EEXIST;
	return 0;
}

static int make_temporary(struct ty_folder *folder)
{
	int error = ty_folder_make_beside(folder->path, &folder->temporary);

	if (error)
		return error;
	folder->fd = open(folder->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder->fd < 0 ? -errno : 0;
}

int ty_folder_new(const char *path, struct ty_folder **folder)
{
	struct ty_folder *made;
	size_t length = strlen(path);
	int error;

	*folder = NULL;
	error = length ? check_free(path) : -ENOENT;
	if (error)
		return error;
	while (length > 1 && path[length - 1] == '/')
		length--;
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	made->fd = -1;
	made->path = strndup(path, length);
	error = made->path ? make_temporary(made) : -ENOMEM;
	if (error)
		ty_folder_free(made);
	else
		*folder = made;
	return error;
}

static int note_name(struct ty_folder *folder, const char *name)
{
	char **stored = ty_array_push(&folder->names);

	if (!stored)
		return -ENOMEM;
	*stored = strdup(name);
	if (*stored)
		return 0;
	folder->names.count--;
	return -ENOMEM;
}

int ty_folder_write(struct ty_folder *folder, const char *name, int (*write)(ty_sink *sink, void *user_data),
                    void *user_data)
{
	int error = note_name(folder, name);
	_cleanup_close_ int fd = -1;
	ty_sink *sink;

	if (error)
		return error;
	fd = openat(folder->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	error = ty_sink_fd(fd, &sink);
	if (error)
		return error;
	error = write(sink, user_data);
	if (!error)
		error = ty_sink_commit(sink);
	ty_sink_free(sink);
	/* Network file systems tell of a full disk no earlier than here. */
	if (close(ty_steal_fd(&fd)) < 0 && errno != EINTR && !error)
		error = -errno;
	return error;
}

int ty_folder_commit(struct ty_folder *folder)
{
	/* An empty folder may be replaced, one that got something meanwhile is not. */
	if (rename(folder->temporary, folder->path) < 0)
		return errno == ENOTEMPTY || errno == ENOTDIR ? -EEXIST : -errno;
	free(ty_steal_ptr(folder->temporary));
	return 0;
}

void ty_folder_free(struct ty_folder *folder)
{
	if (!folder)
		return;
	for (size_t i = 0; i < folder->names.count; i++) {
		if (folder->temporary)
			(void)unlinkat(folder->fd, folder->names.items[i], 0);
		free(folder->names.items[i]);
	}
	if (folder->temporary)
		(void)rmdir(folder->temporary);
	ty_array_free(&folder->names);
	if (folder->fd >= 0)
		close(folder->fd);
	free(folder->temporary);
	free(folder->path);
	free(folder);
}
