/* SPDX-License-Identifier: Apache-2.0 */
/* Attaching and detaching, and what a target says about itself. */
#include "sample/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sample/merged.h"
#include "sample/replay.h"
#include "sample/stop.h"
#include "sample/tasks.h"
#include "target/capture.h"
#include "target/kin.h"
#include "target/proc.h"
#include "util/clock.h"
#include "util/options.h"

#define DEFAULT_RETRIES 3
#define DEFAULT_FRAMES 16384
#define FRAMES_MAX 1000000

/* How long a child may take to make its parent's threads its own. */
#define FORK_NS 1000000000ULL

static int take_options(ty_target *target, const ty_attach_options *options)
{
	int result = ty_options_in(&target->options, sizeof(target->options), options);

	if (result < 0)
		return ty_fail(&target->error, result,
		               "ty_attach_options: set in a part that this library (%s) does not know, or size not set",
		               ty_version_string());
	target->error.log = target->options.log;
	target->error.log_user_data = target->options.log_user_data;
	if (target->options.threads < TY_THREADS_MAIN || target->options.threads > TY_THREADS_ALL)
		return ty_fail(&target->error, -TY_EOPTION, "ty_attach_options.threads: %d is no ty_thread_selection",
		               target->options.threads);
	if (target->options.stop_policy < TY_STOP_NEVER || target->options.stop_policy > TY_STOP_ALWAYS)
		return ty_fail(&target->error, -TY_EOPTION, "ty_attach_options.stop_policy: %d is no ty_stop_policy",
		               target->options.stop_policy);
	if (target->options.tasks < TY_TASKS_NONE || target->options.tasks > TY_TASKS_ALL)
		return ty_fail(&target->error, -TY_EOPTION, "ty_attach_options.tasks: %d is no ty_task_selection",
		               target->options.tasks);
	if (target->options.max_frames > FRAMES_MAX)
		return ty_fail(&target->error, -TY_EOPTION, "ty_attach_options.max_frames: at most %d", FRAMES_MAX);
	if (!target->options.max_frames)
		target->options.max_frames = DEFAULT_FRAMES;
	if (target->options.max_retries == UINT32_MAX)
		target->options.max_retries = 0;
	else if (!target->options.max_retries)
		target->options.max_retries = DEFAULT_RETRIES;
	return 0;
}

/* Points everything that reads at the runtime that was found. */
static int bind_runtime(ty_target *target)
{
	const struct py_opcode *opcodes = ty_opcode_table(target->runtime.version->number);

	target->attached = false;
	if (!opcodes)
		return ty_fail(&target->error, -TY_EVERSION, "no opcode table for this version");
	ty_threads_forget(target);
	ty_tasks_forget(target->tasks);
	ty_codes_bind(&target->codes, target->runtime.version, &target->runtime.offsets, opcodes);
	target->plan.memory = target->memory;
	target->walker.plan = &target->plan;
	target->walker.codes = &target->codes;
	target->walker.version = target->runtime.version;
	target->walker.offsets = &target->runtime.offsets;
	target->walker.max_frames = target->options.max_frames;
	target->walker.opcodes = target->options.opcodes != 0;
	memset(target->walker.known_functions, 0, sizeof(target->walker.known_functions));
	target->snapshot.target = target;
	return 0;
}

/*
 * The child of a fork() first has all of its parent's threads, as they were; CPython drops those that are not there any
 * more and gives the one that is left its own id. Until then none of them may be believed. What is older and still like
 * that is so for another reason.
 */
static bool was_just_forked(const ty_target *target)
{
	uint64_t ticks_per_second = (uint64_t)sysconf(_SC_CLK_TCK);
	struct ty_kin kin;

	return !target->is_capture && ty_threads_are_inherited(target) && ty_kin_read(target->pid, &kin) &&
	       kin.start_ticks * (TY_NS_PER_SECOND / ticks_per_second) + FORK_NS > ty_clock_ns(CLOCK_BOOTTIME);
}

static int find_threads(ty_target *target)
{
	int result = ty_threads_find(target);

	if (result == -ESRCH && !ty_proc_ended(target->pid))
		return ty_fail(&target->error, -TY_ESTARTING,
		               "CPython is still starting, or finishing: it has no thread");
	if (result < 0)
		return ty_target_lost(target, result);
	if (was_just_forked(target))
		return ty_fail(&target->error, -TY_ESTARTING,
		               "process %d was just forked: its threads are its parent's", (int)target->pid);
	target->attached = true;
	return 0;
}

static int attach_runtime(ty_target *target)
{
	int result;

	/* Nothing may refer to a runtime that is searched for anew, and perhaps not found. */
	target->attached = false;
	ty_threads_forget(target);
	ty_tasks_forget(target->tasks);
	ty_codes_bind(&target->codes, NULL, NULL, NULL);
	ty_exec_mark(target->pid, target->memory, &target->program);
	result = ty_runtime_find(target->pid, target->memory, &target->runtime, &target->error);
	if (result == 0)
		result = bind_runtime(target);
	return result < 0 ? result : find_threads(target);
}

