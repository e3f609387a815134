/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/modules.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* The end of the last folder of that name in a path; NULL if there is none. */
static const char *after_last(const char *path, const char *folder)
{
	const char *found = NULL;

	for (const char *at = path; (at = strstr(at, folder)); at++)
		found = at + strlen(folder);
	return found;
}

/* The length of "python3.N/", "python3.Nt/" or "python3N.zip/" at a place, 0 if it is neither. */
static size_t library_folder(const char *at)
{
	static const char START[] = "python3";
	size_t length = strlen(START);
	bool has_point;

	if (strncmp(at, START, length) != 0)
		return 0;
	has_point = at[length] == '.';
	length += has_point;
	if (!isdigit((unsigned char)at[length]))
		return 0;
	length += strspn(at + length, "0123456789");
	if (has_point && at[length] == 't')
		length++;
	if (!has_point) {
		if (strncmp(at + length, ".zip", strlen(".zip")) != 0)
			return 0;
		length += strlen(".zip");
	}
	return at[length] == '/' ? length + 1 : 0;
}

/* The part of a path below the standard library. NULL: it is not in there. */
static const char *below_library(const char *path)
{
	for (const char *at = path; (at = strstr(at, "/python3")); at++) {
		size_t length = library_folder(at + 1);

		if (length)
			return at + 1 + length;
	}
	return NULL;
}

enum ty_origin ty_modules_origin(const char *path, const char **relative)
{
	static const char FROZEN[] = "<frozen ";
	const char *site = after_last(path, "/site-packages/"), *dist = after_last(path, "/dist-packages/");

	*relative = path;
	if (strncmp(path, FROZEN, strlen(FROZEN)) == 0) {
		*relative = path + strlen(FROZEN);
		return TY_ORIGIN_LIBRARY;
	}
	if (path[0] == '<' || path[0] == '~' || !path[0])
		return TY_ORIGIN_OTHER;
	if (site || dist) {
		*relative = site > dist ? site : dist;
		return TY_ORIGIN_PACKAGE;
	}
	if (below_library(path)) {
		*relative = below_library(path);
		return TY_ORIGIN_LIBRARY;
	}
	return TY_ORIGIN_PROJECT;
}

uint32_t ty_modules_add(struct ty_modules *modules, const struct ty_strtab *strings, uint32_t file)
{
	uint64_t number = ty_map_number_in(&modules->by_file, file, &modules->modules);
	struct ty_module *module;

	if (!number || number <= modules->modules.count)
		return (uint32_t)number;
	module = ty_array_push(&modules->modules);
	module->file = file;
	module->origin = ty_modules_origin(ty_strtab_get(strings, file), &module->relative);
	return (uint32_t)number;
}

/* Length of what two paths have in common, up to the end of a folder. */
static size_t common_folders(const char *left, const char *right, size_t limit)
{
	size_t folders = 0;

	for (size_t i = 0; i < limit && left[i] && left[i] == right[i]; i++)
		if (left[i] == '/')
			folders = i + 1;
	return folders;
}

/* Length of the deepest folder that holds all files of the project. */
static size_t project_root(const struct ty_modules *modules)
{
	const char *first = NULL;
	size_t length = 0;

	for (size_t i = 0; i < modules->modules.count; i++) {
		const struct ty_module *module = &modules->modules.items[i];

		if (module->origin != TY_ORIGIN_PROJECT)
			continue;
		length = common_folders(first ? first : module->relative, module->relative,
		                        first ? length : strlen(module->relative));
		first = first ? first : module->relative;
	}
	return length;
}

/* "package/module.py" and "package/module/__init__.py" as "package.module". */
static char *name_of(const struct ty_module *module)
{
	static const char *const ENDINGS[] = { ">", ".pyc", ".py", "/__init__" };
	char *name = strdup(module->relative);

	if (!name || module->origin == TY_ORIGIN_OTHER)
		return name;
	for (size_t i = 0; i < sizeof(ENDINGS) / sizeof(*ENDINGS); i++) {
		size_t length = strlen(name), ending = strlen(ENDINGS[i]);

		if (length > ending && strcmp(name + length - ending, ENDINGS[i]) == 0)
			name[length - ending] = '\0';
	}
	for (char *at = name; *at; at++)
		if (*at == '/')
			*at = '.';
	return name;
}

int ty_modules_finish(struct ty_modules *modules, const struct ty_strtab *strings)
{
	size_t root = project_root(modules);

	for (size_t i = 0; i < modules->modules.count; i++) {
		struct ty_module *module = &modules->modules.items[i];

		if (module->origin == TY_ORIGIN_PROJECT)
			module->relative = ty_strtab_get(strings, module->file) + root;
		module->name = name_of(module);
		if (!module->name)
			return -ENOMEM;
	}
	return 0;
}

void ty_modules_free(struct ty_modules *modules)
{
	for (size_t i = 0; i < modules->modules.count; i++)
		free(modules->modules.items[i].name);
	ty_array_free(&modules->modules);
	ty_map_free(&modules->by_file);
}
