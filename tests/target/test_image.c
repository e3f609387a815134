/* SPDX-License-Identifier: Apache-2.0 */
/* ELF files behind mappings: that of this program, and what it would be for other machines. */
#include "target/image.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

/* The begin of this program's file, as a file of its own: headers are all that is looked at before the machine is. */
static int open_changed(size_t at, uint8_t byte)
{
	uint8_t image[4096];
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	FILE *file = tmpfile();

	ck_assert_int_eq(read(self, image, sizeof(image)), sizeof(image));
	close(self);
	if (at)
		image[at] = byte;
	ck_assert_uint_eq(fwrite(image, 1, sizeof(image), file), sizeof(image));
	fflush(file);
	self = dup(fileno(file));
	fclose(file);
	return self;
}

static int find(int fd)
{
	const struct ty_mapping mapping = { .start = 0x10000, .end = 0x11000, .readable = true };
	uint64_t section;

	return ty_image_find(fd, &mapping, ".PyRuntime", &section, NULL, 0);
}

TEST(a_file_for_this_machine_is_read)
{
	int fd = open_changed(0, 0);

	ck_assert_ok(find(fd));
	close(fd);
}

TEST(a_file_for_another_machine_is_named)
{
	const struct {
		size_t at;
		uint8_t byte;
		const char *name;
	} cases[] = {
		{ offsetof(Elf64_Ehdr, e_machine), EM_RISCV, "RISC-V" },
		{ offsetof(Elf64_Ehdr, e_machine), EM_386, "32-bit x86" },
		{ offsetof(Elf64_Ehdr, e_machine), EM_ARM, "32-bit ARM" },
		{ offsetof(Elf64_Ehdr, e_machine), 0xee, "another kind of machine (ELF number 238)" },
		{ EI_CLASS, ELFCLASS32, NULL },
		{ EI_DATA, ELFDATA2MSB, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int fd = open_changed(cases[i].at, cases[i].byte);
		char buffer[64];

		ck_assert_int_eq(find(fd), -ELIBBAD);
		if (cases[i].name)
			ck_assert_str_eq(ty_image_machine(fd, buffer, sizeof(buffer)), cases[i].name);
		close(fd);
	}
}

TEST(a_file_that_is_no_elf)
{
	int fd = open_changed(EI_MAG0 + 1, 'x');

	ck_assert_int_eq(find(fd), -ENOEXEC);
	close(fd);
}
