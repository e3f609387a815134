/* SPDX-License-Identifier: Apache-2.0 */
/* What 0.1 declared, without its words, written by tests/api/abi.py: not to be edited. */
#ifndef TACHYON_BASE_H
#define TACHYON_BASE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) && defined(TY_BUILDING)
#define TY_API __attribute__((visibility("default")))
#else
#define TY_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum ty_error {
	TY_ENOTPYTHON = 4001,
	TY_EVERSION = 4002,
	TY_EOFFSETS = 4003,
	TY_ESTARTING = 4004,
	TY_EEXITED = 4005,
	TY_EREPLACED = 4006,
	TY_EPERMISSION = 4007,
	TY_ECAPTURE = 4008,
	TY_ECORRUPT = 4009,
	TY_ENOTFOUND = 4010,
	TY_EOPCODE = 4011,
	TY_EOPTION = 4012,
	TY_ESTALE = 4013,
	TY_ELIMIT = 4014,
	TY_ESTATE = 4015,
	TY_ERECORDING = 4016
};

enum ty_error_class {
	TY_CLASS_NONE = 0,
	TY_CLASS_RETRY = 1,
	TY_CLASS_GONE = 2,
	TY_CLASS_PERMISSION = 3,
	TY_CLASS_UNSUPPORTED = 4,
	TY_CLASS_USAGE = 5,
	TY_CLASS_SYSTEM = 6
};

enum ty_phase {
	TY_PHASE_NONE = 0,
	TY_PHASE_OPEN = 1,
	TY_PHASE_DISCOVER = 2,
	TY_PHASE_VALIDATE = 3,
	TY_PHASE_SAMPLE = 4,
	TY_PHASE_RESOLVE = 5,
	TY_PHASE_OUTPUT = 6
};

typedef struct ty_error_info {
	size_t size;
	int code;
	int os_errno;
	int phase;
	int error_class;
	uint64_t address;
	const char *message;
} ty_error_info;

TY_API const char *ty_strerror(int code);

TY_API int ty_error_classify(int code);

enum ty_log_level {
	TY_LOG_ERROR = 1,
	TY_LOG_WARNING = 2,
	TY_LOG_INFO = 3,
	TY_LOG_DEBUG = 4
};

typedef void (*ty_log_fn)(int level, const char *message, void *user_data);

TY_API const char *ty_version_string(void);

TY_API uint32_t ty_version_number(void);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_SINK_H
#define TACHYON_SINK_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_sink ty_sink;

typedef int (*ty_write_fn)(const void *data, size_t size_bytes, void *user_data);

TY_API int ty_sink_file(const char *path, ty_sink **sink);

TY_API int ty_sink_fd(int fd, ty_sink **sink);

TY_API int ty_sink_callback(ty_write_fn write, void *user_data, ty_sink **sink);

TY_API int ty_sink_memory(ty_sink **sink);

TY_API const char *ty_sink_data(ty_sink *sink, size_t *size_bytes);

TY_API int ty_sink_write(ty_sink *sink, const void *data, size_t size_bytes);

TY_API int ty_sink_commit(ty_sink *sink);

TY_API void ty_sink_free(ty_sink *sink);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_TARGET_H
#define TACHYON_TARGET_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_target ty_target;

enum ty_thread_selection {
	TY_THREADS_MAIN = 0,
	TY_THREADS_ALL = 1
};

enum ty_stop_policy {
	TY_STOP_NEVER = 0,
	TY_STOP_THREAD = 1,
	TY_STOP_ALWAYS = 2
};

typedef struct ty_attach_options {
	size_t size;
	int threads;
	int stop_policy;
	uint32_t stop_deadline_us;

	uint32_t max_retries;
	uint32_t max_frames;
	int opcodes;
	int cpu_status;

	int tasks;
	ty_log_fn log;
	void *log_user_data;
	int native_frames;
	int no_gc_frames;
} ty_attach_options;

