/* SPDX-License-Identifier: Apache-2.0 */
/* ty_gc_collections(): python/collections.h for the interpreters of a target. */
#include "python/collections.h"

#include <errno.h>

#include "sample/target.h"

/* As in threads.c: more than anybody has. */
#define INTERPRETERS_MAX 1024

#define VERSION_TEXT_BYTES 32

static int refuse(ty_target *target)
{
	char version[VERSION_TEXT_BYTES];

	ty_version_text(target->runtime.hexversion, version, sizeof(version));
	return ty_fail(&target->error, -ENOTSUP, "CPython %s does not keep its last garbage collections for readers",
	               version);
}

/* The list begins with the newest interpreter: the main one is its last. */
static int find_main(ty_target *target, uint64_t *address)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	uint64_t next = *address;
	int result = 0;

	for (int i = 0; result == 0 && next && i < INTERPRETERS_MAX; i++) {
		*address = next;
		result = ty_memory_read_u64(target->memory, *address + offsets->interpreter.next, &next);
	}
	return result;
}

struct receiver {
	ty_gc_fn callback;
	void *user_data;
	int stopped; /* what the callback returned */
};

static int give_interpreter(ty_target *target, uint64_t interpreter, struct receiver *receiver)
{
	const struct py_runtime *runtime = &target->runtime;
	ty_gc_collection collections[PY_COLLECTIONS_MAX];
	int count = ty_collections_read(target->memory, runtime->version, &runtime->offsets, interpreter, collections);

	for (int i = 0; i < count && !receiver->stopped; i++)
		receiver->stopped = receiver->callback(&collections[i], receiver->user_data);
	return count < 0 ? count : 0;
}

static int give_all(ty_target *target, bool all, struct receiver *receiver)
{
	const struct py_runtime *runtime = &target->runtime;
	uint64_t interpreter = 0;
	int result = ty_memory_read_u64(target->memory, runtime->address + runtime->offsets.runtime.interpreters_head,
	                                &interpreter);

	if (result == 0 && !all)
		result = find_main(target, &interpreter);
	for (int i = 0; result == 0 && !receiver->stopped && interpreter && i < INTERPRETERS_MAX; i++) {
		result = give_interpreter(target, interpreter, receiver);
		if (result == 0)
			result = ty_memory_read_u64(target->memory, interpreter + runtime->offsets.interpreter.next,
			                            &interpreter);
	}
	return result;
}

int ty_gc_collections(ty_target *target, int all_interpreters, ty_gc_fn callback, void *user_data)
{
	struct receiver receiver = { .callback = callback, .user_data = user_data };
	int result;

	if (!callback)
		return -TY_EOPTION;
	target->error.phase = TY_PHASE_RESOLVE;
	if (!target->attached || target->replay || target->merged)
		return ty_fail(&target->error, -TY_ESTATE,
		               "garbage collections are told by a process that is attached");
	if (!ty_collections_known(target->runtime.version, &target->runtime.offsets))
		return refuse(target);
	result = give_all(target, all_interpreters != 0, &receiver);
	if (result == -TY_ECORRUPT)
		return ty_fail(&target->error, result,
		               "the garbage collector wrote its statistics whenever they were read; try again");
	return result < 0 ? ty_target_lost(target, result) : receiver.stopped;
}
