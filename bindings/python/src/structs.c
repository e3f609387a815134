/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of the members. Those of tachyon.remote_debugging are the ones of CPython 3.15's _remote_debugging, in its
 * order; those of tachyon follow the public structs that they are made from.
 */
#include "structs.h"

static PyStructSequence_Field location_fields[] = {
	{ "line", "first line, from 1; -1: not known" },
	{ "end_line", "last line, from 1; -1: not known" },
	{ "column", "first column, from 0, in bytes of UTF-8; -1: not known" },
	{ "end_column", "column after the last, from 0, in bytes of UTF-8; -1: not known" },
	{ NULL, NULL },
};

static PyStructSequence_Field instruction_fields[] = {
	{ "offset", "byte offset in the bytecode" },
	{ "opcode", "number of the real opcode: instrumentation resolved, specialization kept" },
	{ "name", "its name" },
	{ "base", "number of its generic form" },
	{ "base_name", "name of its generic form" },
	{ "argument", "argument with EXTENDED_ARG; 0 if it has none" },
	{ "executing", "number of the opcode as it lies in memory" },
	{ "flags", "InstructionFlag" },
	{ "opcode_flags", "OpcodeFlag" },
	{ NULL, NULL },
};

static PyStructSequence_Field row_fields[] = {
	{ "instruction", "Instruction" },
	{ "location", "Location" },
	{ "argument_text", "what the target's own dis shows behind the argument" },
	{ "target", "byte offset that the argument refers to; -1: none" },
	{ "label", "number among the jump targets, from 1; 0: it is none" },
	{ "handler", "byte offset of the handler of an exception that it raises; -1: none" },
	{ "handler_depth", "values on the stack that the handler keeps" },
	{ "handler_lasti", "whether the offset of what raised is pushed for the handler" },
	{ NULL, NULL },
};

static PyStructSequence_Field opcode_fields[] = {
	{ "version", "version of CPython, (major, minor)" },
	{ "number", "as found in the bytecode" },
	{ "name", "e.g. BINARY_OP_ADD_INT" },
	{ "base", "number of the opcode that it is a form of" },
	{ "base_name", "e.g. BINARY_OP" },
	{ "family", "name of the specialization family, or None" },
	{ "flags", "OpcodeFlag" },
	{ "caches", "inline-cache code units that follow it" },
	{ "argument", "OpcodeArgument" },
	{ NULL, NULL },
};

static PyStructSequence_Field target_info_fields[] = {
	{ "pid", "process id as we see it" },
	{ "namespace_pid", "process id as the target sees itself" },
	{ "version", "version of CPython, (major, minor)" },
	{ "hexversion", "sys.hexversion of the target; 0: not known" },
	{ "free_threaded", "whether it is a build without the GIL" },
	{ "is_capture", "whether it is a capture, not a process" },
	{ "runtime_address", "address of _PyRuntime in the target" },
	{ "runtime_path", "file that holds the runtime, as the target names it" },
	{ NULL, NULL },
};

static PyStructSequence_Field counters_fields[] = {
	{ "samples", "samples taken" },
	{ "failed", "samples that could not be taken" },
	{ "verified", "stacks that memory proves" },
	{ "repaired", "stacks that were caught changing and are proven all the same" },
	{ "torn", "stacks that may never have existed" },
	{ "incomplete", "stacks whose outermost frames are missing" },
	{ "retries", "readings repeated because one was torn" },
	{ "stops", "times that one thread was stopped" },
	{ "stop_ns", "sum of those stops, in ns" },
	{ "syscalls", "system calls made to read the target" },
	{ "bytes_read", "bytes read from the target" },
	{ "predicted", "samples whose single vector read held everything" },
	{ "code_objects", "code objects fetched" },
	{ "code_checks", "code objects compared with the target's again" },
	{ NULL, NULL },
};

