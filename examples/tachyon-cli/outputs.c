/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which results are written where: what several of --FORMAT, --FORMAT=PATH and -o PATH mean together.
 *
 * One --FORMAT and one -o belong together whatever the file is called, and a lone -o is a pstats file unless its ending
 * says otherwise: so it is with CPython's profiler. Where there are more, an -o goes to the --FORMAT that its ending
 * names; what is left over is told by its ending alone. A directory takes every format that has no path yet. What
 * cannot be told is refused: a guess would be found out after an hour of profiling.
 */
#include "cli.h"

#include <string.h>
#include <sys/stat.h>

bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Length of a word of a name if the name ends with it, after a dot, or begins with it, before one; 0 if not. */
static size_t match_word(const char *name, const char *word, size_t length)
{
	size_t size = strlen(name);

	if (size > length && name[size - length - 1] == '.' && !strncmp(name + size - length, word, length))
		return length;
	return !strncmp(name, word, length) && name[length] == '.' ? length : 0;
}

/* The format that a file's name tells, the longest ending first; FORMATS: none. */
enum format format_of_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	enum format found = FORMATS;
	size_t longest = 0;

	for (enum format format = 0; format < FORMATS; format++) {
		const char *words[] = { format_table[format].ending, format_table[format].also };

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			for (const char *word = words[i]; word && *word; word += strspn(word, " ")) {
				size_t length = strcspn(word, " ");
				size_t matched = format == FORMAT_ANNOTATE ? 0 : match_word(name, word, length);

				if (matched > longest) {
					longest = matched;
					found = format;
				}
				word += length;
			}
		}
	}
	return found;
}

/* For the setters of options: format FORMATS stands for "as the path says", path NULL for the format's own place. */
bool outputs_add(struct options *options, enum format format, const char *path, char *why, size_t why_size)
{
	for (size_t i = 0; i < options->output_count; i++) {
		if (!path && !options->outputs[i].path && options->outputs[i].format == format)
			return true;
	}
	if (options->output_count == OUTPUTS_MAX) {
		snprintf(why, why_size, "at most %d results in one run", OUTPUTS_MAX);
		return false;
	}
	if (path && !*path) {
		snprintf(why, why_size, "expected a path");
		return false;
	}
	options->outputs[options->output_count++] = (struct output_choice){ format, path };
	return true;
}

bool outputs_have(const struct options *options, enum format format)
{
	for (size_t i = 0; i < options->output_count; i++) {
		if (options->outputs[i].format == format)
			return true;
	}
	return false;
}

static void drop(struct options *options, size_t index)
{
	options->output_count--;
	memmove(&options->outputs[index], &options->outputs[index + 1],
	        (options->output_count - index) * sizeof(options->outputs[0]));
}

/* How many formats have no path, or paths no format. */
static size_t count_halves(const struct options *options, bool paths)
{
	size_t count = 0;

	for (size_t i = 0; i < options->output_count; i++)
		count += paths ? options->outputs[i].format == FORMATS : !options->outputs[i].path;
	return count;
}

/* A --FORMAT that has no path yet; FORMATS stands for any. NULL: none. */
static struct output_choice *find_pathless(struct options *options, enum format format)
{
	for (size_t i = 0; i < options->output_count; i++) {
		struct output_choice *choice = &options->outputs[i];

		if (!choice->path && (format == FORMATS || choice->format == format))
			return choice;
	}
	return NULL;
}

/* Gives a path to the one format that waits for it, and drops its own row. */
static void join(struct options *options, size_t path_index, struct output_choice *format)
{
	format->path = options->outputs[path_index].path;
	drop(options, path_index);
}

static void fill_directory(struct options *options, size_t index)
{
	const char *path = options->outputs[index].path;
	struct output_choice *choice;

	drop(options, index);
	while ((choice = find_pathless(options, FORMATS)))
		choice->path = path;
}

/* Settles one -o among several. false: it cannot be told what it is. */
static bool settle_path(struct options *options, size_t index)
{
	const char *path = options->outputs[index].path;
	enum format told = format_of_path(path);
	struct output_choice *waiting = told == FORMATS ? NULL : find_pathless(options, told);

	/* Both are "html". */
	if (!waiting && told == FORMAT_FLAMEGRAPH)
		waiting = find_pathless(options, FORMAT_DIFF_FLAMEGRAPH);
	if (waiting)
		join(options, index, waiting);
	else if (told != FORMATS)
		options->outputs[index].format = told;
	else if (is_directory(path) && count_halves(options, false))
		fill_directory(options, index);
	else if (count_halves(options, true) == 1 && count_halves(options, false) == 1)
		join(options, index, find_pathless(options, FORMATS));
	else
		return false;
	return true;
}

