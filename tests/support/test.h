/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_SUPPORT_TEST_H
#define TY_TESTS_SUPPORT_TEST_H

/*
 * The one place that knows which unit-test library is used: check. A test program is one file, named after the file it
 * tests; TEST() is all it needs, main() comes from test.c:
 *
 *     #include "support/test.h"
 *     #include "util/array.h"
 *
 *     TEST(keeps_elements_when_it_grows)
 *     {
 *             ck_assert_uint_eq(…);
 *     }
 *
 * Tests register themselves, so that none can be written and forgotten, and run in the order they stand in. Each runs
 * in a process of its own (CK_FORK=no runs all in one, which the sanitizer and valgrind runs use). The assertions are
 * check's: ck_assert, ck_assert_msg, ck_assert_int_eq, ck_assert_uint_eq, ck_assert_str_eq, ck_assert_mem_eq, …
 */

#include <check.h>

#define TEST(test_name)                                                                                                \
	static void test_name(void);                                                                                   \
	static void test_name##_run(int unused)                                                                        \
	{                                                                                                              \
		(void)unused;                                                                                          \
		test_name();                                                                                           \
	}                                                                                                              \
	__attribute__((constructor)) static void test_name##_register(void)                                            \
	{                                                                                                              \
		static const TTest test = { #test_name, test_name##_run, __FILE__, __LINE__ };                         \
		test_register(&test);                                                                                  \
	}                                                                                                              \
	static void test_name(void)

/* For TEST() only. */
void test_register(const TTest *test);

/* Checks a result of the library's: 0, or a message with the text of the error. */
#define ck_assert_ok(expression)                                                                                       \
	do {                                                                                                           \
		int result_ = (expression);                                                                            \
		ck_assert_msg(result_ == 0, "%s = %d (%s)", #expression, result_, test_error_text(result_));           \
	} while (0)

/* Text of a negative return value: an errno's or "error CODE of libtachyon". */
const char *test_error_text(int code);

#endif
