/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_FUZZ_H
#define TY_TESTS_FUZZ_H

/*
 * What a fuzzer calls: libFuzzer's (clang; meson's option `fuzz`), or mini.c, which does the same in every test run with
 * fixed seeds. A target returns 0; what it finds is a crash, a sanitizer's report, a leak or a timeout.
 */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

#endif