typedef struct ty_target_information {
	size_t size;
	uint32_t python_version;
	uint32_t python_hexversion;
	int free_threaded;
	int is_capture;
	int32_t pid;
	int32_t namespace_pid;
	uint64_t runtime_address;
	const char *runtime_path;
} ty_target_information;

TY_API int ty_attach(int pid, const ty_attach_options *options, ty_target **target);

TY_API int ty_reattach(ty_target *target);

TY_API void ty_detach(ty_target *target);

TY_API int ty_target_info(ty_target *target, ty_target_information *information);

TY_API int ty_last_error(ty_target *target, ty_error_info *info);

typedef struct ty_target_counters {
	size_t size;
	uint64_t samples;
	uint64_t failed;
	uint64_t verified;
	uint64_t repaired;
	uint64_t torn;
	uint64_t incomplete;
	uint64_t retries;
	uint64_t stops;
	uint64_t stop_ns;
	uint64_t syscalls;
	uint64_t bytes_read;
	uint64_t predicted;
	uint64_t code_objects;
	uint64_t code_checks;
} ty_target_counters;

TY_API int ty_target_statistics(ty_target *target, ty_target_counters *counters);

TY_API int ty_capture(ty_target *target, ty_sink *sink);

TY_API int ty_open_capture(const char *path, const ty_attach_options *options, ty_target **target);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_SNAPSHOT_H
#define TACHYON_SNAPSHOT_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_snapshot ty_snapshot;

enum ty_verdict {
	TY_VERIFIED = 0,
	TY_REPAIRED = 1,
	TY_TORN = 2,
	TY_INCOMPLETE = 3,
	TY_FAILED = 4
};

enum ty_thread_status {
	TY_THREAD_HAS_GIL = 1,
	TY_THREAD_ON_CPU = 2,
	TY_THREAD_UNKNOWN = 4,
	TY_THREAD_GIL_REQUESTED = 8,

	TY_THREAD_HAS_EXCEPTION = 16,
	TY_THREAD_MAIN = 32
};

enum ty_frame_kind {
	TY_FRAME_PYTHON = 0,
	TY_FRAME_UNREADABLE = 1,
	TY_FRAME_NATIVE = 2,
	TY_FRAME_GC = 3,
	TY_FRAME_TASK = 4
};

enum ty_frame_flag {
	TY_FRAME_HAS_OPCODE = 1,
	TY_FRAME_OPCODE_LATER = 2,

	TY_FRAME_GENERATOR = 4,
	TY_FRAME_ENTRY = 8,
	TY_FRAME_TRACE = 16

};

typedef struct ty_frame {
	uint32_t function;
	int32_t offset;
	uint8_t kind;
	uint8_t flags;
	uint8_t opcode;
	uint8_t oparg;
	uint32_t task;
} ty_frame;

typedef struct ty_thread_info {
	size_t size;
	uint64_t native_id;
	uint64_t host_id;
	uint64_t pthread_id;
	int64_t interpreter;
	uint32_t status;
	int32_t verdict;
	const ty_frame *frames;
	uint32_t frame_count;
	uint32_t unchanged_frames;

	uint64_t thread_key;
} ty_thread_info;

TY_API int ty_sample(ty_target *target, const ty_snapshot **snapshot);

TY_API uint64_t ty_snapshot_time(const ty_snapshot *snapshot);

TY_API size_t ty_snapshot_threads(const ty_snapshot *snapshot);

TY_API int ty_snapshot_thread(const ty_snapshot *snapshot, size_t index, ty_thread_info *info);

TY_API ty_target *ty_snapshot_target(const ty_snapshot *snapshot);

TY_API int32_t ty_snapshot_pid(const ty_snapshot *snapshot);

TY_API const char *ty_thread_name(ty_target *target, uint64_t thread_key);

typedef struct ty_function_info {
	size_t size;
	uint32_t id;
	uint32_t first_line;
	const char *name;
	const char *qualname;
	const char *filename;
	uint64_t address;
	uint32_t bytecode_bytes;
	uint32_t reserved;
} ty_function_info;

TY_API int ty_function(ty_target *target, uint32_t id, ty_function_info *info);

