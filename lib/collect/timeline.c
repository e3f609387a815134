/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples and states go to a temporary file (output/spool.h), some bytes each; in memory are the distinct stacks and
 * instructions alone.
 */
#include "collect/timeline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/opcode.h>

const char *const ty_state_names[TY_STATE_FIRST_OPCODE] = {
	[TY_STATE_NONE] = "",
	[TY_STATE_HAS_GIL] = "Has GIL",
	[TY_STATE_NO_GIL] = "No GIL",
	[TY_STATE_WAITING_FOR_GIL] = "Waiting for GIL",
	[TY_STATE_ON_CPU] = "On CPU",
	[TY_STATE_OFF_CPU] = "Off CPU",
	[TY_STATE_PYTHON_CODE] = "Python Code",
	[TY_STATE_NATIVE_CODE] = "Native Code",
	[TY_STATE_COLLECTING] = "GC Collecting",
	[TY_STATE_HAS_EXCEPTION] = "Has Exception",
	[TY_STATE_NO_EXCEPTION] = "No Exception",
};

enum ty_track ty_track_of(uint64_t state)
{
	static const enum ty_track TRACKS[TY_STATE_FIRST_OPCODE] = {
		[TY_STATE_HAS_GIL] = TY_TRACK_GIL,
		[TY_STATE_NO_GIL] = TY_TRACK_GIL,
		[TY_STATE_WAITING_FOR_GIL] = TY_TRACK_WAIT,
		[TY_STATE_ON_CPU] = TY_TRACK_CPU,
		[TY_STATE_OFF_CPU] = TY_TRACK_CPU,
		[TY_STATE_PYTHON_CODE] = TY_TRACK_CODE,
		[TY_STATE_NATIVE_CODE] = TY_TRACK_CODE,
		[TY_STATE_COLLECTING] = TY_TRACK_GC,
		[TY_STATE_HAS_EXCEPTION] = TY_TRACK_EXCEPTION,
		[TY_STATE_NO_EXCEPTION] = TY_TRACK_EXCEPTION,
	};

	return state < TY_STATE_FIRST_OPCODE ? TRACKS[state] : TY_TRACK_OPCODE;
}

const char *ty_form_label(const struct ty_form *form, char buffer[TY_LABEL_BYTES])
{
	if (!form->is_specialized || strcmp(form->name, form->base_name) == 0)
		return form->name;
	snprintf(buffer, TY_LABEL_BYTES, "%s (%s)", form->name, form->base_name);
	return buffer;
}

static int add_span(struct ty_timeline *timeline, struct ty_timeline_thread *thread, uint32_t state, uint64_t since_ns)
{
	int error = ty_stream_put(&timeline->spool, &thread->spans, state);

	if (!error)
		error = ty_stream_put(&timeline->spool, &thread->spans, since_ns);
	if (!error)
		error = ty_stream_put(&timeline->spool, &thread->spans, thread->last_ns - since_ns);
	if (error)
		return error;
	thread->span_count++;
	thread->tracks |= 1U << ty_track_of(state);
	return 0;
}

/* Notes what is true now; what was true until now becomes a span. */
static int set_track(struct ty_timeline *timeline, struct ty_timeline_thread *thread, enum ty_track track, uint32_t now)
{
	uint32_t before = thread->now[track];
	int error = 0;

	if (before == now)
		return 0;
	if (before)
		error = add_span(timeline, thread, before, thread->since_ns[track]);
	thread->now[track] = now;
	thread->since_ns[track] = thread->last_ns;
	return error;
}

static uint32_t code_of(uint32_t status)
{
	if (status & TY_THREAD_HAS_GIL)
		return TY_STATE_PYTHON_CODE;
	return (status & (TY_THREAD_UNKNOWN | TY_THREAD_ON_CPU)) == TY_THREAD_ON_CPU ? TY_STATE_NATIVE_CODE : 0;
}

