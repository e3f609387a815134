/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "output/sink.h"
#include "util/cleanup.h"

#define LARGE_BYTES ((size_t)1024 * 1024)

static char directory[] = "/tmp/tachyon-test-sink-XXXXXX";

/* Every test runs in a fresh directory, which is the current one. */
static void enter_directory(void)
{
	strcpy(directory + sizeof(directory) - sizeof("XXXXXX"), "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(chdir(directory), 0);
}

static int entries(void)
{
	_cleanup_closedir_ DIR *opened = opendir(".");
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(opened)))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	return count;
}

static void leave_directory(void)
{
	_cleanup_closedir_ DIR *opened = opendir(".");
	struct dirent *entry;

	while ((entry = readdir(opened)))
		unlink(entry->d_name);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(directory), 0);
}

static const char *contents(const char *path)
{
	static char text[256];
	_cleanup_fclose_ FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	return text;
}

static void put(const char *path, const char *text)
{
	_cleanup_fclose_ FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
}

TEST(memory_grows_and_ends_with_a_nul)
{
	ty_sink *sink;
	size_t size;

	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_str_eq(ty_sink_data(sink, &size), "");
	for (int i = 0; i < 100000; i++)
		ck_assert_ok(ty_sink_write(sink, "abc", 3));
	ck_assert_uint_eq(strlen(ty_sink_data(sink, &size)), 300000);
	ck_assert_uint_eq(size, 300000);
	ck_assert_ok(ty_sink_commit(sink));
	ck_assert_ok(ty_sink_write(sink, "d", 1));
	ck_assert_uint_eq(strlen(ty_sink_data(sink, NULL)), 300001);
	ty_sink_free(sink);
}

TEST(file_has_its_name_only_after_the_commit)
{
	ty_sink *sink;

	enter_directory();
	put("profile", "old");
	ck_assert_ok(ty_sink_file("profile", &sink));
	ck_assert_int_eq(entries(), 2);
	ck_assert_ok(ty_sink_write(sink, "new", 3));
	ck_assert_str_eq(contents("profile"), "old");
	ck_assert_ok(ty_sink_commit(sink));
	ck_assert_str_eq(contents("profile"), "new");
	ck_assert_int_eq(entries(), 1);
	ck_assert_ok(ty_sink_commit(sink));
	ck_assert_int_eq(ty_sink_write(sink, "x", 1), -TY_ESTATE);
	ty_sink_free(sink);
	ck_assert_str_eq(contents("profile"), "new");
	leave_directory();
}

TEST(file_without_commit_leaves_nothing)
{
	ty_sink *sink;

	enter_directory();
	ck_assert_ok(ty_sink_file("profile", &sink));
	ck_assert_ok(ty_sink_write(sink, "new", 3));
	ty_sink_free(sink);
	ck_assert_int_eq(entries(), 0);
	leave_directory();
}