typedef struct ty_location_info {
	size_t size;
	int32_t line;
	int32_t end_line;
	int32_t column;
	int32_t end_column;
} ty_location_info;

TY_API int ty_location(ty_target *target, const ty_frame *frame, ty_location_info *location);

enum ty_instruction_flag {
	TY_INSTRUCTION_LATER = 1,
	TY_INSTRUCTION_INSTRUMENTED = 2,
	TY_INSTRUCTION_TRACE = 4,

	TY_INSTRUCTION_UNRESOLVED = 8
};

typedef struct ty_instruction_info {
	size_t size;
	int32_t offset;
	uint16_t executing;
	uint16_t opcode;
	uint16_t base;
	uint16_t flags;
	uint32_t argument;
	const char *name;
	const char *base_name;
	uint32_t opcode_flags;
	uint32_t reserved;
} ty_instruction_info;

TY_API int ty_instruction(ty_target *target, const ty_frame *frame, ty_instruction_info *instruction);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_COLLECTOR_H
#define TACHYON_COLLECTOR_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_collector ty_collector;

typedef struct ty_run_info {
	size_t size;
	ty_target *target;
	uint64_t start_time_ns;
	uint64_t start_unix_ns;
	uint64_t interval_ns;
	int mode;
	int opcodes;
	int reserved[2];
} ty_run_info;

typedef struct ty_run_summary {
	size_t size;
	uint64_t duration_ns;
	uint64_t samples;
	uint64_t missed;
	uint64_t failed;
	uint64_t verified;
	uint64_t repaired;
	uint64_t torn;
	uint64_t incomplete;
	uint64_t unreadable;
	int end_reason;
	int reserved;
} ty_run_summary;

typedef struct ty_collector_callbacks {
	size_t size;

	int (*begin)(const ty_run_info *run, void *user_data);

	int (*sample)(const ty_snapshot *snapshot, void *user_data);

	int (*end)(const ty_run_summary *summary, void *user_data);

	void (*destroy)(void *user_data);
} ty_collector_callbacks;

TY_API int ty_collector_new(const ty_collector_callbacks *callbacks, void *user_data, ty_collector **collector);

TY_API void ty_collector_free(ty_collector *collector);

TY_API int ty_collector_begin(ty_collector *collector, const ty_run_info *run);

TY_API int ty_collector_sample(ty_collector *collector, const ty_snapshot *snapshot);

TY_API int ty_collector_end(ty_collector *collector, const ty_run_summary *summary);

enum ty_trust {
	TY_TRUST_PROVEN = 0,
	TY_TRUST_ALL = 1
};

typedef const char *(*ty_source_fn)(const char *filename, int32_t line, size_t *size_bytes, void *user_data);

typedef struct ty_collapsed_options {
	size_t size;
	int opcodes;
	int offsets;
	int trust;
	int reserved;
} ty_collapsed_options;

TY_API int ty_collapsed_new(const ty_collapsed_options *options, ty_sink *sink, ty_collector **collector);

enum ty_sort {
	TY_SORT_NSAMPLES = 0,
	TY_SORT_TOTTIME = 1,
	TY_SORT_CUMTIME = 2,
	TY_SORT_SAMPLE_PCT = 3,
	TY_SORT_CUMUL_PCT = 4,
	TY_SORT_NSAMPLES_CUMUL = 5,
	TY_SORT_NAME = 6
};

enum ty_pstats_format {
	TY_PSTATS_TEXT = 0,
	TY_PSTATS_MARSHAL = 1
};

typedef struct ty_pstats_options {
	size_t size;
	int format;
	int sort;
	uint32_t limit;
	int no_summary;
	int color;
	int opcodes;
	int trust;
	int reserved;
} ty_pstats_options;

TY_API int ty_pstats_new(const ty_pstats_options *options, ty_sink *sink, ty_collector **collector);

typedef struct ty_jsonl_options {
	size_t size;
	int opcodes;
	int stacks;
	int trust;
	int times;
} ty_jsonl_options;

TY_API int ty_jsonl_new(const ty_jsonl_options *options, ty_sink *sink, ty_collector **collector);

