/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What events of a Perfetto trace refer to: the clock, the tracks, names, places and call stacks. One entry a packet:
 * memory is that of the largest one.
 */
#include "collect/perfetto.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/fold.h"
#include "output/sink.h"

#define CLEARS_TABLES 1 /* SEQ_INCREMENTAL_STATE_CLEARED */
#define NEEDS_TABLES 2  /* SEQ_NEEDS_INCREMENTAL_STATE */
#define FIRST_TRACK 1

enum clock { CLOCK_OF_DAY = 1, CLOCK_OF_SAMPLES = 3 }; /* BUILTIN_CLOCK_REALTIME, BUILTIN_CLOCK_MONOTONIC */
enum clock_snapshot_field { SNAPSHOT_CLOCKS = 1, SNAPSHOT_PRIMARY = 2 };
enum clock_field { CLOCK_ID = 1, CLOCK_TIMESTAMP = 2 };
enum defaults_field { DEFAULTS_CLOCK_ID = 58, DEFAULTS_STACK_SAMPLE = 100 };
enum stack_sample_defaults_field { SAMPLES_SOURCE = 1, SAMPLES_COUNTER = 2 };
enum counter_field { COUNTER_NAME = 2, COUNTER_UNIT = 3 };
enum { UNIT_NANOSECONDS = 1 };
enum track_field {
	TRACK_UUID = 1,
	TRACK_NAME = 2,
	TRACK_PROCESS = 3,
	TRACK_THREAD = 4,
	TRACK_PARENT = 5,
	TRACK_DESCRIPTION = 14,
};
enum process_field { PROCESS_PID = 1, PROCESS_NAME = 6 };
enum thread_field { THREAD_PID = 1, THREAD_TID = 2, THREAD_NAME = 5 };
enum interned_field {
	INTERNED_CATEGORIES = 1,
	INTERNED_EVENT_NAMES = 2,
	INTERNED_ANNOTATION_NAMES = 3,
	INTERNED_SOURCE_LOCATIONS = 4,
	INTERNED_FUNCTION_NAMES = 5,
	INTERNED_FRAMES = 6,
	INTERNED_CALLSTACKS = 7,
	INTERNED_SOURCE_PATHS = 18,
};
enum entry_field { ENTRY_IID = 1, ENTRY_TEXT = 2 };
enum source_location_field { LOCATION_FILE = 2, LOCATION_FUNCTION = 3, LOCATION_LINE = 4 };
enum frame_field { FRAME_FUNCTION = 2, FRAME_SOURCE_PATH = 5, FRAME_LINE = 6 };
enum callstack_field { CALLSTACK_FRAMES = 2 };

static const char *const TRACK_NAMES[TY_TRACKS] = {
	[TY_TRACK_GIL] = "GIL",        [TY_TRACK_WAIT] = "Waiting", [TY_TRACK_CPU] = "CPU",
	[TY_TRACK_CODE] = "Code Type", [TY_TRACK_GC] = "GC",        [TY_TRACK_EXCEPTION] = "Exception",
	[TY_TRACK_OPCODE] = "Opcode",
};

static const char *const ANNOTATIONS[TY_PERFETTO_ANNOTATIONS_END] = {
	[TY_PERFETTO_FUNCTION] = "function", [TY_PERFETTO_LINE] = "line", [TY_PERFETTO_COLUMN] = "column",
	[TY_PERFETTO_OFFSET] = "offset",     [TY_PERFETTO_BASE] = "base", [TY_PERFETTO_SPECIALIZED] = "specialized",
};

/* Room for that of a process at each of its threads; the first one's is used. */
static uint64_t process_track(size_t thread)
{
	return FIRST_TRACK + thread * (TY_TRACKS + 2);
}

uint64_t ty_perfetto_thread_track(size_t thread)
{
	return process_track(thread) + 1;
}

uint64_t ty_perfetto_state_track(size_t thread, enum ty_track track)
{
	return ty_perfetto_thread_track(thread) + 1 + track;
}

uint64_t ty_perfetto_state_name(const struct ty_perfetto *perfetto, uint64_t state)
{
	return perfetto->slices.spots.functions.count + state;
}

static void put_text(struct ty_perfetto *perfetto, int field, const char *text)
{
	ty_protobuf_bytes(&perfetto->packet, (uint32_t)field, text, strlen(text));
}

/* ---- the clock ---- */

