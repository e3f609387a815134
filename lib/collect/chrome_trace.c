/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector for chrome://tracing and Perfetto's page: the JSON of the "Trace Event Format". Facts: that document by
 * Google's Catapult project; Perfetto 58's json_trace_tokenizer.cc.
 *
 *     ph "M"            names of the process and its threads
 *     ph "B" and "E"    a function begins and ends, on its thread. Pairs rather than complete events ("X"), because
 * their nesting follows from their order alone when several have one time ph "b" and "e"    states beside the stack:
 * asynchronous events, whose id is that of a thread and track. Of a waiting thread and of one that holds the GIL both
 * may be true
 *
 * Times are microseconds since the begin of profiling. Facts that belong to no event stand in "otherData".
 */
#include <tachyon/collector.h>

#include <stdio.h>
#include <stdlib.h>

#include "collect/slices.h"
#include "util/options.h"

#define US_DECIMALS 3 /* of ns */

static const char *const CATEGORIES[TY_TRACKS] = {
	[TY_TRACK_GIL] = "GIL",       [TY_TRACK_WAIT] = "GIL", [TY_TRACK_CPU] = "CPU",
	[TY_TRACK_CODE] = "code",     [TY_TRACK_GC] = "GC",    [TY_TRACK_EXCEPTION] = "exception",
	[TY_TRACK_OPCODE] = "opcode",
};

struct chrome_trace {
	struct ty_timeline *timeline;
	struct ty_slices slices;
	struct ty_json json;
	int32_t pid;   /* of the thread that is written */
	size_t thread; /* that is written */
};

/* Members that all events have; the caller ends the object. */
static void begin_event(struct chrome_trace *trace, const char *phase)
{
	struct ty_json *json = &trace->json;

	ty_json_begin(json, '{');
	ty_json_member_string(json, "ph", phase);
	ty_json_member_int(json, "pid", trace->pid);
	ty_json_member_uint(json, "tid", ty_slices_thread_id(&trace->slices, trace->thread));
}

static void write_time(struct chrome_trace *trace, uint64_t time_ns)
{
	ty_json_key(&trace->json, "ts");
	ty_json_fixed(&trace->json, (int64_t)time_ns, US_DECIMALS);
}

static void write_name(struct chrome_trace *trace, const char *what, const char *name)
{
	struct ty_json *json = &trace->json;

	begin_event(trace, "M");
	ty_json_member_string(json, "name", what);
	ty_json_open(json, "args", '{');
	ty_json_member_string(json, "name", name);
	ty_json_end(json, '}');
	ty_json_end(json, '}');
}

static void begin_slice(uint32_t number, uint64_t time_ns, void *user_data)
{
	struct chrome_trace *trace = user_data;
	const struct ty_spot_function *function = ty_spots_function(&trace->slices.spots, number);
	const struct ty_places *places = &trace->slices.spots.places;
	struct ty_json *json = &trace->json;

	begin_event(trace, "B");
	write_time(trace, time_ns);
	ty_json_member_string(json, "cat", function->is_artificial ? "native" : "python");
	ty_json_member_string(json, "name", ty_places_string(places, function->name));
	if (!function->is_artificial) {
		ty_json_open(json, "args", '{');
		ty_json_member_string(json, "file", ty_places_string(places, function->file));
		ty_json_member_uint(json, "line", function->first_line);
		ty_json_end(json, '}');
	}
	ty_json_end(json, '}');
}

static void end_slice(uint64_t time_ns, void *user_data)
{
	struct chrome_trace *trace = user_data;

	begin_event(trace, "E");
	write_time(trace, time_ns);
	ty_json_end(&trace->json, '}');
}

static void write_form(struct chrome_trace *trace, const struct ty_form *form)
{
	struct ty_json *json = &trace->json;
	ty_target *target = trace->slices.spots.places.target;
	ty_location_info location = { .size = sizeof(location) };
	ty_function_info function = { .size = sizeof(function) };

	ty_json_open(json, "args", '{');
	if (ty_function(target, form->frame.function, &function) == 0)
		ty_json_member_string(json, "function", function.qualname);
	if (ty_location(target, &form->frame, &location) == 0 && location.line >= 0) {
		ty_json_member_int(json, "line", location.line);
		if (location.column >= 0)
			ty_json_member_int(json, "column", location.column);
	}
	ty_json_member_int(json, "offset", form->frame.offset);
	ty_json_member_string(json, "base", form->base_name);
	ty_json_member_bool(json, "specialized", form->is_specialized);
	ty_json_end(json, '}');
}

