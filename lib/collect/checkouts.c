/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/checkouts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collect/modules.h"
#include "collect/places.h"

/* Pairs that are looked at: a thousand files of one name on both sides. */
#define PAIRS_MAX ((size_t)1 << 20)

/* Two files of the project whose paths end alike. */
struct pair {
	size_t before;
	size_t now;
	uint64_t folders;    /* the pair of folders that the common end lies in */
	uint64_t votes;      /* pairs that agree on the folders */
	size_t common_bytes; /* of the end */
};

struct match {
	const char *const *before;
	const char *const *now;
	size_t before_count;
	size_t now_count;
	size_t *result;
	bool *taken; /* by index in now */
	struct ty_strtab folders;
	struct ty_map votes;
	TY_ARRAY(struct pair) pairs;
};

static void take(struct match *match, size_t before, size_t now)
{
	match->result[before] = now;
	match->taken[now] = true;
}

/* What a path outside of the project is known by; 0: it is part of the project. */
static uint64_t key_of(struct ty_strtab *strings, const char *path)
{
	const char *relative;
	enum ty_origin origin = ty_modules_origin(path, &relative);

	if (origin == TY_ORIGIN_PROJECT)
		return 0;
	return (uint64_t)ty_strtab_add(strings, relative, strlen(relative)) << 3 | (uint64_t)origin << 1 | 1;
}

static bool match_by(struct match *match, bool same_path)
{
	struct ty_strtab strings = { 0 };
	struct ty_map by_key = { 0 };
	bool done = true;

	for (size_t i = match->now_count; done && i-- > 0;) {
		uint64_t key = same_path ? ty_strtab_add(&strings, match->now[i], strlen(match->now[i]))
		                         : key_of(&strings, match->now[i]);

		done = match->taken[i] || !key || ty_map_put(&by_key, key, i);
	}
	for (size_t i = 0; done && i < match->before_count; i++) {
		uint64_t key = same_path ? ty_strtab_add(&strings, match->before[i], strlen(match->before[i]))
		                         : key_of(&strings, match->before[i]);
		const uint64_t *found = key ? ty_map_get(&by_key, key) : NULL;

		if (found && match->result[i] == SIZE_MAX && !match->taken[*found])
			take(match, i, *found);
	}
	ty_map_free(&by_key);
	ty_strtab_free(&strings);
	return done;
}

/* Length of the end that two paths share, whole names only. */
static size_t common_end(const char *left, const char *right)
{
	size_t left_bytes = strlen(left), right_bytes = strlen(right), common = 0, names = 0;

	while (common < left_bytes && common < right_bytes &&
	       left[left_bytes - common - 1] == right[right_bytes - common - 1]) {
		if (left[left_bytes - common - 1] == '/')
			names = common;
		common++;
	}
	if (common == left_bytes && (common == right_bytes || right[right_bytes - common - 1] == '/'))
		names = common;
	if (common == right_bytes && left_bytes > common && left[left_bytes - common - 1] == '/')
		names = common;
	return names;
}

static bool is_open(const struct match *match, size_t before)
{
	const char *relative;

	return match->result[before] == SIZE_MAX &&
	       ty_modules_origin(match->before[before], &relative) == TY_ORIGIN_PROJECT;
}

static bool add_pair(struct match *match, size_t before, size_t now)
{
	const char *left = match->before[before], *right = match->now[now];
	size_t common = common_end(left, right);
	uint64_t left_folder, right_folder, votes;
	struct pair *pair;

	if (!common || match->pairs.count >= PAIRS_MAX)
		return true;
	left_folder = ty_strtab_add(&match->folders, left, strlen(left) - common);
	right_folder = ty_strtab_add(&match->folders, right, strlen(right) - common);
	pair = ty_array_push(&match->pairs);
	if (!pair || !left_folder || !right_folder)
		return false;
	*pair = (struct pair){ before, now, left_folder << 32 | right_folder, 0, common };
	votes = ty_map_get(&match->votes, pair->folders) ? *ty_map_get(&match->votes, pair->folders) : 0;
	return ty_map_put(&match->votes, pair->folders, votes + 1);
}

static bool find_pairs(struct match *match)
{
	struct ty_strtab names = { 0 };
	bool done = true;

	/* Names of files as numbers: most paths differ in them, and numbers are compared at once. */
	uint32_t *now_names = calloc(match->now_count + 1, sizeof(*now_names));

	for (size_t i = 0; now_names && i < match->now_count; i++) {
		const char *name = ty_places_basename(match->now[i]), *relative;

		if (!match->taken[i] && ty_modules_origin(match->now[i], &relative) == TY_ORIGIN_PROJECT)
			now_names[i] = ty_strtab_add(&names, name, strlen(name));
	}
	for (size_t i = 0; done && now_names && i < match->before_count; i++) {
		const char *name = ty_places_basename(match->before[i]);
		uint32_t number = is_open(match, i) ? ty_strtab_add(&names, name, strlen(name)) : 0;

		for (size_t j = 0; done && number && j < match->now_count; j++)
			done = now_names[j] != number || add_pair(match, i, j);
	}
	done = done && now_names;
	free(now_names);
	ty_strtab_free(&names);
	return done;
}

static int by_votes(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;

	if (a->votes != b->votes)
		return a->votes > b->votes ? -1 : 1;
	if (a->common_bytes != b->common_bytes)
		return a->common_bytes > b->common_bytes ? -1 : 1;
	if (a->before != b->before)
		return a->before < b->before ? -1 : 1;
	return (a->now > b->now) - (a->now < b->now);
}

static bool match_project(struct match *match)
{
	if (!find_pairs(match))
		return false;
	for (size_t i = 0; i < match->pairs.count; i++)
		match->pairs.items[i].votes = *ty_map_get(&match->votes, match->pairs.items[i].folders);
	if (match->pairs.count)
		qsort(match->pairs.items, match->pairs.count, sizeof(*match->pairs.items), by_votes);
	for (size_t i = 0; i < match->pairs.count; i++) {
		const struct pair *pair = &match->pairs.items[i];

		if (match->result[pair->before] == SIZE_MAX && !match->taken[pair->now])
			take(match, pair->before, pair->now);
	}
	return true;
}

size_t *ty_checkouts_match(const char *const *before, size_t before_count, const char *const *now, size_t now_count)
{
	struct match match = {
		.before = before,
		.now = now,
		.before_count = before_count,
		.now_count = now_count,
		.result = malloc((before_count + 1) * sizeof(size_t)),
		.taken = calloc(now_count + 1, sizeof(bool)),
	};
	bool done = match.result && match.taken;

	for (size_t i = 0; done && i < before_count; i++)
		match.result[i] = SIZE_MAX;
	done = done && match_by(&match, true) && match_by(&match, false) && match_project(&match);
	free(match.taken);
	ty_strtab_free(&match.folders);
	ty_map_free(&match.votes);
	ty_array_free(&match.pairs);
	if (!done) {
		free(match.result);
		return NULL;
	}
	return match.result;
}