static void put_clock(struct ty_perfetto *perfetto, enum clock clock, uint64_t time_ns)
{
	size_t message = ty_protobuf_begin(&perfetto->packet, SNAPSHOT_CLOCKS);

	ty_protobuf_number(&perfetto->packet, CLOCK_ID, clock);
	ty_protobuf_number(&perfetto->packet, CLOCK_TIMESTAMP, time_ns);
	ty_protobuf_end(&perfetto->packet, message);
}

static void put_defaults(struct ty_perfetto *perfetto)
{
	size_t defaults = ty_protobuf_begin(&perfetto->packet, PACKET_DEFAULTS), samples, counter;
	char source[32];

	snprintf(source, sizeof(source), "python.%s", ty_report_mode(&perfetto->timeline->report));
	ty_protobuf_number(&perfetto->packet, DEFAULTS_CLOCK_ID, CLOCK_OF_SAMPLES);
	samples = ty_protobuf_begin(&perfetto->packet, DEFAULTS_STACK_SAMPLE);
	put_text(perfetto, SAMPLES_SOURCE, source);
	counter = ty_protobuf_begin(&perfetto->packet, SAMPLES_COUNTER);
	put_text(perfetto, COUNTER_NAME, "wall");
	ty_protobuf_number(&perfetto->packet, COUNTER_UNIT, UNIT_NANOSECONDS);
	ty_protobuf_end(&perfetto->packet, counter);
	ty_protobuf_end(&perfetto->packet, samples);
	ty_protobuf_end(&perfetto->packet, defaults);
}

/* The first packet of the sequence. */
static void write_clock(struct ty_perfetto *perfetto)
{
	const ty_run_info *run = &perfetto->timeline->report.run;
	size_t snapshot;

	ty_perfetto_begin_packet(perfetto, CLEARS_TABLES);
	put_defaults(perfetto);
	snapshot = ty_protobuf_begin(&perfetto->packet, PACKET_CLOCK_SNAPSHOT);
	put_clock(perfetto, CLOCK_OF_SAMPLES, run->start_time_ns);
	put_clock(perfetto, CLOCK_OF_DAY, run->start_unix_ns);
	ty_protobuf_number(&perfetto->packet, SNAPSHOT_PRIMARY, CLOCK_OF_SAMPLES);
	ty_protobuf_end(&perfetto->packet, snapshot);
	ty_perfetto_end_packet(perfetto);
}

/* ---- tracks ---- */

static size_t begin_track(struct ty_perfetto *perfetto, uint64_t id)
{
	size_t track;

	ty_perfetto_begin_packet(perfetto, NEEDS_TABLES);
	track = ty_protobuf_begin(&perfetto->packet, PACKET_TRACK_DESCRIPTOR);
	ty_protobuf_number(&perfetto->packet, TRACK_UUID, id);
	return track;
}

static void end_track(struct ty_perfetto *perfetto, size_t track)
{
	ty_protobuf_end(&perfetto->packet, track);
	ty_perfetto_end_packet(perfetto);
}

static void write_process(struct ty_perfetto *perfetto, size_t thread)
{
	const struct ty_report *report = &perfetto->timeline->report;
	const uint64_t *verdicts = report->stacks.verdicts;
	char text[256], version[TY_VERSION_BYTES];
	size_t track = begin_track(perfetto, process_track(thread)), process;

	snprintf(text, sizeof(text),
	         "libtachyon " TY_VERSION "; stacks: %" PRIu64 " verified, %" PRIu64 " repaired, %" PRIu64
	         " torn, %" PRIu64 " incomplete, %" PRIu64 " unreadable",
	         verdicts[TY_VERIFIED], verdicts[TY_REPAIRED], verdicts[TY_TORN], verdicts[TY_INCOMPLETE],
	         verdicts[TY_FAILED]);
	put_text(perfetto, TRACK_DESCRIPTION, text);
	process = ty_protobuf_begin(&perfetto->packet, TRACK_PROCESS);
	ty_protobuf_number(&perfetto->packet, PROCESS_PID, (uint32_t)ty_slices_process_id(&perfetto->slices, thread));
	snprintf(text, sizeof(text), "Python %s", ty_report_python_version(report, version));
	put_text(perfetto, PROCESS_NAME, text);
	ty_protobuf_end(&perfetto->packet, process);
	end_track(perfetto, track);
}