static PyStructSequence_Field run_info_fields[] = {
	{ "target", "Target that is profiled" },
	{ "start_time_ns", "time.monotonic_ns() at the begin" },
	{ "start_unix_ns", "time.time_ns() at the begin" },
	{ "interval_ns", "requested time between samples, in ns" },
	{ "mode", "Mode" },
	{ "opcodes", "whether instructions are gathered" },
	{ NULL, NULL },
};

static PyStructSequence_Field summary_fields[] = {
	{ "duration_ns", "from begin to end, in ns" },
	{ "samples", "snapshots taken" },
	{ "missed", "ticks of the clock that passed without a sample" },
	{ "failed", "ticks at which the target could not be read" },
	{ "verified", "stacks that memory proves" },
	{ "repaired", "stacks that were caught changing and are proven all the same" },
	{ "torn", "stacks that may never have existed" },
	{ "incomplete", "stacks whose outermost frames are missing" },
	{ "unreadable", "threads that could not be read" },
	{ "end_reason", "EndReason" },
	{ NULL, NULL },
};

static PyStructSequence_Field gc_collection_fields[] = {
	{ "generation", "0 to 2" },
	{ "interpreter", "id of its interpreter" },
	{ "start_ns", "begin: time.perf_counter_ns() of the target" },
	{ "stop_ns", "end" },
	{ "collections", "number of collections of the generation so far, as all that follows" },
	{ "collected", "objects that were freed" },
	{ "uncollectable", "objects that could not be" },
	{ "candidates", "objects that were looked at" },
	{ "heap_objects", "objects that the collector knew when this one began: no sum" },
	{ "duration", "time that they took, in s" },
	{ NULL, NULL },
};

static PyStructSequence_Field task_fields[] = {
	{ "name", "task.get_name(), at most 255 bytes" },
	{ "serial", "number of the task in its target; never used again" },
	{ "address", "id(task) in the target" },
	{ "running", "whether a thread runs it" },
	{ "new", "whether it has not begun" },
	{ "cycle", "whether it awaits itself, through others" },
	{ "native_id", "thread of its event loop; 0: not known" },
	{ "interpreter", "id of its interpreter" },
	{ "loop", "address of its event loop" },
	{ "future", "address of the future or task it waits for; 0: none, or something else" },
	{ "verdict", "Verdict on its frames" },
	{ "frames", "tuple of Frame: of the coroutine where it runs or waits first, its own last" },
	{ "awaited_by", "tuple of indices in Tasks.tasks: who awaits it" },
	{ "awaits", "number of tasks that it awaits" },
	{ "seen_since_ns", "time.monotonic_ns() of the first reading since which it was seen in the same place" },
	{ NULL, NULL },
};

static PyStructSequence_Field tasks_fields[] = {
	{ "tasks", "tuple of Task" },
	{ "found", "whether there was an asyncio whose tasks could be read" },
	{ "message", "what is to be said about that, and about limits; '' if nothing" },
	{ "limits", "limits that were reached: enum ty_task_limit" },
	{ "time_ns", "time.monotonic_ns() before the reading" },
	{ NULL, NULL },
};

static PyStructSequence_Field live_overview_fields[] = {
	{ "duration_ns", "from the begin, in ns" },
	{ "samples", "snapshots taken" },
	{ "missed", "ticks of the clock that passed without a sample" },
	{ "failed", "ticks at which the target could not be read" },
	{ "stacks", "stacks of threads: the sum of the next five" },
	{ "verified", "stacks that memory proves" },
	{ "repaired", "stacks that were caught changing and are proven all the same" },
	{ "torn", "stacks that may never have existed" },
	{ "incomplete", "stacks whose outermost frames are missing" },
	{ "unreadable", "threads that could not be read" },
	{ "counted", "stacks that functions are counted from: what shares are shares of" },
	{ "has_gil", "stacks of threads with this flag of ThreadStatus, as the following" },
	{ "on_cpu", "on a processor" },
	{ "unknown", "whether it was is not known" },
	{ "gil_requested", "waited for the GIL" },
	{ "has_exception", "raised or handled an exception" },
	{ "collecting", "counted stacks in which the garbage collector runs" },
	{ "threads", "threads that were seen" },
	{ "functions", "functions that were seen" },
	{ "executing", "of them those with leaf samples" },
	{ NULL, NULL },
};

