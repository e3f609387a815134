/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/folder.h"

static char root[] = "/tmp/tachyon-test-folder-XXXXXX";
static char path[64];
static struct ty_folder *folder;

static void begin(void)
{
	strcpy(root + sizeof(root) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/result", root);
}

static int entries(const char *directory)
{
	DIR *open = opendir(directory);
	int count = -2;

	ck_assert_ptr_nonnull(open);
	while (readdir(open))
		count++;
	closedir(open);
	return count;
}

static int write_text(ty_sink *sink, void *user_data)
{
	return ty_sink_write(sink, user_data, strlen(user_data));
}

static int refuse(ty_sink *sink, void *user_data)
{
	(void)sink;
	(void)user_data;
	return -ENOSPC;
}

static void end(void)
{
	char file[80];

	ty_folder_free(folder);
	snprintf(file, sizeof(file), "%s/a.html", path);
	unlink(file);
	rmdir(path);
	ck_assert_int_eq(entries(root), 0);
	rmdir(root);
}

TEST(is_there_when_it_is_complete)
{
	char text[16] = "", file[80];
	FILE *in;

	begin();
	ck_assert_ok(ty_folder_new(path, &folder));
	ck_assert_ok(ty_folder_write(folder, "a.html", write_text, "hello"));
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_ok(ty_folder_commit(folder));
	snprintf(file, sizeof(file), "%s/a.html", path);
	in = fopen(file, "r");
	ck_assert_ptr_nonnull(in);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), in));
	fclose(in);
	ck_assert_str_eq(text, "hello");
	end();
}

TEST(without_a_commit_nothing_is_left)
{
	begin();
	ck_assert_ok(ty_folder_new(path, &folder));
	ck_assert_ok(ty_folder_write(folder, "a.html", write_text, "hello"));
	ck_assert_int_eq(ty_folder_write(folder, "b.html", refuse, NULL), -ENOSPC);
	ck_assert_int_eq(entries(root), 1);
	end();
}

TEST(an_empty_folder_is_taken_a_full_one_is_not_touched)
{
	struct ty_folder *second;

	begin();
	ck_assert_int_eq(mkdir(path, 0755), 0);
	ck_assert_ok(ty_folder_new(path, &folder));
	ck_assert_ok(ty_folder_new(path, &second));
	ck_assert_ok(ty_folder_write(folder, "a.html", write_text, "first"));
	ck_assert_ok(ty_folder_commit(folder));
	ck_assert_int_eq(ty_folder_commit(second), -EEXIST);
	ty_folder_free(second);
	ck_assert_int_eq(ty_folder_new(path, &second), -EEXIST);
	ck_assert_int_eq(entries(path), 1);
	end();
}

TEST(what_is_no_place_for_a_folder_is_refused)
{
	char file[80];

	begin();
	snprintf(file, sizeof(file), "%s/a/b", root);
	ck_assert_int_eq(ty_folder_new(file, &folder), -ENOENT);
	ck_assert_int_eq(ty_folder_new("", &folder), -ENOENT);
	ck_assert_int_eq(ty_folder_new("/dev/null", &folder), -EEXIST);
	ck_assert_ptr_null(folder);
	snprintf(path, sizeof(path), "%s/slashes//", root);
	ck_assert_ok(ty_folder_new(path, &folder));
	end();
}
