/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks of made-up targets: sound ones, ones that change while they are read, and hostile ones. */
#include "sample/tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fake_asyncio.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL RETURN_VALUE"

static const uint32_t versions[] = { TY_PYTHON_3_14, TY_PYTHON_3_15 };
#define each_version(version_)                                                                                         \
	for (size_t at_ = 0; at_ < 2; at_++)                                                                           \
		for (uint32_t version_ = versions[at_], once_ = 1; once_; once_ = 0)

static const uint64_t wild[] = { 0,          1,     8,         0x1000,         0x7ffffffffff8,     0x800000000000,
	                         UINT64_MAX, ~7ULL, ~0xfffULL, INT64_MAX & ~7, 0x8000000000000000, 0xdeadbeefdeadbee8 };
#define WILD (sizeof(wild) / sizeof(*wild))

struct scene {
	struct fake_python *python;
	struct fake_asyncio *asyncio;
	struct fake_thread *thread;
	struct fake_code *codes[2]; /* outer, inner */
	ty_target *target;
};

static struct scene set_up(uint32_t version)
{
	struct scene scene = { .python = fake_python_new(version) };

	scene.asyncio = fake_asyncio_new(scene.python);
	scene.thread = fake_thread_new(scene.python, FAKE_PID);
	scene.codes[0] = fake_code(scene.python, "outer", BODY);
	scene.codes[1] = fake_code(scene.python, "inner", BODY);
	fake_tasks_head(scene.asyncio, scene.thread);
	return scene;
}

static void attach(struct scene *scene, int tasks)
{
	ty_attach_options options = { .size = sizeof(options), .tasks = tasks };

	scene->target = fake_target(scene->python, &options);
	fake_asyncio_in(scene->asyncio, scene->target);
}

static void tear_down(struct scene *scene)
{
	ty_detach(scene->target);
	fake_asyncio_free(scene->asyncio);
	fake_python_free(scene->python);
}

static uint64_t add(struct scene *scene, uint32_t number)
{
	return fake_task(scene->asyncio, scene->thread, number, scene->codes, 2);
}

static const ty_task_list *read_tasks(struct scene *scene, ty_task_list_info *info)
{
	const ty_task_list *list;

	info->size = sizeof(*info);
	ck_assert_int_eq(ty_sample_tasks(scene->target, &list), 0);
	ck_assert_int_eq(ty_task_list_describe(list, info), 0);
	return list;
}

static ty_task_info get(const ty_task_list *list, size_t index)
{
	ty_task_info task = { .size = sizeof(task) };

	ck_assert_int_eq(ty_task_list_get(list, index, &task), 0);
	return task;
}

static ty_task_info get_named(const ty_task_list *list, uint64_t count, const char *name)
{
	ty_task_info task = { .name = "" };

	for (size_t i = 0; i < count && strcmp(task.name, name); i++)
		task = get(list, i);
	ck_assert_str_eq(task.name, name);
	return task;
}

static const char *qualname(struct scene *scene, const ty_frame *frame)
{
	ty_function_info function = { .size = sizeof(function) };

	ck_assert_int_eq(ty_function(scene->target, frame->function, &function), 0);
	return function.qualname;
}

/* ---- sound ---- */

TEST(a_task_says_where_it_waits_and_who_awaits_it)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t one = add(&scene, 1), two = add(&scene, 2);
		ty_task_list_info info;
		const ty_task_list *list;
		ty_task_info task;

		fake_awaited_by(scene.asyncio, two, &one, 1);
		attach(&scene, TY_TASKS_NONE);
		list = read_tasks(&scene, &info);
		ck_assert_uint_eq(info.count, 2);
		ck_assert_int_eq(info.support, TY_TASKS_FOUND);
		ck_assert_str_eq(info.message, "");
		task = get(list, 1);
		ck_assert_uint_eq(task.address, two);
		ck_assert_str_eq(task.name, "Task-2");
		ck_assert_int_eq(task.verdict, TY_VERIFIED);
		ck_assert_uint_eq(task.frame_count, 2);
		ck_assert_str_eq(qualname(&scene, &task.frames[0]), "inner");
		ck_assert_str_eq(qualname(&scene, &task.frames[1]), "outer");
		ck_assert_uint_eq(task.awaited_by_count, 1);
		ck_assert_uint_eq(task.awaited_by[0], 0);
		ck_assert_uint_eq(get(list, 0).awaits_count, 1);
		ck_assert_int_eq(ty_task_list_find(list, task.serial), 1);
		ck_assert_int_eq(ty_task_list_find(list, 99), -TY_ENOTFOUND);
		ck_assert_uint_eq(task.native_id, FAKE_PID);
		tear_down(&scene);
	}
}

