/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_PERFETTO_H
#define TY_COLLECT_PERFETTO_H

/* What perfetto.c, which writes events, and perfetto_tables.c, which writes what they refer to, share. */

#include "collect/slices.h"
#include "output/protobuf.h"

/* Fields of Trace and TracePacket. */
#define TRACE_PACKET 1
enum ty_perfetto_packet_field {
	PACKET_CLOCK_SNAPSHOT = 6,
	PACKET_TIMESTAMP = 8,
	PACKET_SEQUENCE_ID = 10,
	PACKET_TRACK_EVENT = 11,
	PACKET_INTERNED_DATA = 12,
	PACKET_SEQUENCE_FLAGS = 13,
	PACKET_DEFAULTS = 59,
	PACKET_TRACK_DESCRIPTOR = 60,
	PACKET_STACK_SAMPLE = 135,
};

/* Numbers of categories. */
enum { TY_PERFETTO_FUNCTIONS = 1, TY_PERFETTO_FIRST_TRACK };

/* Numbers of what is said about an instruction. */
enum ty_perfetto_annotation {
	TY_PERFETTO_FUNCTION = 1,
	TY_PERFETTO_LINE,
	TY_PERFETTO_COLUMN,
	TY_PERFETTO_OFFSET,
	TY_PERFETTO_BASE,
	TY_PERFETTO_SPECIALIZED,
	TY_PERFETTO_ANNOTATIONS_END
};

struct ty_perfetto {
	struct ty_timeline *timeline;
	struct ty_slices slices;
	struct ty_protobuf packet;
	struct ty_calltree stacks; /* of spots; the number of a node is that of its call stack */
	uint32_t *stack_of_node;
	size_t thread; /* that is written */
};

/* flags: enum SequenceFlags of trace_packet.proto. */
void ty_perfetto_begin_packet(struct ty_perfetto *perfetto, uint32_t flags);
void ty_perfetto_end_packet(struct ty_perfetto *perfetto);

/* Writes everything that events refer to. 0 or -ENOMEM. */
int ty_perfetto_write_tables(struct ty_perfetto *perfetto);
void ty_perfetto_release(struct ty_perfetto *perfetto);

/* Ids of tracks. */
uint64_t ty_perfetto_thread_track(size_t thread);
uint64_t ty_perfetto_state_track(size_t thread, enum ty_track track);

/* Number of a state's name; those of functions are their own. */
uint64_t ty_perfetto_state_name(const struct ty_perfetto *perfetto, uint64_t state);

#endif
