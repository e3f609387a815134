/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recording a capture: attaches once more with a memory that remembers, samples until every stack holds, and saves what
 * was read. The last reading wins, so the file holds the memory of the sample that was accepted.
 */
#include <string.h>

#include "sample/target.h"
#include "target/capture.h"

/* Samples taken in the hope of one in which every thread's stack holds. */
#define ATTEMPTS_MAX 50

static bool all_proven(const ty_target *target)
{
	for (size_t i = 0; i < target->snapshot.threads.count; i++)
		if (target->snapshot.threads.items[i]->verdict > TY_REPAIRED)
			return false;
	return true;
}

static int write_to_sink(const void *data, size_t size_bytes, void *user_data)
{
	return ty_sink_write(user_data, data, size_bytes);
}

static int sample_and_save(ty_target *recording, ty_sink *sink)
{
	struct ty_capture_facts facts = {
		.pid = recording->pid,
		.namespace_pid = recording->namespace_pid,
		.runtime_address = recording->runtime.address,
		.hexversion = recording->runtime.hexversion,
	};
	const ty_snapshot *snapshot;
	int result = 0;

	for (int i = 0; result == 0 && i < ATTEMPTS_MAX; i++) {
		result = ty_sample(recording, &snapshot);
		if (result == 0 && i > 0 && all_proven(recording))
			break;
	}
	if (result < 0)
		return result;
	for (size_t i = 0; i < recording->threads.count; i++)
		ty_thread_name(recording, recording->threads.items[i]->key);
	memcpy(facts.runtime_path, recording->runtime.path, sizeof(facts.runtime_path));
	return ty_recorder_save(recording->memory, &facts, write_to_sink, sink);
}

/* Puts a recorder between a new target and its memory. */
static int record_with(ty_target *target, ty_target *recording, ty_sink *sink)
{
	struct ty_memory *recorder;
	int result = ty_recorder_open(recording->memory, &recorder);

	if (result < 0)
		return result;
	recording->memory = recording->codes.memory = recorder;
	result = ty_reattach(recording);
	if (result == 0)
		result = sample_and_save(recording, sink);
	if (result < 0 && recording->error.code == result)
		target->error = recording->error;
	return result;
}

int ty_capture(ty_target *target, ty_sink *sink)
{
	ty_attach_options options = target->options;
	ty_target *recording;
	int result;

	if (target->merged)
		return ty_fail(&target->error, -TY_ESTATE, "only a process can be recorded, not several as one");
	if (target->is_capture)
		return ty_fail(&target->error, -TY_ESTATE, "a capture cannot be recorded again: copy its file");
	options.size = sizeof(options);
	result = ty_attach(target->pid, &options, &recording);
	if (result == 0)
		result = record_with(target, recording, sink);
	else if (recording)
		target->error = recording->error;
	ty_detach(recording);
	return result;
}
