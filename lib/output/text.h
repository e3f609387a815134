/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_TEXT_H
#define TY_OUTPUT_TEXT_H

/*
 * Text on a sink. Errors stick to the sink (ty_sink_commit() tells them), so nothing here returns one.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tachyon/sink.h>

/* What a name from a target may not do to the text it is put into. */
enum ty_text_use {
	TY_TEXT_LINE,  /* break the line, move the cursor, or turn the direction of what follows */
	TY_TEXT_STACK, /* that, or end a frame of a collapsed stack: a semicolon becomes a comma */
};

__attribute__((format(printf, 2, 3))) void ty_print(ty_sink *sink, const char *format, ...);

void ty_print_string(ty_sink *sink, const char *string);

/* Right-aligned to a width in characters (printf's %*s counts bytes). A negative width aligns to the left. */
void ty_print_padded(ty_sink *sink, int width, const char *string);

/*
 * The string with everything harmful made visible: "\x1b" for the escape character, U+FFFD for a byte that is no UTF-8.
 * Always valid UTF-8. Allocated; NULL when memory is out.
 */
char *ty_text_clean(const char *string, enum ty_text_use use);

/* Whether a character controls what shows it: breaks lines, moves the cursor, turns the direction of what follows. */
bool ty_text_is_harmful(uint32_t character);

/* 1234567 as "1,234,567". */
#define TY_GROUPED_BYTES 32
const char *ty_text_grouped(uint64_t number, char buffer[TY_GROUPED_BYTES]);

/* Number of bytes of the UTF-8 character at `at`, its code point in *code_point; 0 if those bytes are no UTF-8. */
size_t ty_utf8_decode(const char *at, uint32_t *code_point);

#endif
