/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/error.h"

TEST(every_code_has_a_text_and_a_class_of_its_own_library)
{
	for (int code = TY_ENOTPYTHON; code <= TY_ERECORDING; code++) {
		ck_assert_str_ne(ty_strerror(code), "unknown error");
		ck_assert_str_eq(ty_strerror(code), ty_strerror(-code));
		ck_assert_int_ne(ty_error_classify(-code), TY_CLASS_NONE);
		ck_assert_int_ne(ty_error_classify(-code), TY_CLASS_SYSTEM);
		for (int other = TY_ENOTPYTHON; other < code; other++)
			ck_assert_str_ne(ty_strerror(code), ty_strerror(other));
	}
	ck_assert_str_eq(ty_strerror(TY_ERECORDING + 1), "unknown error");
}

TEST(codes_are_pinned)
{
	ck_assert_int_eq(TY_ENOTPYTHON, 4001);
	ck_assert_int_eq(TY_EPERMISSION, 4007);
	ck_assert_int_eq(TY_ESTATE, 4015);
	ck_assert_int_eq(TY_ERECORDING, 4016);
}

TEST(classes_tell_what_to_do)
{
	ck_assert_int_eq(ty_error_classify(0), TY_CLASS_NONE);
	ck_assert_int_eq(ty_error_classify(-TY_ESTARTING), TY_CLASS_RETRY);
	ck_assert_int_eq(ty_error_classify(-TY_EREPLACED), TY_CLASS_RETRY);
	ck_assert_int_eq(ty_error_classify(-TY_EEXITED), TY_CLASS_GONE);
	ck_assert_int_eq(ty_error_classify(-ESRCH), TY_CLASS_GONE);
	ck_assert_int_eq(ty_error_classify(-TY_EPERMISSION), TY_CLASS_PERMISSION);
	ck_assert_int_eq(ty_error_classify(-EACCES), TY_CLASS_PERMISSION);
	ck_assert_int_eq(ty_error_classify(-TY_EVERSION), TY_CLASS_UNSUPPORTED);
	ck_assert_int_eq(ty_error_classify(-TY_EOPTION), TY_CLASS_USAGE);
	ck_assert_int_eq(ty_error_classify(-ENOSPC), TY_CLASS_SYSTEM);
	ck_assert_int_eq(ty_error_classify(-ENOMEM), TY_CLASS_SYSTEM);
}

TEST(errnos_have_the_text_of_the_system)
{
	ck_assert_str_eq(ty_strerror(-ENOENT), strerror(ENOENT));
	ck_assert_str_eq(ty_strerror(ENOENT), strerror(ENOENT));
}

TEST(a_failure_is_recorded_in_full)
{
	struct ty_error_state error = { .phase = TY_PHASE_SAMPLE };

	ck_assert_int_eq(ty_fail_at(&error, -EFAULT, 0xdead0000, "frame %d", 3), -EFAULT);
	ck_assert_int_eq(error.code, -EFAULT);
	ck_assert_int_eq(error.os_errno, EFAULT);
	ck_assert_uint_eq(error.address, 0xdead0000);
	ck_assert_str_eq(error.message, "frame 3");
	ck_assert_int_eq(error.phase, TY_PHASE_SAMPLE);

	ck_assert_int_eq(ty_fail(&error, -TY_EVERSION, "%s", "3.9"), -TY_EVERSION);
	ck_assert_int_eq(error.os_errno, 0);
	ck_assert_uint_eq(error.address, 0);

	ty_error_clear(&error);
	ck_assert_int_eq(error.code, 0);
	ck_assert_str_eq(error.message, "");
}

TEST(a_message_of_any_length_is_cut_and_terminated)
{
	struct ty_error_state error = { 0 };
	char longer[TY_MESSAGE_BYTES * 2];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	ty_fail(&error, -EIO, "%s", longer);
	ck_assert_uint_eq(strlen(error.message), TY_MESSAGE_BYTES - 1);
}

static void remember(int level, const char *message, void *user_data)
{
	char *seen = user_data;

	snprintf(seen, 64, "%d:%s", level, message);
}

TEST(logs_go_to_the_hook_or_nowhere)
{
	char seen[64] = "";
	struct ty_error_state error = { 0 };

	ty_log(&error, TY_LOG_INFO, "silence");
	error.log = remember;
	error.log_user_data = seen;
	ty_log(&error, TY_LOG_WARNING, "offset %d", 12);
	ck_assert_str_eq(seen, "2:offset 12");
}