TEST(futures_are_looked_through)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	uint64_t one = add(&scene, 1), two = add(&scene, 2), three = add(&scene, 3);
	uint64_t first = fake_future(scene.asyncio), second = fake_future(scene.asyncio);
	uint64_t both[] = { one, two };
	ty_task_list_info info;
	ty_task_info task;

	fake_awaited_by(scene.asyncio, three, &first, 1);
	fake_awaited_by(scene.asyncio, first, &second, 1);
	fake_awaited_by(scene.asyncio, second, both, 2);
	attach(&scene, TY_TASKS_NONE);
	task = get(read_tasks(&scene, &info), 2);
	ck_assert_uint_eq(task.awaited_by_count, 2);
	ck_assert_uint_eq(task.awaited_by[0] + task.awaited_by[1], 1);
	tear_down(&scene);
}

TEST(futures_that_await_one_another_end)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	uint64_t one = add(&scene, 1), future = fake_future(scene.asyncio);
	ty_task_list_info info;

	fake_awaited_by(scene.asyncio, one, &future, 1);
	fake_awaited_by(scene.asyncio, future, &future, 1);
	attach(&scene, TY_TASKS_NONE);
	ck_assert_uint_eq(get(read_tasks(&scene, &info), 0).awaited_by_count, 0);
	tear_down(&scene);
}

TEST(a_stack_for_every_waiter)
{
	struct scene scene = set_up(TY_PYTHON_3_14);
	uint64_t waiters[] = { add(&scene, 1), add(&scene, 2), add(&scene, 3) }, shared = add(&scene, 4);
	const ty_snapshot *snapshot;
	ty_thread_info thread = { .size = sizeof(thread) };

	fake_awaited_by(scene.asyncio, shared, waiters, 3);
	attach(&scene, TY_TASKS_ALL);
	ck_assert_int_eq(ty_sample(scene.target, &snapshot), 0);
	ck_assert_uint_eq(ty_snapshot_threads(snapshot), 3);
	for (size_t i = 0; i < 3; i++) {
		char name[32];

		ck_assert_int_eq(ty_snapshot_thread(snapshot, i, &thread), 0);
		ck_assert_int_eq(thread.verdict, TY_VERIFIED);
		ck_assert_uint_eq(thread.frame_count, 6);
		ck_assert_uint_eq(thread.frames[2].kind, TY_FRAME_TASK);
		ck_assert_str_eq(qualname(&scene, &thread.frames[2]), "<task Task-4>");
		snprintf(name, sizeof(name), "<task Task-%zu>", i + 1);
		ck_assert_str_eq(qualname(&scene, &thread.frames[5]), name);
		ck_assert_int_eq(ty_task_list_find(ty_snapshot_tasks(snapshot), thread.frames[5].task), (int64_t)i);
	}
	ck_assert_int_eq(ty_sample(scene.target, &snapshot), 0);
	ck_assert_int_eq(ty_snapshot_thread(snapshot, 0, &thread), 0);
	ck_assert_uint_eq(thread.unchanged_frames, 6);
	tear_down(&scene);
}

/* ---- change ---- */

struct mover {
	struct scene *scene;
	uint64_t coro;
	uint64_t ip;
	uint64_t begin;
	uint32_t moves;
};

