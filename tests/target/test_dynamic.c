/* SPDX-License-Identifier: Apache-2.0 */
/* The exported symbols of a library that this test has loaded, found without its section headers. */
#include "target/dynamic.h"

#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

#define IMAGE_BYTES_MAX ((size_t)4 << 20)

static uint8_t image[IMAGE_BYTES_MAX];
static size_t image_bytes;

/* Reads the file of libelf, and gives the mapping at its beginning. */
static const struct ty_mapping *load_libelf(struct ty_maps *maps)
{
	ck_assert_ok(ty_maps_read(getpid(), maps));
	for (size_t i = 0; i < maps->list.count; i++) {
		const struct ty_mapping *mapping = &maps->list.items[i];
		int fd;

		if (!strstr(mapping->path, "libelf") || mapping->file_offset)
			continue;
		fd = open(mapping->path, O_RDONLY);
		image_bytes = (size_t)read(fd, image, sizeof(image));
		close(fd);
		return mapping;
	}
	ck_abort_msg("libelf is not loaded");
	return NULL;
}

/* Looks into a file with the bytes of `image`. */
static void find(uint64_t bias, struct ty_image_symbol *symbols, size_t symbol_count)
{
	FILE *file = tmpfile();
	Elf *elf;

	ck_assert_uint_eq(fwrite(image, 1, image_bytes, file), image_bytes);
	fflush(file);
	elf_version(EV_CURRENT);
	elf = elf_begin(fileno(file), ELF_C_READ, NULL);
	ck_assert_ptr_nonnull(elf);
	ty_dynamic_find(fileno(file), elf, bias, symbols, symbol_count);
	elf_end(elf);
	fclose(file);
}

TEST(finds_what_is_exported_and_nothing_else)
{
	struct ty_image_symbol symbols[] = {
		{ "elf_begin", 0 }, { "elf_version", 0 }, { "no_such_symbol", 0 }, { "malloc", 0 }, { "", 0 }
	};
	struct ty_maps maps;
	const struct ty_mapping *mapping = load_libelf(&maps);

	find(mapping->start, symbols, 5);
	ck_assert_uint_eq(symbols[0].address, (uintptr_t)elf_begin);
	ck_assert_uint_eq(symbols[1].address, (uintptr_t)elf_version);
	for (int i = 2; i < 5; i++)
		ck_assert_uint_eq(symbols[i].address, 0);
	ty_maps_free(&maps);
}

/* Nothing crashes, hangs or is found that is not there. */
TEST(survives_any_byte_of_the_tables)
{
	struct ty_maps maps;
	unsigned int random = 1;
	const struct ty_mapping *mapping = load_libelf(&maps);

	for (int i = 0; i < 400; i++) {
		struct ty_image_symbol symbols[] = { { "elf_begin", 0 }, { "no_such_symbol", 0 } };
		size_t at = sizeof(Elf64_Ehdr) + (random = random * 1103515245 + 12345) / 8 % 0x3000;
		uint8_t kept = image[at];

		image[at] = (uint8_t)(random >> 16);
		find(mapping->start, symbols, 2);
		ck_assert_uint_eq(symbols[1].address, 0);
		image[at] = kept;
	}
	ty_maps_free(&maps);
}

TEST(survives_a_file_that_is_cut)
{
	struct ty_maps maps;
	const struct ty_mapping *mapping = load_libelf(&maps);
	size_t whole = image_bytes;

	for (size_t size = sizeof(Elf64_Ehdr); size < whole; size += whole / 64) {
		struct ty_image_symbol symbols[] = { { "no_such_symbol", 0 } };

		image_bytes = size;
		find(mapping->start, symbols, 1);
		ck_assert_uint_eq(symbols[0].address, 0);
	}
	ty_maps_free(&maps);
}
