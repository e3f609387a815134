/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a task's members are. CPython 3.14+ publishes them for readers from outside as AsyncioDebug, 13 words in a
 * section of its own, in the file that holds the module _asyncio: a shared object, or the interpreter itself. Nothing
 * exports its address, so the section is all there is.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "python/tasks.h"
#include "target/image.h"
#include "util/bytes.h"
#include "util/cleanup.h"
#include "util/error.h"

#define SECTION ".AsyncioDebug"
#define WORD_BYTES 8

/* Upper ends of what is believable. */
#define TASK_BYTES_MAX 1024
#define INTERPRETER_BYTES_MAX (1u << 20)
#define THREAD_BYTES_MAX 16384

/* Words of the table (struct _Py_AsyncioModuleDebugOffsets in Modules/_asynciomodule.c). */
enum {
	TASK_SIZE,
	TASK_NAME,
	TASK_AWAITED_BY,
	TASK_IS_TASK,
	TASK_AWAITED_BY_IS_SET,
	TASK_CORO,
	TASK_NODE,
	INTERPRETER_SIZE,
	INTERPRETER_TASKS,
	THREAD_SIZE,
	THREAD_RUNNING_LOOP,
	THREAD_RUNNING_TASK,
	THREAD_TASKS,
	TABLE_WORDS
};

static const struct rule {
	const char *name;
	uint8_t word;
	uint8_t size_word; /* of the struct that the member is in */
	uint8_t width_bytes;
	uint32_t limit_bytes; /* of that struct */
} RULES[] = {
	{ "task_name", TASK_NAME, TASK_SIZE, 8, TASK_BYTES_MAX },
	{ "task_awaited_by", TASK_AWAITED_BY, TASK_SIZE, 8, TASK_BYTES_MAX },
	{ "task_is_task", TASK_IS_TASK, TASK_SIZE, 1, TASK_BYTES_MAX },
	{ "task_awaited_by_is_set", TASK_AWAITED_BY_IS_SET, TASK_SIZE, 1, TASK_BYTES_MAX },
	{ "task_coro", TASK_CORO, TASK_SIZE, 8, TASK_BYTES_MAX },
	{ "task_node", TASK_NODE, TASK_SIZE, 16, TASK_BYTES_MAX },
	{ "interpreter's asyncio_tasks_head", INTERPRETER_TASKS, INTERPRETER_SIZE, 16, INTERPRETER_BYTES_MAX },
	{ "thread's asyncio_running_task", THREAD_RUNNING_TASK, THREAD_SIZE, 8, THREAD_BYTES_MAX },
	{ "thread's asyncio_tasks_head", THREAD_TASKS, THREAD_SIZE, 16, THREAD_BYTES_MAX },
};

static int check(const uint64_t *words, const struct rule *rule, struct ty_error_state *error)
{
	uint64_t value = words[rule->word], size = words[rule->size_word];
	uint32_t step = rule->width_bytes < WORD_BYTES ? rule->width_bytes : WORD_BYTES;

	if (size <= rule->limit_bytes && size >= rule->width_bytes && value % step == 0 &&
	    value <= size - rule->width_bytes)
		return 0;
	return ty_fail(error, -TY_EOFFSETS,
	               "asyncio's table puts %s at offset %llu of a struct of %llu bytes, which cannot be. It is "
	               "corrupted, or belongs to a build of CPython that is not known",
	               rule->name, (unsigned long long)value, (unsigned long long)size);
}

/* Members that are not published stand at the same distance from one that is, in every build (FutureObj, TaskObj). */
static int take_table(const struct py_offsets *offsets, const uint8_t *table, struct py_task_layout *layout,
                      struct ty_error_state *error)
{
	uint64_t words[TABLE_WORDS];
	int result = 0;

	memcpy(words, table, sizeof(words));
	for (size_t i = 0; i < sizeof(RULES) / sizeof(*RULES) && result == 0; i++)
		result = check(words, &RULES[i], error);
	if (result < 0)
		return result;
	*layout = (struct py_task_layout){
		.size = (uint32_t)words[TASK_SIZE],
		.loop = offsets->object_type + WORD_BYTES,
		.callback = PY_ABSENT,
		.callbacks = PY_ABSENT,
		.awaited_by = (uint32_t)words[TASK_AWAITED_BY],
		.awaited_by_is_set = (uint32_t)words[TASK_AWAITED_BY_IS_SET],
		.state = (uint32_t)words[TASK_IS_TASK] & ~3u,
		.fut_waiter = (uint32_t)words[TASK_CORO] - WORD_BYTES,
		.coro = (uint32_t)words[TASK_CORO],
		.name = (uint32_t)words[TASK_NAME],
		.node = (uint32_t)words[TASK_NODE],
		.interpreter_tasks = (uint32_t)words[INTERPRETER_TASKS],
		.thread_tasks = (uint32_t)words[THREAD_TASKS],
		.thread_running_task = (uint32_t)words[THREAD_RUNNING_TASK],
	};
	/* fut_state is the int before the byte fut_is_task. */
	layout->state -= layout->state >= 4 ? 4 : 0;
	if (words[TASK_CORO] >= 2 * WORD_BYTES && layout->loop + WORD_BYTES <= layout->size)
		return 0;
	return ty_fail(error, -TY_EOFFSETS, "asyncio's table leaves no room for the header of a task");
}

int ty_task_layout_load(const struct py_task_version *version, const struct py_offsets *offsets, const uint8_t *table,
                        struct py_task_layout *layout, struct ty_error_state *error)
{
	if (!version->fixed)
		return take_table(offsets, table, layout, error);
	if (offsets->free_threaded)
		return ty_fail(error, -TY_EVERSION,
		               "asyncio tasks of this free-threaded build are not supported: it publishes no layout of them");
	*layout = *version->fixed;
	return 0;
}

/* ---- where the table is ---- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A file's first mapping, by which its addresses are told. */
static bool is_first(const struct ty_maps *maps, size_t at)
{
	const struct ty_mapping *mapping = &maps->list.items[at];

	return mapping->inode && mapping->path[0] == '/' &&
	       (!at || mapping[-1].inode != mapping->inode || mapping[-1].device != mapping->device);
}

static bool find_in_file(pid_t pid, const struct ty_mapping *mapping, uint64_t *address)
{
	_cleanup_close_ int fd = ty_image_open(pid, mapping);

	return fd >= 0 && ty_image_find(fd, mapping, SECTION, address, NULL, 0) == 0 && *address;
}

int ty_task_table_find(pid_t pid, const char *runtime_path, uint64_t *address)
{
	struct ty_maps maps;
	int result = ty_maps_read(pid, &maps);
	bool found = false;

	/* The shared object if there is one; else the module is built in. */
	for (size_t i = 0; result == 0 && !found && i < maps.list.count; i++)
		found = is_first(&maps, i) && strstr(base_name(maps.list.items[i].path), "_asyncio") &&
		        find_in_file(pid, &maps.list.items[i], address);
	for (size_t i = 0; result == 0 && !found && i < maps.list.count; i++)
		found = is_first(&maps, i) && strcmp(maps.list.items[i].path, runtime_path) == 0 &&
		        find_in_file(pid, &maps.list.items[i], address);
	ty_maps_free(&maps);
	return result < 0 ? result : found ? 0 : -TY_ENOTFOUND;
}