/* The coroutine has gone on whenever it is looked at. */
static void move(uint64_t address, size_t size_bytes, void *user_data)
{
	struct mover *mover = user_data;

	if (address <= mover->coro && mover->coro < address + size_bytes && size_bytes > 64)
		fake_write_u64(mover->scene->python->memory, mover->ip,
		               mover->moves++ % 2 ? mover->begin + 2 : mover->begin - 2);
}

TEST(what_is_not_the_same_in_two_readings_is_not_proven)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t task = add(&scene, 1);
		uint64_t coro = fake_read_u64(scene.python->memory, task + scene.asyncio->layout.coro);
		struct mover mover = { .scene = &scene, .coro = coro };
		ty_task_list_info info;

		mover.ip = coro + scene.python->offsets.generator.iframe + scene.python->offsets.frame.instr_ptr;
		mover.begin = fake_read_u64(scene.python->memory, mover.ip);
		attach(&scene, TY_TASKS_NONE);
		ck_assert_int_eq(get(read_tasks(&scene, &info), 0).verdict, TY_VERIFIED);
		fake_on_range(scene.target->memory, move, &mover);
		ck_assert_int_eq(get(read_tasks(&scene, &info), 0).verdict, TY_TORN);
		ck_assert_uint_gt(mover.moves, 2);
		fake_on_range(scene.target->memory, NULL, NULL);
		fake_write_u64(scene.python->memory, mover.ip, mover.begin);
		ck_assert_int_eq(get(read_tasks(&scene, &info), 0).verdict, TY_VERIFIED);
		tear_down(&scene);
	}
}

struct generations {
	struct scene *scene;
	uint64_t waiter;    /* coroutine */
	uint64_t ips[2];    /* of the waiter, of the task that it awaits */
	uint64_t begins[2]; /* what stood there */
	uint32_t readings;
};

/* The waiter moves in the first two readings, the other one before the second. */
static void go_on(uint64_t address, size_t size_bytes, void *user_data)
{
	struct generations *generations = user_data;
	struct ty_memory *memory = generations->scene->python->memory;

	if (address > generations->waiter || generations->waiter >= address + size_bytes || size_bytes <= 64)
		return;
	generations->readings++;
	if (generations->readings <= 2)
		fake_write_u64(memory, generations->ips[0],
		               generations->begins[0] + (generations->readings == 1 ? 2 : 0));
	if (generations->readings == 2)
		fake_write_u64(memory, generations->ips[1], generations->begins[1] + 2);
}

TEST(a_task_and_its_waiter_are_of_one_instant)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t tasks[] = { add(&scene, 1), add(&scene, 2) };
		uint64_t to_ip = scene.python->offsets.generator.iframe + scene.python->offsets.frame.instr_ptr;
		struct generations generations = { .scene = &scene };
		ty_task_list_info info;
		const ty_task_list *list;
		int32_t before;

		fake_awaited_by(scene.asyncio, tasks[1], &tasks[0], 1);
		for (size_t i = 0; i < 2; i++) {
			uint64_t coro = fake_read_u64(scene.python->memory, tasks[i] + scene.asyncio->layout.coro);

			generations.waiter = i ? generations.waiter : coro;
			generations.ips[i] = coro + to_ip;
			generations.begins[i] = fake_read_u64(scene.python->memory, coro + to_ip);
		}
		fake_whole_pages(scene.python->memory);
		attach(&scene, TY_TASKS_NONE);
		list = read_tasks(&scene, &info);
		before = get(list, 1).frames[1].offset;
		read_tasks(&scene, &info);
		fake_on_range(scene.target->memory, go_on, &generations);
		list = read_tasks(&scene, &info);
		ck_assert_uint_ge(generations.readings, 3);
		ck_assert_int_eq(get(list, 0).verdict, TY_VERIFIED);
		ck_assert_int_eq(get(list, 1).verdict, TY_VERIFIED);
		ck_assert_int_eq(get(list, 1).frames[1].offset, before + 2);
		fake_on_range(scene.target->memory, NULL, NULL);
		tear_down(&scene);
	}
}

struct successor {
	struct scene *scene;
	uint64_t task;
	uint64_t frame; /* of its coroutine */
};

