/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the view gives its samples to: the model, and beside it a recording in a temporary file, so that results that
 * show time can be saved as well. The library writes the recording about once a second and reads it at any moment up to
 * there; its name is removed at once, so that nothing stays behind however we end.
 *
 * A view is left open for days: beyond a size nothing more is recorded, and what is saved over time ends there. Results
 * that do not show time come from the model and have no such end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live.h"

#define MOST_BYTES (512LL << 20)
#define LOOK_AFTER_SAMPLES 8192

static void stop_recording(struct live *live, const ty_run_summary *summary)
{
	if (live->recorder)
		(void)ty_collector_end(live->recorder, summary);
	ty_collector_free(live->recorder);
	live->recorder = NULL;
}

static int begin(const ty_run_info *run, void *user_data)
{
	struct live *live = user_data;
	int result = ty_collector_begin(ty_live_collector(live->model), run);

	if (live->recorder && ty_collector_begin(live->recorder, run) == 0)
		live->recording_fd = open(live->recording, O_RDONLY | O_CLOEXEC);
	unlink(live->recording);
	if (live->recording_fd < 0) {
		ty_collector_free(live->recorder);
		live->recorder = NULL;
	}
	return result;
}

static bool is_too_long(const struct live *live)
{
	struct stat status;

	return fstat(live->recording_fd, &status) == 0 && status.st_size > MOST_BYTES;
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct live *live = user_data;
	ty_run_summary none = { .size = sizeof(none) };

	/* A full disk ends the recording, not the view. */
	if (live->recorder && (ty_collector_sample(live->recorder, snapshot) != 0 ||
	                       (++live->recorded % LOOK_AFTER_SAMPLES == 0 && is_too_long(live))))
		stop_recording(live, &none);
	return ty_collector_sample(ty_live_collector(live->model), snapshot);
}

static int end(const ty_run_summary *summary, void *user_data)
{
	struct live *live = user_data;

	stop_recording(live, summary);
	return ty_collector_end(ty_live_collector(live->model), summary);
}

/* What the last second brought is in the recording afterwards. */
void live_record_end(struct live *live, const ty_run_summary *summary)
{
	stop_recording(live, summary);
}

/* Makes the collector of the view. Without a place for a recording it goes without one. 0 or negative. */
int live_record_open(struct live *live)
{
	static const ty_collector_callbacks callbacks = {
		.size = sizeof(callbacks), .begin = begin, .sample = sample, .end = end
	};
	ty_binary_options binary = { .size = sizeof(binary), .opcodes = 1, .trust = live->options->trust };
	const char *folder = getenv("TMPDIR");

	snprintf(live->recording, sizeof(live->recording), "%s/tachyon-live-XXXXXX",
	         folder && *folder ? folder : "/tmp");
	int fd = mkostemp(live->recording, O_CLOEXEC);

	live->recording_fd = -1;
	if (fd >= 0) {
		close(fd);
		if (ty_binary_new(&binary, live->recording, &live->recorder) < 0)
			unlink(live->recording);
	}
	return ty_collector_new(&callbacks, live, &live->collector);
}

void live_record_close(struct live *live)
{
	ty_collector_free(live->recorder);
	ty_collector_free(live->collector);
	if (live->recording_fd >= 0)
		close(live->recording_fd);
}

/* Replays what was recorded so far into another collector, which has ended afterwards. 0 or negative. */
int live_record_replay(const struct live *live, ty_collector *collector)
{
	ty_sampler *sampler = NULL;
	ty_target *target = NULL;
	char path[64];
	int error;

	if (live->recording_fd < 0)
		return -TY_EOPTION;
	/* Opened anew: the position in a file is shared by those who have it from one another. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", live->recording_fd);
	error = ty_open_recording(path, NULL, &target);
	if (!error)
		error = ty_sampler_new(target, NULL, &sampler);
	if (!error)
		error = ty_sampler_run(sampler, &collector, 1);
	ty_sampler_free(sampler);
	ty_detach(target);
	return error;
}
