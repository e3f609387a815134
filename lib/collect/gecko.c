/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector for Firefox Profiler: what each thread did when. It is the one report that keeps every sample, so
 * samples and markers go to a temporary file (output/spool.h), some bytes each; in memory are the distinct stacks and
 * instructions alone.
 *
 * Markers are intervals in which something stays true of a thread: it holds the GIL, waits for it, runs Python code,
 * collects garbage, stands on one instruction. They are those of CPython 3.15's profiling.sampling --gecko. They begin
 * and end at samples: what happened between two samples is not known. What the target or the reading does not tell (who
 * is on a CPU, the GIL of a free-threaded build) gives no marker rather than a guess; so "No GIL" and "No Exception"
 * begin with the first thread that was seen to have one.
 */
#include "collect/gecko.h"

#include <errno.h>
#include <stdlib.h>

#include <tachyon/opcode.h>

#include "util/options.h"

static int add_marker(struct ty_gecko *gecko, struct ty_gecko_thread *thread, uint32_t marker, uint64_t since_ns)
{
	int error = ty_stream_put(&gecko->spool, &thread->markers, marker);

	if (!error)
		error = ty_stream_put(&gecko->spool, &thread->markers, since_ns);
	if (!error)
		error = ty_stream_put(&gecko->spool, &thread->markers, thread->last_ns - since_ns);
	thread->marker_count++;
	return error;
}

/* Notes what is true now; what was true until now becomes a marker. */
static int set_track(struct ty_gecko *gecko, struct ty_gecko_thread *thread, enum ty_gecko_track track, uint32_t now)
{
	uint32_t before = thread->now[track];
	int error = 0;

	if (before == now)
		return 0;
	if (before)
		error = add_marker(gecko, thread, before, thread->since_ns[track]);
	thread->now[track] = now;
	thread->since_ns[track] = thread->last_ns;
	return error;
}

static uint32_t code_of(uint32_t status)
{
	if (status & TY_THREAD_HAS_GIL)
		return TY_GECKO_PYTHON_CODE;
	return (status & (TY_THREAD_UNKNOWN | TY_THREAD_ON_CPU)) == TY_THREAD_ON_CPU ? TY_GECKO_NATIVE_CODE : 0;
}

static int set_status(struct ty_gecko *gecko, struct ty_gecko_thread *thread, uint32_t status)
{
	uint32_t now[] = {
		[TY_GECKO_TRACK_GIL] = status & TY_THREAD_HAS_GIL ? TY_GECKO_HAS_GIL : TY_GECKO_NO_GIL,
		[TY_GECKO_TRACK_WAIT] = status & TY_THREAD_GIL_REQUESTED ? TY_GECKO_WAITING_FOR_GIL : 0,
		[TY_GECKO_TRACK_CPU] = status & TY_THREAD_ON_CPU ? TY_GECKO_ON_CPU : TY_GECKO_OFF_CPU,
		[TY_GECKO_TRACK_CODE] = code_of(status),
		[TY_GECKO_TRACK_EXCEPTION] =
		        status & TY_THREAD_HAS_EXCEPTION ? TY_GECKO_HAS_EXCEPTION : TY_GECKO_NO_EXCEPTION,
	};
	int error = 0;

	gecko->status_seen |= status;
	if (status & TY_THREAD_UNKNOWN)
		now[TY_GECKO_TRACK_CPU] = 0;
	if (gecko->free_threaded || !(gecko->status_seen & TY_THREAD_HAS_GIL))
		now[TY_GECKO_TRACK_GIL] = now[TY_GECKO_TRACK_CODE] = 0;
	if (!(gecko->status_seen & TY_THREAD_HAS_EXCEPTION))
		now[TY_GECKO_TRACK_EXCEPTION] = 0;
	for (size_t i = 0; !error && i < sizeof(now) / sizeof(*now); i++)
		if (i != TY_GECKO_TRACK_GC)
			error = set_track(gecko, thread, (enum ty_gecko_track)i, now[i]);
	return error;
}

/* Whether the garbage collector is on a node's stack: found once a node, from its parent's answer. */
static int find_collects(struct ty_gecko *gecko)
{
	const struct ty_calltree *tree = &gecko->report.stacks.tree;

	while (gecko->collects.count < tree->nodes.count) {
		const struct ty_callnode *node = &tree->nodes.items[gecko->collects.count];
		bool *collects = ty_array_push(&gecko->collects);

		if (!collects)
			return -ENOMEM;
		*collects = node->site.kind == TY_FRAME_GC || gecko->collects.items[node->parent];
	}
	return 0;
}

static void resolve(struct ty_gecko *gecko, struct ty_gecko_form *form)
{
	ty_instruction_info info = { .size = sizeof(info) };

	if (ty_instruction(gecko->report.stacks.target, &form->frame, &info) != 0)
		return;
	form->opcode = info.opcode;
	form->is_specialized = info.opcode_flags & TY_OPCODE_SPECIALIZED;
	form->name = info.name;
	form->base_name = info.base_name;
}