/* Between the reading of the stack and that of the tasks, the coroutine's memory has become another one's. */
static void succeed(uint64_t address, size_t size_bytes, void *user_data)
{
	struct successor *successor = user_data;
	struct fake_python *python = successor->scene->python;

	if (address <= successor->task && successor->task < address + size_bytes)
		fake_write_u64(python->memory, successor->frame + python->offsets.frame.executable,
		               successor->scene->codes[1]->address);
}

TEST(a_task_has_not_the_stack_of_the_one_before_it)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t task, coroutine;
		struct successor successor;
		ty_task_list_info info;
		ty_task_info running;

		fake_call(scene.thread, fake_code(scene.python, "loop", "RESUME CALL FOR_ITER RETURN_VALUE"));
		task = fake_task(scene.asyncio, scene.thread, 1, scene.codes, 1);
		coroutine = fake_read_u64(scene.python->memory, task + scene.asyncio->layout.coro);
		fake_resume(scene.thread, scene.codes[0], coroutine);
		attach(&scene, TY_TASKS_NONE);
		running = get(read_tasks(&scene, &info), 0);
		ck_assert_uint_eq(running.flags & TY_TASK_RUNNING, TY_TASK_RUNNING);
		ck_assert_int_le(running.verdict, TY_REPAIRED);
		ck_assert_str_eq(qualname(&scene, &running.frames[running.frame_count - 1]), "outer");
		successor = (struct successor){ &scene, task, coroutine + scene.python->offsets.generator.iframe };
		fake_on_range(scene.target->memory, succeed, &successor);
		running = get(read_tasks(&scene, &info), 0);
		ck_assert_int_gt(running.verdict, TY_REPAIRED);
		ck_assert_str_eq(qualname(&scene, &running.frames[running.frame_count - 1]), "inner");
		tear_down(&scene);
	}
}

TEST(since_when_a_task_was_seen_where_it_is)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	uint64_t task = add(&scene, 1), moved;
	uint64_t coro = fake_read_u64(scene.python->memory, task + scene.asyncio->layout.coro);
	uint64_t ip = coro + scene.python->offsets.generator.iframe + scene.python->offsets.frame.instr_ptr;
	ty_task_list_info first, later;
	uint32_t serial;

	attach(&scene, TY_TASKS_NONE);
	serial = get(read_tasks(&scene, &first), 0).serial;
	moved = get(read_tasks(&scene, &later), 0).seen_since_ns;
	ck_assert_uint_eq(moved, first.time_ns);
	fake_write_u64(scene.python->memory, ip, fake_read_u64(scene.python->memory, ip) + 2);
	moved = get(read_tasks(&scene, &later), 0).seen_since_ns;
	ck_assert_uint_eq(moved, later.time_ns);
	ck_assert_uint_eq(get(read_tasks(&scene, &later), 0).serial, serial);
	tear_down(&scene);
}

TEST(a_task_that_is_done_or_taken_off_its_list_is_gone)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	uint64_t one = add(&scene, 1), two = add(&scene, 2);
	ty_task_list_info info;

	fake_awaited_by(scene.asyncio, two, &one, 1);
	attach(&scene, TY_TASKS_NONE);
	fake_write_u32(scene.python->memory, one + scene.asyncio->layout.state, 1);
	ck_assert_int_eq(get(read_tasks(&scene, &info), 0).verdict, TY_FAILED);
	ck_assert_int_eq(get(read_tasks(&scene, &info), 1).verdict, TY_VERIFIED);
	tear_down(&scene);
}

/* ---- cycles and limits ---- */

