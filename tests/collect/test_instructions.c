/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "collect/instructions.h"
#include "support/fake_target.h"

static ty_target *target;
static struct ty_instructions instructions;

static void begin(void)
{
	target = fake_target_new();
	fake_function(target, "f", "/m.py", "f", 1);
	instructions = (struct ty_instructions){ 0 };
}

static void end(void)
{
	ty_instructions_free(&instructions);
	fake_target_free(target);
}

static void add(uint32_t node, ty_frame frame)
{
	frame.function = 1;
	ck_assert_ok(ty_instructions_add(&instructions, target, node, &frame));
}

TEST(forms_of_one_node_are_kept_apart)
{
	const struct ty_leaf *leaves;

	begin();
	for (int i = 0; i < 3; i++)
		add(7, (ty_frame){ .flags = TY_FRAME_HAS_OPCODE, .opcode = FAKE_BINARY_OP, .oparg = 9 });
	add(7, (ty_frame){ .flags = TY_FRAME_HAS_OPCODE, .opcode = FAKE_BINARY_OP_ADD_INT });
	add(8, (ty_frame){ .flags = TY_FRAME_HAS_OPCODE, .opcode = FAKE_BINARY_OP });
	leaves = instructions.leaves.items;
	ck_assert_uint_eq(instructions.leaves.count, 3);
	ck_assert_uint_eq(leaves[0].samples, 3);
	ck_assert_uint_eq(leaves[0].node, 7);
	ck_assert_uint_eq(leaves[0].argument, 9);
	ck_assert_str_eq(leaves[0].name, "BINARY_OP");
	ck_assert_str_eq(leaves[1].name, "BINARY_OP_ADD_INT");
	ck_assert_str_eq(leaves[1].base_name, "BINARY_OP");
	ck_assert_uint_eq(leaves[2].node, 8);
	end();
}

TEST(what_is_no_instruction_has_no_name)
{
	begin();
	add(1, (ty_frame){ .offset = -1, .kind = TY_FRAME_GC });
	add(2, (ty_frame){ .flags = TY_FRAME_HAS_OPCODE, .opcode = 255 });
	add(2, (ty_frame){ .flags = TY_FRAME_HAS_OPCODE, .opcode = 255 });
	ck_assert_uint_eq(instructions.leaves.count, 2);
	ck_assert_ptr_null(instructions.leaves.items[0].name);
	ck_assert_ptr_null(instructions.leaves.items[1].name);
	ck_assert_uint_eq(instructions.leaves.items[1].samples, 2);
	end();
}