static int set_status(struct ty_timeline *timeline, struct ty_timeline_thread *thread, uint32_t status)
{
	uint32_t now[] = {
		[TY_TRACK_GIL] = status & TY_THREAD_HAS_GIL ? TY_STATE_HAS_GIL : TY_STATE_NO_GIL,
		[TY_TRACK_WAIT] = status & TY_THREAD_GIL_REQUESTED ? TY_STATE_WAITING_FOR_GIL : 0,
		[TY_TRACK_CPU] = status & TY_THREAD_ON_CPU ? TY_STATE_ON_CPU : TY_STATE_OFF_CPU,
		[TY_TRACK_CODE] = code_of(status),
		[TY_TRACK_EXCEPTION] =
		        status & TY_THREAD_HAS_EXCEPTION ? TY_STATE_HAS_EXCEPTION : TY_STATE_NO_EXCEPTION,
	};
	int error = 0;

	timeline->status_seen |= status;
	if (status & TY_THREAD_UNKNOWN)
		now[TY_TRACK_CPU] = 0;
	if (timeline->free_threaded || !(timeline->status_seen & TY_THREAD_HAS_GIL))
		now[TY_TRACK_GIL] = now[TY_TRACK_CODE] = 0;
	if (!(timeline->status_seen & TY_THREAD_HAS_EXCEPTION))
		now[TY_TRACK_EXCEPTION] = 0;
	for (size_t i = 0; !error && i < sizeof(now) / sizeof(*now); i++)
		if (i != TY_TRACK_GC)
			error = set_track(timeline, thread, (enum ty_track)i, now[i]);
	return error;
}

/* Whether the garbage collector is on a node's stack: found once a node, from its parent's answer. */
static int find_collects(struct ty_timeline *timeline)
{
	const struct ty_calltree *tree = &timeline->report.stacks.tree;

	while (timeline->collects.count < tree->nodes.count) {
		const struct ty_callnode *node = &tree->nodes.items[timeline->collects.count];
		bool *collects = ty_array_push(&timeline->collects);

		if (!collects)
			return -ENOMEM;
		*collects = node->site.kind == TY_FRAME_GC || timeline->collects.items[node->parent];
	}
	return 0;
}

static void resolve(struct ty_timeline *timeline, struct ty_form *form)
{
	ty_instruction_info info = { .size = sizeof(info) };

	if (ty_instruction(timeline->report.stacks.target, &form->frame, &info) != 0)
		return;
	form->opcode = info.opcode;
	form->is_specialized = info.opcode_flags & TY_OPCODE_SPECIALIZED;
	form->name = info.name;
	form->base_name = info.base_name;
}

/* Index of the form of an instruction, whatever the stack under it; it is resolved while the target is there. */
static int find_form(struct ty_timeline *timeline, const ty_frame *frame, uint64_t *index)
{
	uint64_t opcode = frame->flags & TY_FRAME_HAS_OPCODE ? 0x100U | frame->opcode : 0;
	uint64_t site =
	        ty_map_number(&timeline->site_numbers, (uint64_t)frame->function << 32 | (uint32_t)frame->offset);
	uint64_t number = site ? ty_map_number_in(&timeline->form_numbers, site << 9 | opcode, &timeline->forms) : 0;
	struct ty_form *form;

	if (!number)
		return -ENOMEM;
	*index = number - 1;
	if (*index < timeline->forms.count)
		return 0;
	form = ty_array_push(&timeline->forms);
	form->frame = *frame;
	resolve(timeline, form);
	return 0;
}

static int set_opcode(struct ty_timeline *timeline, struct ty_timeline_thread *thread, const ty_frame *leaf)
{
	uint64_t index;
	int error = find_form(timeline, leaf, &index);
	uint32_t now = 0;

	if (error)
		return error;
	if (timeline->forms.items[index].name)
		now = TY_STATE_FIRST_OPCODE + (uint32_t)index;
	return set_track(timeline, thread, TY_TRACK_OPCODE, now);
}

static int add_sample(struct ty_timeline *timeline, struct ty_timeline_thread *thread, uint32_t node, uint64_t time_ns)
{
	int error = ty_stream_put(&timeline->spool, &thread->samples, node);

	if (!error)
		error = ty_stream_put(&timeline->spool, &thread->samples, time_ns - thread->last_sample_ns);
	if (error)
		return error;
	thread->last_sample_ns = time_ns;
	thread->sample_count++;
	return 0;
}

/* Nothing stays true of a thread from here on. */
static int end_states(struct ty_timeline *timeline, struct ty_timeline_thread *thread)
{
	int error = 0;

	for (int track = 0; !error && track < TY_TRACKS; track++)
		error = set_track(timeline, thread, (enum ty_track)track, TY_STATE_NONE);
	return error;
}

bool ty_timeline_has(const struct ty_timeline *timeline, size_t thread)
{
	const struct ty_timeline_thread *found = &timeline->threads.items[thread];

	return found->sample_count || (found->span_count && timeline->report.stacks.identities.items[thread].id);
}

uint64_t ty_timeline_end_ns(const struct ty_timeline *timeline, const struct ty_timeline_thread *thread)
{
	return thread->last_ns + ty_report_interval_ns(&timeline->report);
}

/* A thread that was not in the snapshot of its process before this one has ended, or is another one under the same id.
 */
