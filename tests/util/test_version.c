/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>

#include <tachyon/base.h>

TEST(number_and_string_say_the_same)
{
	uint32_t number = ty_version_number();
	char text[32];

	snprintf(text, sizeof(text), "%u.%u.%u", number >> 16, number >> 8 & 0xff, number & 0xff);
	ck_assert_str_eq(ty_version_string(), text);
}
