/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports of a recording with any contents: what the reader lets through, every collector has to bear. One format an
 * input, chosen by what is in it.
 */
#include "faults/formats.h"
#include "fuzz/any_recording.h"
#include "fuzz/fuzz.h"

#include <stdlib.h>

#include <tachyon/recording.h>

#include "recording/pack.h"

#define SAMPLES_MAX 500

static uint32_t chosen;

static void report(ty_target *target, const struct fault_format *format)
{
	ty_collector *collector = NULL;
	ty_sink *sink = NULL;

	if (ty_sink_memory(&sink) != 0)
		abort();
	/* The sink is the collector's in any case. */
	if (format->make(sink, &collector) == 0)
		fault_sample(target, collector, SAMPLES_MAX);
	ty_collector_free(collector);
}

static void use_recording(const char *path)
{
	const struct fault_format *format = &fault_formats[chosen % FAULT_FORMATS];
	ty_target *target;

	if (!format->has_sink)
		return;
	/* A target that cannot be used is one all the same: it says why. */
	if (ty_open_recording(path, NULL, &target) == 0)
		report(target, format);
	ty_detach(target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
	chosen = ty_checksum(0, data, size_bytes);
	fuzz_with_recording(data, size_bytes, use_recording);
	return 0;
}
