/* SPDX-License-Identifier: Apache-2.0 */
/* ty_disassemble(): the rows of python/disassemble.h in the form of the public ABI. */
#include <tachyon/disassembly.h>

#include <errno.h>

#include "python/disassemble.h"
#include "sample/merged.h"
#include "sample/replay.h"
#include "sample/target.h"

struct receiver {
	ty_disassembly_fn callback;
	void *user_data;
	int stopped; /* what the callback returned */
};

static int give(const struct ty_row *row, void *user_data)
{
	struct receiver *receiver = user_data;
	const ty_location_info location = {
		.size = sizeof(location),
		.line = row->position.line,
		.end_line = row->position.end_line,
		.column = row->position.column,
		.end_column = row->position.end_column,
	};
	const ty_disassembly_row given = {
		.size = sizeof(given),
		.instruction = &row->instruction,
		.location = &location,
		.argument_text = row->argument_text,
		.target = row->target < 0 ? -1 : (int32_t)(row->target * 2),
		.label = row->label,
		.handler = row->handler ? (int32_t)(row->handler->target * 2) : -1,
		.handler_depth = row->handler ? row->handler->depth : 0,
		.handler_lasti = row->handler && row->handler->lasti,
	};

	receiver->stopped = receiver->callback(&given, receiver->user_data);
	return receiver->stopped;
}

int ty_disassemble(ty_target *target, uint32_t function, ty_disassembly_fn callback, void *user_data)
{
	const struct py_function *found = ty_codes_function(&target->codes, function);
	struct receiver receiver = { callback, user_data, 0 };
	int result;

	if (target->replay)
		return ty_replay_disassemble(target, function, callback, user_data);
	if (!found || !found->units)
		return -TY_ENOTFOUND;
	if (target->merged)
		return ty_merged_disassemble(target->merged, function, callback, user_data);
	if (!found->code)
		return -TY_ESTALE;
	result = ty_disassemble_code(target->memory, target->runtime.version, &target->runtime.offsets,
	                             found->code->address, &found->code->identity, give, &receiver);
	if (receiver.stopped)
		return receiver.stopped;
	/* Memory that cannot be read any more belonged to a code object that is gone, or to a process that is. */
	return result == -EFAULT ? -TY_ESTALE : result == -ESRCH ? -TY_EEXITED : result;
}
