/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_JSON_H
#define TY_OUTPUT_JSON_H

/*
 * Writes JSON to a sink as it is said, without a tree in memory:
 *
 *     struct ty_json json = { .sink = sink };
 *     ty_json_begin(&json, '{');
 *     ty_json_key(&json, "samples");
 *     ty_json_uint(&json, 7);
 *     ty_json_end(&json, '}');
 *
 * Commas are put where they belong. Errors stick to the sink. Any string gives valid JSON that may also stand inside
 * an HTML <script> and be printed on a terminal.
 */

#include <stdbool.h>
#include <stdint.h>

#include <tachyon/sink.h>

struct ty_json {
	ty_sink *sink;
	bool needs_comma;
};

/* '{' or '[', and the bracket that closes it. */
void ty_json_begin(struct ty_json *json, char bracket);
void ty_json_end(struct ty_json *json, char bracket);
void ty_json_key(struct ty_json *json, const char *key);

/* A key and the bracket that opens its value. */
void ty_json_open(struct ty_json *json, const char *key, char bracket);

/* Ends a line between two values that stand for themselves (JSON lines). */
void ty_json_newline(struct ty_json *json);

void ty_json_null(struct ty_json *json);
void ty_json_bool(struct ty_json *json, bool value);
void ty_json_int(struct ty_json *json, int64_t value);
void ty_json_uint(struct ty_json *json, uint64_t value);
void ty_json_string(struct ty_json *json, const char *string);

/* value / 10^decimals, exactly: nanoseconds as milliseconds are ty_json_fixed(json, ns, 6). */
void ty_json_fixed(struct ty_json *json, int64_t value, unsigned int decimals);

/* A number that may be inexact; null if it is not finite. */
void ty_json_real(struct ty_json *json, double value);

/* Members of an object. */
void ty_json_member_int(struct ty_json *json, const char *key, int64_t value);
void ty_json_member_uint(struct ty_json *json, const char *key, uint64_t value);
void ty_json_member_string(struct ty_json *json, const char *key, const char *string);
void ty_json_member_bool(struct ty_json *json, const char *key, bool value);

#endif
