/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_MODULES_H
#define TY_COLLECT_MODULES_H

/*
 * What a file of source is to a reader: part of the project, of the standard library, of an installed package; and what
 * its module is called. Told from the path alone, as the target names it, because the target's sys.path is not ours to
 * ask for and a profile may be read where no such file exists:
 *
 *   .../site-packages/x/y.py, .../dist-packages/x/y.py   a package (the last such folder counts)
 *   .../lib/python3.N/x/y.py, .../python3N.zip/x/y.py    the standard library, also <frozen x.y>
 *   <string>, ~ and other names in angles                neither
 *   everything else                                      the project, below the deepest folder that holds all of it
 */

#include <stddef.h>
#include <stdint.h>

#include "util/array.h"
#include "util/strtab.h"

enum ty_origin { TY_ORIGIN_PROJECT, TY_ORIGIN_LIBRARY, TY_ORIGIN_PACKAGE, TY_ORIGIN_OTHER };

struct ty_module {
	uint32_t file; /* of the strings it was made from */
	enum ty_origin origin;
	const char *relative; /* the path below its root: a part of the file's string */
	char *name;           /* "package.module" */
};

struct ty_modules {
	TY_ARRAY(struct ty_module) modules; /* in the order they were added */
	struct ty_map by_file;              /* number by file */
};

/* Where a path belongs, without looking at others: relative is the whole path for a file of the project. */
enum ty_origin ty_modules_origin(const char *path, const char **relative);

/* Adds a file, an id of `strings`, once. Its number, from 1; 0: out of memory. */
uint32_t ty_modules_add(struct ty_modules *modules, const struct ty_strtab *strings, uint32_t file);

/* When all are added: roots and names. 0 or -ENOMEM. */
int ty_modules_finish(struct ty_modules *modules, const struct ty_strtab *strings);
void ty_modules_free(struct ty_modules *modules);

#endif