static void write_thread(struct ty_perfetto *perfetto, size_t index, size_t first)
{
	const struct ty_stacks_identity *identity = &perfetto->timeline->report.stacks.identities.items[index];
	size_t track = begin_track(perfetto, ty_perfetto_thread_track(index)), thread;
	char name[64];

	snprintf(name, sizeof(name), "Thread-%" PRIu64, identity->id);
	ty_protobuf_number(&perfetto->packet, TRACK_PARENT, process_track(first));
	thread = ty_protobuf_begin(&perfetto->packet, TRACK_THREAD);
	ty_protobuf_number(&perfetto->packet, THREAD_PID, (uint32_t)ty_slices_process_id(&perfetto->slices, index));
	ty_protobuf_number(&perfetto->packet, THREAD_TID, ty_slices_thread_id(&perfetto->slices, index));
	put_text(perfetto, THREAD_NAME, *identity->name ? identity->name : name);
	ty_protobuf_end(&perfetto->packet, thread);
	end_track(perfetto, track);
}

/* The first thread of a thread's process that is shown. */
static size_t first_of_process(const struct ty_perfetto *perfetto, size_t thread)
{
	size_t first = 0;

	while (!ty_timeline_has(perfetto->timeline, first) ||
	       ty_slices_process_id(&perfetto->slices, first) != ty_slices_process_id(&perfetto->slices, thread))
		first++;
	return first;
}

static void write_tracks(struct ty_perfetto *perfetto)
{
	for (size_t i = 0; i < perfetto->timeline->threads.count; i++) {
		size_t first;

		if (!ty_timeline_has(perfetto->timeline, i))
			continue;
		first = first_of_process(perfetto, i);
		if (first == i)
			write_process(perfetto, i);
		write_thread(perfetto, i, first);
		for (int kind = 0; kind < TY_TRACKS; kind++) {
			size_t track;

			if (!(perfetto->timeline->threads.items[i].tracks & 1U << kind))
				continue;
			track = begin_track(perfetto, ty_perfetto_state_track(i, (enum ty_track)kind));
			ty_protobuf_number(&perfetto->packet, TRACK_PARENT, ty_perfetto_thread_track(i));
			put_text(perfetto, TRACK_NAME, TRACK_NAMES[kind]);
			end_track(perfetto, track);
		}
	}
}

/* ---- tables ---- */

/* An entry of a table; gives what end_entry() wants. */
struct entry {
	size_t data;
	size_t entry;
};

static struct entry begin_entry(struct ty_perfetto *perfetto, enum interned_field table, uint64_t number)
{
	struct entry entry;

	ty_perfetto_begin_packet(perfetto, NEEDS_TABLES);
	entry.data = ty_protobuf_begin(&perfetto->packet, PACKET_INTERNED_DATA);
	entry.entry = ty_protobuf_begin(&perfetto->packet, table);
	ty_protobuf_number(&perfetto->packet, ENTRY_IID, number);
	return entry;
}

static void end_entry(struct ty_perfetto *perfetto, struct entry entry)
{
	ty_protobuf_end(&perfetto->packet, entry.entry);
	ty_protobuf_end(&perfetto->packet, entry.data);
	ty_perfetto_end_packet(perfetto);
}

static void write_text(struct ty_perfetto *perfetto, enum interned_field table, uint64_t number, const char *text)
{
	struct entry entry = begin_entry(perfetto, table, number);

	put_text(perfetto, ENTRY_TEXT, text);
	end_entry(perfetto, entry);
}

static void write_names(struct ty_perfetto *perfetto)
{
	const struct ty_timeline *timeline = perfetto->timeline;
	char label[TY_LABEL_BYTES];

	write_text(perfetto, INTERNED_CATEGORIES, TY_PERFETTO_FUNCTIONS, "python");
	for (int kind = 0; kind < TY_TRACKS; kind++)
		write_text(perfetto, INTERNED_CATEGORIES, TY_PERFETTO_FIRST_TRACK + (uint64_t)kind, TRACK_NAMES[kind]);
	for (uint64_t i = 1; i < TY_PERFETTO_ANNOTATIONS_END; i++)
		write_text(perfetto, INTERNED_ANNOTATION_NAMES, i, ANNOTATIONS[i]);
	for (uint64_t i = TY_STATE_NONE + 1; i < TY_STATE_FIRST_OPCODE; i++)
		write_text(perfetto, INTERNED_EVENT_NAMES, ty_perfetto_state_name(perfetto, i), ty_state_names[i]);
	for (size_t i = 0; i < timeline->forms.count; i++)
		if (timeline->forms.items[i].name)
			write_text(perfetto, INTERNED_EVENT_NAMES,
			           ty_perfetto_state_name(perfetto, TY_STATE_FIRST_OPCODE + i),
			           ty_form_label(&timeline->forms.items[i], label));
}

