/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Without a name to look for, a function is disassembled at its second leaf sample: most functions of a program's start
 * are seen once and never shown, and disassembling costs as much as some hundred samples.
 */
#include "collect/listings.h"

#include <errno.h>
#include <string.h>

#define FIRST_DUE 2
#define DUE_FACTOR 4
#define NEVER UINT64_MAX
/* Rows of all functions together, of about 100 bytes. A target that has more of them means us no good. */
#define ROWS_MAX ((size_t)1 << 21)

void ty_listings_init(struct ty_listings *listings, const char *name)
{
	*listings = (struct ty_listings){ .name = name };
}

void ty_listings_free(struct ty_listings *listings)
{
	for (size_t i = 0; i < listings->listings.count; i++)
		ty_array_free(&listings->listings.items[i].rows);
	ty_array_free(&listings->listings);
	ty_strtab_free(&listings->strings);
}

bool ty_listings_want(const struct ty_listings *listings, uint32_t function)
{
	ty_function_info info = { .size = sizeof(info) };

	if (ty_function(listings->target, function, &info) != 0)
		return false;
	return !listings->name || strstr(info.qualname, listings->name);
}

struct receiver {
	struct ty_listings *listings;
	struct ty_listing listing;
};

static int receive(const ty_disassembly_row *row, void *user_data)
{
	struct receiver *receiver = user_data;
	struct ty_listings *listings = receiver->listings;
	struct ty_listing_row *kept;

	if (listings->row_count + receiver->listing.rows.count >= ROWS_MAX)
		return -TY_ELIMIT;
	kept = ty_array_push(&receiver->listing.rows);
	if (!kept)
		return -ENOMEM;
	*kept = (struct ty_listing_row){
		.instruction = *row->instruction,
		.location = *row->location,
		.argument_text = ty_strtab_add(&listings->strings, row->argument_text, strlen(row->argument_text)),
		.target = row->target,
		.label = row->label,
		.handler = row->handler,
	};
	return kept->argument_text ? 0 : -ENOMEM;
}

static void tell(const struct ty_listings *listings, uint32_t function)
{
	ty_function_info info = { .size = sizeof(info) };

	if (listings->seen && ty_function(listings->target, function, &info) == 0)
		listings->seen(&info, listings->seen_user_data);
}

/* A listing that cannot be had leaves the one before in its place. */
static int disassemble(struct ty_listings *listings, uint32_t function)
{
	struct ty_listing *listing = &listings->listings.items[function];
	struct receiver receiver = { .listings = listings };
	int result = ty_disassemble(listings->target, function, receive, &receiver);

	listings->target_ended = result == -TY_EEXITED;
	if (result == 0 && receiver.listing.rows.count) {
		if (!listing->rows.count)
			tell(listings, function);
		listings->row_count += receiver.listing.rows.count - listing->rows.count;
		ty_array_free(&listing->rows);
		listing->rows.items = receiver.listing.rows.items;
		listing->rows.count = receiver.listing.rows.count;
		listing->rows.capacity = receiver.listing.rows.capacity;
	} else {
		ty_array_free(&receiver.listing.rows);
	}
	return result == -ENOMEM ? result : 0;
}

/* The entry of a function; NULL: out of memory. */
static struct ty_listing *find(struct ty_listings *listings, uint32_t function)
{
	struct ty_listing *listing;

	while (listings->listings.count <= function)
		if (!ty_array_push(&listings->listings))
			return NULL;
	listing = &listings->listings.items[function];
	if (listing->due)
		return listing;
	listing->due = listings->at_once ? 1 : FIRST_DUE;
	if (listings->name)
		listing->due = ty_listings_want(listings, function) ? 0 : NEVER;
	return listing;
}

int ty_listings_count(struct ty_listings *listings, uint32_t function, bool leaf)
{
	ty_function_info info = { .size = sizeof(info) };
	struct ty_listing *listing;

	/* A wild id must not make the array huge. */
	if (function >= listings->listings.count && ty_function(listings->target, function, &info) != 0)
		return 0;
	listing = find(listings, function);
	if (!listing)
		return -ENOMEM;
	listing->samples += leaf;
	if (listing->samples < listing->due || listings->target_ended)
		return 0;
	listing->due = (listing->samples ? listing->samples : 1) * DUE_FACTOR;
	return 1;
}

int ty_listings_note(struct ty_listings *listings, uint32_t function, bool leaf)
{
	int due = ty_listings_count(listings, function, leaf);

	return due > 0 ? disassemble(listings, function) : due;
}

int ty_listings_update(struct ty_listings *listings, uint32_t function)
{
	if (listings->target_ended || function >= listings->listings.count)
		return 0;
	return disassemble(listings, function);
}

static int take(struct ty_listings *into, uint32_t function, const struct ty_listings *from)
{
	const struct ty_listing *listing = &from->listings.items[function];
	struct ty_listing *taken = find(into, function);

	if (!taken || !ty_array_reserve(&taken->rows, listing->rows.count + 1))
		return -ENOMEM;
	for (size_t i = taken->rows.count; i < listing->rows.count; i++) {
		struct ty_listing_row *row = ty_array_push(&taken->rows);
		const char *text = ty_strtab_get(&from->strings, listing->rows.items[i].argument_text);

		*row = listing->rows.items[i];
		row->argument_text = ty_strtab_add(&into->strings, text, strlen(text));
		if (!row->argument_text)
			return -ENOMEM;
		into->row_count++;
	}
	return 0;
}

int ty_listings_take(struct ty_listings *into, const struct ty_listings *from)
{
	int error = 0;

	for (uint32_t i = 0; !error && i < from->listings.count; i++) {
		const struct ty_listing *known = ty_listings_get(into, i);

		if (from->listings.items[i].rows.count && !(known && known->rows.count))
			error = take(into, i, from);
	}
	return error;
}

const struct ty_listing *ty_listings_get(const struct ty_listings *listings, uint32_t function)
{
	return function < listings->listings.count ? &listings->listings.items[function] : NULL;
}
