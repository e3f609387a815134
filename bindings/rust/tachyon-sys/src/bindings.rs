// SPDX-License-Identifier: Apache-2.0
// Made by generate.sh of include/tachyon/tachyon.h.

pub const TY_ENOTPYTHON: ty_error = 4001;
pub const TY_EVERSION: ty_error = 4002;
pub const TY_EOFFSETS: ty_error = 4003;
pub const TY_ESTARTING: ty_error = 4004;
pub const TY_EEXITED: ty_error = 4005;
pub const TY_EREPLACED: ty_error = 4006;
pub const TY_EPERMISSION: ty_error = 4007;
pub const TY_ECAPTURE: ty_error = 4008;
pub const TY_ECORRUPT: ty_error = 4009;
pub const TY_ENOTFOUND: ty_error = 4010;
pub const TY_EOPCODE: ty_error = 4011;
pub const TY_EOPTION: ty_error = 4012;
pub const TY_ESTALE: ty_error = 4013;
pub const TY_ELIMIT: ty_error = 4014;
pub const TY_ESTATE: ty_error = 4015;
pub const TY_ERECORDING: ty_error = 4016;
pub type ty_error = ::std::os::raw::c_uint;
pub const TY_CLASS_NONE: ty_error_class = 0;
pub const TY_CLASS_RETRY: ty_error_class = 1;
pub const TY_CLASS_GONE: ty_error_class = 2;
pub const TY_CLASS_PERMISSION: ty_error_class = 3;
pub const TY_CLASS_UNSUPPORTED: ty_error_class = 4;
pub const TY_CLASS_USAGE: ty_error_class = 5;
pub const TY_CLASS_SYSTEM: ty_error_class = 6;
pub type ty_error_class = ::std::os::raw::c_uint;
pub const TY_PHASE_NONE: ty_phase = 0;
pub const TY_PHASE_OPEN: ty_phase = 1;
pub const TY_PHASE_DISCOVER: ty_phase = 2;
pub const TY_PHASE_VALIDATE: ty_phase = 3;
pub const TY_PHASE_SAMPLE: ty_phase = 4;
pub const TY_PHASE_RESOLVE: ty_phase = 5;
pub const TY_PHASE_OUTPUT: ty_phase = 6;
pub type ty_phase = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_error_info {
    pub size: usize,
    pub code: ::std::os::raw::c_int,
    pub os_errno: ::std::os::raw::c_int,
    pub phase: ::std::os::raw::c_int,
    pub error_class: ::std::os::raw::c_int,
    pub address: u64,
    pub message: *const ::std::os::raw::c_char,
}
extern "C" {
    pub fn ty_strerror(code: ::std::os::raw::c_int) -> *const ::std::os::raw::c_char;
}
extern "C" {
    pub fn ty_error_classify(code: ::std::os::raw::c_int) -> ::std::os::raw::c_int;
}
pub const TY_LOG_ERROR: ty_log_level = 1;
pub const TY_LOG_WARNING: ty_log_level = 2;
pub const TY_LOG_INFO: ty_log_level = 3;
pub const TY_LOG_DEBUG: ty_log_level = 4;
pub type ty_log_level = ::std::os::raw::c_uint;
pub type ty_log_fn = ::std::option::Option<
    unsafe extern "C" fn(
        level: ::std::os::raw::c_int,
        message: *const ::std::os::raw::c_char,
        user_data: *mut ::std::os::raw::c_void,
    ),
