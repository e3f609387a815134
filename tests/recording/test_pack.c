/* SPDX-License-Identifier: Apache-2.0 */
#include "recording/pack.h"

#include <errno.h>
#include <string.h>

#include "recording/format.h"
#include "support/test.h"

static struct ty_packer *packer;
static struct ty_wire_out packed, raw;

static bool begin(void)
{
	memset(&packed, 0, sizeof(packed));
	memset(&raw, 0, sizeof(raw));
	if (ty_pack_available())
		ck_assert_ok(ty_packer_new(&packer));
	else
		ck_assert_int_eq(ty_packer_new(&packer), -ENOTSUP);
	return packer != NULL;
}

static void finish(void)
{
	ty_wire_out_free(&packed);
	ty_wire_out_free(&raw);
	ty_packer_free(packer);
}

TEST(frames_and_skippable_ones_in_a_row)
{
	if (!begin())
		return;
	ty_wire_put_bytes(&packed, TY_RECORDING_EMPTY_FRAME, TY_RECORDING_EMPTY_FRAME_BYTES);
	ty_wire_put_u32(&packed, TY_CHUNK_SKIPPABLE);
	ty_wire_put_string(&packed, "\0\0\0abc");
	packed.count = TY_RECORDING_EMPTY_FRAME_BYTES + 4;
	ty_wire_put_u32(&packed, 3);
	ty_wire_put_bytes(&packed, "abc", 3);
	ck_assert_ok(ty_pack(packer, "hello ", 6, &packed));
	ck_assert_ok(ty_pack(packer, "world", 5, &packed));
	ck_assert_ok(ty_unpack(packer, packed.items, packed.count, 1000, &raw));
	ck_assert_uint_eq(raw.count, 11);
	ck_assert_mem_eq(raw.items, "hello world", 11);
	finish();
}

/* CPython's reader sizes its buffer by the first frame: none of ours may claim a size. */
TEST(the_size_of_the_content_is_not_said)
{
	if (!begin())
		return;
	ck_assert_ok(ty_pack(packer, "hello ", 6, &packed));
	/* RFC 8878, 3.1.1.1.1: no single segment, no content size. */
	ck_assert_uint_eq(packed.items[4] & 0xe0, 0);
	finish();
}

TEST(what_is_cut_off_damaged_or_too_large_is_refused)
{
	static const char zeros[100000];

	if (!begin())
		return;
	ck_assert_ok(ty_pack(packer, zeros, sizeof(zeros), &packed));
	ck_assert_int_eq(ty_unpack(packer, packed.items, packed.count - 1, sizeof(zeros), &raw), -EBADMSG);
	ck_assert_int_eq(ty_unpack(packer, packed.items, packed.count, sizeof(zeros) - 1, &raw), -EFBIG);
	ck_assert_int_eq(ty_unpack(packer, "not zstd at all", 15, 1000, &raw), -EBADMSG);
	finish();
}

TEST(checksums_are_those_of_gzip)
{
	ck_assert_uint_eq(ty_checksum(0, "123456789", 9), 0xcbf43926U);
	ck_assert_uint_eq(ty_checksum(ty_checksum(0, "1234", 4), "56789", 5), 0xcbf43926U);
}
