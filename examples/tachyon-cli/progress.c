/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line on a terminal while sampling: elapsed time, samples, rate, share of proven stacks, and with a duration a bar
 * and the time left.
 *
 * With `run` the target may write to the same terminal. A line of ours in the middle of its output is worse than none,
 * so nothing is drawn while it writes: /proc/PID/io (proc(5)) tells how many bytes it has handed to write(2), and the
 * line comes back when that number has not moved for a while. The cursor is left at the first column.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define QUIET_NS (NS_PER_SECOND / 2)
#define BAR_WIDTH 20
#define LINE_BYTES 256
#define DEFAULT_COLUMNS 80

static bool is_capable_terminal(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && (!term || strcmp(term, "dumb") != 0);
}

/* https://no-color.org: any value but the empty one. */
bool wants_color(int fd)
{
	const char *no_color = getenv("NO_COLOR");

	return is_capable_terminal(fd) && !(no_color && *no_color);
}

void progress_init(struct progress *progress, const struct options *options, pid_t pid)
{
	*progress = (struct progress){
		.shown = is_capable_terminal(STDERR_FILENO) && !options->realtime_stats,
		.duration_ns = options->duration_ns,
		.pid = options->target ? pid : 0,
	};
}

static uint64_t bytes_written_by(pid_t pid)
{
	char path[64];
	char line[128];
	unsigned long long bytes = 0;

	snprintf(path, sizeof(path), "/proc/%d/io", (int)pid);
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "wchar: %llu", &bytes) == 1)
			break;
	}
	if (file)
		fclose(file);
	return bytes;
}

/* Whether the target has kept silent long enough for our line to stand alone. */
static bool target_is_quiet(struct progress *progress)
{
	if (progress->pid == 0)
		return true;
	uint64_t bytes = bytes_written_by(progress->pid);
	uint64_t now = now_ns();

	if (bytes != progress->bytes_written) {
		progress->bytes_written = bytes;
		progress->quiet_since_ns = now;
		/* Our line may have been written over: what is there now is not ours to clear. */
		progress->drawn = false;
	}
	return now - progress->quiet_since_ns >= QUIET_NS;
}

static int print_bar(char *line, size_t size, double share)
{
	static const char full[] = "━━━━━━━━━━━━━━━━━━━━"; /* BAR_WIDTH of 3 bytes each */
	static const char empty[] = "┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄";
	int cells = share >= 1 ? BAR_WIDTH : (int)(share * BAR_WIDTH);

	return snprintf(line, size, "%.*s%.*s ", cells * 3, full, (BAR_WIDTH - cells) * 3, empty);
}

/* With everything, or only what a narrow terminal has room for. */
static void compose(char *line, size_t size, const struct progress *progress, const ty_run_summary *so_far, bool narrow)
{
	double elapsed_s = (double)so_far->duration_ns / 1e9;
	double left_s = (double)progress->duration_ns / 1e9 - elapsed_s;
	double rate_hz = elapsed_s > 0 ? (double)so_far->samples / elapsed_s : 0.0;
	uint64_t stacks = so_far->verified + so_far->repaired + so_far->torn + so_far->incomplete + so_far->unreadable;
	double proven = stacks ? 100.0 * (double)(so_far->verified + so_far->repaired) / (double)stacks : 0.0;
	size_t used = 0;

	if (narrow) {
		snprintf(line, size, "%.1f s  %.0f/s  %.1f%%", elapsed_s, rate_hz, proven);
		return;
	}
	if (progress->duration_ns)
		used = (size_t)print_bar(line, size, (double)so_far->duration_ns / (double)progress->duration_ns);
	used += (size_t)snprintf(line + used, size - used, "%.1f s  %llu samples  %.0f/s  %.1f%% proven", elapsed_s,
	                         (unsigned long long)so_far->samples, rate_hz, proven);
	if (progress->duration_ns)
		snprintf(line + used, size - used, "  ETA %.1f s", left_s > 0 ? left_s : 0.0);
}

static void show_line(struct progress *progress, const char *line)
{
	const char *dim = wants_color(STDERR_FILENO) ? "\033[2m" : "";

	fprintf(stderr, "\r%s%s%s\033[K\r", dim, line, *dim ? "\033[0m" : "");
	fflush(stderr);
	progress->drawn = true;
}

/* How far a recording has been replayed. */
void progress_draw_share(struct progress *progress, const ty_recording_information *recording, uint64_t samples)
{
	double share = recording->bytes ? (double)recording->bytes_read / (double)recording->bytes : 1.0;
	char line[LINE_BYTES];
	size_t used;

	if (!progress->shown)
		return;
	used = (size_t)print_bar(line, sizeof(line), share);
	snprintf(line + used, sizeof(line) - used, "%.0f%%  %llu samples", 100.0 * share, (unsigned long long)samples);
	show_line(progress, line);
}

void progress_draw(struct progress *progress, const ty_run_summary *so_far)
{
	struct winsize size = { 0 };
	char line[LINE_BYTES];

	if (!progress->shown || !target_is_quiet(progress))
		return;
	/* A line that wraps could not be cleared. */
	size_t room = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : DEFAULT_COLUMNS;

	compose(line, sizeof(line), progress, so_far, false);
	if (text_width(line, strlen(line)) >= room)
		compose(line, sizeof(line), progress, so_far, true);
	if (text_width(line, strlen(line)) >= room)
		return;
	show_line(progress, line);
}

void progress_clear(struct progress *progress)
{
	if (progress->drawn) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	progress->drawn = false;
}