>;
extern "C" {
    pub fn ty_version_string() -> *const ::std::os::raw::c_char;
}
extern "C" {
    pub fn ty_version_number() -> u32;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_sink {
    _unused: [u8; 0],
}
pub type ty_write_fn = ::std::option::Option<
    unsafe extern "C" fn(
        data: *const ::std::os::raw::c_void,
        size_bytes: usize,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
extern "C" {
    pub fn ty_sink_file(path: *const ::std::os::raw::c_char, sink: *mut *mut ty_sink) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sink_fd(fd: ::std::os::raw::c_int, sink: *mut *mut ty_sink) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sink_callback(
        write: ty_write_fn,
        user_data: *mut ::std::os::raw::c_void,
        sink: *mut *mut ty_sink,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sink_memory(sink: *mut *mut ty_sink) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sink_data(sink: *mut ty_sink, size_bytes: *mut usize) -> *const ::std::os::raw::c_char;
}
extern "C" {
    pub fn ty_sink_write(
        sink: *mut ty_sink,
        data: *const ::std::os::raw::c_void,
        size_bytes: usize,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sink_commit(sink: *mut ty_sink) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sink_free(sink: *mut ty_sink);
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_target {
    _unused: [u8; 0],
}
pub const TY_THREADS_MAIN: ty_thread_selection = 0;
pub const TY_THREADS_ALL: ty_thread_selection = 1;
pub type ty_thread_selection = ::std::os::raw::c_uint;
pub const TY_STOP_NEVER: ty_stop_policy = 0;
pub const TY_STOP_THREAD: ty_stop_policy = 1;
pub const TY_STOP_ALWAYS: ty_stop_policy = 2;
pub type ty_stop_policy = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_attach_options {
    pub size: usize,
    pub threads: ::std::os::raw::c_int,
    pub stop_policy: ::std::os::raw::c_int,
    pub stop_deadline_us: u32,
    pub max_retries: u32,
    pub max_frames: u32,
    pub opcodes: ::std::os::raw::c_int,
    pub cpu_status: ::std::os::raw::c_int,
    pub tasks: ::std::os::raw::c_int,
    pub log: ty_log_fn,
    pub log_user_data: *mut ::std::os::raw::c_void,
    pub native_frames: ::std::os::raw::c_int,
    pub no_gc_frames: ::std::os::raw::c_int,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_target_information {
    pub size: usize,
    pub python_version: u32,
    pub python_hexversion: u32,
    pub free_threaded: ::std::os::raw::c_int,
    pub is_capture: ::std::os::raw::c_int,
    pub pid: i32,
    pub namespace_pid: i32,
    pub runtime_address: u64,
    pub runtime_path: *const ::std::os::raw::c_char,
}
extern "C" {
    pub fn ty_attach(
        pid: ::std::os::raw::c_int,
        options: *const ty_attach_options,
        target: *mut *mut ty_target,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_reattach(target: *mut ty_target) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_detach(target: *mut ty_target);
}
extern "C" {
    pub fn ty_target_info(target: *mut ty_target, information: *mut ty_target_information) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_last_error(target: *mut ty_target, info: *mut ty_error_info) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_target_counters {
    pub size: usize,
    pub samples: u64,
    pub failed: u64,
    pub verified: u64,
    pub repaired: u64,
    pub torn: u64,
    pub incomplete: u64,
    pub retries: u64,
    pub stops: u64,
    pub stop_ns: u64,
    pub syscalls: u64,
    pub bytes_read: u64,
    pub predicted: u64,
    pub code_objects: u64,
    pub code_checks: u64,
}
extern "C" {
    pub fn ty_target_statistics(target: *mut ty_target, counters: *mut ty_target_counters) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_capture(target: *mut ty_target, sink: *mut ty_sink) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_open_capture(
        path: *const ::std::os::raw::c_char,
        options: *const ty_attach_options,
        target: *mut *mut ty_target,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_snapshot {
    _unused: [u8; 0],
}
pub const TY_VERIFIED: ty_verdict = 0;
pub const TY_REPAIRED: ty_verdict = 1;
pub const TY_TORN: ty_verdict = 2;
pub const TY_INCOMPLETE: ty_verdict = 3;
pub const TY_FAILED: ty_verdict = 4;
pub type ty_verdict = ::std::os::raw::c_uint;
pub const TY_THREAD_HAS_GIL: ty_thread_status = 1;
pub const TY_THREAD_ON_CPU: ty_thread_status = 2;
pub const TY_THREAD_UNKNOWN: ty_thread_status = 4;
pub const TY_THREAD_GIL_REQUESTED: ty_thread_status = 8;
pub const TY_THREAD_HAS_EXCEPTION: ty_thread_status = 16;
pub const TY_THREAD_MAIN: ty_thread_status = 32;
pub type ty_thread_status = ::std::os::raw::c_uint;
pub const TY_FRAME_PYTHON: ty_frame_kind = 0;
pub const TY_FRAME_UNREADABLE: ty_frame_kind = 1;
pub const TY_FRAME_NATIVE: ty_frame_kind = 2;
pub const TY_FRAME_GC: ty_frame_kind = 3;
pub const TY_FRAME_TASK: ty_frame_kind = 4;
pub type ty_frame_kind = ::std::os::raw::c_uint;
pub const TY_FRAME_HAS_OPCODE: ty_frame_flag = 1;
pub const TY_FRAME_OPCODE_LATER: ty_frame_flag = 2;
pub const TY_FRAME_GENERATOR: ty_frame_flag = 4;
pub const TY_FRAME_ENTRY: ty_frame_flag = 8;
pub const TY_FRAME_TRACE: ty_frame_flag = 16;
pub type ty_frame_flag = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_frame {
    pub function: u32,
    pub offset: i32,
    pub kind: u8,
    pub flags: u8,
    pub opcode: u8,
    pub oparg: u8,
    pub task: u32,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_thread_info {
    pub size: usize,
    pub native_id: u64,
    pub host_id: u64,
    pub pthread_id: u64,
    pub interpreter: i64,
    pub status: u32,
    pub verdict: i32,
    pub frames: *const ty_frame,
    pub frame_count: u32,
    pub unchanged_frames: u32,
    pub thread_key: u64,
}
extern "C" {
    pub fn ty_sample(target: *mut ty_target, snapshot: *mut *const ty_snapshot) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_snapshot_time(snapshot: *const ty_snapshot) -> u64;
}
extern "C" {
    pub fn ty_snapshot_threads(snapshot: *const ty_snapshot) -> usize;
}
extern "C" {
    pub fn ty_snapshot_thread(
        snapshot: *const ty_snapshot,
        index: usize,
        info: *mut ty_thread_info,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_snapshot_target(snapshot: *const ty_snapshot) -> *mut ty_target;
}
extern "C" {
    pub fn ty_snapshot_pid(snapshot: *const ty_snapshot) -> i32;
}
extern "C" {
    pub fn ty_thread_name(target: *mut ty_target, thread_key: u64) -> *const ::std::os::raw::c_char;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_function_info {
    pub size: usize,
    pub id: u32,
    pub first_line: u32,
    pub name: *const ::std::os::raw::c_char,
    pub qualname: *const ::std::os::raw::c_char,
    pub filename: *const ::std::os::raw::c_char,
    pub address: u64,
    pub bytecode_bytes: u32,
    pub reserved: u32,
}
extern "C" {
    pub fn ty_function(target: *mut ty_target, id: u32, info: *mut ty_function_info) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_location_info {
    pub size: usize,
    pub line: i32,
    pub end_line: i32,
    pub column: i32,
    pub end_column: i32,
}
extern "C" {
    pub fn ty_location(
        target: *mut ty_target,
        frame: *const ty_frame,
        location: *mut ty_location_info,
    ) -> ::std::os::raw::c_int;
}
pub const TY_INSTRUCTION_LATER: ty_instruction_flag = 1;
pub const TY_INSTRUCTION_INSTRUMENTED: ty_instruction_flag = 2;
pub const TY_INSTRUCTION_TRACE: ty_instruction_flag = 4;
pub const TY_INSTRUCTION_UNRESOLVED: ty_instruction_flag = 8;
pub type ty_instruction_flag = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_instruction_info {
    pub size: usize,
    pub offset: i32,
    pub executing: u16,
    pub opcode: u16,
    pub base: u16,
    pub flags: u16,
    pub argument: u32,
    pub name: *const ::std::os::raw::c_char,
    pub base_name: *const ::std::os::raw::c_char,
    pub opcode_flags: u32,
    pub reserved: u32,
}
extern "C" {
    pub fn ty_instruction(
        target: *mut ty_target,
        frame: *const ty_frame,
        instruction: *mut ty_instruction_info,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_collector {
    _unused: [u8; 0],
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_run_info {
    pub size: usize,
    pub target: *mut ty_target,
    pub start_time_ns: u64,
    pub start_unix_ns: u64,
    pub interval_ns: u64,
    pub mode: ::std::os::raw::c_int,
    pub opcodes: ::std::os::raw::c_int,
    pub reserved: [::std::os::raw::c_int; 2usize],
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_run_summary {
    pub size: usize,
    pub duration_ns: u64,
    pub samples: u64,
    pub missed: u64,
    pub failed: u64,
    pub verified: u64,
    pub repaired: u64,
    pub torn: u64,
    pub incomplete: u64,
    pub unreadable: u64,
    pub end_reason: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_collector_callbacks {
    pub size: usize,
    pub begin: ::std::option::Option<
        unsafe extern "C" fn(run: *const ty_run_info, user_data: *mut ::std::os::raw::c_void) -> ::std::os::raw::c_int,
    >,
    pub sample: ::std::option::Option<
        unsafe extern "C" fn(
            snapshot: *const ty_snapshot,
            user_data: *mut ::std::os::raw::c_void,
        ) -> ::std::os::raw::c_int,
    >,
    pub end: ::std::option::Option<
        unsafe extern "C" fn(
            summary: *const ty_run_summary,
            user_data: *mut ::std::os::raw::c_void,
        ) -> ::std::os::raw::c_int,
    >,
    pub destroy: ::std::option::Option<unsafe extern "C" fn(user_data: *mut ::std::os::raw::c_void)>,
}
extern "C" {
    pub fn ty_collector_new(
        callbacks: *const ty_collector_callbacks,
        user_data: *mut ::std::os::raw::c_void,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_collector_free(collector: *mut ty_collector);
}
extern "C" {
    pub fn ty_collector_begin(collector: *mut ty_collector, run: *const ty_run_info) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_collector_sample(collector: *mut ty_collector, snapshot: *const ty_snapshot) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_collector_end(collector: *mut ty_collector, summary: *const ty_run_summary) -> ::std::os::raw::c_int;
}
pub const TY_TRUST_PROVEN: ty_trust = 0;
pub const TY_TRUST_ALL: ty_trust = 1;
pub type ty_trust = ::std::os::raw::c_uint;
pub type ty_source_fn = ::std::option::Option<
    unsafe extern "C" fn(
        filename: *const ::std::os::raw::c_char,
        line: i32,
        size_bytes: *mut usize,
        user_data: *mut ::std::os::raw::c_void,
    ) -> *const ::std::os::raw::c_char,
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_collapsed_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub offsets: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_collapsed_new(
        options: *const ty_collapsed_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
pub const TY_SORT_NSAMPLES: ty_sort = 0;
pub const TY_SORT_TOTTIME: ty_sort = 1;
pub const TY_SORT_CUMTIME: ty_sort = 2;
pub const TY_SORT_SAMPLE_PCT: ty_sort = 3;
pub const TY_SORT_CUMUL_PCT: ty_sort = 4;
pub const TY_SORT_NSAMPLES_CUMUL: ty_sort = 5;
pub const TY_SORT_NAME: ty_sort = 6;
pub type ty_sort = ::std::os::raw::c_uint;
pub const TY_PSTATS_TEXT: ty_pstats_format = 0;
pub const TY_PSTATS_MARSHAL: ty_pstats_format = 1;
pub type ty_pstats_format = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_pstats_options {
    pub size: usize,
    pub format: ::std::os::raw::c_int,
    pub sort: ::std::os::raw::c_int,
    pub limit: u32,
    pub no_summary: ::std::os::raw::c_int,
    pub color: ::std::os::raw::c_int,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_pstats_new(
        options: *const ty_pstats_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_jsonl_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub stacks: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub times: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_jsonl_new(
        options: *const ty_jsonl_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_gecko_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_gecko_new(
        options: *const ty_gecko_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_speedscope_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_speedscope_new(
        options: *const ty_speedscope_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_pprof_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_pprof_new(
        options: *const ty_pprof_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_callgrind_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_callgrind_new(
        options: *const ty_callgrind_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_chrome_trace_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_chrome_trace_new(
        options: *const ty_chrome_trace_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_perfetto_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_perfetto_new(
        options: *const ty_perfetto_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
pub const TY_ANNOTATION_TEXT: ty_annotation_format = 0;
pub const TY_ANNOTATION_JSON: ty_annotation_format = 1;
pub type ty_annotation_format = ::std::os::raw::c_uint;
pub const TY_ANNOTATION_SPECIALIZATION: ty_annotation_part = 1;
pub const TY_ANNOTATION_LISTING: ty_annotation_part = 2;
pub type ty_annotation_part = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_annotation_options {
    pub size: usize,
    pub format: ::std::os::raw::c_int,
    pub parts: ::std::os::raw::c_int,
    pub function: *const ::std::os::raw::c_char,
    pub limit: u32,
    pub trust: ::std::os::raw::c_int,
    pub color: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
    pub source: ty_source_fn,
    pub source_user_data: *mut ::std::os::raw::c_void,
}
extern "C" {
    pub fn ty_annotation_new(
        options: *const ty_annotation_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_disassembly_row {
    pub size: usize,
    pub instruction: *const ty_instruction_info,
    pub location: *const ty_location_info,
    pub argument_text: *const ::std::os::raw::c_char,
    pub target: i32,
    pub label: u32,
    pub handler: i32,
    pub handler_depth: u32,
    pub handler_lasti: i32,
    pub reserved: u32,
}
pub type ty_disassembly_fn = ::std::option::Option<
    unsafe extern "C" fn(
        row: *const ty_disassembly_row,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
extern "C" {
    pub fn ty_disassemble(
        target: *mut ty_target,
        function: u32,
        callback: ty_disassembly_fn,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_gc_collection {
    pub size: usize,
    pub interpreter: i64,
    pub start_ns: u64,
    pub stop_ns: u64,
    pub collections: u64,
    pub collected: u64,
    pub uncollectable: u64,
    pub candidates: u64,
    pub heap_objects: u64,
    pub duration_s: f64,
    pub generation: u32,
    pub reserved: u32,
}
pub type ty_gc_fn = ::std::option::Option<
    unsafe extern "C" fn(
        collection: *const ty_gc_collection,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
extern "C" {
    pub fn ty_gc_collections(
        target: *mut ty_target,
        all_interpreters: ::std::os::raw::c_int,
        callback: ty_gc_fn,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_live {
    _unused: [u8; 0],
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_live_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub listings: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_live_new(options: *const ty_live_options, live: *mut *mut ty_live) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_live_free(live: *mut ty_live);
}
extern "C" {
    pub fn ty_live_collector(live: *mut ty_live) -> *mut ty_collector;
}
extern "C" {
    pub fn ty_live_progress(so_far: *const ty_run_summary, live: *mut ::std::os::raw::c_void) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_live_save(
        live: *mut ty_live,
        so_far: *const ty_run_summary,
        collector: *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_live_update(live: *mut ty_live) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_live_reset(live: *mut ty_live);
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_live_overview_info {
    pub size: usize,
    pub duration_ns: u64,
    pub samples: u64,
    pub missed: u64,
    pub failed: u64,
    pub stacks: u64,
    pub verified: u64,
    pub repaired: u64,
    pub torn: u64,
    pub incomplete: u64,
    pub unreadable: u64,
    pub counted: u64,
    pub has_gil: u64,
    pub on_cpu: u64,
    pub unknown: u64,
    pub gil_requested: u64,
    pub has_exception: u64,
    pub collecting: u64,
    pub threads: u32,
    pub functions: u32,
    pub executing: u32,
    pub reserved: u32,
}
extern "C" {
    pub fn ty_live_overview(
        live: *mut ty_live,
        thread: u32,
        overview: *mut ty_live_overview_info,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_live_thread_info {
    pub size: usize,
    pub thread: u32,
    pub is_main: i32,
    pub id: u64,
    pub interpreter: i64,
    pub counted: u64,
    pub name: *const ::std::os::raw::c_char,
}
extern "C" {
    pub fn ty_live_thread(live: *mut ty_live, thread: u32, info: *mut ty_live_thread_info) -> ::std::os::raw::c_int;
}
pub const TY_LIVE_FUNCTIONS: ty_live_group = 0;
pub const TY_LIVE_LINES: ty_live_group = 1;
pub const TY_LIVE_TASKS: ty_live_group = 2;
pub const TY_LIVE_FILES: ty_live_group = 3;
pub const TY_LIVE_FILE_LINES: ty_live_group = 4;
pub type ty_live_group = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_live_query {
    pub size: usize,
    pub group: ::std::os::raw::c_int,
    pub sort: ::std::os::raw::c_int,
    pub thread: u32,
    pub reserved: ::std::os::raw::c_int,
    pub filter: *const ::std::os::raw::c_char,
    pub filename: *const ::std::os::raw::c_char,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_live_function_info {
    pub size: usize,
    pub function: u32,
    pub line: i32,
    pub filename: *const ::std::os::raw::c_char,
    pub name: *const ::std::os::raw::c_char,
    pub leaf: u64,
    pub on_stack: u64,
    pub leaf_trend: ::std::os::raw::c_int,
    pub on_stack_trend: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_live_functions(live: *mut ty_live, query: *const ty_live_query) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_live_function(
        live: *mut ty_live,
        index: usize,
        info: *mut ty_live_function_info,
    ) -> ::std::os::raw::c_int;
}
pub const TY_LIVE_FORM_UNKNOWN: ty_live_form = 0;
pub const TY_LIVE_FORM_SPECIALIZED: ty_live_form = 1;
pub const TY_LIVE_FORM_GENERIC: ty_live_form = 2;
pub const TY_LIVE_FORM_FIXED: ty_live_form = 3;
pub const TY_LIVE_FORM_TRACE: ty_live_form = 4;
pub type ty_live_form = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_live_instruction_info {
    pub size: usize,
    pub is_line: ::std::os::raw::c_int,
    pub line: i32,
    pub leaf: u64,
    pub on_stack: u64,
    pub offset: i32,
    pub column: i32,
    pub end_line: i32,
    pub end_column: i32,
    pub name: *const ::std::os::raw::c_char,
    pub base_name: *const ::std::os::raw::c_char,
    pub argument_text: *const ::std::os::raw::c_char,
    pub argument: u32,
    pub has_argument: ::std::os::raw::c_int,
    pub label: u32,
    pub form: ::std::os::raw::c_int,
    pub forms: u32,
    pub flags: u32,
    pub opcode: u16,
    pub reserved: [u16; 3usize],
}
extern "C" {
    pub fn ty_live_instructions(live: *mut ty_live, function: u32, thread: u32) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_live_instruction(
        live: *mut ty_live,
        index: usize,
        info: *mut ty_live_instruction_info,
    ) -> ::std::os::raw::c_int;
}
pub const TY_LIVE_CALLERS: ty_live_direction = 0;
pub const TY_LIVE_CALLEES: ty_live_direction = 1;
pub type ty_live_direction = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_live_call_info {
    pub size: usize,
    pub function: u32,
    pub depth: u32,
    pub line: i32,
    pub is_last: ::std::os::raw::c_int,
    pub filename: *const ::std::os::raw::c_char,
    pub name: *const ::std::os::raw::c_char,
    pub samples: u64,
}
extern "C" {
    pub fn ty_live_calls(
        live: *mut ty_live,
        function: u32,
        direction: ::std::os::raw::c_int,
        thread: u32,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_live_call(live: *mut ty_live, index: usize, info: *mut ty_live_call_info) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_live_history(
        live: *mut ty_live,
        function: u32,
        on_stack: ::std::os::raw::c_int,
        shares: *mut u16,
        seconds: usize,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_merged_new(merged: *mut *mut ty_target) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_merged_sample(
        merged: *mut ty_target,
        snapshot: *const ty_snapshot,
        out: *mut *const ty_snapshot,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_merged_leave(merged: *mut ty_target, source: *mut ty_target) -> ::std::os::raw::c_int;
}
pub const TY_PYTHON_3_11: ty_python_version = 779;
pub const TY_PYTHON_3_12: ty_python_version = 780;
pub const TY_PYTHON_3_13: ty_python_version = 781;
pub const TY_PYTHON_3_14: ty_python_version = 782;
pub const TY_PYTHON_3_15: ty_python_version = 783;
pub type ty_python_version = ::std::os::raw::c_uint;
pub const TY_OPCODE_HAS_ARGUMENT: ty_opcode_flag = 1;
pub const TY_OPCODE_SPECIALIZED: ty_opcode_flag = 2;
pub const TY_OPCODE_INSTRUMENTED: ty_opcode_flag = 4;
pub const TY_OPCODE_BOOKKEEPING: ty_opcode_flag = 8;
pub const TY_OPCODE_SUPER: ty_opcode_flag = 16;
pub const TY_OPCODE_EXECUTOR: ty_opcode_flag = 32;
pub const TY_OPCODE_SPECIALIZABLE: ty_opcode_flag = 64;
pub const TY_OPCODE_CACHE: ty_opcode_flag = 128;
pub type ty_opcode_flag = ::std::os::raw::c_uint;
pub const TY_ARGUMENT_NONE: ty_opcode_argument = 0;
pub const TY_ARGUMENT_NUMBER: ty_opcode_argument = 1;
pub const TY_ARGUMENT_CONSTANT: ty_opcode_argument = 2;
pub const TY_ARGUMENT_NAME: ty_opcode_argument = 3;
pub const TY_ARGUMENT_LOCAL: ty_opcode_argument = 4;
pub const TY_ARGUMENT_FREE: ty_opcode_argument = 5;
pub const TY_ARGUMENT_JUMP: ty_opcode_argument = 6;
pub const TY_ARGUMENT_COMPARE: ty_opcode_argument = 7;
pub type ty_opcode_argument = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_opcode {
    pub size: usize,
    pub version: u32,
    pub number: u16,
    pub base: u16,
    pub name: *const ::std::os::raw::c_char,
    pub base_name: *const ::std::os::raw::c_char,
    pub family: *const ::std::os::raw::c_char,
    pub flags: u32,
    pub caches: u8,
    pub argument: u8,
    pub reserved: u16,
}
extern "C" {
    pub fn ty_decode_opcode(version: u32, number: u32, opcode: *mut ty_opcode) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_flamegraph_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: [::std::os::raw::c_int; 2usize],
    pub source: ty_source_fn,
    pub source_user_data: *mut ::std::os::raw::c_void,
    pub baseline: *mut ty_target,
}
extern "C" {
    pub fn ty_flamegraph_new(
        options: *const ty_flamegraph_options,
        sink: *mut ty_sink,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_heatmap_options {
    pub size: usize,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: [::std::os::raw::c_int; 2usize],
    pub source: ty_source_fn,
    pub source_user_data: *mut ::std::os::raw::c_void,
}
extern "C" {
    pub fn ty_heatmap_new(
        options: *const ty_heatmap_options,
        directory: *const ::std::os::raw::c_char,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_processes {
    _unused: [u8; 0],
}
pub const TY_PROCESS_STARTED: ty_process_event_kind = 1;
pub const TY_PROCESS_REPLACED: ty_process_event_kind = 2;
pub const TY_PROCESS_ENDED: ty_process_event_kind = 3;
pub type ty_process_event_kind = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_process_event {
    pub size: usize,
    pub kind: ::std::os::raw::c_int,
    pub pid: i32,
    pub parent: i32,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_processes_new(pid: ::std::os::raw::c_int, processes: *mut *mut ty_processes) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_processes_adopt(processes: *mut ty_processes, reaper: ::std::os::raw::c_int) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_processes_next(
        processes: *mut ty_processes,
        timeout_ns: u64,
        event: *mut ty_process_event,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_processes_free(processes: *mut ty_processes);
}
pub const TY_COMPRESSION_AUTO: ty_compression = 0;
pub const TY_COMPRESSION_ZSTD: ty_compression = 1;
pub const TY_COMPRESSION_NONE: ty_compression = 2;
pub type ty_compression = ::std::os::raw::c_uint;
extern "C" {
    pub fn ty_compression_available(compression: ::std::os::raw::c_int) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_binary_options {
    pub size: usize,
    pub compression: ::std::os::raw::c_int,
    pub opcodes: ::std::os::raw::c_int,
    pub trust: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_binary_new(
        options: *const ty_binary_options,
        path: *const ::std::os::raw::c_char,
        collector: *mut *mut ty_collector,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_open_recording(
        path: *const ::std::os::raw::c_char,
        options: *const ty_attach_options,
        target: *mut *mut ty_target,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_add_recording(target: *mut ty_target, path: *const ::std::os::raw::c_char) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_recording_information {
    pub size: usize,
    pub interval_ns: u64,
    pub start_time_ns: u64,
    pub start_unix_ns: u64,
    pub duration_ns: u64,
    pub stacks: u64,
    pub bytes: u64,
    pub bytes_read: u64,
    pub mode: ::std::os::raw::c_int,
    pub opcodes: ::std::os::raw::c_int,
    pub finished: ::std::os::raw::c_int,
    pub by_cpython: ::std::os::raw::c_int,
    pub compression: ::std::os::raw::c_int,
    pub recordings: ::std::os::raw::c_int,
    pub python_hexversion: u32,
    pub threads: u32,
    pub strings: u32,
    pub frames: u32,
    pub mode_known: ::std::os::raw::c_int,
    pub features: u32,
    pub measured: u32,
    pub reserved: u32,
    pub duration_s: f64,
    pub rate_hz: f64,
    pub error_percent: f64,
    pub missed: f64,
}
pub const TY_FEATURES_KNOWN: ty_recording_feature = 1;
pub const TY_FEATURE_ALL_THREADS: ty_recording_feature = 2;
pub const TY_FEATURE_NATIVE: ty_recording_feature = 4;
pub const TY_FEATURE_GC: ty_recording_feature = 8;
pub const TY_FEATURE_OPCODES: ty_recording_feature = 16;
pub const TY_FEATURE_BLOCKING: ty_recording_feature = 32;
pub type ty_recording_feature = ::std::os::raw::c_uint;
pub const TY_MEASURED_RUN: ty_measured = 1;
pub const TY_MEASURED_ERRORS: ty_measured = 2;
pub const TY_MEASURED_MISSED: ty_measured = 4;
pub type ty_measured = ::std::os::raw::c_uint;
extern "C" {
    pub fn ty_recording_info(
        target: *mut ty_target,
        information: *mut ty_recording_information,
    ) -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_recorder {
    _unused: [u8; 0],
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_recorder_options {
    pub size: usize,
    pub compression: ::std::os::raw::c_int,
    pub mode: ::std::os::raw::c_int,
    pub interval_ns: u64,
    pub start_time_ns: u64,
    pub start_unix_ns: u64,
    pub python_hexversion: u32,
    pub features: u32,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_recorded_frame {
    pub size: usize,
    pub filename: *const ::std::os::raw::c_char,
    pub qualname: *const ::std::os::raw::c_char,
    pub name: *const ::std::os::raw::c_char,
    pub first_line: u32,
    pub kind: ::std::os::raw::c_int,
    pub offset: i32,
    pub opcode: i32,
    pub line: i32,
    pub end_line: i32,
    pub column: i32,
    pub end_column: i32,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_recorded_stack {
    pub size: usize,
    pub time_ns: u64,
    pub native_id: u64,
    pub interpreter: u32,
    pub status: u32,
    pub verdict: i32,
    pub frame_count: u32,
    pub frames: *const u32,
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_recorder_counters {
    pub size: usize,
    pub stacks: u64,
    pub repeat_records: u64,
    pub repeat_stacks: u64,
    pub full_records: u64,
    pub pop_push_records: u64,
    pub frames_written: u64,
    pub frames_saved: u64,
    pub bytes_written: u64,
}
extern "C" {
    pub fn ty_recorder_new(
        options: *const ty_recorder_options,
        path: *const ::std::os::raw::c_char,
        recorder: *mut *mut ty_recorder,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_recorder_frame(
        recorder: *mut ty_recorder,
        frame: *const ty_recorded_frame,
        number: *mut u32,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_recorder_stack(recorder: *mut ty_recorder, stack: *const ty_recorded_stack) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_recorder_measured(
        recorder: *mut ty_recorder,
        measured: u32,
        duration_s: f64,
        rate_hz: f64,
        error_percent: f64,
        missed: f64,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_recorder_finish(recorder: *mut ty_recorder) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_recorder_statistics(
        recorder: *const ty_recorder,
        counters: *mut ty_recorder_counters,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_recorder_free(recorder: *mut ty_recorder);
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_sampler {
    _unused: [u8; 0],
}
pub const TY_MODE_WALL: ty_mode = 0;
pub const TY_MODE_CPU: ty_mode = 1;
pub const TY_MODE_GIL: ty_mode = 2;
pub const TY_MODE_EXCEPTION: ty_mode = 4;
pub type ty_mode = ::std::os::raw::c_uint;
pub const TY_PLACE_FREE: ty_placement = 0;
pub const TY_PLACE_BESIDE: ty_placement = 1;
pub type ty_placement = ::std::os::raw::c_uint;
pub const TY_END_NONE: ty_end_reason = 0;
pub const TY_END_DURATION: ty_end_reason = 1;
pub const TY_END_STOPPED: ty_end_reason = 2;
pub const TY_END_EXITED: ty_end_reason = 3;
pub const TY_END_COLLECTOR: ty_end_reason = 4;
pub const TY_END_ERROR: ty_end_reason = 5;
pub type ty_end_reason = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_sampler_options {
    pub size: usize,
    pub interval_ns: u64,
    pub duration_ns: u64,
    pub max_samples: u64,
    pub mode: ::std::os::raw::c_int,
    pub opcodes: ::std::os::raw::c_int,
    pub progress: ::std::option::Option<
        unsafe extern "C" fn(
            so_far: *const ty_run_summary,
            user_data: *mut ::std::os::raw::c_void,
        ) -> ::std::os::raw::c_int,
    >,
    pub progress_user_data: *mut ::std::os::raw::c_void,
    pub progress_interval_ns: u64,
    pub placement: ::std::os::raw::c_int,
    pub reserved: ::std::os::raw::c_int,
}
extern "C" {
    pub fn ty_sampler_new(
        target: *mut ty_target,
        options: *const ty_sampler_options,
        sampler: *mut *mut ty_sampler,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sampler_next(sampler: *mut ty_sampler, snapshot: *mut *const ty_snapshot) -> ::std::os::raw::c_int;
}
pub const TY_SAMPLER_NOTHING: ty_sampler_outcome = 2;
pub type ty_sampler_outcome = ::std::os::raw::c_uint;
extern "C" {
    pub fn ty_sampler_poll(
        sampler: *mut ty_sampler,
        snapshot: *mut *const ty_snapshot,
        wait_ns: *mut u64,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sampler_run(
        sampler: *mut ty_sampler,
        collectors: *const *mut ty_collector,
        count: usize,
    ) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sampler_stop(sampler: *mut ty_sampler);
}
extern "C" {
    pub fn ty_sampler_summary(sampler: *mut ty_sampler, summary: *mut ty_run_summary) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_sampler_free(sampler: *mut ty_sampler);
}
pub const TY_TASKS_NONE: ty_task_selection = 0;
pub const TY_TASKS_RUNNING: ty_task_selection = 1;
pub const TY_TASKS_ALL: ty_task_selection = 2;
pub type ty_task_selection = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_task_list {
    _unused: [u8; 0],
}
pub const TY_TASKS_FOUND: ty_task_support = 0;
pub const TY_TASKS_NO_ASYNCIO: ty_task_support = 1;
pub const TY_TASKS_UNSUPPORTED: ty_task_support = 2;
pub const TY_TASKS_UNREADABLE: ty_task_support = 3;
pub type ty_task_support = ::std::os::raw::c_uint;
pub const TY_TASK_LIMIT_TASKS: ty_task_limit = 1;
pub const TY_TASK_LIMIT_WAITERS: ty_task_limit = 2;
pub const TY_TASK_LIMIT_COROUTINES: ty_task_limit = 4;
pub const TY_TASK_LIMIT_PATHS: ty_task_limit = 8;
pub const TY_TASK_LIMIT_DEPTH: ty_task_limit = 16;
pub const TY_TASK_LIMIT_NAMES: ty_task_limit = 32;
pub const TY_TASK_LIMIT_MEMORY: ty_task_limit = 64;
pub const TY_TASK_LIMIT_LIST: ty_task_limit = 128;
pub type ty_task_limit = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_task_list_info {
    pub size: usize,
    pub support: ::std::os::raw::c_int,
    pub limits: u32,
    pub count: u64,
    pub running: u64,
    pub time_ns: u64,
    pub message: *const ::std::os::raw::c_char,
}
pub const TY_TASK_RUNNING: ty_task_flag = 1;
pub const TY_TASK_NEW: ty_task_flag = 2;
pub const TY_TASK_CYCLE: ty_task_flag = 4;
pub type ty_task_flag = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ty_task_info {
    pub size: usize,
    pub address: u64,
    pub serial: u32,
    pub flags: u32,
    pub name: *const ::std::os::raw::c_char,
    pub thread_key: u64,
    pub native_id: u64,
    pub interpreter: i64,
    pub loop_: u64,
    pub future: u64,
    pub verdict: i32,
    pub frame_count: u32,
    pub frames: *const ty_frame,
    pub awaited_by: *const u32,
    pub awaited_by_count: u32,
    pub awaits_count: u32,
    pub seen_since_ns: u64,
}
extern "C" {
    pub fn ty_sample_tasks(target: *mut ty_target, list: *mut *const ty_task_list) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_snapshot_tasks(snapshot: *const ty_snapshot) -> *const ty_task_list;
}
extern "C" {
    pub fn ty_task_list_describe(list: *const ty_task_list, info: *mut ty_task_list_info) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_task_list_get(list: *const ty_task_list, index: usize, info: *mut ty_task_info) -> ::std::os::raw::c_int;
}
extern "C" {
    pub fn ty_task_list_find(list: *const ty_task_list, serial: u32) -> i64;
}
