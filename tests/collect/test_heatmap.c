/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tachyon/pages.h>

#include "support/fake_target.h"

static char root[] = "/tmp/tachyon-test-heatmap-XXXXXX";
static char directory[64];
static ty_target *target;
static ty_collector *collector;

/* A ty_source_fn: every file has 3 lines. */
static const char *give_source(const char *filename, int32_t line, size_t *size_bytes, void *user_data)
{
	static char text[64];

	(void)filename;
	(void)user_data;
	*size_bytes = (size_t)snprintf(text, sizeof(text), "line %d</script>", line);
	return line <= 3 ? text : NULL;
}

static void begin(void)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000 };
	ty_heatmap_options options = { .size = sizeof(options), .opcodes = 1, .source = give_source };

	strcpy(root + sizeof(root) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(directory, sizeof(directory), "%s/heat", root);
	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/</script>/add.py", "add", 10);
	fake_function(target, "sub", "/src/main.py", "sub", 1);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_heatmap_new(&options, directory, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(const char *stack)
{
	fake_begin(target);
	fake_thread(target, 7, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static int end(void)
{
	return ty_collector_end(collector, &(ty_run_summary){ .size = sizeof(ty_run_summary) });
}

static void finish(int files)
{
	char name[128];

	ty_collector_free(collector);
	fake_target_free(target);
	for (int i = 0; i < files; i++) {
		snprintf(name, sizeof(name), "%s/file_%04d.html", directory, i);
		ck_assert_int_eq(unlink(name), 0);
	}
	snprintf(name, sizeof(name), "%s/index.html", directory);
	unlink(name);
	rmdir(directory);
	ck_assert_int_eq(rmdir(root), 0);
}

static void check_has(const char *page, const char *text)
{
	static char content[1 << 20];
	char name[128];
	size_t size;
	FILE *in;

	snprintf(name, sizeof(name), "%s/%s", directory, page);
	in = fopen(name, "r");
	ck_assert_msg(in != NULL, "no %s", name);
	size = fread(content, 1, sizeof(content) - 1, in);
	content[size] = '\0';
	fclose(in);
	ck_assert_msg(strstr(content, text) != NULL, "%s is not in %s: %s", text, page,
	              strstr(content, "id=\"profile\">"));
}

TEST(lines_are_counted_once_a_stack)
{
	begin();
	sample("main@0 add@2 add@2"); /* recursion */
	sample("main@0 add@2 add@100");
	sample("main@100");
	sample("main@100 gc@-1"); /* what is no source */
	ck_assert_ok(end());
	check_has("index.html", "\"page\":\"file_0000.html\",\"path\":\"/src/\\u003c/script>/add.py\",\"module\":"
	                        "\"\\u003c.script>.add\",\"kind\":0,\"self\":2,\"total\":2,\"lines\":2}");
	check_has("index.html", "\"module\":\"main\",\"kind\":0,\"self\":1,\"total\":4,\"lines\":2}");
	check_has("file_0000.html", "\"heat\":{\"line\":[10,11],\"self\":[1,1],\"total\":[2,1]}");
	check_has("file_0001.html", "\"heat\":{\"line\":[1,2],\"self\":[0,1],\"total\":[2,2]}");
	finish(2);
}

TEST(calls_lead_to_both_ends)
{
	begin();
	sample("main@0 add@2");
	sample("main@0 gc@-1 add@2"); /* through a frame that is no source */
	sample("main@100 sub@0");
	ck_assert_ok(end());
	check_has("file_0001.html",
	          "\"calls\":[{\"line\":1,\"name\":\"add\",\"page\":\"file_0000.html\",\"file\":\"add.py\","
	          "\"target\":10,\"samples\":2},{\"line\":2,\"name\":\"sub\",\"page\":\"file_0001.html\"");
	check_has("file_0000.html", "\"callers\":[{\"line\":10,\"name\":\"\\u003cmodule>\",\"page\":\"file_0001.html\","
	                            "\"file\":\"main.py\",\"target\":1,\"samples\":2}]");
	finish(2);
}

TEST(every_instruction_of_a_sampled_function_is_there)
{
	begin();
	fake_code(target, "add", "0=1 2=2 104=5");
	sample("main@0=4 add@2=3");
	sample("main@0=4 add@2=2");
	ck_assert_ok(end());
	check_has("file_0000.html", "\"instructions\":{\"function\":[0,0,0],\"offset\":[0,2,104],\"line\":[10,10,11],"
	                            "\"end_line\":[10,10,11],\"column\":[0,2,4],\"end_column\":[3,5,7],");
	check_has("file_0000.html", "\"leaf\":[0,2,0],\"on_stack\":[0,2,0],");
	check_has("file_0000.html", "\"forms\":{\"instruction\":[1,1],");
	check_has("file_0000.html", "\"listed\":true}");
	/* Its bytecode cannot be had: what was sampled is there all the same. */
	check_has("file_0001.html", "\"listed\":false}],\"instructions\":{\"function\":[0],\"offset\":[0],");
	finish(2);
}

TEST(source_is_in_the_page_of_its_file)
{
	begin();
	sample("main@0");
	ck_assert_ok(end());
	check_has("file_0000.html",
	          "\"source\":[\"line 1\\u003c/script>\",\"line 2\\u003c/script>\",\"line 3\\u003c/script>\"]");
	finish(1);
}

TEST(nothing_gives_an_index)
{
	begin();
	ck_assert_ok(end());
	check_has("index.html", "\"files\":[]");
	finish(0);
}

TEST(an_unfinished_one_leaves_nothing)
{
	begin();
	sample("main@0");
	ck_assert_int_ne(access(directory, F_OK), 0);
	finish(0);
}

TEST(wrong_options_are_refused)
{
	ty_heatmap_options options = { .size = sizeof(options), .trust = 7 };

	ck_assert_int_eq(ty_heatmap_new(&options, "/tmp/tachyon-never-made", &collector), -TY_EOPTION);
	ck_assert_int_eq(ty_heatmap_new(NULL, NULL, &collector), -TY_EOPTION);
	ck_assert_int_eq(ty_heatmap_new(NULL, "/", &collector), -EEXIST);
	ck_assert_int_ne(access("/tmp/tachyon-never-made", F_OK), 0);
}