typedef struct ty_gecko_options {
	size_t size;
	int opcodes;
	int trust;
	int reserved;
} ty_gecko_options;

TY_API int ty_gecko_new(const ty_gecko_options *options, ty_sink *sink, ty_collector **collector);

typedef struct ty_speedscope_options {
	size_t size;
	int opcodes;
	int trust;
	int reserved;
} ty_speedscope_options;

TY_API int ty_speedscope_new(const ty_speedscope_options *options, ty_sink *sink, ty_collector **collector);

typedef struct ty_pprof_options {
	size_t size;
	int opcodes;
	int trust;
	int reserved;
} ty_pprof_options;

TY_API int ty_pprof_new(const ty_pprof_options *options, ty_sink *sink, ty_collector **collector);

typedef struct ty_callgrind_options {
	size_t size;
	int opcodes;
	int trust;
	int reserved;
} ty_callgrind_options;

TY_API int ty_callgrind_new(const ty_callgrind_options *options, ty_sink *sink, ty_collector **collector);

typedef struct ty_chrome_trace_options {
	size_t size;
	int opcodes;
	int trust;
	int reserved;
} ty_chrome_trace_options;

TY_API int ty_chrome_trace_new(const ty_chrome_trace_options *options, ty_sink *sink, ty_collector **collector);

typedef struct ty_perfetto_options {
	size_t size;
	int opcodes;
	int trust;
	int reserved;
} ty_perfetto_options;

TY_API int ty_perfetto_new(const ty_perfetto_options *options, ty_sink *sink, ty_collector **collector);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_ANNOTATION_H
#define TACHYON_ANNOTATION_H

#ifdef __cplusplus
extern "C" {
#endif

enum ty_annotation_format {
	TY_ANNOTATION_TEXT = 0,
	TY_ANNOTATION_JSON = 1
};

enum ty_annotation_part {
	TY_ANNOTATION_SPECIALIZATION = 1,
	TY_ANNOTATION_LISTING = 2
};

typedef struct ty_annotation_options {
	size_t size;
	int format;
	int parts;
	const char *function;
	uint32_t limit;
	int trust;
	int color;
	int reserved;

	ty_source_fn source;
	void *source_user_data;
} ty_annotation_options;

TY_API int ty_annotation_new(const ty_annotation_options *options, ty_sink *sink, ty_collector **collector);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_DISASSEMBLY_H
#define TACHYON_DISASSEMBLY_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_disassembly_row {
	size_t size;
	const ty_instruction_info *instruction;
	const ty_location_info *location;
	const char *argument_text;

	int32_t target;
	uint32_t label;

	int32_t handler;
	uint32_t handler_depth;
	int32_t handler_lasti;
	uint32_t reserved;
} ty_disassembly_row;

typedef int (*ty_disassembly_fn)(const ty_disassembly_row *row, void *user_data);

TY_API int ty_disassemble(ty_target *target, uint32_t function, ty_disassembly_fn callback, void *user_data);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_GC_H
#define TACHYON_GC_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_gc_collection {
	size_t size;
	int64_t interpreter;
	uint64_t start_ns;
	uint64_t stop_ns;
	uint64_t collections;
	uint64_t collected;
	uint64_t uncollectable;
	uint64_t candidates;
	uint64_t heap_objects;
	double duration_s;
	uint32_t generation;
	uint32_t reserved;
} ty_gc_collection;

typedef int (*ty_gc_fn)(const ty_gc_collection *collection, void *user_data);

TY_API int ty_gc_collections(ty_target *target, int all_interpreters, ty_gc_fn callback, void *user_data);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_LIVE_H
#define TACHYON_LIVE_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_live ty_live;

typedef struct ty_live_options {
	size_t size;
	int opcodes;
	int trust;
	int listings;

	int reserved;
} ty_live_options;

TY_API int ty_live_new(const ty_live_options *options, ty_live **live);

TY_API void ty_live_free(ty_live *live);

TY_API ty_collector *ty_live_collector(ty_live *live);

