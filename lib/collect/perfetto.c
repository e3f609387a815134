/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector for Perfetto (https://ui.perfetto.dev and its trace processor): a trace in its own format. Facts:
 * protos/perfetto/trace of Perfetto 58.
 *
 *     TrackDescriptor   a process, its threads, and below each thread a track for every kind of state that was seen
 *     TrackEvent        a function begins or ends on its thread's track, a state on its own
 *     StackSample       every sample, with its call stack and the time that it stands for: Perfetto's flame graphs of a
 *                       part of the timeline are made from them. Perfetto before 57 does not know them and shows the
 * rest
 *
 * What repeats is told once and then has a number (InternedData). A packet is one message of one sequence; readers sort
 * them by time, so that threads may be written one after the other. Times are CLOCK_MONOTONIC, as in a trace of the
 * system that is recorded beside this one.
 *
 * The numbers of fields are those of the .proto files. The tables of the trace stand in perfetto_tables.c.
 */
#include "collect/perfetto.h"

#include <stdlib.h>
#include <string.h>

#include "util/options.h"

#define SEQUENCE 1
#define NEEDS_TABLES 2 /* SEQ_NEEDS_INCREMENTAL_STATE */

enum track_event_field {
	EVENT_CATEGORY_IIDS = 3,
	EVENT_DEBUG_ANNOTATIONS = 4,
	EVENT_TYPE = 9,
	EVENT_NAME_IID = 10,
	EVENT_TRACK_UUID = 11,
	EVENT_SOURCE_LOCATION_IID = 34,
};
enum event_type { TYPE_SLICE_BEGIN = 1, TYPE_SLICE_END = 2 };
enum debug_annotation_field {
	ANNOTATION_NAME_IID = 1,
	ANNOTATION_BOOL = 2,
	ANNOTATION_INT = 4,
	ANNOTATION_STRING = 6,
};
enum stack_sample_field { SAMPLE_TASK_CONTEXT = 1, SAMPLE_CALLSTACK_IID = 6, SAMPLE_WEIGHT = 11 };
enum task_context_field { TASK_PID = 2, TASK_TID = 3 };

void ty_perfetto_begin_packet(struct ty_perfetto *perfetto, uint32_t flags)
{
	ty_protobuf_number(&perfetto->packet, PACKET_SEQUENCE_ID, SEQUENCE);
	ty_protobuf_number(&perfetto->packet, PACKET_SEQUENCE_FLAGS, flags);
}

void ty_perfetto_end_packet(struct ty_perfetto *perfetto)
{
	ty_protobuf_flush(&perfetto->packet, TRACE_PACKET, perfetto->timeline->report.sink);
}

static void begin_timed_packet(struct ty_perfetto *perfetto, uint64_t time_ns)
{
	ty_perfetto_begin_packet(perfetto, NEEDS_TABLES);
	ty_protobuf_number(&perfetto->packet, PACKET_TIMESTAMP, perfetto->timeline->report.run.start_time_ns + time_ns);
}

/* An event of a track; the caller ends its message and the packet. */
static size_t begin_event(struct ty_perfetto *perfetto, enum event_type type, uint64_t track, uint64_t time_ns)
{
	size_t event;

	begin_timed_packet(perfetto, time_ns);
	event = ty_protobuf_begin(&perfetto->packet, PACKET_TRACK_EVENT);
	ty_protobuf_number(&perfetto->packet, EVENT_TYPE, type);
	ty_protobuf_number(&perfetto->packet, EVENT_TRACK_UUID, track);
	return event;
}

static void end_event(struct ty_perfetto *perfetto, size_t event)
{
	ty_protobuf_end(&perfetto->packet, event);
	ty_perfetto_end_packet(perfetto);
}

static void begin_slice(uint32_t function, uint64_t time_ns, void *user_data)
{
	struct ty_perfetto *perfetto = user_data;
	size_t event = begin_event(perfetto, TYPE_SLICE_BEGIN, ty_perfetto_thread_track(perfetto->thread), time_ns);

	ty_protobuf_number(&perfetto->packet, EVENT_CATEGORY_IIDS, TY_PERFETTO_FUNCTIONS);
	ty_protobuf_number(&perfetto->packet, EVENT_NAME_IID, function);
	ty_protobuf_number(&perfetto->packet, EVENT_SOURCE_LOCATION_IID, function);
	end_event(perfetto, event);
}

static void end_slice(uint64_t time_ns, void *user_data)
{
	struct ty_perfetto *perfetto = user_data;

	end_event(perfetto, begin_event(perfetto, TYPE_SLICE_END, ty_perfetto_thread_track(perfetto->thread), time_ns));
}

static void write_sample(uint32_t node, uint64_t time_ns, void *user_data)
{
	struct ty_perfetto *perfetto = user_data;
	size_t sample, task;

	begin_timed_packet(perfetto, time_ns);
	sample = ty_protobuf_begin(&perfetto->packet, PACKET_STACK_SAMPLE);
	task = ty_protobuf_begin(&perfetto->packet, SAMPLE_TASK_CONTEXT);
	ty_protobuf_number(&perfetto->packet, TASK_PID,
	                   (uint32_t)ty_slices_process_id(&perfetto->slices, perfetto->thread));
	ty_protobuf_number(&perfetto->packet, TASK_TID, ty_slices_thread_id(&perfetto->slices, perfetto->thread));
	ty_protobuf_end(&perfetto->packet, task);
	ty_protobuf_number(&perfetto->packet, SAMPLE_CALLSTACK_IID, perfetto->stack_of_node[node]);
	ty_protobuf_number(&perfetto->packet, SAMPLE_WEIGHT, ty_report_interval_ns(&perfetto->timeline->report));
	ty_protobuf_end(&perfetto->packet, sample);
	ty_perfetto_end_packet(perfetto);
}

static void put_number(struct ty_perfetto *perfetto, enum ty_perfetto_annotation name, int field, int64_t value)
{
	size_t annotation = ty_protobuf_begin(&perfetto->packet, EVENT_DEBUG_ANNOTATIONS);

	ty_protobuf_number(&perfetto->packet, ANNOTATION_NAME_IID, name);
	ty_protobuf_number(&perfetto->packet, (uint32_t)field, (uint64_t)value);
	ty_protobuf_end(&perfetto->packet, annotation);
}

static void put_text(struct ty_perfetto *perfetto, enum ty_perfetto_annotation name, const char *text)
{
	size_t annotation = ty_protobuf_begin(&perfetto->packet, EVENT_DEBUG_ANNOTATIONS);

	ty_protobuf_number(&perfetto->packet, ANNOTATION_NAME_IID, name);
	ty_protobuf_bytes(&perfetto->packet, ANNOTATION_STRING, text, strlen(text));
	ty_protobuf_end(&perfetto->packet, annotation);
}

static void put_form(struct ty_perfetto *perfetto, const struct ty_form *form)
{
	ty_target *target = perfetto->slices.spots.places.target;
	ty_location_info location = { .size = sizeof(location) };
	ty_function_info function = { .size = sizeof(function) };

	if (ty_function(target, form->frame.function, &function) == 0)
		put_text(perfetto, TY_PERFETTO_FUNCTION, function.qualname);
	if (ty_location(target, &form->frame, &location) == 0 && location.line >= 0) {
		put_number(perfetto, TY_PERFETTO_LINE, ANNOTATION_INT, location.line);
		if (location.column >= 0)
			put_number(perfetto, TY_PERFETTO_COLUMN, ANNOTATION_INT, location.column);
	}
	put_number(perfetto, TY_PERFETTO_OFFSET, ANNOTATION_INT, form->frame.offset);
	put_text(perfetto, TY_PERFETTO_BASE, form->base_name);
	put_number(perfetto, TY_PERFETTO_SPECIALIZED, ANNOTATION_BOOL, form->is_specialized);
}

static void write_state(uint64_t state, uint64_t since_ns, uint64_t duration_ns, void *user_data)
{
	struct ty_perfetto *perfetto = user_data;
	const struct ty_form *form = ty_slices_form(&perfetto->slices, state);
	enum ty_track kind = ty_track_of(state);
	uint64_t track = ty_perfetto_state_track(perfetto->thread, kind);
	size_t event = begin_event(perfetto, TYPE_SLICE_BEGIN, track, since_ns);

	ty_protobuf_number(&perfetto->packet, EVENT_CATEGORY_IIDS, TY_PERFETTO_FIRST_TRACK + kind);
	ty_protobuf_number(&perfetto->packet, EVENT_NAME_IID, ty_perfetto_state_name(perfetto, state));
	if (form)
		put_form(perfetto, form);
	end_event(perfetto, event);
	end_event(perfetto, begin_event(perfetto, TYPE_SLICE_END, track, since_ns + duration_ns));
}

static int write_threads(struct ty_perfetto *perfetto)
{
	struct ty_slices_visitor visitor = {
		.begin = begin_slice,
		.end = end_slice,
		.sample = write_sample,
		.state = write_state,
		.user_data = perfetto,
	};
	int error = 0;

	for (perfetto->thread = 0; !error && perfetto->thread < perfetto->timeline->threads.count; perfetto->thread++)
		if (ty_timeline_has(perfetto->timeline, perfetto->thread))
			error = ty_slices_visit(&perfetto->slices, perfetto->thread, &visitor);
	return error;
}

static int write_perfetto(struct ty_timeline *timeline)
{
	struct ty_perfetto perfetto = { .timeline = timeline };
	int error = ty_slices_init(&perfetto.slices, timeline);

	if (!error)
		error = ty_perfetto_write_tables(&perfetto);
	if (!error)
		error = write_threads(&perfetto);
	ty_perfetto_release(&perfetto);
	ty_slices_free(&perfetto.slices);
	ty_protobuf_free(&perfetto.packet);
	return error;
}

int ty_perfetto_new(const ty_perfetto_options *options, ty_sink *sink, ty_collector **collector)
{
	struct ty_timeline_options timeline = { .write = write_perfetto };
	ty_perfetto_options known;

	/* An option we do not know is refused like a trust that does not exist. */
	timeline.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	timeline.opcodes = known.opcodes != 0;
	return ty_timeline_new(calloc(1, sizeof(struct ty_timeline)), &timeline, sink, collector);
}
