/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_report.h"

static char text[1 << 16]; /* the trace: "number:value", "number'text'", "number{message}" */
static size_t text_bytes;

static void begin(int opcodes)
{
	ty_perfetto_options options = { .size = sizeof(options), .opcodes = opcodes };

	report_open();
	ck_assert_ok(ty_perfetto_new(&options, sink, &collector));
	report_begin(FAKE_INTERVAL_NS);
}

static void sample(uint32_t status, const char *stack)
{
	fake_begin(target);
	fake_status(target, status);
	fake_thread(target, 77, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static uint64_t varint(const unsigned char **at, const unsigned char *end, bool *ok)
{
	uint64_t value = 0;

	for (unsigned int shift = 0; *at < end && shift < 64; shift += 7) {
		value |= (uint64_t)(**at & 0x7f) << shift;
		if (!(*(*at)++ & 0x80))
			return value;
	}
	*ok = false;
	return 0;
}

__attribute__((format(printf, 1, 2))) static void print(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_bytes += (size_t)vsnprintf(text + text_bytes, sizeof(text) - text_bytes, format, arguments);
	va_end(arguments);
	ck_assert_uint_lt(text_bytes, sizeof(text));
}

/* What has no name in the wire format is told by trying: none of the texts here happens to be a message. */
static bool print_message(const unsigned char *at, const unsigned char *end)
{
	size_t begin = text_bytes;
	bool ok = true;

	while (ok && at < end) {
		uint64_t tag = varint(&at, end, &ok), value = varint(&at, end, &ok);

		ok = ok && tag >> 3 && ((tag & 7) == 0 || ((tag & 7) == 2 && value <= (uint64_t)(end - at)));
		if (!ok)
			break;
		print("%s%" PRIu64, text_bytes > begin ? " " : "", tag >> 3);
		if ((tag & 7) == 0) {
			print(":%" PRIu64, value);
			continue;
		}
		print("{");
		if (print_message(at, at + value)) {
			print("}");
		} else {
			text_bytes--;
			print("'%.*s'", (int)value, (const char *)at);
		}
		at += value;
	}
	if (!ok)
		text[text_bytes = begin] = '\0';
	return ok;
}

static void end(void)
{
	size_t size_bytes;
	const unsigned char *data;

	report_end();
	data = (const unsigned char *)ty_sink_data(sink, &size_bytes);
	text_bytes = 0;
	ck_assert(print_message(data, data + size_bytes));
}

static void check_has(const char *expected)
{
	ck_assert_msg(strstr(text, expected) != NULL, "%s\nis not in\n%s", expected, text);
}

#define PACKET "1{10:1 13:2 "
#define AT(ms) PACKET "8:500" #ms "000000 "

TEST(the_first_packet_tells_the_clock)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, "main@0");
	end();
	ck_assert_int_eq(strncmp(text,
	                         "1{10:1 13:1 59{58:3 100{1'python.wall' 2{2'wall' 3:1}}} "
	                         "6{1{1:3 2:5000000000} 1{1:1 2:7} 2:3}} ",
	                         92),
	                 0);
	check_has(PACKET "60{1:1 14'libtachyon");
	check_has("3{1:4711 6'Python 3.14.2'}}}");
	report_close();
}

/* main goes on while its line changes; add ends with the garbage collector, and all with the thread. */
TEST(a_function_is_a_slice_while_it_is_on_the_stack)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, "main@0 add@2");
	sample(TY_THREAD_UNKNOWN, "main@104 add@106");
	sample(TY_THREAD_UNKNOWN, "main@104 gc");
	end();
	check_has(PACKET "60{1:2 5:1 4{1:4711 2:77 5'worker \"77\"'}}}");
	check_has(PACKET "12{2{1:1 2'<module>'}}}");
	check_has(PACKET "12{4{1:2 2'/src/add.py' 3'add' 4:10}}}");
	check_has(AT(0) "11{9:1 11:2 3:1 10:1 34:1}} " AT(0) "11{9:1 11:2 3:1 10:2 34:2}} ");
	check_has(AT(2) "11{9:2 11:2}} " AT(2) "11{9:1 11:2 3:1 10:3 34:3}} ");
	check_has(AT(3) "11{9:2 11:2}} " AT(3) "11{9:2 11:2}} ");
	report_close();
}

TEST(every_sample_has_its_call_stack)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, "main@0 add@2");
	sample(TY_THREAD_UNKNOWN, "main@0");
	sample(TY_THREAD_UNKNOWN, "main@0 add@2");
	end();
	check_has(PACKET "12{6{1:2 2:2 5:4 6:10}}}");
	check_has(PACKET "12{18{1:4 2'/src/add.py'}}}");
	check_has(PACKET "12{7{1:2 2:1 2:2}}}");
	check_has(AT(0) "135{1{2:4711 3:77} 6:2 11:1000000}}");
	check_has(AT(1) "135{1{2:4711 3:77} 6:1 11:1000000}}");
	check_has(AT(2) "135{1{2:4711 3:77} 6:2 11:1000000}}");
	report_close();
}

TEST(states_have_tracks_of_their_own)
{
	begin(1);
	sample(TY_THREAD_HAS_GIL | TY_THREAD_UNKNOWN, "main@0 add@2=3");
	sample(TY_THREAD_GIL_REQUESTED | TY_THREAD_UNKNOWN, "main@0 add@2=3");
	sample(TY_THREAD_UNKNOWN, "main@0 gc");
	end();
	check_has(PACKET "60{1:3 5:2 2'GIL'}}");
	check_has(PACKET "60{1:9 5:2 2'Opcode'}}");
	check_has(PACKET "12{2{1:4 2'Has GIL'}}}");
	check_has(AT(0) "11{9:1 11:3 3:2 10:4}} " AT(1) "11{9:2 11:3}}");
	check_has(PACKET "12{2{1:14 2'BINARY_OP_ADD_INT (BINARY_OP)'}}}");
	check_has(AT(0) "11{9:1 11:9 3:8 10:14 4{1:1 6'add'} 4{1:2 4:10} 4{1:3 4:2} 4{1:4 4:2} 4{1:5 6'BINARY_OP'} "
	                "4{1:6 2:1}}} " AT(2) "11{9:2 11:9}}");
	ck_assert_ptr_null(strstr(text, "5:2 2'CPU'"));
	report_close();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(ty_perfetto_new(&(ty_perfetto_options){ .size = sizeof(ty_perfetto_options), .trust = 7 },
	                                 sink, &collector),
	                 -TY_EOPTION);
	ck_assert_int_eq(ty_perfetto_new(NULL, NULL, &collector), -TY_EOPTION);
}
