/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layouts of _PyCoMonitoringData: Include/cpython/code.h of 3.12 and 3.13, Include/internal/pycore_instruments.h
 * of 3.14 and 3.15. Two tables of local monitors come first, whose size is that of the number of events; then pointers.
 * They are the same in builds with and without the GIL.
 */
#include <stddef.h>

#include "python/instrumentation.h"

static const struct py_monitoring LAYOUT_3_12 = { .lines = 40, .instructions = 56 };
static const struct py_monitoring LAYOUT_3_13 = { .lines = 32, .instructions = 48 };
static const struct py_monitoring LAYOUT_3_14 = { .lines = 96, .instructions = 112 };
static const struct py_monitoring LAYOUT_3_15 = { .lines = 104, .instructions = 120 };

const struct py_monitoring *ty_monitoring_layout(uint32_t version)
{
	switch (version) {
	case TY_PYTHON_3_12:
		return &LAYOUT_3_12;
	case TY_PYTHON_3_13:
		return &LAYOUT_3_13;
	case TY_PYTHON_3_14:
		return &LAYOUT_3_14;
	case TY_PYTHON_3_15:
		return &LAYOUT_3_15;
	default:
		return NULL;
	}
}
