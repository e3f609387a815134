/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "collect/modules.h"

static struct ty_strtab strings;
static struct ty_modules modules;

static uint32_t add(const char *path)
{
	return ty_modules_add(&modules, &strings, ty_strtab_add(&strings, path, strlen(path)));
}

static void check(uint32_t number, enum ty_origin origin, const char *name)
{
	const struct ty_module *module = &modules.modules.items[number - 1];

	ck_assert_str_eq(module->name, name);
	ck_assert_int_eq(module->origin, origin);
}

static void finish(void)
{
	ty_modules_free(&modules);
	ty_strtab_free(&strings);
}

TEST(origin_and_name_come_from_the_path)
{
	uint32_t library = add("/usr/lib/python3.11/json/decoder.py");
	uint32_t threaded = add("/opt/lib/python3.14t/threading.py");
	uint32_t zipped = add("/usr/lib/python313.zip/asyncio/__init__.py");
	uint32_t frozen = add("<frozen importlib._bootstrap>");
	uint32_t package = add("/venv/lib/python3.12/site-packages/numpy/linalg/__init__.py");
	uint32_t debian = add("/usr/lib/python3/dist-packages/yaml/loader.py");
	uint32_t made = add("<string>");
	uint32_t artificial = add("~");

	ck_assert_ok(ty_modules_finish(&modules, &strings));
	check(library, TY_ORIGIN_LIBRARY, "json.decoder");
	check(threaded, TY_ORIGIN_LIBRARY, "threading");
	check(zipped, TY_ORIGIN_LIBRARY, "asyncio");
	check(frozen, TY_ORIGIN_LIBRARY, "importlib._bootstrap");
	check(package, TY_ORIGIN_PACKAGE, "numpy.linalg");
	check(debian, TY_ORIGIN_PACKAGE, "yaml.loader");
	check(made, TY_ORIGIN_OTHER, "<string>");
	check(artificial, TY_ORIGIN_OTHER, "~");
	finish();
}

TEST(a_project_begins_below_what_all_its_files_share)
{
	uint32_t main_file = add("/home/me/python3/app/main.py");
	uint32_t deep = add("/home/me/python3/app/web/views.py");

	ck_assert_uint_eq(add("/home/me/python3/app/main.py"), main_file);
	ck_assert_ok(ty_modules_finish(&modules, &strings));
	check(main_file, TY_ORIGIN_PROJECT, "main");
	check(deep, TY_ORIGIN_PROJECT, "web.views");
	ck_assert_str_eq(modules.modules.items[deep - 1].relative, "web/views.py");
	finish();
}

TEST(one_file_is_named_alone_and_strange_paths_stay_themselves)
{
	uint32_t lone = add("app.py");
	uint32_t folder = add("/lib/python3./x.py");
	uint32_t empty = add("");

	ck_assert_ok(ty_modules_finish(&modules, &strings));
	check(lone, TY_ORIGIN_PROJECT, "app");
	check(folder, TY_ORIGIN_PROJECT, ".lib.python3..x");
	check(empty, TY_ORIGIN_OTHER, "");
	finish();
}
