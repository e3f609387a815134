/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_FAULTS_FORMATS_H
#define TY_TESTS_FAULTS_FORMATS_H

/* Whole runs, in every format, for tests of what happens when something runs out. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tachyon/collector.h>

#define FAULT_FORMATS 16

struct fault_format {
	const char *name;
	/* Owns the sink. */
	int (*make)(ty_sink *sink, ty_collector **collector);
	bool has_sink; /* else it writes to fault_result itself */
};

extern const struct fault_format fault_formats[FAULT_FORMATS];

/* The path for a result, in a folder of its own between fault_begin() and fault_end(). */
extern char fault_result[64];
void fault_begin(void);
void fault_end(void);

/* How many files and folders stand beside each other where one result may stand; they are removed. */
size_t fault_remove_results(void);

int fault_open_capture(ty_target **target);
int fault_open_recording(ty_target **target);

/* As tachyon-cli does it: by a sampler, as fast as possible. */
int fault_sample(ty_target *target, ty_collector *collector, uint64_t samples);

#endif
