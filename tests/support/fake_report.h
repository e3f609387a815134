/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_SUPPORT_FAKE_REPORT_H
#define TY_TESTS_SUPPORT_FAKE_REPORT_H

/*
 * What tests of the built-in collectors have in common: a fake target, a collector on it that writes to memory, and what
 * it wrote.
 *
 *     report_open();
 *     ck_assert_ok(ty_callgrind_new(&options, sink, &collector));
 *     report_begin(1000);
 *     ty_collector_sample(collector, fake_snapshot(target));
 *     report_end();
 *     report_has("events: Samples");
 *     report_close();
 */

#include <tachyon/collector.h>

#include "support/fake_target.h"

extern ty_target *target;
extern ty_collector *collector;
extern ty_sink *sink;

/* A target that knows "main" (/src/main.py), "add" (/src/add.py, from line 10) and "gc"; and an empty sink. */
void report_open(void);

/* Begins with the first snapshot's time. */
void report_begin(uint64_t interval_ns);

void report_end(void);

/* What was written has this piece of text, somewhere. */
void report_has(const char *text);

void report_close(void);

#endif