static void write_functions(struct ty_perfetto *perfetto)
{
	const struct ty_spots *spots = &perfetto->slices.spots;

	for (uint32_t i = 1; i <= spots->functions.count; i++) {
		const struct ty_spot_function *function = ty_spots_function(spots, i);
		const char *name = ty_places_string(&spots->places, function->name);
		struct entry entry;

		write_text(perfetto, INTERNED_EVENT_NAMES, i, name);
		write_text(perfetto, INTERNED_FUNCTION_NAMES, i, name);
		entry = begin_entry(perfetto, INTERNED_SOURCE_LOCATIONS, i);
		put_text(perfetto, LOCATION_FILE, ty_places_string(&spots->places, function->file));
		put_text(perfetto, LOCATION_FUNCTION, name);
		ty_protobuf_number(&perfetto->packet, LOCATION_LINE, function->first_line);
		end_entry(perfetto, entry);
	}
}

/* The path of a file is written before the first frame in it; its number is that of the string. */
static int write_frames(struct ty_perfetto *perfetto)
{
	const struct ty_spots *spots = &perfetto->slices.spots;
	bool *is_written = calloc(spots->places.strings.strings.count + 1, sizeof(*is_written));

	for (uint32_t i = 1; is_written && i <= spots->spots.count; i++) {
		const struct ty_spot *spot = ty_spots_get(spots, i);
		uint32_t file = ty_spots_function(spots, spot->function)->file;
		struct entry entry;

		if (!is_written[file])
			write_text(perfetto, INTERNED_SOURCE_PATHS, file, ty_places_string(&spots->places, file));
		is_written[file] = true;
		entry = begin_entry(perfetto, INTERNED_FRAMES, i);
		ty_protobuf_number(&perfetto->packet, FRAME_FUNCTION, spot->function);
		ty_protobuf_number(&perfetto->packet, FRAME_SOURCE_PATH, file);
		if (spot->line > 0)
			ty_protobuf_number(&perfetto->packet, FRAME_LINE, (uint64_t)spot->line);
		end_entry(perfetto, entry);
	}
	free(is_written);
	return is_written ? 0 : -ENOMEM;
}

/* Outermost frame first. `path` has room for the deepest stack. */
static void write_callstack(struct ty_perfetto *perfetto, uint32_t node, uint32_t *path)
{
	const struct ty_callnode *nodes = perfetto->stacks.nodes.items;
	struct entry entry = begin_entry(perfetto, INTERNED_CALLSTACKS, node);
	size_t depth = 0;

	for (; node != TY_CALLTREE_ROOT; node = nodes[node].parent)
		path[depth++] = nodes[node].site.function;
	while (depth > 0)
		ty_protobuf_number(&perfetto->packet, CALLSTACK_FRAMES, path[--depth]);
	end_entry(perfetto, entry);
}

static int write_callstacks(struct ty_perfetto *perfetto)
{
	const struct ty_stacks *stacks = &perfetto->timeline->report.stacks;
	uint32_t *path;

	perfetto->stack_of_node = ty_fold(&stacks->tree, perfetto->slices.spot_of_node, &perfetto->stacks);
	if (!perfetto->stack_of_node)
		return -ENOMEM;
	/* No stack is deeper than there are nodes. */
	path = calloc(perfetto->stacks.nodes.count, sizeof(*path));
	for (uint32_t i = 1; path && i < perfetto->stacks.nodes.count; i++)
		if (perfetto->stacks.nodes.items[i].self)
			write_callstack(perfetto, i, path);
	free(path);
	return path ? 0 : -ENOMEM;
}

int ty_perfetto_write_tables(struct ty_perfetto *perfetto)
{
	int error;

	write_clock(perfetto);
	write_tracks(perfetto);
	write_names(perfetto);
	write_functions(perfetto);
	error = write_frames(perfetto);
	return error ? error : write_callstacks(perfetto);
}

void ty_perfetto_release(struct ty_perfetto *perfetto)
{
	if (perfetto->stack_of_node)
		ty_calltree_free(&perfetto->stacks);
	free(perfetto->stack_of_node);
}
