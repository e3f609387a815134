/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <math.h>

#include "output/json.h"

static struct ty_json json;

static void begin(void)
{
	json = (struct ty_json){ 0 };
	ck_assert_ok(ty_sink_memory(&json.sink));
}

static void check(const char *expected)
{
	ck_assert_str_eq(ty_sink_data(json.sink, NULL), expected);
	ty_sink_free(json.sink);
}

TEST(commas_stand_between_values_only)
{
	begin();
	ty_json_begin(&json, '{');
	ty_json_open(&json, "empty", '[');
	ty_json_end(&json, ']');
	ty_json_open(&json, "mixed", '[');
	ty_json_int(&json, -1);
	ty_json_begin(&json, '{');
	ty_json_end(&json, '}');
	ty_json_null(&json);
	ty_json_bool(&json, true);
	ty_json_end(&json, ']');
	ty_json_member_bool(&json, "no", false);
	ty_json_end(&json, '}');
	ty_json_newline(&json);
	ty_json_begin(&json, '[');
	ty_json_end(&json, ']');
	check("{\"empty\":[],\"mixed\":[-1,{},null,true],\"no\":false}\n[]");
}

TEST(numbers_are_exact)
{
	begin();
	ty_json_begin(&json, '[');
	ty_json_int(&json, INT64_MIN);
	ty_json_uint(&json, UINT64_MAX);
	ty_json_fixed(&json, 1234567, 6);
	ty_json_fixed(&json, -1, 6);
	ty_json_fixed(&json, 2500000, 6);
	ty_json_fixed(&json, 3000000, 6);
	ty_json_fixed(&json, 0, 6);
	ty_json_real(&json, 0.125);
	ty_json_real(&json, NAN);
	ty_json_real(&json, 1e300);
	ty_json_end(&json, ']');
	check("[-9223372036854775808,18446744073709551615,1.234567,-0.000001,2.5,3,0,0.125,null,null]");
}

TEST(strings_do_no_harm)
{
	begin();
	ty_json_begin(&json, '[');
	ty_json_string(&json, "plain \xc3\xa9 \xf0\x9f\x90\x8d");
	ty_json_string(&json, "\"\\\n\x1b[31m</script>");
	ty_json_string(&json, "\xff\xed\xa0\x80x\xe2\x80\xa8");
	ty_json_string(&json, "");
	ty_json_string(&json, "\x7f\xc2\x9b\xe2\x80\xae\xef\xbb\xbf");
	ty_json_end(&json, ']');
	check("[\"plain \xc3\xa9 \xf0\x9f\x90\x8d\",\"\\u0022\\u005c\\u000a\\u001b[31m\\u003c/script>\","
	      "\"\\ufffd\\ufffd\\ufffd\\ufffdx\\u2028\",\"\",\"\\u007f\\u009b\\u202e\\ufeff\"]");
}