TEST(new_file_obeys_the_umask_and_an_old_one_keeps_its_mode)
{
	struct stat status;
	ty_sink *sink;

	enter_directory();
	umask(027);
	ck_assert_ok(ty_sink_file("profile", &sink));
	ck_assert_ok(ty_sink_commit(sink));
	ty_sink_free(sink);
	ck_assert_int_eq(stat("profile", &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0640);
	ck_assert_int_eq(chmod("profile", 0600), 0);
	ck_assert_ok(ty_sink_file("profile", &sink));
	ck_assert_ok(ty_sink_commit(sink));
	ty_sink_free(sink);
	ck_assert_int_eq(stat("profile", &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0600);
	leave_directory();
}

TEST(symbolic_link_stays_one)
{
	struct stat status;
	ty_sink *sink;

	enter_directory();
	put("real", "old");
	ck_assert_int_eq(symlink("real", "link"), 0);
	ck_assert_ok(ty_sink_file("link", &sink));
	ck_assert_ok(ty_sink_write(sink, "new", 3));
	ck_assert_ok(ty_sink_commit(sink));
	ty_sink_free(sink);
	ck_assert_int_eq(lstat("link", &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
	ck_assert_str_eq(contents("real"), "new");
	leave_directory();
}

TEST(places_that_cannot_be_written_are_refused_at_once)
{
	char longest[1024];
	ty_sink *sink = (ty_sink *)longest;

	enter_directory();
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ck_assert_int_eq(ty_sink_file(".", &sink), -EISDIR);
	ck_assert_ptr_null(sink);
	ck_assert_int_eq(ty_sink_file("new/", &sink), -EISDIR);
	ck_assert_int_eq(ty_sink_file("", &sink), -ENOENT);
	ck_assert_int_eq(ty_sink_file("none/profile", &sink), -ENOENT);
	ck_assert_int_eq(ty_sink_file(longest, &sink), -ENAMETOOLONG);
	put("file", "");
	ck_assert_int_eq(ty_sink_file("file/profile", &sink), -ENOTDIR);
	ck_assert_int_eq(ty_sink_file("/proc/profile", &sink), -ENOENT);
	ck_assert_int_eq(ty_sink_fd(-1, &sink), -EBADF);
	int fd = open("/dev/null", O_RDONLY);

	ck_assert_int_eq(ty_sink_fd(fd, &sink), -EBADF);
	close(fd);
	ck_assert_int_eq(ty_sink_callback(NULL, NULL, &sink), -EINVAL);
	ck_assert_int_eq(entries(), 1);
	leave_directory();
}

TEST(device_is_written_to_as_it_is)
{
	struct stat status;
	ty_sink *sink;

	ck_assert_ok(ty_sink_file("/dev/null", &sink));
	ck_assert_ok(ty_sink_write(sink, "new", 3));
	ck_assert_ok(ty_sink_commit(sink));
	ty_sink_free(sink);
	ck_assert_int_eq(stat("/dev/null", &status), 0);
	ck_assert(S_ISCHR(status.st_mode));
}

static void write_all(const char *path, const char *text)
{
	ty_sink *sink;

	ck_assert_ok(ty_sink_file(path, &sink));
	ck_assert_ok(ty_sink_write(sink, text, strlen(text)));
	ck_assert_ok(ty_sink_commit(sink));
	ty_sink_free(sink);
}

/* As `{ before; program -o /dev/fd/N; after; } >out`: a rename would leave the others with a file nobody can see. */
TEST(open_descriptor_is_shared)
{
	const char *const forms[] = { "/dev/fd/%d", "/proc/self/fd/%d", "/proc/thread-self/fd/%d" };

	enter_directory();
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		int fd = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
		char path[64];

		snprintf(path, sizeof(path), forms[i], fd);
		ck_assert_int_eq(write(fd, "before ", 7), 7);
		write_all(path, "result ");
		ck_assert_int_eq(write(fd, "after", 5), 5);
		ck_assert_int_eq(close(fd), 0);
		ck_assert_str_eq(contents("out"), "before result after");
		ck_assert_int_eq(entries(), 1);
	}
	leave_directory();
}

/* openat2(2) tells such links from others: Linux 5.6, and not under valgrind. */
static bool can_tell_links(void)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC };
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof(how));

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

TEST(link_to_a_descriptor_is_followed_to_the_end_of_its_file)
{
	int fd;
	char path[64];

	if (!can_tell_links())
		return;

	enter_directory();
	fd = open("out", O_RDWR | O_CREAT, 0600);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), fd);
	ck_assert_int_eq(symlink(path, "log"), 0);
	ck_assert_int_eq(write(fd, "before ", 7), 7);
	write_all("log", "result");
	ck_assert_str_eq(contents("out"), "before result");
	close(fd);
	leave_directory();
}

TEST(descriptor_that_is_closed_or_read_only_is_refused)
{
	ty_sink *sink;
	char path[64];
	int fd = open("/dev/null", O_RDONLY);

	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	ck_assert_int_eq(ty_sink_file(path, &sink), -EACCES);
	close(fd);
	ck_assert_int_eq(ty_sink_file(path, &sink), -EBADF);
	ck_assert_ptr_null(sink);
}

TEST(full_device_is_told_by_the_commit)
{
	ty_sink *sink;

	ck_assert_ok(ty_sink_file("/dev/full", &sink));
	ck_assert_ok(ty_sink_write(sink, "new", 3));
	ck_assert_int_eq(ty_sink_commit(sink), -ENOSPC);
	ck_assert_int_eq(ty_sink_write(sink, "x", 1), -ENOSPC);
	ck_assert_int_eq(ty_sink_commit(sink), -ENOSPC);
	ty_sink_free(sink);
}

