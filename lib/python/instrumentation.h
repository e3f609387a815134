/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_INSTRUMENTATION_H
#define TY_PYTHON_INSTRUMENTATION_H

/*
 * What stands behind INSTRUMENTED_LINE, INSTRUMENTED_INSTRUCTION and ENTER_EXECUTOR: the code object keeps the opcodes
 * they replaced in its monitoring data (sys.monitoring, sys.settrace, coverage, debuggers) and in its executors (JIT
 * traces).
 */

#include <stdbool.h>
#include <stdint.h>

#include "python/bytecode.h"
#include "python/offsets.h"
#include "target/memory.h"

/* Layout of _PyCoMonitoringData. */
struct py_monitoring {
	uint16_t lines;        /* offset of the pointer to the line entries, each beginning with an opcode */
	uint16_t instructions; /* offset of the pointer to the opcodes behind INSTRUMENTED_INSTRUCTION */
};

/* Layout of a version (enum ty_python_version), or NULL where nothing is instrumented that way. */
const struct py_monitoring *ty_monitoring_layout(uint32_t version);

/*
 * Decodes the bytecode of the code object at `code_address`, whose `unit_count` units are in `code`, reading from the
 * target what is hidden; nothing is read if nothing is. 0 or -ENOMEM; what could not be read is not known
 * (known_count).
 */
int ty_bytecode_read(struct ty_memory *memory, uint32_t version, const struct py_offsets *offsets,
                     uint64_t code_address, const uint8_t *code, uint32_t unit_count, struct ty_bytecode *out);

#endif
