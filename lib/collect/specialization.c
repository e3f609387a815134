/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/specialization.h"

#include <stdlib.h>

static enum ty_adaptation adaptation_of(const struct ty_site_form *form)
{
	return ty_adaptation_of(form->leaf->flags, form->leaf->opcode_flags);
}

/* What has no form had no instruction that could be told. */
struct ty_specialization ty_specialization_of(const struct ty_site_function *function)
{
	struct ty_specialization specialization = { .leaf = function->leaf };
	uint64_t known = 0;

	for (size_t i = 0; i < function->site_count; i++) {
		const struct ty_site *site = &function->sites[i];

		for (size_t j = 0; j < site->form_count; j++) {
			specialization.by_adaptation[adaptation_of(&site->forms[j])] += site->forms[j].samples;
			known += site->forms[j].samples;
		}
	}
	specialization.by_adaptation[TY_ADAPTATION_UNKNOWN] += function->leaf - known;
	return specialization;
}

struct ty_specialization ty_specialization_total(const struct ty_sites *sites, uint64_t counted)
{
	struct ty_specialization total = { .leaf = counted };
	uint64_t known = 0;

	for (size_t i = 0; i < sites->functions.count; i++) {
		struct ty_specialization one = ty_specialization_of(&sites->functions.items[i]);

		for (int j = 0; j < TY_ADAPTATIONS; j++)
			total.by_adaptation[j] += one.by_adaptation[j];
		known += one.leaf;
	}
	total.by_adaptation[TY_ADAPTATION_UNKNOWN] += counted - known;
	return total;
}

static struct ty_generic generic_of(const struct ty_site *site)
{
	struct ty_generic generic = { .site = site };

	for (size_t i = 0; i < site->form_count; i++) {
		if (adaptation_of(&site->forms[i]) != TY_GENERIC)
			continue;
		if (!generic.form)
			generic.form = &site->forms[i];
		generic.samples += site->forms[i].samples;
	}
	return generic;
}

static int by_samples(const void *left, const void *right)
{
	const struct ty_generic *a = left, *b = right;

	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	return a->site > b->site ? 1 : -1;
}

struct ty_generic *ty_specialization_generic(const struct ty_sites *sites, size_t *count)
{
	struct ty_generic *found = calloc(sites->sites.count + 1, sizeof(*found));

	*count = 0;
	for (size_t i = 0; found && i < sites->sites.count; i++) {
		found[*count] = generic_of(&sites->sites.items[i]);
		*count += found[*count].samples > 0;
	}
	if (found)
		qsort(found, *count, sizeof(*found), by_samples);
	return found;
}

const char *ty_adaptation_key(enum ty_adaptation adaptation)
{
	static const char *const KEYS[TY_ADAPTATIONS] = {
		[TY_SPECIALIZED] = "specialized",
		[TY_GENERIC] = "generic",
		[TY_NOT_SPECIALIZABLE] = "not_specializable",
		[TY_IN_TRACE] = "trace",
		[TY_ADAPTATION_UNKNOWN] = "unknown",
	};

	return KEYS[adaptation];
}
