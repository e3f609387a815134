/* SPDX-License-Identifier: Apache-2.0 */
#include "util/options.h"

#include <string.h>

#include <tachyon/base.h>

/* A size beyond this is an uninitialised struct, not a newer library's. */
#define OPTIONS_SIZE_MAX ((size_t)4096)

static size_t size_of(const void *given)
{
	size_t size;

	memcpy(&size, given, sizeof(size));
	return size;
}

int ty_options_in(void *local, size_t local_size_bytes, const void *given)
{
	const unsigned char *bytes = given;
	size_t size = local_size_bytes;

	memset(local, 0, local_size_bytes);
	if (given) {
		size = size_of(given);
		if (size < sizeof(size) || size > OPTIONS_SIZE_MAX)
			return -TY_EOPTION;
		for (size_t i = local_size_bytes; i < size; i++)
			if (bytes[i])
				return -TY_EOPTION;
		memcpy(local, given, size < local_size_bytes ? size : local_size_bytes);
	}
	memcpy(local, &local_size_bytes, sizeof(local_size_bytes));
	return 0;
}

int ty_options_out(void *given, const void *local, size_t local_size_bytes)
{
	size_t size;

	if (!given)
		return -TY_EOPTION;
	size = size_of(given);
	if (size < sizeof(size) || size > OPTIONS_SIZE_MAX)
		return -TY_EOPTION;
	memset((char *)given + sizeof(size), 0, size - sizeof(size));
	if (size > local_size_bytes)
		size = local_size_bytes;
	memcpy((char *)given + sizeof(size), (const char *)local + sizeof(size), size - sizeof(size));
	return 0;
}
