/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/excerpts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/map.h"

/* Lines before and after a place. */
#define CONTEXT_LINES 2
/* Of all lines of a page. */
#define TOTAL_BYTES_MAX ((size_t)8 << 20)

void ty_excerpts_see(struct ty_excerpts *excerpts, ty_target *target, uint32_t function)
{
	ty_function_info info = { .size = sizeof(info) };
	size_t size_bytes;

	if (!excerpts->source || function <= excerpts->functions_seen || ty_function(target, function, &info) != 0)
		return;
	for (uint32_t id = excerpts->functions_seen + 1; id <= function; id++)
		if (ty_function(target, id, &info) == 0)
			(void)excerpts->source(info.filename, (int32_t)info.first_line, &size_bytes,
			                       excerpts->user_data);
	excerpts->functions_seen = function;
}

/* The longest part of a text of at most `limit` bytes that ends with a whole character. */
static size_t cut(const char *text, size_t size_bytes, size_t limit)
{
	if (size_bytes <= limit)
		return size_bytes;
	while (limit && ((unsigned char)text[limit] & 0xc0) == 0x80)
		limit--;
	return limit;
}

const char *ty_excerpts_line(struct ty_excerpts *excerpts, const char *filename, int32_t line)
{
	size_t size_bytes = 0;
	const char *text = NULL;

	if (excerpts->source && line > 0)
		text = excerpts->source(filename, line, &size_bytes, excerpts->user_data);
	if (!text)
		return NULL;
	size_bytes = cut(text, size_bytes, TY_EXCERPT_LINE_BYTES);
	for (size_t i = 0; i < size_bytes; i++)
		excerpts->line[i] = text[i] ? text[i] : ' ';
	excerpts->line[size_bytes] = '\0';
	return excerpts->line;
}

/* A line that goes into the page. */
struct wanted {
	uint32_t file;
	int32_t line;
	char *text;
};

static int by_place(const void *left, const void *right)
{
	const struct wanted *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

/* The lines round all places, each once. Allocated; NULL when memory is out. */
static struct wanted *choose(const struct ty_places *places, size_t *count)
{
	size_t most = places->places.count * (2 * CONTEXT_LINES + 1), found = 0, kept = 0;
	struct wanted *lines = calloc(most + 1, sizeof(*lines));

	for (size_t i = 0; lines && i < places->places.count; i++) {
		const struct ty_place *place = &places->places.items[i];

		/* In 64 bits: a target may call its last line INT32_MAX. */
		for (int64_t line = (int64_t)place->line - CONTEXT_LINES; line <= (int64_t)place->line + CONTEXT_LINES;
		     line++)
			if (place->line > 0 && line > 0 && line <= INT32_MAX)
				lines[found++] = (struct wanted){ .file = place->file, .line = (int32_t)line };
	}
	if (lines)
		qsort(lines, found, sizeof(*lines), by_place);
	for (size_t i = 0; i < found; i++)
		if (!kept || by_place(&lines[kept - 1], &lines[i]) != 0)
			lines[kept++] = lines[i];
	*count = kept;
	return lines;
}

/* Leaves the lines that can be had. */
static int fetch(struct ty_excerpts *excerpts, const struct ty_places *places, struct wanted *lines, size_t *count)
{
	size_t kept = 0, bytes = 0;

	for (size_t i = 0; i < *count && bytes < TOTAL_BYTES_MAX; i++) {
		const char *text = ty_excerpts_line(excerpts, ty_places_string(places, lines[i].file), lines[i].line);

		if (!text)
			continue;
		bytes += strlen(text);
		lines[kept] = lines[i];
		lines[kept].text = strdup(text);
		if (!lines[kept++].text) {
			*count = kept - 1;
			return -ENOMEM;
		}
	}
	*count = kept;
	return 0;
}

static void write_lines(struct ty_json *json, const struct wanted *lines, size_t count)
{
	ty_json_open(json, "file", '[');
	for (size_t i = 0; i < count; i++)
		ty_json_uint(json, lines[i].file - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "line", '[');
	for (size_t i = 0; i < count; i++)
		ty_json_int(json, lines[i].line);
	ty_json_end(json, ']');
	ty_json_open(json, "text", '[');
	for (size_t i = 0; i < count; i++)
		ty_json_string(json, lines[i].text);
	ty_json_end(json, ']');
}

int ty_excerpts_write(struct ty_excerpts *excerpts, const struct ty_places *places, struct ty_json *json)
{
	size_t count = 0;
	struct wanted *lines = choose(places, &count);
	int error = lines ? 0 : -ENOMEM;

	if (!excerpts->source)
		count = 0;
	if (!error)
		error = fetch(excerpts, places, lines, &count);
	ty_json_open(json, "source", '{');
	write_lines(json, lines, error ? 0 : count);
	ty_json_end(json, '}');
	for (size_t i = 0; i < count; i++)
		free(lines[i].text);
	free(lines);
	return error;
}
