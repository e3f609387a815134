/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_DYNAMIC_H
#define TY_TARGET_DYNAMIC_H

/*
 * Exported symbols as the dynamic loader finds them: by PT_DYNAMIC and its DT_GNU_HASH, without section headers, which
 * some packers and strippers drop. The layout of the table is that of glibc's elf/dl-lookup.c and binutils: a header of
 * four words (buckets, first symbol, words and shift of a Bloom filter), the filter, the buckets, and one word a symbol
 * with the upper 31 bits of its name's hash, of which the lowest bit ends a bucket's chain.
 */

#include <libelf.h>

#include "target/image.h"

/*
 * Looks up symbols in an ELF file; those it does not export are left as they are. `bias` is what addresses of the file
 * lack to those of the target. A file without such a table has no symbols.
 */
void ty_dynamic_find(int fd, Elf *elf, uint64_t bias, struct ty_image_symbol *symbols, size_t symbol_count);

#endif
