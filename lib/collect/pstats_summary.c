/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Summary of Interesting Functions": three lists of at most three functions each, as CPython prints them. They are
 * made of the rows the table shows, with the lines of a function added up; equally interesting ones stay in the order
 * of the table. A function that is among the first three by rank but to which the list does not apply is left out, not
 * replaced.
 */
#include "collect/pstats.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "output/text.h"
#include "util/cleanup.h"

#define SHOWN 3

struct function {
	const char *file;
	const char *name;
	uint64_t direct;
	uint64_t cumulative;
	size_t order; /* of its first row in the table */
	double rank;
};

static int by_identity(const void *left, const void *right)
{
	const struct function *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order == 0)
		order = strcmp(a->file, b->file);
	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static int by_rank(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* The functions of the rows, lines added up. NULL: out of memory. */
static struct function *make_functions(const struct ty_pstats_row *rows, size_t *count)
{
	struct function *functions = calloc(*count, sizeof(*functions));
	size_t kept = 0;

	for (size_t i = 0; functions && i < *count; i++)
		functions[i] =
		        (struct function){ rows[i].file, rows[i].name, rows[i].direct, rows[i].cumulative, i, 0 };
	if (functions)
		qsort(functions, *count, sizeof(*functions), by_identity);
	for (size_t i = 0; functions && i < *count; i++) {
		struct function *last = kept ? &functions[kept - 1] : NULL;

		if (last && strcmp(last->name, functions[i].name) == 0 && strcmp(last->file, functions[i].file) == 0) {
			last->direct += functions[i].direct;
			last->cumulative += functions[i].cumulative;
		} else {
			functions[kept++] = functions[i];
		}
	}
	*count = kept;
	return functions;
}

static double ratio(uint64_t numerator, uint64_t denominator)
{
	return denominator ? (double)numerator / (double)denominator : 0;
}

static double hot_rank(const struct function *function)
{
	return ratio(function->direct, function->cumulative);
}

static double indirect_rank(const struct function *function)
{
	return (double)function->cumulative - (double)function->direct;
}

static double magnification_rank(const struct function *function)
{
	return ratio(function->cumulative, function->direct);
}

/* Each writes what it has to say about a function; false if that is nothing. */
static bool write_hot(struct ty_pstats *pstats, const struct function *function)
{
	if (!function->direct)
		return false;
	ty_print(pstats->report.sink, "  %.3f direct/cumulative ratio, %.1f%% direct samples: ", hot_rank(function),
	         ty_pstats_percent(pstats, function->direct));
	return true;
}

static bool write_indirect(struct ty_pstats *pstats, const struct function *function)
{
	if (function->cumulative <= function->direct)
		return false;
	ty_print(pstats->report.sink,
	         "  %" PRIu64 " indirect calls, %.1f%% total stack presence: ", function->cumulative - function->direct,
	         ty_pstats_percent(pstats, function->cumulative));
	return true;
}

static bool write_magnification(struct ty_pstats *pstats, const struct function *function)
{
	if (!function->direct || function->cumulative <= function->direct)
		return false;
	ty_print(pstats->report.sink,
	         "  %.1fx call magnification, %" PRIu64 " indirect calls from %" PRIu64 " direct: ",
	         magnification_rank(function), function->cumulative - function->direct, function->direct);
	return true;
}

static const struct list {
	const char *title;
	double (*rank)(const struct function *function);
	bool (*write)(struct ty_pstats *pstats, const struct function *function);
} LISTS[] = {
	{ "Functions with Highest Direct/Cumulative Ratio (Hot Spots)", hot_rank, write_hot },
	{ "Functions with Highest Call Frequency (Indirect Calls)", indirect_rank, write_indirect },
	{ "Functions with Highest Call Magnification (Cumulative/Direct)", magnification_rank, write_magnification },
};

static void write_title(struct ty_pstats *pstats, const char *title)
{
	ty_print(pstats->report.sink, "\n%s%s:%s\n", pstats->colors.heading, title, pstats->colors.reset);
}

static int write_list(struct ty_pstats *pstats, const struct list *list, struct function *functions, size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count; i++)
		functions[i].rank = list->rank(&functions[i]);
	qsort(functions, count, sizeof(*functions), by_rank);
	write_title(pstats, list->title);
	for (size_t i = 0; !error && i < count && i < SHOWN; i++) {
		if (!list->write(pstats, &functions[i]))
			continue;
		error = ty_pstats_write_function(pstats, functions[i].file, -1, functions[i].name);
		ty_print_string(pstats->report.sink, "\n");
	}
	return error;
}

int ty_pstats_write_summary(struct ty_pstats *pstats, const struct ty_pstats_row *rows, size_t count)
{
	_cleanup_free_ struct function *functions = make_functions(rows, &count);
	int error = functions ? 0 : -ENOMEM;

	if (functions)
		write_title(pstats, "Summary of Interesting Functions");
	for (size_t i = 0; !error && i < sizeof(LISTS) / sizeof(*LISTS); i++)
		error = write_list(pstats, &LISTS[i], functions, count);
	return error;
}
