/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `annotate`: source lines with samples, below each its bytecode. It profiles as `run` and `attach` do, with a
 * collector that the library has; what is added here are the source lines and the pager.
 *
 * The text goes to $PAGER when stdout is a terminal (less -R without one), but only when profiling is over and the
 * command has ended: until then the terminal is the command's. So it is kept in memory up to there. Everywhere else it
 * goes where the other results go.
 */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_PAGER "less -R"

/* What the pager will show. */
static struct page {
	bool used;
	char *text;
	size_t size_bytes;
	size_t capacity;
} page;

/* Owns the sink, also on error. `to_stdout`: the result goes there, to the pager included. */
int annotate_collector(const struct options *options, bool to_stdout, ty_sink *sink, ty_collector **collector)
{
	struct sourced *sourced = sourced_new();
	ty_annotation_options annotation = {
		.size = sizeof(annotation),
		.format = options->json ? TY_ANNOTATION_JSON : TY_ANNOTATION_TEXT,
		.parts = options->specialization ? TY_ANNOTATION_SPECIALIZATION : 0,
		.function = options->function,
		.limit = options->limit,
		.trust = options->trust,
		.color = to_stdout && wants_color(STDOUT_FILENO),
		.source = sourced_line,
		.source_user_data = sourced,
	};

	if (!sourced) {
		ty_sink_free(sink);
		return -ENOMEM;
	}
	return sourced_collector(sourced, ty_annotation_new(&annotation, sink, sourced_inner(sourced)), collector);
}

/* ---- the pager ---- */

/* For a sink. */
static int keep(const void *data, size_t size_bytes, void *user_data)
{
	(void)user_data;
	if (page.size_bytes + size_bytes > page.capacity) {
		size_t capacity = 2 * (page.size_bytes + size_bytes);
		char *text = realloc(page.text, capacity);

		if (!text)
			return -ENOMEM;
		page.text = text;
		page.capacity = capacity;
	}
	memcpy(page.text + page.size_bytes, data, size_bytes);
	page.size_bytes += size_bytes;
	return 0;
}

/* The sink for a result that goes to stdout. */
int annotate_sink(const struct options *options, ty_sink **sink)
{
	page.used = !options->json && isatty(STDOUT_FILENO);
	return page.used ? ty_sink_callback(keep, NULL, sink) : ty_sink_fd(STDOUT_FILENO, sink);
}

static void write_page(FILE *out)
{
	/* A reader that was quit early is no error. */
	(void)!fwrite(page.text, 1, page.size_bytes, out);
}

static void show_page(void)
{
	const char *pager = getenv("PAGER");

	if (!page.used || !page.size_bytes)
		return;
	/* As git has it: colours, no screen of its own for a short text, which stays to be seen. */
	setenv("LESS", "FRX", 0);
	pager = pager && *pager ? pager : DEFAULT_PAGER;
	fflush(stdout);
	FILE *out = strcmp(pager, "cat") ? popen(pager, "w") : NULL;

	write_page(out ? out : stdout);
	/* The shell's 126 and 127: there is no such pager. */
	int status = out ? pclose(out) : 0;

	if (WIFEXITED(status) && (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127))
		write_page(stdout);
	fflush(stdout);
}

int annotate_command(const struct options *options)
{
	int status = options->recordings ? replay_command(options)
	             : options->pid      ? attach_command(options)
	                                 : run_command(options);

	show_page();
	free(page.text);
	return status;
}
