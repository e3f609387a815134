-- SPDX-License-Identifier: Apache-2.0
--
-- What the plugin uses of <tachyon/tachyon.h>, as the preprocessor gives it: an installed library need not come with its
-- headers. tests/ide/test_declarations.py finds every declaration in the headers again and compares the layout of the
-- structs with a C program's.
return [[
enum ty_error_class {
  TY_CLASS_NONE = 0,
  TY_CLASS_RETRY = 1,
  TY_CLASS_GONE = 2,
  TY_CLASS_PERMISSION = 3,
  TY_CLASS_UNSUPPORTED = 4,
  TY_CLASS_USAGE = 5,
  TY_CLASS_SYSTEM = 6
};
enum ty_thread_selection {
  TY_THREADS_MAIN = 0,
  TY_THREADS_ALL = 1
};
enum ty_mode {
  TY_MODE_WALL = 0,
  TY_MODE_CPU = 1,
  TY_MODE_GIL = 2,
  TY_MODE_EXCEPTION = 4
};
enum ty_end_reason {
  TY_END_NONE = 0,
  TY_END_DURATION = 1,
  TY_END_STOPPED = 2,
  TY_END_EXITED = 3,
  TY_END_COLLECTOR = 4,
  TY_END_ERROR = 5
};
enum ty_sampler_outcome { TY_SAMPLER_NOTHING = 2 };
enum ty_sort {
  TY_SORT_NSAMPLES = 0,
  TY_SORT_TOTTIME = 1,
  TY_SORT_CUMTIME = 2,
  TY_SORT_SAMPLE_PCT = 3,
  TY_SORT_CUMUL_PCT = 4,
  TY_SORT_NSAMPLES_CUMUL = 5,
  TY_SORT_NAME = 6
};
enum ty_live_group {
  TY_LIVE_FUNCTIONS = 0,
  TY_LIVE_LINES = 1,
  TY_LIVE_TASKS = 2,
  TY_LIVE_FILES = 3,
  TY_LIVE_FILE_LINES = 4
};
enum ty_live_form {
  TY_LIVE_FORM_UNKNOWN = 0,
  TY_LIVE_FORM_SPECIALIZED = 1,
  TY_LIVE_FORM_GENERIC = 2,
  TY_LIVE_FORM_FIXED = 3,
  TY_LIVE_FORM_TRACE = 4
};
typedef struct ty_target ty_target;
typedef struct ty_snapshot ty_snapshot;
typedef struct ty_collector ty_collector;
typedef struct ty_sampler ty_sampler;
typedef struct ty_live ty_live;
typedef void (*ty_log_fn)(int level, const char *message, void *user_data);
typedef struct ty_error_info {
  size_t size;
  int code;
  int os_errno;
  int phase;
  int error_class;
  uint64_t address;
  const char *message;
} ty_error_info;
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
typedef struct ty_live_options {
  size_t size;
  int opcodes;
  int trust;
  int listings;
  int reserved;
} ty_live_options;
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
const char *ty_strerror(int code);
const char *ty_version_string(void);
uint32_t ty_version_number(void);
int ty_attach(int pid, const ty_attach_options *options, ty_target **target);
void ty_detach(ty_target *target);
int ty_target_info(ty_target *target, ty_target_information *information);
int ty_last_error(ty_target *target, ty_error_info *info);
int ty_sampler_new(ty_target *target, const ty_sampler_options *options, ty_sampler **sampler);
int ty_sampler_poll(ty_sampler *sampler, const ty_snapshot **snapshot, uint64_t *wait_ns);
int ty_sampler_summary(ty_sampler *sampler, ty_run_summary *summary);
void ty_sampler_free(ty_sampler *sampler);
int ty_collector_begin(ty_collector *collector, const ty_run_info *run);
int ty_collector_sample(ty_collector *collector, const ty_snapshot *snapshot);
int ty_live_new(const ty_live_options *options, ty_live **live);
void ty_live_free(ty_live *live);
ty_collector *ty_live_collector(ty_live *live);
int ty_live_progress(const ty_run_summary *so_far, void *live);
int ty_live_update(ty_live *live);
void ty_live_reset(ty_live *live);
int ty_live_overview(ty_live *live, uint32_t thread, ty_live_overview_info *overview);
int ty_live_functions(ty_live *live, const ty_live_query *query);
int ty_live_function(ty_live *live, size_t index, ty_live_function_info *info);
int ty_live_instructions(ty_live *live, uint32_t function, uint32_t thread);
int ty_live_instruction(ty_live *live, size_t index, ty_live_instruction_info *info);
]]