static void write_state_event(struct chrome_trace *trace, const char *phase, uint64_t state, uint64_t time_ns)
{
	const struct ty_form *form = ty_slices_form(&trace->slices, state);
	enum ty_track track = ty_track_of(state);
	struct ty_json *json = &trace->json;
	char label[TY_LABEL_BYTES], id[32];

	snprintf(id, sizeof(id), "0x%zx", trace->thread * TY_TRACKS + track + 1);
	begin_event(trace, phase);
	write_time(trace, time_ns);
	ty_json_member_string(json, "cat", CATEGORIES[track]);
	ty_json_member_string(json, "id", id);
	ty_json_member_string(json, "name", form ? ty_form_label(form, label) : ty_state_names[state]);
	if (form && *phase == 'b')
		write_form(trace, form);
	ty_json_end(json, '}');
}

static void write_state(uint64_t state, uint64_t since_ns, uint64_t duration_ns, void *user_data)
{
	write_state_event(user_data, "b", state, since_ns);
	write_state_event(user_data, "e", state, since_ns + duration_ns);
}

/* Once for each of its threads: readers take what they know already. */
static void write_process(struct chrome_trace *trace)
{
	char version[TY_VERSION_BYTES], name[TY_VERSION_BYTES + 8];

	snprintf(name, sizeof(name), "Python %s", ty_report_python_version(&trace->timeline->report, version));
	write_name(trace, "process_name", name);
}

static int write_thread(struct chrome_trace *trace)
{
	const struct ty_stacks_identity *identity = &trace->timeline->report.stacks.identities.items[trace->thread];
	struct ty_slices_visitor visitor = {
		.begin = begin_slice,
		.end = end_slice,
		.state = write_state,
		.user_data = trace,
	};
	char name[TY_LABEL_BYTES];

	trace->pid = ty_slices_process_id(&trace->slices, trace->thread);
	write_process(trace);
	snprintf(name, sizeof(name), "Thread-%llu", (unsigned long long)identity->id);
	write_name(trace, "thread_name", *identity->name ? identity->name : name);
	return ty_slices_visit(&trace->slices, trace->thread, &visitor);
}

static void write_facts(struct chrome_trace *trace)
{
	const struct ty_report *report = &trace->timeline->report;
	struct ty_json *json = &trace->json;
	char version[TY_VERSION_BYTES];

	ty_json_member_string(json, "displayTimeUnit", "ns");
	ty_json_open(json, "otherData", '{');
	ty_json_member_string(json, "producer", "libtachyon " TY_VERSION);
	ty_json_member_string(json, "python_version", ty_report_python_version(report, version));
	ty_json_member_int(json, "pid", ty_report_target(report).pid);
	ty_json_member_string(json, "mode", ty_report_mode(report));
	ty_json_member_uint(json, "start_unix_ns", report->run.start_unix_ns);
	ty_json_member_uint(json, "duration_ns", report->summary.duration_ns);
	ty_json_member_uint(json, "interval_ns", ty_report_interval_ns(report));
	ty_report_write_verdicts(report, json);
	ty_json_end(json, '}');
}

static int write_events(struct chrome_trace *trace)
{
	struct ty_json *json = &trace->json;
	size_t threads = trace->timeline->threads.count;
	int error = 0;

	ty_json_open(json, "traceEvents", '[');
	for (trace->thread = 0; !error && trace->thread < threads; trace->thread++)
		if (ty_timeline_has(trace->timeline, trace->thread))
			error = write_thread(trace);
	ty_json_end(json, ']');
	return error;
}

static int write_chrome_trace(struct ty_timeline *timeline)
{
	struct chrome_trace trace = { .timeline = timeline, .json = { .sink = timeline->report.sink } };
	int error = ty_slices_init(&trace.slices, timeline);

	if (!error) {
		ty_json_begin(&trace.json, '{');
		write_facts(&trace);
		error = write_events(&trace);
		ty_json_end(&trace.json, '}');
	}
	ty_slices_free(&trace.slices);
	return error;
}

int ty_chrome_trace_new(const ty_chrome_trace_options *options, ty_sink *sink, ty_collector **collector)
{
	struct ty_timeline_options timeline = { .write = write_chrome_trace };
	ty_chrome_trace_options known;

	/* An option we do not know is refused like a trust that does not exist. */
	timeline.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	timeline.opcodes = known.opcodes != 0;
	return ty_timeline_new(calloc(1, sizeof(struct ty_timeline)), &timeline, sink, collector);
}