static PyStructSequence_Field live_thread_fields[] = {
	{ "thread", "its number, from 1: what questions take" },
	{ "is_main", "whether it is the main thread" },
	{ "id", "its native_id, or what else identifies it" },
	{ "interpreter", "id of its interpreter" },
	{ "counted", "stacks of it that are counted" },
	{ "name", "'' if it is not known" },
	{ NULL, NULL },
};

static PyStructSequence_Field live_function_fields[] = {
	{ "function", "its number: what questions take; 0 for files and their lines" },
	{ "line", "first line of the function, or the line; 0: not known, or a file" },
	{ "filename", "as the target names it; '~' for artificial ones" },
	{ "name", "its qualified name; '' for files and their lines" },
	{ "leaf", "samples in which it was executing" },
	{ "on_stack", "samples in which it was executing or waiting for what it called" },
	{ "leaf_trend", "1: its share grows, -1: it falls" },
	{ "on_stack_trend", "the same for on_stack" },
	{ NULL, NULL },
};

static PyStructSequence_Field live_instruction_fields[] = {
	{ "is_line", "a line, which comes before its instructions: only the next three are said of it" },
	{ "line", "line; -1: not known" },
	{ "leaf", "samples in which it was executing" },
	{ "on_stack", "samples in which it was executing or waiting for what it called" },
	{ "offset", "byte offset in the bytecode; -1: not known" },
	{ "column", "first column, from 0, in bytes of UTF-8; -1: not known" },
	{ "end_line", "last line; -1: not known" },
	{ "end_column", "column after the last; -1: not known" },
	{ "name", "of the form that most of its samples were in, or that it has now" },
	{ "base_name", "of its generic form" },
	{ "argument_text", "what the target's own dis shows behind the argument" },
	{ "argument", "argument with EXTENDED_ARG; None: it has none" },
	{ "label", "number among the jump targets, from 1; 0: it is none" },
	{ "form", "LiveForm: what the interpreter made of it" },
	{ "forms", "number of forms it was sampled in" },
	{ "flags", "InstructionFlag" },
	{ "opcode", "number of the form that name is of; None: not known" },
	{ NULL, NULL },
};

static PyStructSequence_Field live_call_fields[] = {
	{ "function", "its number" },
	{ "depth", "0: the function that was asked for" },
	{ "line", "first line of the function" },
	{ "is_last", "whether no further row of this depth has the same parent" },
	{ "filename", "'~' for artificial ones" },
	{ "name", "its qualified name" },
	{ "samples", "in which this path was on the stack" },
	{ NULL, NULL },
};

static PyStructSequence_Field recording_info_fields[] = {
	{ "interval_ns", "requested time between samples, in ns" },
	{ "start_time_ns", "time.monotonic_ns() at the begin, of its machine" },
	{ "start_unix_ns", "time.time_ns() at the begin; 0: not known" },
	{ "duration_ns", "in ns; so far if it was not finished or does not say" },
	{ "stacks", "stacks of all threads in it; 0: not known" },
	{ "bytes", "size of the files" },
	{ "bytes_read", "how far they have been read" },
	{ "mode", "Mode as a number; None: it does not say" },
	{ "opcodes", "whether it has instructions" },
	{ "finished", "False: its writer was killed; told at the end, True until then" },
	{ "by_cpython", "whether CPython wrote it" },
	{ "compressed", "whether with zstd" },
	{ "recordings", "how many there are" },
	{ "python_hexversion", "sys.hexversion of the program; of CPython's recordings without the release level" },
	{ "threads", "threads in it; 0: not known" },
	{ "strings", "entries of its table of strings" },
	{ "frames", "entries of its table of frames" },
	{ "features", "RecordingFeature as a number; None: it does not say" },
	{ "duration_s", "how long the run took, as measured; None: it does not say, as in the following" },
	{ "rate_hz", "samples a second" },
	{ "error_percent", "share of samples that failed" },
	{ "missed", "ticks without a sample; CPython has percent" },
	{ NULL, NULL },
};

