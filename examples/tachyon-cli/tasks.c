/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `tasks`: the asyncio tasks of a running process as a tree, in the form of `python -m asyncio pstree`: below each task
 * its coroutines, outermost first, and below the innermost the tasks that it waits for.
 *
 * One reading says where a task is, not for how long, so the process is watched for a moment. A task with several
 * waiters stands below each of them, with its own tree below the first. A cycle is drawn where it closes.
 */
#include "cli.h"
#include "tasks.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WATCH_DEFAULT_NS (NS_PER_SECOND / 10)
#define WATCH_PAUSE_NS (10 * NS_PER_MS)

/* Tasks below one another, and columns of the lines in front of them. */
#define DEPTH_MAX 256
#define PREFIX_BYTES 4096

struct style {
	const char *heading, *task, *place, *note, *warning, *end;
};

static const struct style plain_style = { "", "", "", "", "", "" };
static const struct style color_style = {
	.heading = "\033[1;34m",
	.task = "\033[1;32m",
	.place = "\033[36m",
	.note = "\033[90m",
	.warning = "\033[1;31m",
	.end = "\033[0m",
};

/* The tasks that a task waits for: awaited_by turned round. */
struct children {
	uint32_t *first; /* by task: where its children begin in `list`; one more at the end */
	uint32_t *list;
};

struct tree {
	const struct tasks *tasks;
	const struct style *style;
	struct children children;
	bool *printed;
	bool *open; /* stands above the line that is being printed */
	char prefix[PREFIX_BYTES];
	size_t depth;
};

/* ---- children ---- */

static ty_task_info task_at(const struct tasks *tasks, size_t index)
{
	ty_task_info task = { .size = sizeof(task) };

	ty_task_list_get(tasks->list, index, &task);
	return task;
}

static bool find_children(struct tree *tree)
{
	size_t count = tree->tasks->info.count;
	struct children *children = &tree->children;

	children->first = calloc(count + 2, sizeof(*children->first));
	tree->printed = calloc(count + 1, sizeof(*tree->printed));
	tree->open = calloc(count + 1, sizeof(*tree->open));
	if (!children->first || !tree->printed || !tree->open)
		return false;
	/* Counted one place further, then summed up, the begin of each is where filling it ends. */
	for (size_t i = 0; i < count; i++)
		children->first[i + 2] = task_at(tree->tasks, i).awaits_count;
	for (size_t i = 0; i < count; i++)
		children->first[i + 2] += children->first[i + 1];
	children->list = calloc(children->first[count + 1] + 1, sizeof(*children->list));
	for (size_t i = 0; children->list && i < count; i++) {
		ty_task_info task = task_at(tree->tasks, i);

		for (uint32_t j = 0; j < task.awaited_by_count; j++)
			children->list[children->first[task.awaited_by[j] + 1]++] = (uint32_t)i;
	}
	return children->list != NULL;
}

static void free_tree(struct tree *tree)
{
	free(tree->children.first);
	free(tree->children.list);
	free(tree->printed);
	free(tree->open);
}

/* ---- lines ---- */

static size_t push_prefix(struct tree *tree, const char *text)
{
	size_t length = strlen(tree->prefix);

	if (length + strlen(text) < sizeof(tree->prefix))
		strcpy(tree->prefix + length, text);
	return length;
}

static const char *verdict_text(int verdict)
{
	switch (verdict) {
	case TY_TORN:
		return "torn: this stack may never have existed";
	case TY_INCOMPLETE:
		return "incomplete: frames are missing";
	case TY_FAILED:
		return "could not be read";
	default:
		return NULL;
	}
}

static void print_notes(const struct tree *tree, const ty_task_info *task)
{
	const struct style *style = tree->style;
	const char *verdict = verdict_text(task->verdict);

	if (task->flags & TY_TASK_RUNNING)
		printf("  %srunning%s", style->heading, style->end);
	else if (task->verdict < TY_TORN)
		printf("  %s%s for at least %.2f s%s", style->note, task->flags & TY_TASK_NEW ? "not begun" : "here",
		       (double)(tree->tasks->info.time_ns - task->seen_since_ns) / 1e9, style->end);
	if (verdict)
		printf("  %s[%s]%s", style->warning, verdict, style->end);
}

static void print_task_line(const struct tree *tree, const ty_task_info *task, bool last, const char *remark)
{
	const struct style *style = tree->style;

	printf("%s%s(T) %s", tree->prefix, last ? "└── " : "├── ", style->task);
	text_puts(stdout, task->name);
	fputs(style->end, stdout);
	if (remark)
		printf("  %s%s%s", style->warning, remark, style->end);
	else
		print_notes(tree, task);
	fputc('\n', stdout);
}

static void print_frame_line(const struct tree *tree, const ty_frame *frame)
{
	const struct style *style = tree->style;
	ty_function_info function = { .size = sizeof(function) };
	ty_location_info location = { .size = sizeof(location), .line = -1 };
	ty_instruction_info instruction = { .size = sizeof(instruction) };

	printf("%s└──  ", tree->prefix);
	if (ty_function(tree->tasks->target, frame->function, &function) != 0)
		return;
	ty_location(tree->tasks->target, frame, &location);
	text_puts(stdout, function.qualname);
	printf(" %s", style->place);
	text_puts(stdout, function.filename);
	if (location.line > 0)
		printf(":%d", location.line);
	fputs(style->end, stdout);
	if (tree->tasks->options->opcodes && ty_instruction(tree->tasks->target, frame, &instruction) == 0)
		printf("  %s%s at %d%s", style->note, instruction.name, instruction.offset, style->end);
	fputc('\n', stdout);
}

static void print_task(struct tree *tree, uint32_t index, bool last);

