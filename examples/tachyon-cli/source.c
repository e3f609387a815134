/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of the target's source files.
 *
 * The name of a file comes from the target and is resolved as the target would: absolute names under /proc/PID/root,
 * relative ones under /proc/PID/cwd, so that a program in a container shows its own sources. Nothing outside of that is
 * ever opened: openat2(2) (Linux 5.6) resolves ".." and symbolic links inside the root; where the system call is
 * missing, names are walked part by part and links are not followed. Only regular files are read, and they are looked
 * at (O_PATH) before they are opened, because opening a device or a pipe can do something.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_FILE_BYTES (16 << 20)
#define MAX_FILES 4096
#define MAX_TOTAL_BYTES (256 << 20)

struct source_file {
	char *name;
	char *data; /* NULL: could not be read */
	size_t size_bytes;
	/* Where the line that was asked for last begins: pages ask for one after another. */
	int line;
	size_t offset;
};

struct source_cache {
	int root_fd;
	int cwd_fd;
	size_t count;
	size_t size_bytes; /* of all files */
	struct source_file *last;
	struct source_file files[MAX_FILES];
};

static int open_proc_link(int pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* NULL: out of memory. Without rights on the process it gives no lines. */
struct source_cache *source_open(int pid)
{
	struct source_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->root_fd = open_proc_link(pid, "root");
	cache->cwd_fd = open_proc_link(pid, "cwd");
	return cache;
}

/* Without openat2(): one part of the name at a time, no links, no "..". Gives an O_PATH descriptor or -1. */
static int open_by_parts(int directory_fd, const char *name)
{
	int fd = fcntl(directory_fd, F_DUPFD_CLOEXEC, 0);

	while (fd >= 0 && *name) {
		char part[256];
		size_t length = strcspn(name, "/");

		if (length >= sizeof(part) || (length == 2 && !strncmp(name, "..", 2))) {
			close(fd);
			return -1;
		}
		memcpy(part, name, length);
		part[length] = '\0';
		name += length;
		name += strspn(name, "/");
		if (length == 0)
			continue;
		int next = openat(fd, part, O_PATH | O_NOFOLLOW | O_CLOEXEC);

		close(fd);
		fd = next;
	}
	return fd;
}

/* An O_PATH descriptor of a file as the target names it, or -1. */
static int open_in_target(const struct source_cache *cache, const char *name)
{
	bool absolute = name[0] == '/';
	int directory_fd = absolute ? cache->root_fd : cache->cwd_fd;
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		/* The working directory is inside the root; what lies beneath it is too. */
		.resolve = RESOLVE_NO_MAGICLINKS | (absolute ? RESOLVE_IN_ROOT : RESOLVE_BENEATH),
	};

	if (directory_fd < 0)
		return -1;
	int fd = (int)syscall(SYS_openat2, directory_fd, name, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = open_by_parts(directory_fd, name);
	return fd;
}

static bool read_all(int fd, struct source_file *file, size_t size_bytes)
{
	file->data = malloc(size_bytes + 1);
	if (!file->data)
		return false;
	while (file->size_bytes < size_bytes) {
		ssize_t got = read(fd, file->data + file->size_bytes, size_bytes - file->size_bytes);

		if (got <= 0)
			break;
		file->size_bytes += (size_t)got;
	}
	return true;
}

/* The mark of byte order that some editors put before UTF-8 is not part of the first line: columns do not count it. */
static void skip_mark(struct source_file *file)
{
	static const char MARK[] = "\xef\xbb\xbf";
	size_t length = strlen(MARK);

	if (file->data && file->size_bytes >= length && !memcmp(file->data, MARK, length)) {
		file->size_bytes -= length;
		memmove(file->data, file->data + length, file->size_bytes);
	}
}

static void load(struct source_cache *cache, struct source_file *file)
{
	char path[64];
	struct stat status;
	int path_fd = open_in_target(cache, file->name);

	if (path_fd < 0)
		return;
	if (fstat(path_fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= MAX_FILE_BYTES &&
	    cache->size_bytes + (size_t)status.st_size <= MAX_TOTAL_BYTES) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", path_fd);
		int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

		if (fd >= 0) {
			read_all(fd, file, (size_t)status.st_size);
			skip_mark(file);
			cache->size_bytes += file->size_bytes;
			close(fd);
		}
	}
	close(path_fd);
}

static struct source_file *find_file(struct source_cache *cache, const char *name)
{
	if (cache->last && !strcmp(cache->last->name, name))
		return cache->last;
	for (size_t i = 0; i < cache->count; i++) {
		if (!strcmp(cache->files[i].name, name))
			return cache->last = &cache->files[i];
	}
	/* "<string>", "<frozen importlib._bootstrap>" and the like are no files. */
	if (cache->count == MAX_FILES || name[0] == '<' || !*name)
		return NULL;
	struct source_file *file = &cache->files[cache->count];

	file->name = strdup(name);
	if (!file->name)
		return NULL;
	cache->count++;
	load(cache, file);
	return cache->last = file;
}

/* Where a line begins; NULL: the file has fewer. */
static const char *find_line(struct source_file *file, int line)
{
	const char *end = file->data + file->size_bytes;
	bool ahead = file->line && file->line <= line;
	const char *at = file->data + (ahead ? file->offset : 0);

	for (int left = line - (ahead ? file->line : 1); left > 0 && at; left--) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	if (at) {
		file->line = line;
		file->offset = (size_t)(at - file->data);
	}
	return at;
}

/* One line, without its end; not NUL terminated, owned by the cache. NULL: it cannot be had. */
const char *source_line(struct source_cache *cache, const char *filename, int line, size_t *size_bytes)
{
	struct source_file *file = line > 0 ? find_file(cache, filename) : NULL;

	if (!file || !file->data)
		return NULL;
	const char *end = file->data + file->size_bytes;
	const char *at = find_line(file, line);

	if (!at || at >= end)
		return NULL;
	const char *stop = memchr(at, '\n', (size_t)(end - at));

	stop = stop ? stop : end;
	if (stop > at && stop[-1] == '\r')
		stop--;
	*size_bytes = (size_t)(stop - at);
	return at;
}

void source_close(struct source_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < cache->count; i++) {
		free(cache->files[i].name);
		free(cache->files[i].data);
	}
	if (cache->root_fd >= 0)
		close(cache->root_fd);
	if (cache->cwd_fd >= 0)
		close(cache->cwd_fd);
	free(cache);
}