/* A path without a format: those whose ending tells it come first, the others take what they leave. */
static size_t find_formatless(const struct options *options)
{
	size_t found = options->output_count;

	for (size_t i = options->output_count; i-- > 0;) {
		if (options->outputs[i].format != FORMATS)
			continue;
		if (found == options->output_count || format_of_path(options->outputs[i].path) != FORMATS ||
		    format_of_path(options->outputs[found].path) == FORMATS)
			found = i;
	}
	return found;
}

/* ---- places ---- */

/* Where a result goes, however that is spelled. */
struct place {
	const char *result; /* what it is, for messages */
	const char *path;   /* as given; "stdout" */
	ino_t inode;        /* of the file, or of the folder in which there will be one; 0: no file, like a terminal */
	dev_t device;
	const char *name; /* of the file in that folder; "": it is there already */
	bool is_ours;     /* the name says what it is, and we make a file's name of it */
};

static void put_in_folder(struct place *place, const char *folder, const char *name)
{
	struct stat status;

	/* One that cannot be looked at is refused when the result is opened. */
	if (stat(folder, &status) != 0)
		return;
	place->device = status.st_dev;
	place->inode = status.st_ino;
	place->name = name;
}

static struct place place_of(const char *result, const char *path)
{
	struct place place = { .result = result, .path = path, .name = "" };
	const char *slash = strrchr(path, '/');
	char folder[4096] = ".";
	struct stat status;

	if (!strcmp(path, "-")) {
		place.path = "stdout";
		return place;
	}
	if (slash)
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path) + 1, path);
	if (stat(path, &status) != 0) {
		put_in_folder(&place, folder, slash ? slash + 1 : path);
	} else if (S_ISDIR(status.st_mode)) {
		put_in_folder(&place, path, result);
		place.is_ours = true;
	} else if (S_ISREG(status.st_mode)) {
		place.device = status.st_dev;
		place.inode = status.st_ino;
	}
	return place;
}

static struct place place_of_result(const struct output_choice *choice)
{
	bool by_default = choice->format == FORMAT_PSTATS || choice->format == FORMAT_ANNOTATE;

	return place_of(format_table[choice->format].name, choice->path ? choice->path : by_default ? "-" : ".");
}

static bool is_same_place(const struct place *one, const struct place *other)
{
	if (!one->inode || !other->inode)
		return !one->inode && !other->inode && !strcmp(one->path, other->path);
	return one->inode == other->inode && one->device == other->device && one->is_ours == other->is_ours &&
	       !strcmp(one->name, other->name);
}

/* Two results cannot share a place: the one that is written last would be all there is. */
static bool check_places(const struct options *options, char *why, size_t why_size)
{
	struct place places[OUTPUTS_MAX + 1];
	size_t count = 0;

	for (size_t i = 0; i < options->output_count; i++)
		places[count++] = place_of_result(&options->outputs[i]);
	if (options->stats)
		places[count++] = place_of("stats", options->stats);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!is_same_place(&places[j], &places[i]))
				continue;
			snprintf(why, why_size, "Two results (%s and %s) cannot both go to '%s'", places[j].result,
			         places[i].result, places[j].path);
			return false;
		}
	}
	return true;
}

/* ---- the whole ---- */

/* Of pstats, `-` is the table: its file is nothing for a terminal, and Python's module cannot read it from there. */
static void choose_table(struct options *options)
{
	for (size_t i = 0; i < options->output_count; i++) {
		struct output_choice *choice = &options->outputs[i];

		if (choice->format == FORMAT_PSTATS && choice->path && !strcmp(choice->path, "-"))
			choice->path = NULL;
	}
}

/* Gives every result a format and, where one was said, a path. false: not possible, with the reason. */
bool outputs_settle(struct options *options, enum format by_default, char *why, size_t why_size)
{
	size_t paths = count_halves(options, true);
	size_t index = find_formatless(options);

	if (by_default == FORMAT_ANNOTATE && paths > 1) {
		snprintf(why, why_size, "argument -o/--output: one place for the annotation");
		return false;
	}
	/* As with CPython: one of each belong together, and a lone path is the default format's. */
	if (paths == 1 && count_halves(options, false) == 1) {
		join(options, index, find_pathless(options, FORMATS));
	} else if (options->output_count == 0 && options->live) {
		return true;
	} else if (options->output_count == 0) {
		options->outputs[options->output_count++] = (struct output_choice){ by_default, NULL };
	} else if (paths == 1 && options->output_count == 1) {
		enum format told = by_default == FORMAT_PSTATS ? format_of_path(options->outputs[0].path) : by_default;

		options->outputs[0].format = told == FORMATS ? by_default : told;
	}
	while ((index = find_formatless(options)) < options->output_count) {
		if (!settle_path(options, index)) {
			snprintf(why, why_size, "The format of '%s' cannot be told from its ending: say --FORMAT=%s",
			         options->outputs[index].path, options->outputs[index].path);
			return false;
		}
	}
	choose_table(options);
	return check_places(options, why, why_size);
}