TEST(cycles_are_found_and_drawn)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	uint64_t one = add(&scene, 1), two = add(&scene, 2), outside[] = { add(&scene, 3), two };
	const ty_snapshot *snapshot;
	const ty_task_list *list;
	ty_task_list_info info;
	bool drawn = false;

	fake_awaited_by(scene.asyncio, one, outside, 2);
	fake_awaited_by(scene.asyncio, two, &one, 1);
	attach(&scene, TY_TASKS_ALL);
	list = read_tasks(&scene, &info);
	ck_assert(get_named(list, info.count, "Task-1").flags & TY_TASK_CYCLE);
	ck_assert(get_named(list, info.count, "Task-2").flags & TY_TASK_CYCLE);
	ck_assert(!(get_named(list, info.count, "Task-3").flags & TY_TASK_CYCLE));
	ck_assert_int_eq(ty_sample(scene.target, &snapshot), 0);
	ck_assert_uint_eq(ty_snapshot_threads(snapshot), 2);
	for (size_t i = 0; i < 2; i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		ck_assert_int_eq(ty_snapshot_thread(snapshot, i, &thread), 0);
		drawn |= strcmp(qualname(&scene, &thread.frames[thread.frame_count - 1]), "<task Task-1, cycle>") == 0;
	}
	ck_assert(drawn);
	tear_down(&scene);
}

TEST(a_task_that_awaits_itself)
{
	struct scene scene = set_up(TY_PYTHON_3_14);
	uint64_t one = add(&scene, 1);
	ty_task_list_info info;

	fake_awaited_by(scene.asyncio, one, &one, 1);
	attach(&scene, TY_TASKS_NONE);
	ck_assert_uint_eq(get(read_tasks(&scene, &info), 0).flags, TY_TASK_CYCLE);
	tear_down(&scene);
}

TEST(waiters_beyond_the_limit_are_counted)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	uint64_t waiters[100], shared = add(&scene, 1000);
	const ty_snapshot *snapshot;
	ty_thread_info thread = { .size = sizeof(thread) };
	ty_task_list_info info = { .size = sizeof(info) };

	for (uint32_t i = 0; i < 100; i++)
		waiters[i] = add(&scene, i);
	fake_awaited_by(scene.asyncio, shared, waiters, 100);
	attach(&scene, TY_TASKS_ALL);
	ck_assert_int_eq(ty_sample(scene.target, &snapshot), 0);
	ck_assert_uint_eq(ty_snapshot_threads(snapshot), TY_TASK_PATHS_MAX);
	ck_assert_int_eq(ty_snapshot_thread(snapshot, 0, &thread), 0);
	ck_assert_str_eq(qualname(&scene, &thread.frames[2]), "<task Task-1000, +36 waiters>");
	ty_task_list_describe(ty_snapshot_tasks(snapshot), &info);
	ck_assert_uint_eq(info.limits, TY_TASK_LIMIT_PATHS);
	tear_down(&scene);
}

TEST(a_chain_of_tasks_is_cut)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	uint64_t before = add(&scene, 0);
	const ty_snapshot *snapshot;
	ty_thread_info thread = { .size = sizeof(thread) };

	for (uint32_t i = 1; i < 300; i++) {
		uint64_t task = add(&scene, i);

		fake_awaited_by(scene.asyncio, before, &task, 1);
		before = task;
	}
	attach(&scene, TY_TASKS_ALL);
	ck_assert_int_eq(ty_sample(scene.target, &snapshot), 0);
	ck_assert_uint_eq(ty_snapshot_threads(snapshot), 1);
	ck_assert_int_eq(ty_snapshot_thread(snapshot, 0, &thread), 0);
	ck_assert_int_eq(thread.verdict, TY_INCOMPLETE);
	ck_assert_uint_eq(thread.frame_count, 3 * TY_TASK_DEPTH_MAX);
	tear_down(&scene);
}

TEST(coroutines_that_await_themselves_are_cut)
{
	struct scene scene = set_up(TY_PYTHON_3_14);
	uint64_t task = fake_task(scene.asyncio, scene.thread, 1, scene.codes, 1);
	uint64_t coro = fake_read_u64(scene.python->memory, task + scene.asyncio->layout.coro);
	const struct py_offsets *offsets = &scene.python->offsets;
	ty_task_list_info info;
	ty_task_info found;

	fake_write_u64(scene.python->memory,
	               coro + offsets->generator.iframe + offsets->frame.size + 8 * scene.codes[0]->nlocalsplus, coro);
	attach(&scene, TY_TASKS_NONE);
	found = get(read_tasks(&scene, &info), 0);
	ck_assert_uint_eq(found.frame_count, TY_TASK_COROUTINES_MAX);
	ck_assert_int_eq(found.verdict, TY_INCOMPLETE);
	ck_assert_uint_eq(info.limits, TY_TASK_LIMIT_COROUTINES);
	ck_assert_str_ne(info.message, "");
	tear_down(&scene);
}

