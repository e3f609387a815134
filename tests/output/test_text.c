/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include "output/text.h"
#include "util/cleanup.h"

static void check_clean(const char *string, enum ty_text_use use, const char *expected)
{
	_cleanup_free_ char *clean = ty_text_clean(string, use);

	ck_assert_str_eq(clean, expected);
}

TEST(names_pass_unchanged)
{
	check_clean("", TY_TEXT_LINE, "");
	check_clean("Parser.parse.<locals>.<lambda>", TY_TEXT_STACK, "Parser.parse.<locals>.<lambda>");
	check_clean("größe 変数 🐍 a;b", TY_TEXT_LINE, "größe 変数 🐍 a;b");
}

TEST(controls_become_visible)
{
	check_clean("a\nb\tc\r", TY_TEXT_LINE, "a\\x0ab\\x09c\\x0d");
	check_clean("\x1b[2Jgone\x7f", TY_TEXT_LINE, "\\x1b[2Jgone\\x7f");
	check_clean("\xc2\x9b"
	            "2J",
	            TY_TEXT_LINE, "\\x9b2J");
	check_clean("line\xe2\x80\xa8separator", TY_TEXT_STACK, "line\\u2028separator");
	check_clean("ok\xe2\x80\xae reversed\xe2\x81\xa6", TY_TEXT_LINE, "ok\\u202e reversed\\u2066");
}

TEST(semicolon_cannot_end_a_frame)
{
	check_clean("a;b 7\nc", TY_TEXT_STACK, "a,b 7\\x0ac");
}

TEST(bytes_that_are_no_utf8_are_replaced)
{
	check_clean("\xff\x80z", TY_TEXT_LINE, "\xef\xbf\xbd\xef\xbf\xbdz");
	check_clean("cut\xe2\x82", TY_TEXT_LINE, "cut\xef\xbf\xbd\xef\xbf\xbd");
	check_clean("\xc0\xaf", TY_TEXT_LINE, "\xef\xbf\xbd\xef\xbf\xbd");                 /* overlong */
	check_clean("\xed\xa0\x80", TY_TEXT_LINE, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* surrogate */
	check_clean("\xf4\x90\x80\x80", TY_TEXT_LINE, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(decodes_the_edges_of_utf8)
{
	static const struct {
		const char *text;
		size_t length;
		uint32_t code_point;
	} CASES[] = {
		{ "\x7f", 1, 0x7f },
		{ "\xc2\x80", 2, 0x80 },
		{ "\xdf\xbf", 2, 0x7ff },
		{ "\xe0\xa0\x80", 3, 0x800 },
		{ "\xed\x9f\xbf", 3, 0xd7ff },
		{ "\xee\x80\x80", 3, 0xe000 },
		{ "\xef\xbf\xbf", 3, 0xffff },
		{ "\xf0\x90\x80\x80", 4, 0x10000 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
		uint32_t code_point = 0;

		ck_assert_uint_eq(ty_utf8_decode(CASES[i].text, &code_point), CASES[i].length);
		ck_assert_uint_eq(code_point, CASES[i].code_point);
	}
}

TEST(pads_by_characters)
{
	ty_sink *sink;

	ck_assert_ok(ty_sink_memory(&sink));
	ty_print_padded(sink, 6, "μs");
	ty_print_padded(sink, -4, "é");
	ty_print_padded(sink, 2, "long");
	ck_assert_str_eq(ty_sink_data(sink, NULL), "    μsé   long");
	ty_sink_free(sink);
}

TEST(prints_lines_of_any_length)
{
	char long_name[2000];
	ty_sink *sink;
	size_t size;

	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	ck_assert_ok(ty_sink_memory(&sink));
	ty_print(sink, "%s %d\n", long_name, 7);
	ck_assert_str_eq(ty_sink_data(sink, &size) + 1999, " 7\n");
	ck_assert_uint_eq(size, 2002);
	ty_sink_free(sink);
}

TEST(groups_digits)
{
	char buffer[TY_GROUPED_BYTES];

	ck_assert_str_eq(ty_text_grouped(0, buffer), "0");
	ck_assert_str_eq(ty_text_grouped(999, buffer), "999");
	ck_assert_str_eq(ty_text_grouped(1000, buffer), "1,000");
	ck_assert_str_eq(ty_text_grouped(UINT64_MAX, buffer), "18,446,744,073,709,551,615");
}