static int note_absence(struct ty_timeline *timeline, struct ty_timeline_thread *thread)
{
	uint64_t end_ns = ty_timeline_end_ns(timeline, thread), snapshot = timeline->report.stacks.turn;
	bool was_absent = thread->seen && thread->seen + 1 != snapshot;
	int error;

	thread->seen = snapshot;
	if (!was_absent)
		return 0;
	error = end_states(timeline, thread);
	if (error || !thread->sample_count)
		return error;
	return add_sample(timeline, thread, 0, end_ns < timeline->time_ns ? end_ns : timeline->time_ns);
}

/* The threads whose identities are new get their place. */
static struct ty_timeline_thread *find_thread(struct ty_timeline *timeline, uint32_t identity)
{
	while (timeline->threads.count <= identity) {
		struct ty_timeline_thread *thread = ty_array_push(&timeline->threads);

		if (!thread)
			return NULL;
		thread->first_ns = timeline->time_ns;
	}
	return &timeline->threads.items[identity];
}

/* A stack that is not proven changes nothing about what was on the stack before. */
static int observe(const struct ty_stacks_thread *stacks_thread, const ty_thread_info *info, uint32_t node,
                   void *user_data)
{
	struct ty_timeline *timeline = user_data;
	struct ty_timeline_thread *thread = find_thread(timeline, stacks_thread->identity);
	int error;

	if (!thread)
		return -ENOMEM;
	error = note_absence(timeline, thread);
	if (error)
		return error;
	thread->last_ns = timeline->time_ns;
	error = info->verdict == TY_FAILED ? 0 : set_status(timeline, thread, info->status);
	if (error || !node)
		return error;
	error = find_collects(timeline);
	if (!error)
		error = set_track(timeline, thread, TY_TRACK_GC,
		                  timeline->collects.items[node] ? TY_STATE_COLLECTING : 0);
	if (!error && timeline->opcodes)
		error = set_opcode(timeline, thread, &info->frames[0]);
	return error ? error : add_sample(timeline, thread, node, timeline->time_ns);
}

static int begin(const ty_run_info *run, void *user_data)
{
	struct ty_timeline *timeline = user_data;
	ty_target_information target = { .size = sizeof(target) };

	timeline->free_threaded = run->target && ty_target_info(run->target, &target) == 0 && target.free_threaded;
	return ty_report_begin(run, user_data);
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct ty_timeline *timeline = user_data;
	uint64_t now_ns = ty_snapshot_time(snapshot), start_ns = timeline->report.run.start_time_ns;
	uint64_t time_ns = now_ns > start_ns ? now_ns - start_ns : 0;

	/* The clock does not go back; a caller's own snapshots might. */
	if (time_ns > timeline->time_ns)
		timeline->time_ns = time_ns;
	return ty_report_sample(snapshot, user_data);
}

/*
 * What is still true ends where its thread was last seen. Where the temporary file is full, which a sample has told, the
 * result is what came before.
 */
static int write_timeline(struct ty_report *report)
{
	struct ty_timeline *timeline = (struct ty_timeline *)report;
	bool full = timeline->spool.error != 0;
	int error = 0;

	for (size_t i = 0; !error && !full && i < timeline->threads.count; i++)
		error = end_states(timeline, &timeline->threads.items[i]);
	return error ? error : timeline->write(timeline);
}

static void destroy(void *user_data)
{
	struct ty_timeline *timeline = user_data;

	for (size_t i = 0; i < timeline->threads.count; i++) {
		ty_stream_free(&timeline->threads.items[i].samples);
		ty_stream_free(&timeline->threads.items[i].spans);
	}
	ty_array_free(&timeline->threads);
	ty_array_free(&timeline->forms);
	ty_array_free(&timeline->collects);
	ty_map_free(&timeline->site_numbers);
	ty_map_free(&timeline->form_numbers);
	ty_spool_free(&timeline->spool);
	ty_report_destroy(user_data);
}

int ty_timeline_new(struct ty_timeline *timeline, const struct ty_timeline_options *options, ty_sink *sink,
                    ty_collector **collector)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS),
		.begin = begin,
		.sample = sample,
		.end = ty_report_end,
		.destroy = destroy,
	};
	struct ty_report_options report = { .trust = options->trust, .observe = observe, .callbacks = &CALLBACKS };

	if (timeline) {
		timeline->opcodes = options->opcodes;
		timeline->write = options->write;
		ty_spool_init(&timeline->spool);
	}
	return ty_report_new(timeline ? &timeline->report : NULL, &report, sink, write_timeline, collector);
}
