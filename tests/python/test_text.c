/* SPDX-License-Identifier: Apache-2.0 */
/* Bounded text. */
#include "support/test.h"

#include <string.h>

#include "python/text.h"

TEST(puts_pieces_together)
{
	struct ty_text text = { 0 };

	ck_assert_str_eq(ty_text_end(&text), "");
	ty_text_puts(&text, "one ");
	ty_text_printf(&text, "%d", 2);
	ty_text_add(&text, " three", 2);
	ck_assert_str_eq(ty_text_end(&text), "one 2 t");
	ty_text_clear(&text);
	ty_text_puts(&text, "again");
	ck_assert_str_eq(ty_text_end(&text), "again");
	ty_text_free(&text);
}

TEST(writes_utf8)
{
	struct ty_text text = { 0 };
	const uint32_t characters[] = { 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff };

	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++)
		ty_text_character(&text, characters[i]);
	ck_assert_str_eq(ty_text_end(&text),
	                 "a\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
	ty_text_free(&text);
}

TEST(cuts_what_is_too_long)
{
	struct ty_text text = { 0 };
	const char *end;
	size_t length;

	for (size_t i = 0; i < PY_TEXT_BYTES_MAX / 8; i++)
		ty_text_puts(&text, "12345678");
	ck_assert(!text.cut);
	ty_text_puts(&text, "x");
	ck_assert(text.cut);
	ty_text_puts(&text, "y");
	end = ty_text_end(&text);
	length = strlen(end);
	ck_assert_uint_eq(length, PY_TEXT_BYTES_MAX + 3);
	ck_assert_str_eq(end + length - 5, "78\xe2\x80\xa6");
	ty_text_clear(&text);
	ck_assert_str_eq(ty_text_end(&text), "");
	ty_text_free(&text);
}