static void print_children(struct tree *tree, uint32_t index)
{
	uint32_t begin = tree->children.first[index], end = tree->children.first[index + 1];

	for (uint32_t i = begin; i < end; i++)
		print_task(tree, tree->children.list[i], i + 1 == end);
}

static void print_body(struct tree *tree, uint32_t index, const ty_task_info *task, bool last)
{
	size_t length = push_prefix(tree, last ? "    " : "│   ");

	for (uint32_t i = task->frame_count; i > 0; i--) {
		print_frame_line(tree, &task->frames[i - 1]);
		push_prefix(tree, "    ");
	}
	print_children(tree, index);
	tree->prefix[length] = '\0';
}

static void print_task(struct tree *tree, uint32_t index, bool last)
{
	ty_task_info task = task_at(tree->tasks, index);

	if (tree->open[index]) {
		print_task_line(tree, &task, last, "cycle: it waits for itself");
		return;
	}
	if (tree->printed[index]) {
		print_task_line(tree, &task, last, "see above");
		return;
	}
	print_task_line(tree, &task, last, tree->depth < DEPTH_MAX ? NULL : "256 tasks deep: what is below is left out");
	tree->printed[index] = true;
	if (tree->depth++ < DEPTH_MAX) {
		tree->open[index] = true;
		print_body(tree, index, &task, last);
		tree->open[index] = false;
	}
	tree->depth--;
}

/* ---- roots ---- */

static bool is_root(const struct tree *tree, uint32_t index, bool cycles)
{
	ty_task_info task = task_at(tree->tasks, index);

	return cycles ? !tree->printed[index] && task.flags & TY_TASK_CYCLE : task.awaited_by_count == 0;
}

static void print_thread_line(const struct tree *tree, uint64_t thread_key, uint64_t native_id)
{
	const char *name = ty_thread_name(tree->tasks->target, thread_key);

	if (thread_key)
		printf("\n%sthread %llu", tree->style->heading, (unsigned long long)native_id);
	else
		printf("\n%sno thread", tree->style->heading);
	if (*name) {
		fputs(" '", stdout);
		text_puts(stdout, name);
		fputc('\'', stdout);
	}
	printf("%s\n", tree->style->end);
}

/* The next root after `from` of the same thread; count: there is none. */
static uint32_t next_root(const struct tree *tree, uint32_t from, uint64_t thread, bool cycles)
{
	uint32_t count = (uint32_t)tree->tasks->info.count;

	while (from < count &&
	       (tree->printed[from] || !is_root(tree, from, cycles) || task_at(tree->tasks, from).thread_key != thread))
		from++;
	return from;
}

static void print_roots(struct tree *tree, bool cycles)
{
	uint32_t count = (uint32_t)tree->tasks->info.count;

	for (uint32_t i = 0; i < count; i++) {
		ty_task_info task = task_at(tree->tasks, i);

		if (tree->printed[i] || !is_root(tree, i, cycles))
			continue;
		print_thread_line(tree, task.thread_key, task.native_id);
		for (uint32_t j = i, next; j < count; j = next) {
			next = next_root(tree, j + 1, task.thread_key, cycles);
			print_task(tree, j, next == count);
			/* Below it may have stood the next one, where there are cycles. */
			next = next_root(tree, j + 1, task.thread_key, cycles);
		}
	}
}

static int print_tree(const struct tasks *tasks)
{
	struct tree tree = { .tasks = tasks, .style = wants_color(STDOUT_FILENO) ? &color_style : &plain_style };
	bool enough = find_children(&tree);

	if (!enough) {
		complain("out of memory");
	} else {
		printf("%s%llu task%s of process %d, %llu running%s\n", tree.style->heading,
		       (unsigned long long)tasks->info.count, tasks->info.count == 1 ? "" : "s", tasks->options->pid,
		       (unsigned long long)tasks->info.running, tree.style->end);
		print_roots(&tree, false);
		print_roots(&tree, true);
	}
	free_tree(&tree);
	return enough ? 0 : -1;
}

/* ---- the command ---- */

/* Watches for a while, so that the last reading knows for how long each task has been where it is. */
static int watch(struct tasks *tasks)
{
	uint64_t duration_ns = tasks->options->duration_ns ? tasks->options->duration_ns : WATCH_DEFAULT_NS;
	uint64_t begin_ns = now_ns();
	int result;

	for (;;) {
		result = ty_sample_tasks(tasks->target, &tasks->list);
		if (result == -TY_EEXITED || signals_received() || now_ns() - begin_ns >= duration_ns)
			break;
		sleep_ns(WATCH_PAUSE_NS);
	}
	tasks->info.size = sizeof(tasks->info);
	return result < 0 ? result : ty_task_list_describe(tasks->list, &tasks->info);
}

static int print_tasks(const struct tasks *tasks)
{
	int result = tasks->options->json ? tasks_print_json(tasks) : print_tree(tasks);

	if (tasks->info.message[0])
		complain("%s", tasks->info.message);
	return result == 0 ? EXIT_DONE : EXIT_FAILED;
}

int tasks_command(const struct options *options)
{
	struct tasks tasks = { .options = options };
	ty_attach_options attach;
	int status = EXIT_FAILED, result;

	attach_options_fill(&attach, options);
	attach.threads = TY_THREADS_ALL;
	tasks.target = attach_patiently(options, &attach);
	if (!tasks.target)
		return EXIT_FAILED;
	result = watch(&tasks);
	if (result < 0)
		complain_target(tasks.target, result, options->pid);
	else if (tasks.info.support == TY_TASKS_UNSUPPORTED || tasks.info.support == TY_TASKS_UNREADABLE)
		complain("%s", tasks.info.message);
	else
		status = print_tasks(&tasks);
	ty_detach(tasks.target);
	return status;
}
