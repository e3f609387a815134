/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that an instruction was never seen to make. */
#include "support/fake_python.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL NOP RETURN_VALUE"

/* More than are needed until a call can be strange. */
#define OFTEN 600

struct scene {
	struct fake_python *python;
	struct fake_thread *thread;
	struct fake_code *outer, *usual, *other;
	ty_target *target;
};

/* Without retries, so that every sample is one reading. */
static struct scene set_up(uint32_t version)
{
	struct scene scene = { .python = fake_python_new(version) };
	ty_attach_options options = { .size = sizeof(options), .max_retries = UINT32_MAX };

	scene.thread = fake_thread_new(scene.python, FAKE_PID);
	scene.outer = fake_code(scene.python, "outer", BODY);
	scene.usual = fake_code(scene.python, "usual", BODY);
	scene.other = fake_code(scene.python, "other", BODY);
	fake_call(scene.thread, scene.outer);
	scene.target = fake_target(scene.python, &options);
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_detach(scene->target);
	fake_python_free(scene->python);
}

static int verdict_of(struct scene *scene)
{
	return fake_sample(scene->target, 0).verdict;
}

/* The outer function calls another one, which is seen while it runs. */
static int call(struct scene *scene, const struct fake_code *code)
{
	int verdict;

	fake_call(scene->thread, code);
	fake_at(scene->thread, "NOP");
	verdict = verdict_of(scene);
	fake_return(scene->thread);
	verdict_of(scene);
	return verdict;
}

/* Every code object is known afterwards; the outer function calls only one of them. */
static void call_often(struct scene *scene)
{
	for (int i = 0; i < 3; i++) {
		fake_call(scene->thread, scene->usual);
		call(scene, scene->other);
		fake_return(scene->thread);
	}
	for (int i = 0; i < OFTEN; i++)
		ck_assert_int_le(call(scene, scene->usual), TY_REPAIRED);
}

TEST(a_call_that_was_never_seen_there_is_refused)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		call_often(&scene);
		ck_assert_int_eq(call(&scene, scene.other), TY_TORN);
		ck_assert_int_le(call(&scene, scene.usual), TY_REPAIRED);
		tear_down(&scene);
	}
}

TEST(a_call_that_is_still_there_in_the_next_reading_is_believed)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		call_often(&scene);
		fake_call(scene.thread, scene.other);
		fake_at(scene.thread, "NOP");
		ck_assert_int_eq(verdict_of(&scene), TY_TORN);
		fake_at(scene.thread, "CALL");
		ck_assert_int_le(verdict_of(&scene), TY_REPAIRED);
		fake_return(scene.thread);
		verdict_of(&scene);
		/* From then on it is what the instruction calls. */
		ck_assert_int_le(call(&scene, scene.other), TY_REPAIRED);
		tear_down(&scene);
	}
}

TEST(an_instruction_that_calls_many_functions_is_refused_few)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		int refused = 0;

		call_often(&scene);
		for (int i = 0; i < 20; i++)
			refused += call(&scene, i % 2 ? scene.other : scene.outer) == TY_TORN;
		/* Some six hundred sightings are enough for two refusals, some more of the callers alone for another.
		 */
		ck_assert_int_ge(refused, 1);
		ck_assert_int_le(refused, 5);
		tear_down(&scene);
	}
}

TEST(where_little_was_seen_nothing_is_strange)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		for (int i = 0; i < 3; i++) {
			fake_call(scene.thread, scene.usual);
			call(&scene, scene.other);
			fake_return(scene.thread);
			call(&scene, scene.usual);
		}
		ck_assert_int_le(call(&scene, scene.other), TY_REPAIRED);
		tear_down(&scene);
	}
}