/* Index of the form of an instruction, whatever the stack under it; it is resolved while the target is there. */
static int find_form(struct ty_gecko *gecko, const ty_frame *frame, uint64_t *index)
{
	uint64_t opcode = frame->flags & TY_FRAME_HAS_OPCODE ? 0x100U | frame->opcode : 0;
	uint64_t site = ty_map_number(&gecko->site_numbers, (uint64_t)frame->function << 32 | (uint32_t)frame->offset);
	uint64_t number = site ? ty_map_number(&gecko->form_numbers, site << 9 | opcode) : 0;
	struct ty_gecko_form *form;

	if (!number)
		return -ENOMEM;
	*index = number - 1;
	if (*index < gecko->forms.count)
		return 0;
	form = ty_array_push(&gecko->forms);
	if (!form)
		return -ENOMEM;
	form->frame = *frame;
	resolve(gecko, form);
	return 0;
}

static int set_opcode(struct ty_gecko *gecko, struct ty_gecko_thread *thread, const ty_frame *leaf)
{
	uint64_t index;
	int error = find_form(gecko, leaf, &index);
	uint32_t now = 0;

	if (error)
		return error;
	if (gecko->forms.items[index].name)
		now = TY_GECKO_FIRST_OPCODE + (uint32_t)index;
	return set_track(gecko, thread, TY_GECKO_TRACK_OPCODE, now);
}

static int add_sample(struct ty_gecko *gecko, struct ty_gecko_thread *thread, uint32_t node)
{
	int error = ty_stream_put(&gecko->spool, &thread->samples, node);

	if (!error)
		error = ty_stream_put(&gecko->spool, &thread->samples, gecko->time_ns - thread->last_sample_ns);
	thread->last_sample_ns = gecko->time_ns;
	thread->sample_count++;
	return error;
}

/* The threads whose identities are new get their place. */
static struct ty_gecko_thread *find_thread(struct ty_gecko *gecko, uint32_t identity)
{
	while (gecko->threads.count <= identity) {
		struct ty_gecko_thread *thread = ty_array_push(&gecko->threads);

		if (!thread)
			return NULL;
		thread->first_ns = gecko->time_ns;
	}
	return &gecko->threads.items[identity];
}

/* A stack that is not proven changes nothing about what was on the stack before. */
static int observe(const struct ty_stacks_thread *stacks_thread, const ty_thread_info *info, uint32_t node,
                   void *user_data)
{
	struct ty_gecko *gecko = user_data;
	struct ty_gecko_thread *thread = find_thread(gecko, stacks_thread->identity);
	int error;

	if (!thread)
		return -ENOMEM;
	thread->last_ns = gecko->time_ns;
	error = info->verdict == TY_FAILED ? 0 : set_status(gecko, thread, info->status);
	if (error || !node)
		return error;
	error = find_collects(gecko);
	if (!error)
		error = set_track(gecko, thread, TY_GECKO_TRACK_GC,
		                  gecko->collects.items[node] ? TY_GECKO_COLLECTING : 0);
	if (!error && gecko->opcodes)
		error = set_opcode(gecko, thread, &info->frames[0]);
	return error ? error : add_sample(gecko, thread, node);
}

static int begin(const ty_run_info *run, void *user_data)
{
	struct ty_gecko *gecko = user_data;
	ty_target_information target = { .size = sizeof(target) };

	gecko->free_threaded = run->target && ty_target_info(run->target, &target) == 0 && target.free_threaded;
	return ty_report_begin(run, user_data);
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct ty_gecko *gecko = user_data;
	uint64_t now_ns = ty_snapshot_time(snapshot), start_ns = gecko->report.run.start_time_ns;
	uint64_t time_ns = now_ns > start_ns ? now_ns - start_ns : 0;

	/* The clock does not go back; a caller's own snapshots might. */
	if (time_ns > gecko->time_ns)
		gecko->time_ns = time_ns;
	return ty_report_sample(snapshot, user_data);
}

/* What is still true ends where its thread was last seen. */
static int close_markers(struct ty_gecko *gecko)
{
	int error = 0;

	for (size_t i = 0; i < gecko->threads.count; i++)
		for (int track = 0; !error && track < TY_GECKO_TRACKS; track++)
			error = set_track(gecko, &gecko->threads.items[i], (enum ty_gecko_track)track, TY_GECKO_NONE);
	return error;
}

static int write_gecko(struct ty_report *report)
{
	int error = close_markers((struct ty_gecko *)report);

	return error ? error : ty_gecko_write(report);
}

static void destroy(void *user_data)
{
	struct ty_gecko *gecko = user_data;

	for (size_t i = 0; i < gecko->threads.count; i++) {
		ty_stream_free(&gecko->threads.items[i].samples);
		ty_stream_free(&gecko->threads.items[i].markers);
	}
	ty_array_free(&gecko->threads);
	ty_array_free(&gecko->forms);
	ty_array_free(&gecko->collects);
	ty_map_free(&gecko->site_numbers);
	ty_map_free(&gecko->form_numbers);
	ty_spool_free(&gecko->spool);
	ty_report_destroy(user_data);
}

int ty_gecko_new(const ty_gecko_options *options, ty_sink *sink, ty_collector **collector)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS),
		.begin = begin,
		.sample = sample,
		.end = ty_report_end,
		.destroy = destroy,
	};
	struct ty_gecko *gecko = calloc(1, sizeof(*gecko));
	struct ty_report_options report = { .callbacks = &CALLBACKS };
	ty_gecko_options known;

	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	if (gecko) {
		gecko->opcodes = known.opcodes != 0;
		ty_spool_init(&gecko->spool);
		report.observe = observe;
	}
	return ty_report_new(gecko ? &gecko->report : NULL, &report, sink, write_gecko, collector);
}