TY_API int ty_live_progress(const ty_run_summary *so_far, void *live);

TY_API int ty_live_save(ty_live *live, const ty_run_summary *so_far, ty_collector *collector);

TY_API int ty_live_update(ty_live *live);

TY_API void ty_live_reset(ty_live *live);

typedef struct ty_live_overview_info {
	size_t size;
	uint64_t duration_ns;
	uint64_t samples;
	uint64_t missed;
	uint64_t failed;
	uint64_t stacks;
	uint64_t verified;
	uint64_t repaired;
	uint64_t torn;
	uint64_t incomplete;
	uint64_t unreadable;
	uint64_t counted;
	uint64_t has_gil;
	uint64_t on_cpu;
	uint64_t unknown;
	uint64_t gil_requested;
	uint64_t has_exception;
	uint64_t collecting;
	uint32_t threads;
	uint32_t functions;
	uint32_t executing;
	uint32_t reserved;
} ty_live_overview_info;

TY_API int ty_live_overview(ty_live *live, uint32_t thread, ty_live_overview_info *overview);

typedef struct ty_live_thread_info {
	size_t size;
	uint32_t thread;
	int32_t is_main;
	uint64_t id;
	int64_t interpreter;
	uint64_t counted;
	const char *name;
} ty_live_thread_info;

TY_API int ty_live_thread(ty_live *live, uint32_t thread, ty_live_thread_info *info);

enum ty_live_group {
	TY_LIVE_FUNCTIONS = 0,
	TY_LIVE_LINES = 1,
	TY_LIVE_TASKS = 2,
	TY_LIVE_FILES = 3,
	TY_LIVE_FILE_LINES = 4
};

typedef struct ty_live_query {
	size_t size;
	int group;
	int sort;
	uint32_t thread;
	int reserved;
	const char *filter;
	const char *filename;
} ty_live_query;

typedef struct ty_live_function_info {
	size_t size;
	uint32_t function;

	int32_t line;
	const char *filename;
	const char *name;
	uint64_t leaf;
	uint64_t on_stack;
	int leaf_trend;
	int on_stack_trend;
} ty_live_function_info;

TY_API int ty_live_functions(ty_live *live, const ty_live_query *query);

TY_API int ty_live_function(ty_live *live, size_t index, ty_live_function_info *info);

enum ty_live_form {
	TY_LIVE_FORM_UNKNOWN = 0,
	TY_LIVE_FORM_SPECIALIZED = 1,
	TY_LIVE_FORM_GENERIC = 2,
	TY_LIVE_FORM_FIXED = 3,
	TY_LIVE_FORM_TRACE = 4
};

typedef struct ty_live_instruction_info {
	size_t size;
	int is_line;
	int32_t line;
	uint64_t leaf;
	uint64_t on_stack;
	int32_t offset;
	int32_t column;
	int32_t end_line;
	int32_t end_column;
	const char *name;
	const char *base_name;
	const char *argument_text;
	uint32_t argument;
	int has_argument;
	uint32_t label;
	int form;
	uint32_t forms;
	uint32_t flags;
	uint16_t opcode;
	uint16_t reserved[3];
} ty_live_instruction_info;

TY_API int ty_live_instructions(ty_live *live, uint32_t function, uint32_t thread);

TY_API int ty_live_instruction(ty_live *live, size_t index, ty_live_instruction_info *info);

enum ty_live_direction {
	TY_LIVE_CALLERS = 0,
	TY_LIVE_CALLEES = 1
};

typedef struct ty_live_call_info {
	size_t size;
	uint32_t function;
	uint32_t depth;
	int32_t line;
	int is_last;
	const char *filename;
	const char *name;
	uint64_t samples;
} ty_live_call_info;

TY_API int ty_live_calls(ty_live *live, uint32_t function, int direction, uint32_t thread);

TY_API int ty_live_call(ty_live *live, size_t index, ty_live_call_info *info);

TY_API int ty_live_history(ty_live *live, uint32_t function, int on_stack, uint16_t *shares, size_t seconds);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_MERGED_H
#define TACHYON_MERGED_H