/* ---- hostile ---- */

TEST(a_list_that_is_cut_is_read_from_both_ends)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t tasks[5], node = scene.asyncio->layout.node;
		ty_task_list_info info;

		for (uint32_t i = 0; i < 5; i++)
			tasks[i] = add(&scene, i);
		fake_write_u64(scene.python->memory, tasks[2] + node, 0xdeadbee8);
		attach(&scene, TY_TASKS_NONE);
		read_tasks(&scene, &info);
		ck_assert_uint_eq(info.count, 5);
		/* Now from behind as well: the one in the middle is lost, and that is said. */
		fake_write_u64(scene.python->memory, tasks[1] + node, tasks[1] + node);
		fake_write_u64(scene.python->memory, tasks[3] + node + 8, tasks[0] + node);
		read_tasks(&scene, &info);
		ck_assert_uint_eq(info.count, 4);
		ck_assert_uint_eq(info.limits, TY_TASK_LIMIT_LIST);
		tear_down(&scene);
	}
}

TEST(a_table_that_cannot_be_is_refused)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	const size_t used[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12 };

	for (size_t i = 0; i < sizeof(used) / sizeof(*used); i++) {
		uint64_t address = scene.asyncio->table + 8 * used[i],
		         before = fake_read_u64(scene.python->memory, address);
		ty_task_list_info info;

		fake_write_u64(scene.python->memory, address, UINT64_MAX - 7);
		attach(&scene, TY_TASKS_NONE);
		read_tasks(&scene, &info);
		ck_assert_int_eq(info.support, TY_TASKS_UNSUPPORTED);
		ck_assert_ptr_nonnull(strstr(info.message, "asyncio's table"));
		ck_assert_uint_eq(info.count, 0);
		ty_detach(scene.target);
		fake_write_u64(scene.python->memory, address, before);
	}
	attach(&scene, TY_TASKS_NONE);
	tear_down(&scene);
}

/* Every word of every object, wild: readings end, and use nothing that is not theirs. */
TEST(wild_words_do_no_harm)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t begin = scene.python->heap, waiters[3], shared;

		for (uint32_t i = 0; i < 3; i++)
			waiters[i] = add(&scene, i);
		shared = add(&scene, 9);
		fake_awaited_by(scene.asyncio, shared, waiters, 3);
		for (uint64_t address = begin; address < scene.python->heap; address += 8) {
			uint64_t before = fake_read_u64(scene.python->memory, address);

			if (!before)
				continue;
			attach(&scene, TY_TASKS_ALL);
			for (size_t i = 0; i < WILD; i++) {
				const ty_snapshot *snapshot;

				fake_write_u64(scene.python->memory, address, wild[i]);
				ck_assert_int_eq(ty_sample(scene.target, &snapshot), 0);
				ck_assert_uint_le(scene.target->tasks->tasks.count, 8);
			}
			fake_write_u64(scene.python->memory, address, before);
			ty_detach(scene.target);
		}
		attach(&scene, TY_TASKS_ALL);
		tear_down(&scene);
	}
}

TEST(no_table_no_tasks)
{
	struct scene scene = set_up(TY_PYTHON_3_15);
	ty_task_list_info info;

	add(&scene, 1);
	attach(&scene, TY_TASKS_NONE);
	ty_tasks_of(scene.target)->table_address = 0;
	read_tasks(&scene, &info);
	ck_assert_int_eq(info.support, TY_TASKS_UNSUPPORTED);
	ck_assert_uint_eq(info.count, 0);
	ck_assert_str_ne(info.message, "");
	tear_down(&scene);
}
