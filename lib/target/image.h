/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_IMAGE_H
#define TY_TARGET_IMAGE_H

/*
 * The ELF files a process has mapped: opens the file behind a mapping, inside the target's own root, and finds sections
 * and exported symbols in it.
 */

#include <stdint.h>
#include <sys/types.h>

#include "target/maps.h"

/*
 * Opens the file behind a mapping, whatever mount namespace the target lives in, and makes sure it is that very file
 * (device and inode). A file descriptor, or a negative errno.
 */
int ty_image_open(pid_t pid, const struct ty_mapping *mapping);

/* What to look for in one file, and where it was found: addresses in the target, 0 for what the file does not have. */
struct ty_image_symbol {
	const char *name;
	uint64_t address;
};

/*
 * Looks for one section and for exported symbols in an open ELF file that the target has mapped at `mapping`.
 * section_address is 0 when there is no such section. 0 or a negative errno (-ENOEXEC: no ELF file; -ELIBBAD: one for
 * another machine than this one, of which ty_image_machine() has the name).
 */
int ty_image_find(int fd, const struct ty_mapping *mapping, const char *section_name, uint64_t *section_address,
                  struct ty_image_symbol *symbols, size_t symbol_count);

/* The machine that an ELF file is for, in words; its number, in a buffer of the caller's, where it is a rare one. */
const char *ty_image_machine(int fd, char *buffer, size_t size_bytes);

#endif
