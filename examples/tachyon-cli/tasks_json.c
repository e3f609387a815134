/* SPDX-License-Identifier: Apache-2.0 */
/* `tasks --json`: one JSON object with every task and the edges between them, for scripts. */
#include "tasks.h"

#include <string.h>

/* Text is UTF-8 already: only what JSON forbids is escaped (RFC 8259, 7). */
static void put_text(const char *text)
{
	putchar('"');
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at == '"' || *at == '\\')
			printf("\\%c", *at);
		else if (*at < 0x20)
			printf("\\u%04x", *at);
		else
			putchar(*at);
	}
	putchar('"');
}

static const char *verdict_name(int verdict)
{
	static const char *const names[] = { "verified", "repaired", "torn", "incomplete", "failed" };

	return verdict >= 0 && verdict <= TY_FAILED ? names[verdict] : "failed";
}

static const char *state_name(uint32_t flags)
{
	return flags & TY_TASK_RUNNING ? "running" : flags & TY_TASK_NEW ? "new" : "suspended";
}

static void put_frame(const struct tasks *tasks, const ty_frame *frame)
{
	ty_function_info function = { .size = sizeof(function), .qualname = "", .filename = "" };
	ty_location_info location = {
		.size = sizeof(location), .line = -1, .end_line = -1, .column = -1, .end_column = -1
	};
	ty_instruction_info instruction = { .size = sizeof(instruction) };

	ty_function(tasks->target, frame->function, &function);
	ty_location(tasks->target, frame, &location);
	fputs("{\"function\": ", stdout);
	put_text(function.qualname);
	fputs(", \"file\": ", stdout);
	put_text(function.filename);
	printf(", \"line\": %d, \"end_line\": %d, \"column\": %d, \"end_column\": %d, \"offset\": %d", location.line,
	       location.end_line, location.column, location.end_column, frame->offset);
	if (ty_instruction(tasks->target, frame, &instruction) == 0) {
		fputs(", \"instruction\": ", stdout);
		put_text(instruction.name);
	}
	putchar('}');
}

static void put_waiters(const struct tasks *tasks, const ty_task_info *task)
{
	fputs(", \"awaited_by\": [", stdout);
	for (uint32_t i = 0; i < task->awaited_by_count; i++) {
		ty_task_info waiter = { .size = sizeof(waiter) };

		ty_task_list_get(tasks->list, task->awaited_by[i], &waiter);
		printf("%s\"0x%llx\"", i ? ", " : "", (unsigned long long)waiter.address);
	}
	putchar(']');
}

static void put_task(const struct tasks *tasks, const ty_task_info *task)
{
	printf("    {\"id\": \"0x%llx\", \"name\": ", (unsigned long long)task->address);
	put_text(task->name);
	printf(", \"state\": \"%s\", \"cycle\": %s, \"thread_id\": %llu, \"interpreter\": %lld, \"loop\": \"0x%llx\"",
	       state_name(task->flags), task->flags & TY_TASK_CYCLE ? "true" : "false",
	       (unsigned long long)task->native_id, (long long)task->interpreter, (unsigned long long)task->loop);
	if (task->future)
		printf(", \"waits_for\": \"0x%llx\"", (unsigned long long)task->future);
	printf(", \"verdict\": \"%s\", \"seen_here_s\": %.6f", verdict_name(task->verdict),
	       (double)(tasks->info.time_ns - task->seen_since_ns) / 1e9);
	put_waiters(tasks, task);
	fputs(", \"stack\": [", stdout);
	for (uint32_t i = 0; i < task->frame_count; i++) {
		fputs(i ? ", " : "", stdout);
		put_frame(tasks, &task->frames[i]);
	}
	fputs("]}", stdout);
}

int tasks_print_json(const struct tasks *tasks)
{
	printf("{\n  \"pid\": %d,\n  \"asyncio\": %s,\n  \"complete\": %s,\n  \"message\": ", tasks->options->pid,
	       tasks->info.support == TY_TASKS_FOUND ? "true" : "false", tasks->info.limits ? "false" : "true");
	put_text(tasks->info.message);
	fputs(",\n  \"tasks\": [", stdout);
	for (size_t i = 0; i < tasks->info.count; i++) {
		ty_task_info task = { .size = sizeof(task) };

		fputs(i ? ",\n" : "\n", stdout);
		if (ty_task_list_get(tasks->list, i, &task) == 0)
			put_task(tasks, &task);
	}
	fputs("\n  ]\n}\n", stdout);
	return 0;
}
