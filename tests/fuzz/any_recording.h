/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_FUZZ_ANY_RECORDING_H
#define TY_TESTS_FUZZ_ANY_RECORDING_H

#include <stddef.h>
#include <stdint.h>

/*
 * Calls back with the path of a file that holds the data. Checksums would stop every change of a fuzzer at the door, so
 * they are made right first, unless the last byte is odd.
 */
void fuzz_with_recording(const uint8_t *data, size_t size_bytes, void (*use)(const char *path));

#endif
