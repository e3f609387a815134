/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The target's output while the screen is ours. What it writes to our terminal is read from a pipe instead and its end
 * kept; when the screen is given back, that is shown. What was redirected (a file, a pipe) stays as it is. Standard
 * input that is the terminal is ours as well: the target reads an empty one.
 *
 * A thread of its own reads, so that a target that writes a lot is never held up. Processes that the target leaves
 * behind may keep the pipe open: the end is when we say so, not when they are gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live.h"

#define KEPT_BYTES (256U << 10)
#define STREAMS 2 /* stdout, stderr */

struct stream {
	int read_fd; /* -1: not captured */
	char *kept;  /* a ring */
	size_t written_bytes;
};

struct live_capture {
	struct stream streams[STREAMS];
	int stdio[3]; /* for the target: -1: as ours */
	int stop_fds[2];
	pthread_t thread;
	bool thread_runs;
};

static int open_stream(struct live_capture *capture, int number)
{
	struct stream *stream = &capture->streams[number];
	int fds[2];

	stream->read_fd = -1;
	capture->stdio[number + 1] = -1;
	if (!isatty(STDOUT_FILENO + number))
		return 0;
	stream->kept = malloc(KEPT_BYTES);
	if (!stream->kept || pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	stream->read_fd = fds[0];
	capture->stdio[number + 1] = fds[1];
	return 0;
}

struct live_capture *live_capture_open(void)
{
	struct live_capture *capture = calloc(1, sizeof(*capture));

	if (!capture)
		return NULL;
	capture->stdio[0] = isatty(STDIN_FILENO) ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
	if (pipe2(capture->stop_fds, O_CLOEXEC) == 0 && open_stream(capture, 0) == 0 && open_stream(capture, 1) == 0)
		return capture;
	complain("cannot keep the program's output off the screen: %s", strerror(errno));
	free(capture->streams[0].kept);
	free(capture->streams[1].kept);
	free(capture);
	return NULL;
}

const int *live_capture_stdio(const struct live_capture *capture)
{
	return capture->stdio;
}

/* ---- reading ---- */

static void keep(struct stream *stream, const char *data, size_t size_bytes)
{
	for (size_t i = 0; i < size_bytes;) {
		size_t at = stream->written_bytes % KEPT_BYTES;
		size_t part = KEPT_BYTES - at < size_bytes - i ? KEPT_BYTES - at : size_bytes - i;

		memcpy(stream->kept + at, data + i, part);
		stream->written_bytes += part;
		i += part;
	}
}

/* false: the other ends are closed. */
static bool drain(struct stream *stream)
{
	char block[16384];
	ssize_t got;

	while ((got = read(stream->read_fd, block, sizeof(block))) > 0)
		keep(stream, block, (size_t)got);
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static void *read_streams(void *argument)
{
	struct live_capture *capture = argument;
	struct pollfd fds[] = { { capture->stop_fds[0], POLLIN, 0 },
		                { capture->streams[0].read_fd, POLLIN, 0 },
		                { capture->streams[1].read_fd, POLLIN, 0 } };

	while (!fds[0].revents) {
		if (poll(fds, 3, -1) < 0)
			continue;
		for (int i = 0; i < STREAMS; i++)
			if (fds[i + 1].revents && !drain(&capture->streams[i]))
				fds[i + 1].fd = -1;
	}
	/* What was written before the end is there by now. */
	for (int i = 0; i < STREAMS; i++)
		if (fds[i + 1].fd >= 0)
			(void)drain(&capture->streams[i]);
	return NULL;
}

/* When the target has been started: its ends of the pipes are its own. */
void live_capture_begin(struct live_capture *capture)
{
	for (int i = 0; i < 3; i++)
		if (capture->stdio[i] >= 0)
			close(capture->stdio[i]);
	capture->thread_runs = pthread_create(&capture->thread, NULL, read_streams, capture) == 0;
}

/* ---- afterwards ---- */

static void show(const struct stream *stream, FILE *out)
{
	size_t begin = stream->written_bytes > KEPT_BYTES ? stream->written_bytes - KEPT_BYTES : 0;
	size_t first = begin % KEPT_BYTES, size_bytes = stream->written_bytes - begin;
	size_t part = KEPT_BYTES - first < size_bytes ? KEPT_BYTES - first : size_bytes;

	if (begin)
		complain("the first %zu bytes of the program's output are left out", begin);
	(void)!fwrite(stream->kept + first, 1, part, out);
	(void)!fwrite(stream->kept, 1, size_bytes - part, out);
	fflush(out);
}

void live_capture_end(struct live_capture *capture)
{
	if (!capture)
		return;
	if (capture->thread_runs) {
		(void)!write(capture->stop_fds[1], "s", 1);
		pthread_join(capture->thread, NULL);
	}
	for (int i = 0; i < STREAMS; i++) {
		struct stream *stream = &capture->streams[i];

		if (stream->read_fd < 0)
			continue;
		show(stream, i ? stderr : stdout);
		close(stream->read_fd);
		free(stream->kept);
	}
	close(capture->stop_fds[0]);
	close(capture->stop_fds[1]);
	free(capture);
}