int ty_target_new(const ty_attach_options *options, ty_target **out)
{
	ty_target *target = calloc(1, sizeof(*target));

	*out = target;
	if (!target)
		return -ENOMEM;
	target->error.phase = TY_PHASE_OPEN;
	return take_options(target, options);
}

int ty_attach(int pid, const ty_attach_options *options, ty_target **out)
{
	int result = ty_target_new(options, out);
	ty_target *target = *out;
	pid_t process;

	if (result < 0)
		return result;
	if (pid <= 0)
		return ty_fail(&target->error, -TY_EEXITED, "there is no process %d: a process id is positive", pid);
	process = ty_kin_process_of(pid);
	if (process > 0 && process != pid)
		return ty_fail(&target->error, -TY_EEXITED, "there is no process %d: it is a thread of process %d", pid,
		               (int)process);
	target->pid = pid;
	target->namespace_pid = ty_proc_namespace_id(pid, pid);
	result = ty_live_open(pid, &target->memory);
	if (result == 0)
		result = ty_codes_init(&target->codes, target->memory);
	if (result < 0)
		return ty_fail(&target->error, result, "out of memory");
	return attach_runtime(target);
}

int ty_reattach(ty_target *target)
{
	if (target->is_capture || !target->memory)
		return ty_fail(&target->error, -TY_ESTATE, "only a live process can be attached again");
	return attach_runtime(target);
}

/* Owns the memory from now on. */
static int open_memory(ty_target *target, struct ty_memory *memory, const struct ty_capture_facts *facts)
{
	int result;

	target->is_capture = true;
	target->memory = memory;
	if (ty_codes_init(&target->codes, memory) < 0)
		return ty_fail(&target->error, -ENOMEM, "out of memory");
	target->pid = facts->pid;
	target->namespace_pid = facts->namespace_pid;
	target->runtime.address = facts->runtime_address;
	memcpy(target->runtime.path, facts->runtime_path, sizeof(target->runtime.path));
	target->error.phase = TY_PHASE_VALIDATE;
	result = ty_runtime_load(memory, facts->hexversion, &target->runtime, &target->error);
	if (result == 0)
		result = bind_runtime(target);
	return result < 0 ? result : find_threads(target);
}

int ty_target_open_memory(struct ty_memory *memory, const struct ty_capture_facts *facts,
                          const ty_attach_options *options, ty_target **out)
{
	int result = ty_target_new(options, out);

	if (result == 0)
		return open_memory(*out, memory, facts);
	ty_memory_close(memory);
	return result;
}

int ty_open_capture(const char *path, const ty_attach_options *options, ty_target **out)
{
	int result = ty_target_new(options, out);
	struct ty_capture_facts facts;
	struct ty_memory *memory;

	if (result == 0)
		result = ty_capture_open(path, &facts, &memory, &(*out)->error);
	return result < 0 ? result : open_memory(*out, memory, &facts);
}

void ty_detach(ty_target *target)
{
	if (!target)
		return;
	ty_stops_finish(target);
	ty_tasks_free(target->tasks);
	ty_threads_forget(target);
	ty_array_free(&target->threads);
	ty_array_free(&target->interpreters);
	ty_array_free(&target->lists);
	ty_array_free(&target->snapshot.threads);
	ty_array_free(&target->snapshot.shown);
	ty_walker_free(&target->walker);
	ty_map_free(&target->thread_by_address);
	ty_region_list_free(&target->shared);
	ty_region_list_free(&target->code_list);
	ty_codes_free(&target->codes);
	ty_plan_free(&target->plan);
	ty_memory_close(target->memory);
	ty_replay_free(target->replay);
	ty_merged_free(target->merged);
	free(target);
}

int ty_target_info(ty_target *target, ty_target_information *information)
{
	ty_target_information filled = {
		.python_version = target->runtime.hexversion >> 16,
		.python_hexversion = target->runtime.hexversion,
		.free_threaded = target->attached && target->runtime.offsets.free_threaded,
		.is_capture = target->is_capture,
		.pid = target->pid,
		.namespace_pid = target->namespace_pid,
		.runtime_address = target->runtime.address,
		.runtime_path = target->runtime.path,
	};

	if (!target->attached)
		return ty_fail(&target->error, -TY_ESTATE, "the target is not attached");
	if (target->replay)
		ty_replay_target_info(target->replay, &filled);
	return ty_options_out(information, &filled, sizeof(filled));
}

int ty_last_error(ty_target *target, ty_error_info *info)
{
	ty_error_info filled = {
		.code = target->error.code,
		.os_errno = target->error.os_errno,
		.phase = target->error.phase,
		.error_class = ty_error_classify(target->error.code),
		.address = target->error.address,
		.message = target->error.message,
	};

	return ty_options_out(info, &filled, sizeof(filled));
}

int ty_target_statistics(ty_target *target, ty_target_counters *counters)
{
	ty_target_counters filled = target->counters;

	if (target->merged)
		ty_merged_statistics(target->merged, &filled);
	if (target->memory) {
		filled.syscalls = target->memory->syscalls;
		filled.bytes_read = target->memory->bytes_read;
	}
	filled.code_objects += target->codes.fetched;
	filled.code_checks += target->codes.checked;
	return ty_options_out(counters, &filled, sizeof(filled));
}
