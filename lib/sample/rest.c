/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/rest.h"

#include <tachyon/sampler.h>

#include "sample/status.h"

/* Of fewer threads, reading the counter costs what it saves. */
#define THREADS_MIN 3

/*
 * Samples for which the GIL has to have stayed with one thread before others are expected to rest: at first, and at
 * most. Where it then does not stay for some more, expecting it costs what it saves, and the next time takes longer.
 */
#define PATIENCE_MIN 2
#define PATIENCE_MAX 64
#define WORTH_SAMPLES 16

bool ty_rest_is_wanted(const ty_target *target)
{
	return target->mode != TY_MODE_CPU && target->options.stop_policy != TY_STOP_ALWAYS && !target->reads_tasks &&
	       target->threads.count >= THREADS_MIN && py_has(target->runtime.offsets.gil.switches);
}

/*
 * Does the counter know of all that ran? Where the GIL is the runtime's, PyThreadState_Swap() puts a thread state in
 * the place of the one that runs and tells nobody; sub-interpreters are run that way. The one that had the GIL last is
 * then known for the one that runs only as long as there is a single interpreter, to which it belongs.
 */
static bool counts_all(const ty_target *target, const struct ty_interpreter *interpreter)
{
	return !py_has(target->runtime.offsets.runtime.gil) ||
	       (target->interpreters.count == 1 && ty_map_get(&target->thread_by_address, interpreter->gil_last));
}

/* Has the thread not had the GIL since its stack was proven? */
static bool has_stood(const ty_target *target, const struct ty_interpreter *interpreter, const struct ty_thread *thread)
{
	return interpreter && interpreter->gil_is_dated && thread->stack_is_dated &&
	       thread->stack_switches == interpreter->gil_switches && interpreter->gil_last != thread->address &&
	       counts_all(target, interpreter);
}

static uint32_t patience_of(const struct ty_interpreter *interpreter)
{
	return interpreter->patience ? interpreter->patience : PATIENCE_MIN;
}

void ty_rest_end_calm(struct ty_interpreter *interpreter)
{
	uint32_t patience = patience_of(interpreter);

	if (interpreter->calm_samples >= patience + WORTH_SAMPLES)
		interpreter->patience = patience / 2 > PATIENCE_MIN ? patience / 2 : PATIENCE_MIN;
	else if (interpreter->calm_samples >= patience)
		interpreter->patience = patience * 2 < PATIENCE_MAX ? patience * 2 : PATIENCE_MAX;
	interpreter->calm_samples = 0;
}

static bool is_expected(ty_target *target, const struct ty_thread *thread)
{
	const struct ty_interpreter *interpreter = ty_status_interpreter(target, thread);

	return has_stood(target, interpreter, thread) && interpreter->calm_samples >= patience_of(interpreter);
}

void ty_rest_predict(ty_target *target)
{
	bool wanted = ty_rest_is_wanted(target);

	for (size_t i = 0; i < target->interpreters.count; i++)
		target->interpreters.items[i].calm_samples +=
		        target->interpreters.items[i].calm_samples < PATIENCE_MAX + WORTH_SAMPLES;
	for (size_t i = 0; i < target->threads.count; i++) {
		struct ty_thread *thread = target->threads.items[i];
		bool rests =
		        target->mode == TY_MODE_CPU ? thread->cpu != TY_CPU_ON : wanted && is_expected(target, thread);

		target->plan.stale |= thread->list.is_resting != rests;
		thread->list.is_resting = rests;
		if (!rests)
			thread->list.awake_at = target->plan.sample;
	}
}

bool ty_rest_is_predicted(const ty_target *target, const struct ty_thread *thread)
{
	return thread->list.is_resting && target->mode != TY_MODE_CPU;
}

bool ty_rest_holds(ty_target *target, struct ty_thread *thread)
{
	if (has_stood(target, ty_status_interpreter(target, thread), thread)) {
		thread->unchanged_frames = (uint32_t)thread->stack.depth;
		thread->stack_sample = target->plan.sample;
		return true;
	}
	thread->list.is_resting = false;
	target->plan.stale = true;
	return false;
}

void ty_rest_date(ty_target *target, struct ty_thread *thread)
{
	const struct ty_interpreter *interpreter = ty_status_interpreter(target, thread);

	thread->stack_is_dated = interpreter && interpreter->gil_is_dated;
	thread->stack_switches = thread->stack_is_dated ? interpreter->gil_switches : 0;
}
