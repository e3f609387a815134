/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <string.h>

#include <tachyon/collector.h>

struct calls {
	int begun, sampled, ended, destroyed;
	uint64_t interval_ns, samples;
	int answer;
};

static int begin(const ty_run_info *run, void *user_data)
{
	struct calls *calls = user_data;

	calls->begun++;
	calls->interval_ns = run->interval_ns;
	return calls->answer;
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct calls *calls = user_data;

	ck_assert_ptr_null(snapshot);
	calls->sampled++;
	return calls->answer;
}

static int end(const ty_run_summary *summary, void *user_data)
{
	struct calls *calls = user_data;

	calls->ended++;
	calls->samples = summary->samples;
	return calls->answer;
}

static void destroy(void *user_data)
{
	((struct calls *)user_data)->destroyed++;
}

static const ty_collector_callbacks CALLBACKS = { sizeof(CALLBACKS), begin, sample, end, destroy };
static const ty_run_info RUN = { .size = sizeof(RUN), .interval_ns = 1000 };
static const ty_run_summary SUMMARY = { .size = sizeof(SUMMARY), .samples = 5 };

TEST(callbacks_are_called_with_what_they_are_given)
{
	struct calls calls = { 0 };
	ty_collector *collector;

	ck_assert_ok(ty_collector_new(&CALLBACKS, &calls, &collector));
	ck_assert_ok(ty_collector_begin(collector, &RUN));
	ck_assert_ok(ty_collector_sample(collector, NULL));
	calls.answer = 1;
	ck_assert_int_eq(ty_collector_sample(collector, NULL), 1);
	calls.answer = -5;
	ck_assert_int_eq(ty_collector_end(collector, &SUMMARY), -5);
	ty_collector_free(collector);
	ck_assert_int_eq(calls.begun, 1);
	ck_assert_int_eq(calls.sampled, 2);
	ck_assert_int_eq(calls.ended, 1);
	ck_assert_int_eq(calls.destroyed, 1);
	ck_assert_uint_eq(calls.interval_ns, 1000);
	ck_assert_uint_eq(calls.samples, 5);
}

TEST(order_is_enforced)
{
	struct calls calls = { 0 };
	ty_collector *collector;

	ck_assert_ok(ty_collector_new(&CALLBACKS, &calls, &collector));
	ck_assert_int_eq(ty_collector_sample(collector, NULL), -TY_ESTATE);
	ck_assert_int_eq(ty_collector_end(collector, &SUMMARY), -TY_ESTATE);
	ck_assert_ok(ty_collector_begin(collector, &RUN));
	ck_assert_int_eq(ty_collector_begin(collector, &RUN), -TY_ESTATE);
	ck_assert_ok(ty_collector_end(collector, &SUMMARY));
	ck_assert_int_eq(ty_collector_end(collector, &SUMMARY), -TY_ESTATE);
	ck_assert_int_eq(ty_collector_sample(collector, NULL), -TY_ESTATE);
	ck_assert_int_eq(calls.begun + calls.sampled + calls.ended, 2);
	ty_collector_free(collector);
}

TEST(missing_callbacks_are_done)
{
	const ty_collector_callbacks none = { .size = sizeof(none) };
	ty_collector *collector;

	ck_assert_ok(ty_collector_new(&none, NULL, &collector));
	ck_assert_ok(ty_collector_begin(collector, &RUN));
	ck_assert_ok(ty_collector_sample(collector, NULL));
	ck_assert_ok(ty_collector_end(collector, &SUMMARY));
	ty_collector_free(collector);
	ty_collector_free(NULL);
}

TEST(callbacks_of_a_newer_library_are_refused)
{
	struct {
		ty_collector_callbacks known;
		void (*unknown)(void);
	} newer = { .known = CALLBACKS, .unknown = (void (*)(void))destroy };
	struct calls calls = { 0 };
	ty_collector *collector;

	newer.known.size = sizeof(newer);
	ck_assert_int_eq(ty_collector_new(&newer.known, &calls, &collector), -TY_EOPTION);
	ck_assert_ptr_null(collector);
	newer.unknown = NULL;
	ck_assert_ok(ty_collector_new(&newer.known, &calls, &collector));
	ty_collector_free(collector);
	ck_assert_int_eq(ty_collector_new(NULL, NULL, &collector), -TY_EOPTION);
}