#ifdef __cplusplus
extern "C" {
#endif

TY_API int ty_merged_new(ty_target **merged);

TY_API int ty_merged_sample(ty_target *merged, const ty_snapshot *snapshot, const ty_snapshot **out);

TY_API int ty_merged_leave(ty_target *merged, ty_target *source);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_OPCODE_H
#define TACHYON_OPCODE_H

#ifdef __cplusplus
extern "C" {
#endif

enum ty_python_version {
	TY_PYTHON_3_11 = 0x030b,
	TY_PYTHON_3_12 = 0x030c,
	TY_PYTHON_3_13 = 0x030d,
	TY_PYTHON_3_14 = 0x030e,
	TY_PYTHON_3_15 = 0x030f
};

enum ty_opcode_flag {
	TY_OPCODE_HAS_ARGUMENT = 1 << 0,
	TY_OPCODE_SPECIALIZED = 1 << 1,
	TY_OPCODE_INSTRUMENTED = 1 << 2,
	TY_OPCODE_BOOKKEEPING = 1 << 3,
	TY_OPCODE_SUPER = 1 << 4,
	TY_OPCODE_EXECUTOR = 1 << 5,
	TY_OPCODE_SPECIALIZABLE = 1 << 6,
	TY_OPCODE_CACHE = 1 << 7
};

enum ty_opcode_argument {
	TY_ARGUMENT_NONE = 0,
	TY_ARGUMENT_NUMBER = 1,
	TY_ARGUMENT_CONSTANT = 2,
	TY_ARGUMENT_NAME = 3,
	TY_ARGUMENT_LOCAL = 4,
	TY_ARGUMENT_FREE = 5,
	TY_ARGUMENT_JUMP = 6,
	TY_ARGUMENT_COMPARE = 7
};

typedef struct ty_opcode {
	size_t size;
	uint32_t version;
	uint16_t number;
	uint16_t base;

	const char *name;
	const char *base_name;
	const char *family;
	uint32_t flags;
	uint8_t caches;
	uint8_t argument;
	uint16_t reserved;
} ty_opcode;

TY_API int ty_decode_opcode(uint32_t version, uint32_t number, ty_opcode *opcode);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_PAGES_H
#define TACHYON_PAGES_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_flamegraph_options {
	size_t size;
	int opcodes;
	int trust;
	int reserved[2];

	ty_source_fn source;
	void *source_user_data;
	ty_target *baseline;

} ty_flamegraph_options;

TY_API int ty_flamegraph_new(const ty_flamegraph_options *options, ty_sink *sink, ty_collector **collector);

typedef struct ty_heatmap_options {
	size_t size;
	int opcodes;
	int trust;
	int reserved[2];

	ty_source_fn source;
	void *source_user_data;
} ty_heatmap_options;

TY_API int ty_heatmap_new(const ty_heatmap_options *options, const char *directory, ty_collector **collector);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_PROCESSES_H
#define TACHYON_PROCESSES_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_processes ty_processes;

enum ty_process_event_kind {
	TY_PROCESS_STARTED = 1,
	TY_PROCESS_REPLACED = 2,
	TY_PROCESS_ENDED = 3
};

typedef struct ty_process_event {
	size_t size;
	int kind;
	int32_t pid;
	int32_t parent;
	int reserved;
} ty_process_event;

TY_API int ty_processes_new(int pid, ty_processes **processes);

TY_API int ty_processes_adopt(ty_processes *processes, int reaper);

TY_API int ty_processes_next(ty_processes *processes, uint64_t timeout_ns, ty_process_event *event);

TY_API void ty_processes_free(ty_processes *processes);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_RECORDING_H
#define TACHYON_RECORDING_H

#ifdef __cplusplus
extern "C" {
#endif

enum ty_compression {
	TY_COMPRESSION_AUTO = 0,
	TY_COMPRESSION_ZSTD = 1,
	TY_COMPRESSION_NONE = 2
};

TY_API int ty_compression_available(int compression);

typedef struct ty_binary_options {
	size_t size;
	int compression;
	int opcodes;
	int trust;
	int reserved;
} ty_binary_options;

TY_API int ty_binary_new(const ty_binary_options *options, const char *path, ty_collector **collector);

TY_API int ty_open_recording(const char *path, const ty_attach_options *options, ty_target **target);

TY_API int ty_add_recording(ty_target *target, const char *path);

typedef struct ty_recording_information {
	size_t size;
	uint64_t interval_ns;
	uint64_t start_time_ns;
	uint64_t start_unix_ns;
	uint64_t duration_ns;
	uint64_t stacks;
	uint64_t bytes;
	uint64_t bytes_read;
	int mode;
	int opcodes;
	int finished;
	int by_cpython;
	int compression;
	int recordings;
	uint32_t python_hexversion;
	uint32_t threads;
	uint32_t strings;
	uint32_t frames;
	int mode_known;
	uint32_t features;
	uint32_t measured;
	uint32_t reserved;
	double duration_s;
	double rate_hz;
	double error_percent;
	double missed;

} ty_recording_information;

enum ty_recording_feature {
	TY_FEATURES_KNOWN = 1,
	TY_FEATURE_ALL_THREADS = 2,
	TY_FEATURE_NATIVE = 4,
	TY_FEATURE_GC = 8,
	TY_FEATURE_OPCODES = 16,
	TY_FEATURE_BLOCKING = 32
};

enum ty_measured {
	TY_MEASURED_RUN = 1,
	TY_MEASURED_ERRORS = 2,
	TY_MEASURED_MISSED = 4
};

TY_API int ty_recording_info(ty_target *target, ty_recording_information *information);

typedef struct ty_recorder ty_recorder;

typedef struct ty_recorder_options {
	size_t size;
	int compression;
	int mode;
	uint64_t interval_ns;
	uint64_t start_time_ns;
	uint64_t start_unix_ns;
	uint32_t python_hexversion;
	uint32_t features;
} ty_recorder_options;

typedef struct ty_recorded_frame {
	size_t size;
	const char *filename;
	const char *qualname;
	const char *name;
	uint32_t first_line;
	int kind;
	int32_t offset;
	int32_t opcode;
	int32_t line;
	int32_t end_line;
	int32_t column;
	int32_t end_column;
} ty_recorded_frame;

typedef struct ty_recorded_stack {
	size_t size;
	uint64_t time_ns;

	uint64_t native_id;
	uint32_t interpreter;
	uint32_t status;
	int32_t verdict;
	uint32_t frame_count;
	const uint32_t *frames;
} ty_recorded_stack;

typedef struct ty_recorder_counters {
	size_t size;
	uint64_t stacks;
	uint64_t repeat_records;
	uint64_t repeat_stacks;
	uint64_t full_records;
	uint64_t pop_push_records;
	uint64_t frames_written;
	uint64_t frames_saved;
	uint64_t bytes_written;
} ty_recorder_counters;

TY_API int ty_recorder_new(const ty_recorder_options *options, const char *path, ty_recorder **recorder);

TY_API int ty_recorder_frame(ty_recorder *recorder, const ty_recorded_frame *frame, uint32_t *number);

TY_API int ty_recorder_stack(ty_recorder *recorder, const ty_recorded_stack *stack);

TY_API int ty_recorder_measured(ty_recorder *recorder, uint32_t measured, double duration_s, double rate_hz,
                                double error_percent, double missed);

TY_API int ty_recorder_finish(ty_recorder *recorder);

TY_API int ty_recorder_statistics(const ty_recorder *recorder, ty_recorder_counters *counters);

TY_API void ty_recorder_free(ty_recorder *recorder);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_SAMPLER_H
#define TACHYON_SAMPLER_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ty_sampler ty_sampler;

enum ty_mode {
	TY_MODE_WALL = 0,
	TY_MODE_CPU = 1,
	TY_MODE_GIL = 2,

	TY_MODE_EXCEPTION = 4
};

enum ty_placement {
	TY_PLACE_FREE = 0,
	TY_PLACE_BESIDE = 1

};

enum ty_end_reason {
	TY_END_NONE = 0,
	TY_END_DURATION = 1,
	TY_END_STOPPED = 2,
	TY_END_EXITED = 3,
	TY_END_COLLECTOR = 4,
	TY_END_ERROR = 5
};

typedef struct ty_sampler_options {
	size_t size;
	uint64_t interval_ns;
	uint64_t duration_ns;
	uint64_t max_samples;
	int mode;
	int opcodes;

	int (*progress)(const ty_run_summary *so_far, void *user_data);
	void *progress_user_data;
	uint64_t progress_interval_ns;

	int placement;
	int reserved;
} ty_sampler_options;

TY_API int ty_sampler_new(ty_target *target, const ty_sampler_options *options, ty_sampler **sampler);

TY_API int ty_sampler_next(ty_sampler *sampler, const ty_snapshot **snapshot);

enum ty_sampler_outcome { TY_SAMPLER_NOTHING = 2                                          };

TY_API int ty_sampler_poll(ty_sampler *sampler, const ty_snapshot **snapshot, uint64_t *wait_ns);

TY_API int ty_sampler_run(ty_sampler *sampler, ty_collector *const *collectors, size_t count);

TY_API void ty_sampler_stop(ty_sampler *sampler);

TY_API int ty_sampler_summary(ty_sampler *sampler, ty_run_summary *summary);

TY_API void ty_sampler_free(ty_sampler *sampler);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_TASKS_H
#define TACHYON_TASKS_H

#ifdef __cplusplus
extern "C" {
#endif

enum ty_task_selection {
	TY_TASKS_NONE = 0,
	TY_TASKS_RUNNING = 1,
	TY_TASKS_ALL = 2
};

typedef struct ty_task_list ty_task_list;

enum ty_task_support {
	TY_TASKS_FOUND = 0,
	TY_TASKS_NO_ASYNCIO = 1,
	TY_TASKS_UNSUPPORTED = 2,
	TY_TASKS_UNREADABLE = 3
};

enum ty_task_limit {
	TY_TASK_LIMIT_TASKS = 1,
	TY_TASK_LIMIT_WAITERS = 2,
	TY_TASK_LIMIT_COROUTINES = 4,
	TY_TASK_LIMIT_PATHS = 8,

	TY_TASK_LIMIT_DEPTH = 16,
	TY_TASK_LIMIT_NAMES = 32,
	TY_TASK_LIMIT_MEMORY = 64,
	TY_TASK_LIMIT_LIST = 128
};

typedef struct ty_task_list_info {
	size_t size;
	int support;
	uint32_t limits;
	uint64_t count;
	uint64_t running;
	uint64_t time_ns;
	const char *message;
} ty_task_list_info;

enum ty_task_flag {
	TY_TASK_RUNNING = 1,
	TY_TASK_NEW = 2,
	TY_TASK_CYCLE = 4
};

typedef struct ty_task_info {
	size_t size;
	uint64_t address;
	uint32_t serial;
	uint32_t flags;
	const char *name;
	uint64_t thread_key;
	uint64_t native_id;
	int64_t interpreter;
	uint64_t loop;
	uint64_t future;
	int32_t verdict;
	uint32_t frame_count;
	const ty_frame *frames;

	const uint32_t *awaited_by;
	uint32_t awaited_by_count;
	uint32_t awaits_count;
	uint64_t seen_since_ns;

} ty_task_info;

TY_API int ty_sample_tasks(ty_target *target, const ty_task_list **list);

TY_API const ty_task_list *ty_snapshot_tasks(const ty_snapshot *snapshot);

TY_API int ty_task_list_describe(const ty_task_list *list, ty_task_list_info *info);

TY_API int ty_task_list_get(const ty_task_list *list, size_t index, ty_task_info *info);

TY_API int64_t ty_task_list_find(const ty_task_list *list, uint32_t serial);

#ifdef __cplusplus
}
#endif

#endif

#ifndef TACHYON_TACHYON_H
#define TACHYON_TACHYON_H

#endif
