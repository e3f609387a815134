/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_MAPS_H
#define TY_TARGET_MAPS_H

/* The mappings of a process, from /proc/PID/maps (proc_pid_maps(5)). */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/array.h"

/* More mappings than this are not looked at: a target may have any number (vm.max_map_count is 65 530 by default). */
#define TY_MAPS_MAX 262144

struct ty_mapping {
	uint64_t start;
	uint64_t end;
	uint64_t file_offset;
	uint64_t inode;  /* 0: no file */
	uint64_t device; /* major << 32 | minor */
	bool readable;
	bool writable;
	bool executable;
	char *path; /* as the target names it; "" if none; NUL-terminated, may end in " (deleted)" */
};

struct ty_maps {
	TY_ARRAY(struct ty_mapping) list;
};

/*
 * Takes one line of the file apart and writes into it. false: it is no such line, and the mapping empty; or memory is
 * out, which leaves it without a path. mapping->path is to be freed in any case.
 */
bool ty_maps_parse_line(char *line, struct ty_mapping *mapping);

int ty_maps_read(pid_t pid, struct ty_maps *maps);
void ty_maps_free(struct ty_maps *maps);

/* The mapping that holds an address, or NULL. */
const struct ty_mapping *ty_maps_find(const struct ty_maps *maps, uint64_t address);

#endif
