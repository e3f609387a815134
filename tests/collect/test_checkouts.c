/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdlib.h>

#include "collect/checkouts.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NONE SIZE_MAX

/* Matches the two lists and compares with what is expected of each path of the first. */
#define CHECK(before, now, ...)                                                                                        \
	do {                                                                                                           \
		const size_t expected[] = { __VA_ARGS__ };                                                             \
		size_t *matched = ty_checkouts_match(before, COUNT(before), now, COUNT(now));                          \
		ck_assert_ptr_nonnull(matched);                                                                        \
		ck_assert_uint_eq(COUNT(expected), COUNT(before));                                                     \
		for (size_t i = 0; i < COUNT(before); i++)                                                             \
			ck_assert_msg(matched[i] == expected[i], "%s is %zd", before[i], (ssize_t)matched[i]);         \
		free(matched);                                                                                         \
	} while (0)

TEST(the_same_path_is_the_same_file)
{
	const char *before[] = { "/src/a.py", "/src/b.py", "<string>" };
	const char *now[] = { "<string>", "/other/a.py", "/src/a.py" };

	CHECK(before, now, 2, NONE, 0);
}

TEST(libraries_and_packages_are_told_below_their_root)
{
	const char *before[] = { "/usr/lib/python3.13/json/decoder.py", "/v1/lib/python3.13/site-packages/x/y.py",
		                 "<frozen importlib._bootstrap>", "/usr/lib/python3.13/x/y.py" };
	const char *now[] = { "/opt/python/lib/python3.15/json/decoder.py", "<frozen importlib._bootstrap>",
		              "/v2/lib/python3.15/site-packages/x/y.py" };

	CHECK(before, now, 0, 2, 1, NONE);
}

TEST(checkouts_differ_in_one_folder)
{
	const char *before[] = { "/home/me/app/web/__init__.py", "/home/me/app/db/__init__.py", "/home/me/app/main.py",
		                 "/home/me/app/gone.py" };
	const char *now[] = { "/ci/build-7/main.py", "/ci/build-7/db/__init__.py", "/ci/build-7/web/__init__.py",
		              "/ci/build-7/new.py" };

	CHECK(before, now, 2, 1, 0, NONE);
}

TEST(the_folders_that_explain_most_files_count)
{
	/* "tool/run.py" of the old checkout ends as both of the new one do. */
	const char *before[] = { "/a/tool/run.py", "/a/tool/x.py", "/a/tool/y.py" };
	const char *now[] = { "/b/other/tool/run.py", "/b/tool/run.py", "/b/tool/x.py", "/b/tool/y.py" };

	CHECK(before, now, 1, 2, 3);
}

TEST(names_are_compared_whole)
{
	const char *before[] = { "/a/my_main.py", "main.py", "" };
	const char *now[] = { "/b/main.py", "/b/y_main.py" };

	CHECK(before, now, NONE, 0, NONE);
}

TEST(no_file_is_given_twice)
{
	const char *before[] = { "/one/main.py", "/two/main.py" };
	const char *now[] = { "/three/main.py" };

	CHECK(before, now, 0, NONE);
}