static PyStructSequence_Field location_info_fields[] = {
	{ "lineno", "line number" },
	{ "end_lineno", "last line number" },
	{ "col_offset", "column, in bytes of UTF-8" },
	{ "end_col_offset", "column after the last, in bytes of UTF-8" },
	{ NULL, NULL },
};

static PyStructSequence_Field frame_info_fields[] = {
	{ "filename", "file; '~' for artificial frames" },
	{ "location", "LocationInfo, or None for artificial frames" },
	{ "funcname", "qualified name of the function" },
	{ "opcode", "opcode as it lies in memory; None if opcodes are not gathered" },
	{ NULL, NULL },
};

static PyStructSequence_Field coro_info_fields[] = {
	{ "call_stack", "frames, innermost first" },
	{ "task_name", "address of the task or future" },
	{ NULL, NULL },
};

static PyStructSequence_Field task_info_fields[] = {
	{ "task_id", "address of the task" },
	{ "task_name", "its name" },
	{ "coroutine_stack", "list of one CoroInfo" },
	{ "awaited_by", "list of CoroInfo: who waits for it" },
	{ NULL, NULL },
};

static PyStructSequence_Field thread_info_fields[] = {
	{ "thread_id", "thread id of the operating system" },
	{ "status", "THREAD_STATUS_… flags" },
	{ "frame_info", "list of FrameInfo, innermost first" },
	{ NULL, NULL },
};

static PyStructSequence_Field interpreter_info_fields[] = {
	{ "interpreter_id", "id of the interpreter" },
	{ "threads", "list of ThreadInfo" },
	{ NULL, NULL },
};

static PyStructSequence_Field awaited_info_fields[] = {
	{ "thread_id", "thread id of the operating system; 0: tasks of the interpreter" },
	{ "awaited_by", "list of TaskInfo" },
	{ NULL, NULL },
};

static PyStructSequence_Field gc_stats_info_fields[] = {
	{ "gen", "generation" },
	{ "iid", "id of the interpreter" },
	{ "ts_start", "begin of the collection" },
	{ "ts_stop", "end of the collection" },
	{ "collections", "number of collections" },
	{ "collected", "objects collected" },
	{ "uncollectable", "objects that could not be" },
	{ "candidates", "objects considered" },
	{ "heap_size", "live objects" },
	{ "duration", "time of all collections, in s" },
	{ NULL, NULL },
};

/* clang-format off */
#define DESCRIBE(module, name, fields, doc) { module "." name, doc, fields, sizeof(fields) / sizeof(*(fields)) - 1 }
/* clang-format on */

