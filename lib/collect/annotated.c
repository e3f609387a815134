/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/annotated.h"

#include <errno.h>
#include <stdlib.h>

ty_location_info ty_annotated_location(ty_target *target, const struct ty_site *site)
{
	ty_frame frame = { .function = site->function, .offset = site->offset };
	ty_location_info location = { .size = sizeof(location) };

	if (ty_location(target, &frame, &location) != 0)
		location = (ty_location_info){ sizeof(location), -1, -1, -1, -1 };
	return location;
}

static void set_instruction(struct ty_listing_row *row, const struct ty_leaf *leaf)
{
	row->instruction.name = leaf->name;
	row->instruction.base_name = leaf->base_name;
	row->instruction.opcode = leaf->opcode;
	row->instruction.opcode_flags = leaf->opcode_flags;
	row->instruction.flags = leaf->flags;
	row->instruction.argument = leaf->argument;
}

/* An instruction that only samples tell of. */
static struct ty_annotated from_samples(ty_target *target, const struct ty_site *site)
{
	struct ty_annotated annotated = {
		.row = { .location = ty_annotated_location(target, site), .target = -1, .handler = -1 },
		.site = site,
		.argument_text = "",
	};

	annotated.row.instruction.offset = site->offset;
	annotated.row.instruction.name = annotated.row.instruction.base_name = TY_UNKNOWN_INSTRUCTION;
	if (site->form_count)
		set_instruction(&annotated.row, site->forms[0].leaf);
	return annotated;
}

static struct ty_annotated from_listing(const struct ty_listings *listings, const struct ty_listing_row *row)
{
	return (struct ty_annotated){
		.row = *row,
		.argument_text = ty_strtab_get(&listings->strings, row->argument_text),
		.is_listed = true,
	};
}

int ty_annotated_merge(const struct ty_listings *listings, const struct ty_site_function *function,
                       struct ty_annotated **instructions, size_t *count, bool *is_listed)
{
	const struct ty_listing *listing = ty_listings_get(listings, function->id);
	const struct ty_site *site = function->sites, *sites_end = site + function->site_count;
	size_t rows = listing ? listing->rows.count : 0, i = 0;

	*is_listed = rows > 0;
	*count = 0;
	*instructions = calloc(rows + function->site_count + 1, sizeof(**instructions));
	if (!*instructions)
		return -ENOMEM;
	while (i < rows || site < sites_end) {
		struct ty_annotated *next = &(*instructions)[(*count)++];

		if (site < sites_end && (i >= rows || site->offset < listing->rows.items[i].instruction.offset)) {
			*next = from_samples(listings->target, site++);
			continue;
		}
		*next = from_listing(listings, &listing->rows.items[i++]);
		if (site < sites_end && site->offset == next->row.instruction.offset)
			next->site = site++;
	}
	return 0;
}
