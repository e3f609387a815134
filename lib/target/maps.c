/* SPDX-License-Identifier: Apache-2.0 */
#include "target/maps.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

bool ty_maps_parse_line(char *line, struct ty_mapping *mapping)
{
	unsigned int device_major, device_minor;
	char permissions[5] = "";
	int path_at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n", &mapping->start, &mapping->end,
	           permissions, &mapping->file_offset, &device_major, &device_minor, &mapping->inode, &path_at) < 7 ||
	    mapping->end <= mapping->start) {
		*mapping = (struct ty_mapping){ 0 };
		return false;
	}
	mapping->device = (uint64_t)device_major << 32 | device_minor;
	mapping->readable = permissions[0] == 'r';
	mapping->writable = permissions[1] == 'w';
	mapping->executable = permissions[2] == 'x';
	mapping->path = strdup(path_at ? line + path_at : "");
	return mapping->path != NULL;
}

int ty_maps_read(pid_t pid, struct ty_maps *maps)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	size_t line_capacity = 0;
	char path[64];

	*maps = (struct ty_maps){ 0 };
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (maps->list.count < TY_MAPS_MAX && getline(&line, &line_capacity, file) > 0) {
		struct ty_mapping mapping = { 0 };

		if (!ty_maps_parse_line(line, &mapping) && !mapping.end)
			continue;
		if (!mapping.path || !ty_array_reserve(&maps->list, maps->list.count + 1)) {
			free(mapping.path);
			ty_maps_free(maps);
			return -ENOMEM;
		}
		*ty_array_push(&maps->list) = mapping;
	}
	/* A process that ended (a zombie) has an empty file; one that we may not read fails in the first read. */
	if (maps->list.count)
		return 0;
	return ferror(file) && errno ? -errno : -ESRCH;
}

void ty_maps_free(struct ty_maps *maps)
{
	for (size_t i = 0; i < maps->list.count; i++)
		free(maps->list.items[i].path);
	ty_array_free(&maps->list);
}

const struct ty_mapping *ty_maps_find(const struct ty_maps *maps, uint64_t address)
{
	size_t low = 0, high = maps->list.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ty_mapping *mapping = &maps->list.items[middle];

		if (address < mapping->start)
			high = middle;
		else if (address >= mapping->end)
			low = middle + 1;
		else
			return mapping;
	}
	return NULL;
}
