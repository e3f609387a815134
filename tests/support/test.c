/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main() of every unit-test program: runs what TEST() registered and ends with check's line
 * "100%: Checks: N, Failures: F, Errors: E", which tests/run.sh adds up.
 */
#include "support/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TESTS_MAX 512
#define TIMEOUT_S 120

static const TTest *tests[TESTS_MAX];
static size_t test_count;

void test_register(const TTest *test)
{
	if (test_count == TESTS_MAX) {
		fprintf(stderr, "more than %d tests in one program\n", TESTS_MAX);
		exit(EXIT_FAILURE);
	}
	tests[test_count++] = test;
}

const char *test_error_text(int code)
{
	static char text[64];

	if (code < 0 && code > -4000)
		return strerror(-code);
	snprintf(text, sizeof(text), "error %d of libtachyon", code);
	return text;
}

int main(void)
{
	Suite *suite = suite_create(program_invocation_short_name);
	TCase *all = tcase_create(program_invocation_short_name);
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(all, TIMEOUT_S);
	suite_add_tcase(suite, all);
	for (size_t i = 0; i < test_count; i++)
		tcase_add_test(all, tests[i]);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	if (srunner_ntests_run(runner) == 0) {
		fprintf(stderr, "no test was run\n");
		failed = 1;
	}
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