static PyStructSequence_Desc descriptions[TPY_STRUCTS] = {
	[TPY_LOCATION] = DESCRIBE("tachyon", "Location", location_fields, "A place in a source file."),
	[TPY_INSTRUCTION] = DESCRIBE("tachyon", "Instruction", instruction_fields, "One bytecode instruction."),
	[TPY_ROW] = DESCRIBE("tachyon", "DisassembledInstruction", row_fields, "One instruction of a disassembly."),
	[TPY_OPCODE] = DESCRIBE("tachyon", "Opcode", opcode_fields, "One opcode of one version of CPython."),
	[TPY_TARGET_INFO] = DESCRIBE("tachyon", "TargetInfo", target_info_fields, "Facts about a target."),
	[TPY_COUNTERS] = DESCRIBE("tachyon", "Counters", counters_fields, "What was done on a target so far."),
	[TPY_RUN_INFO] = DESCRIBE("tachyon", "RunInfo", run_info_fields, "What is known when profiling begins."),
	[TPY_SUMMARY] = DESCRIBE("tachyon", "Summary", summary_fields, "What is known when profiling ended."),
	[TPY_GC_COLLECTION] = DESCRIBE("tachyon", "GCCollection", gc_collection_fields, "One garbage collection."),
	[TPY_TASK] = DESCRIBE("tachyon", "Task", task_fields, "An asyncio task."),
	[TPY_TASKS] = DESCRIBE("tachyon", "Tasks", tasks_fields, "The asyncio tasks of one reading."),
	[TPY_LIVE_OVERVIEW] =
	        DESCRIBE("tachyon", "LiveOverview", live_overview_fields, "A profile so far, in numbers."),
	[TPY_LIVE_THREAD] = DESCRIBE("tachyon", "LiveThread", live_thread_fields, "A thread that was seen."),
	[TPY_LIVE_FUNCTION] = DESCRIBE("tachyon", "LiveFunction", live_function_fields,
	                               "A function so far; or a line, a task, a file."),
	[TPY_LIVE_INSTRUCTION] = DESCRIBE("tachyon", "LiveInstruction", live_instruction_fields,
	                                  "An instruction of a function so far, or a line before its instructions."),
	[TPY_LIVE_CALL] = DESCRIBE("tachyon", "LiveCall", live_call_fields, "A row of a tree of calls."),
	[TPY_RECORDING_INFO] =
	        DESCRIBE("tachyon", "RecordingInfo", recording_info_fields, "What a recording says of itself."),
	[TPY_LOCATION_INFO] = DESCRIBE("tachyon.remote_debugging", "LocationInfo", location_info_fields,
	                               "Source location information."),
	[TPY_FRAME_INFO] =
	        DESCRIBE("tachyon.remote_debugging", "FrameInfo", frame_info_fields, "Information about a frame."),
	[TPY_CORO_INFO] =
	        DESCRIBE("tachyon.remote_debugging", "CoroInfo", coro_info_fields, "Information about a coroutine."),
	[TPY_TASK_INFO] = DESCRIBE("tachyon.remote_debugging", "TaskInfo", task_info_fields,
	                           "Information about an asyncio task."),
	[TPY_THREAD_INFO] =
	        DESCRIBE("tachyon.remote_debugging", "ThreadInfo", thread_info_fields, "Information about a thread."),
	[TPY_INTERPRETER_INFO] = DESCRIBE("tachyon.remote_debugging", "InterpreterInfo", interpreter_info_fields,
	                                  "Information about an interpreter."),
	[TPY_AWAITED_INFO] = DESCRIBE("tachyon.remote_debugging", "AwaitedInfo", awaited_info_fields,
	                              "Information about what a thread is awaiting."),
	[TPY_GC_STATS_INFO] = DESCRIBE("tachyon.remote_debugging", "GCStatsInfo", gc_stats_info_fields,
	                               "Information about garbage collections."),
};

int tpy_structs_init(PyObject *module, PyTypeObject **types)
{
	for (int i = 0; i < TPY_STRUCTS; i++) {
		types[i] = PyStructSequence_NewType(&descriptions[i]);
		if (!types[i] || PyModule_AddType(module, types[i]) < 0)
			return -1;
		/*
		 * Never freed. At exit CPython clears types in no order, and a tuple that is left asks its type how
		 * many members it has: of one that was cleared, 3.11 prints an error.
		 */
		Py_INCREF((PyObject *)types[i]);
	}
	return 0;
}

PyObject *tpy_struct_new(PyTypeObject *type, PyObject *const *members, Py_ssize_t count)
{
	PyObject *tuple = PyStructSequence_New(type);
	bool complete = tuple != NULL;

	for (Py_ssize_t i = 0; i < count; i++)
		complete = complete && members[i];
	for (Py_ssize_t i = 0; i < count; i++) {
		if (complete)
			PyStructSequence_SetItem(tuple, i, members[i]);
		else
			Py_XDECREF(members[i]);
	}
	if (complete)
		return tuple;
	/* A tuple with holes: CPython's own dealloc copes with them. */
	Py_XDECREF(tuple);
	return NULL;
}

PyObject *tpy_list_of_one(PyObject *item)
{
	PyObject *list = item ? PyList_New(1) : NULL;

	if (list)
		PyList_SetItem(list, 0, item);
	else
		Py_XDECREF(item);
	return list;
}
