/* SPDX-License-Identifier: Apache-2.0 */
#include "target/maps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

static bool parse(const char *text, struct ty_mapping *mapping)
{
	char *line = strdup(text);
	bool result;

	*mapping = (struct ty_mapping){ 0 };
	result = ty_maps_parse_line(line, mapping);
	free(line);
	return result;
}

static void check_path(const char *text, const char *path)
{
	struct ty_mapping mapping;

	ck_assert_msg(parse(text, &mapping), "%s", text);
	ck_assert_str_eq(mapping.path, path);
	free(mapping.path);
}

TEST(takes_a_line_apart)
{
	struct ty_mapping mapping;

	ck_assert(parse("7f0000001000-7f0000003000 r-xp 00001000 fd:1a 1234567   /usr/lib/libpython3.so.1.0\n",
	                &mapping));
	ck_assert_uint_eq(mapping.start, 0x7f0000001000);
	ck_assert_uint_eq(mapping.end, 0x7f0000003000);
	ck_assert(mapping.readable && !mapping.writable && mapping.executable);
	ck_assert_uint_eq(mapping.file_offset, 0x1000);
	ck_assert_uint_eq(mapping.device, 0xfdULL << 32 | 0x1a);
	ck_assert_uint_eq(mapping.inode, 1234567);
	ck_assert_str_eq(mapping.path, "/usr/lib/libpython3.so.1.0");
	free(mapping.path);
}

TEST(paths_are_taken_as_they_are)
{
	check_path("1000-2000 rw-p 0 00:00 0\n", "");
	check_path("1000-2000 rw-p 0 00:00 0 [heap]\n", "[heap]");
	check_path("1000-2000 rw-p 0 00:00 5 /tmp/with blanks  in it\n", "/tmp/with blanks  in it");
	check_path("1000-2000 rw-p 0 00:00 5 /tmp/gone (deleted)\n", "/tmp/gone (deleted)");
	check_path("1000-2000 rw-p 0 00:00 5 /tmp/new\\012line\n", "/tmp/new\\012line");
	check_path("1000-2000 rw-p 0 00:00 5 /tmp/%n%s%x\n", "/tmp/%n%s%x");
	check_path("1000-2000 rw-p 0 00:00 5 /tmp/no end of line", "/tmp/no end of line");
	check_path("1000-2000 rw-p 0 00:00 5 /tmp/\xff\xfe", "/tmp/\xff\xfe");
}

TEST(addresses_have_64_bits)
{
	struct ty_mapping mapping;

	ck_assert(parse("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n", &mapping));
	ck_assert_uint_eq(mapping.end, 0xffffffffff601000);
	ck_assert(!mapping.readable && !mapping.writable && mapping.executable);
	free(mapping.path);
}

TEST(refuses_what_is_no_mapping)
{
	static const char *const lines[] = {
		"",
		"\n",
		"junk",
		"1000-",
		"1000-2000",
		"1000-2000 r",
		"1000-2000 rw-p",
		"1000-2000 rw-p 0",
		"1000-2000 rw-p 0 00:00",
		"1000-2000 rw-p 0 zz:00 1 /x",
		"xyz-2000 rw-p 0 00:00 1 /x",
		"2000-1000 rw-p 0 00:00 1 /backwards",
		"1000-1000 rw-p 0 00:00 1 /empty",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct ty_mapping mapping;

		ck_assert_msg(!parse(lines[i], &mapping), "%s", lines[i]);
		free(mapping.path);
	}
}

TEST(permissions_that_are_too_short_grant_nothing)
{
	struct ty_mapping mapping;

	ck_assert(parse("1000-2000 r 0 00:00 1 /x", &mapping));
	ck_assert(mapping.readable && !mapping.writable && !mapping.executable);
	free(mapping.path);
}

TEST(a_very_long_path_is_no_danger)
{
	enum { LENGTH = 1 << 20 };
	char *line = malloc(LENGTH + 64);
	struct ty_mapping mapping = { 0 };
	size_t head = (size_t)sprintf(line, "1000-2000 rw-p 0 00:00 5 /");

	memset(line + head, 'x', LENGTH);
	line[head + LENGTH] = '\0';
	ck_assert(ty_maps_parse_line(line, &mapping));
	ck_assert_uint_eq(strlen(mapping.path), LENGTH + 1);
	free(mapping.path);
	free(line);
}

TEST(finds_the_mapping_of_an_address)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *block = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct ty_mapping *mapping;
	struct ty_maps maps;

	ck_assert_ptr_ne(block, MAP_FAILED);
	ck_assert_int_eq(munmap(block + page, page), 0);
	ck_assert_ok(ty_maps_read(getpid(), &maps));
	for (size_t i = 1; i < maps.list.count; i++)
		ck_assert_uint_ge(maps.list.items[i].start, maps.list.items[i - 1].end);
	mapping = ty_maps_find(&maps, (uintptr_t)block);
	ck_assert(mapping && mapping->readable && mapping->writable && !mapping->executable);
	ck_assert_ptr_null(ty_maps_find(&maps, (uintptr_t)(block + page)));
	ck_assert_ptr_nonnull(ty_maps_find(&maps, (uintptr_t)(block + 3 * page - 1)));
	ck_assert_ptr_null(ty_maps_find(&maps, 0));
	ck_assert_ptr_null(ty_maps_find(&maps, UINT64_MAX));
	ty_maps_free(&maps);
	munmap(block, page);
	munmap(block + 2 * page, page);
}

TEST(a_process_that_ended_has_none)
{
	pid_t child = fork();
	struct ty_maps maps;
	siginfo_t info;

	if (child == 0)
		_exit(0);
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(ty_maps_read(child, &maps), -ESRCH);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert_int_eq(ty_maps_read(child, &maps), -ENOENT);
}