TEST(file_that_may_not_grow_fails_and_keeps_the_old_one)
{
	_cleanup_free_ char *large = calloc(1, LARGE_BYTES);
	struct rlimit unlimited, limit;
	ty_sink *sink;

	enter_directory();
	put("profile", "old");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &unlimited);
	limit = unlimited;
	limit.rlim_cur = 4096;
	ck_assert_ok(ty_sink_file("profile", &sink));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(ty_sink_write(sink, large, LARGE_BYTES), -EFBIG);
	ck_assert_int_eq(ty_sink_commit(sink), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &unlimited);
	ty_sink_free(sink);
	ck_assert_str_eq(contents("profile"), "old");
	ck_assert_int_eq(entries(), 1);
	leave_directory();
}

struct reader {
	int fd;
	size_t total;
};

static volatile sig_atomic_t alarms_seen;

static void on_alarm(int signal)
{
	(void)signal;
	alarms_seen++;
}

static void *read_late(void *argument)
{
	struct reader *reader = argument;
	char block[4096];
	sigset_t alarms;
	ssize_t count;

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarms, NULL); /* they are for the writer */
	usleep(100000);                            /* long enough for one at a full pipe, with nothing written */
	while ((count = read(reader->fd, block, sizeof(block))) > 0)
		reader->total += (size_t)count;
	return NULL;
}

static void write_through_pipe(int flags)
{
	struct sigaction action = { .sa_handler = on_alarm };
	_cleanup_free_ char *large = calloc(1, LARGE_BYTES);
	struct reader reader = { 0 };
	pthread_t thread;
	ty_sink *sink;
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(fcntl(ends[1], F_SETFL, flags), 0);
	sigaction(SIGALRM, &action, NULL); /* without SA_RESTART */
	reader.fd = ends[0];
	ck_assert_int_eq(pthread_create(&thread, NULL, read_late, &reader), 0);
	ck_assert_ok(ty_sink_fd(ends[1], &sink));
	ualarm(20000, 20000);
	ck_assert_ok(ty_sink_write(sink, large, LARGE_BYTES));
	ck_assert_ok(ty_sink_commit(sink));
	ualarm(0, 0);
	ty_sink_free(sink);
	close(ends[1]); /* still open: the sink does not own it */
	pthread_join(thread, NULL);
	ck_assert_uint_eq(reader.total, LARGE_BYTES);
	ck_assert_int_gt(alarms_seen, 1);
	close(ends[0]);
}

TEST(pipe_gets_all_in_spite_of_signals)
{
	write_through_pipe(0);
}

TEST(pipe_that_does_not_block_gets_all)
{
	write_through_pipe(O_NONBLOCK);
}

struct received {
	char text[64];
	size_t size;
	int calls;
	int answer;
};

static int receive(const void *data, size_t size_bytes, void *user_data)
{
	struct received *received = user_data;

	received->calls++;
	if (received->answer)
		return received->answer;
	memcpy(received->text + received->size, data, size_bytes);
	received->size += size_bytes;
	return 0;
}

TEST(callback_gets_blocks)
{
	struct received received = { 0 };
	ty_sink *sink;

	ck_assert_ok(ty_sink_callback(receive, &received, &sink));
	ck_assert_ptr_null(ty_sink_data(sink, NULL));
	ty_sink_write(sink, "one", 3);
	ty_sink_write(sink, "two", 3);
	ck_assert_int_eq(received.calls, 0);
	ck_assert_ok(ty_sink_commit(sink));
	ck_assert_int_eq(received.calls, 1);
	ck_assert_mem_eq(received.text, "onetwo", 6);
	ty_sink_write(sink, "dropped", 7);
	ty_sink_free(sink);
	ck_assert_uint_eq(received.size, 6);
}

TEST(callback_that_fails_is_not_called_again)
{
	struct received received = { .answer = -EPIPE };
	ty_sink *sink;

	ck_assert_ok(ty_sink_callback(receive, &received, &sink));
	ty_sink_write(sink, "one", 3);
	ck_assert_int_eq(ty_sink_commit(sink), -EPIPE);
	ck_assert_int_eq(ty_sink_write(sink, "two", 3), -EPIPE);
	ck_assert_int_eq(ty_sink_commit(sink), -EPIPE);
	ck_assert_int_eq(received.calls, 1);
	ty_sink_free(sink);
}

TEST(first_failure_sticks)
{
	ty_sink *sink;

	ck_assert_ok(ty_sink_memory(&sink));
	ty_sink_fail(sink, -ENOMEM);
	ty_sink_fail(sink, -EIO);
	ck_assert_int_eq(ty_sink_error(sink), -ENOMEM);
	ck_assert_int_eq(ty_sink_commit(sink), -ENOMEM);
	ty_sink_free(sink);
	ty_sink_free(NULL);
}
