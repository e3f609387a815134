/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of every public struct on 64-bit Linux, x86-64 and aarch64 alike. A failure here means that programs built
 * against an earlier release would break: members may be added at an end, nothing else may change.
 */
#include "support/test.h"

#include <stddef.h>

#include <tachyon/tachyon.h>

#define SIZE(type, bytes) ck_assert_uint_eq(sizeof(type), bytes)

#define MEMBER(type, member, offset, bytes)                                                                            \
	do {                                                                                                           \
		ck_assert_uint_eq(offsetof(type, member), offset);                                                     \
		ck_assert_uint_eq(sizeof(((type *)0)->member), bytes);                                                 \
	} while (0)

TEST(layout_of_ty_error_info)
{
	SIZE(ty_error_info, 40);
	MEMBER(ty_error_info, size, 0, 8);
	MEMBER(ty_error_info, code, 8, 4);
	MEMBER(ty_error_info, os_errno, 12, 4);
	MEMBER(ty_error_info, phase, 16, 4);
	MEMBER(ty_error_info, error_class, 20, 4);
	MEMBER(ty_error_info, address, 24, 8);
	MEMBER(ty_error_info, message, 32, 8);
}

TEST(layout_of_ty_run_info)
{
	SIZE(ty_run_info, 56);
	MEMBER(ty_run_info, size, 0, 8);
	MEMBER(ty_run_info, target, 8, 8);
	MEMBER(ty_run_info, start_time_ns, 16, 8);
	MEMBER(ty_run_info, start_unix_ns, 24, 8);
	MEMBER(ty_run_info, interval_ns, 32, 8);
	MEMBER(ty_run_info, mode, 40, 4);
	MEMBER(ty_run_info, opcodes, 44, 4);
	MEMBER(ty_run_info, reserved, 48, 8);
}

TEST(layout_of_ty_run_summary)
{
	SIZE(ty_run_summary, 88);
	MEMBER(ty_run_summary, size, 0, 8);
	MEMBER(ty_run_summary, duration_ns, 8, 8);
	MEMBER(ty_run_summary, samples, 16, 8);
	MEMBER(ty_run_summary, missed, 24, 8);
	MEMBER(ty_run_summary, failed, 32, 8);
	MEMBER(ty_run_summary, verified, 40, 8);
	MEMBER(ty_run_summary, repaired, 48, 8);
	MEMBER(ty_run_summary, torn, 56, 8);
	MEMBER(ty_run_summary, incomplete, 64, 8);
	MEMBER(ty_run_summary, unreadable, 72, 8);
	MEMBER(ty_run_summary, end_reason, 80, 4);
	MEMBER(ty_run_summary, reserved, 84, 4);
}

TEST(layout_of_ty_collector_callbacks)
{
	SIZE(ty_collector_callbacks, 40);
	MEMBER(ty_collector_callbacks, size, 0, 8);
	MEMBER(ty_collector_callbacks, begin, 8, 8);
	MEMBER(ty_collector_callbacks, sample, 16, 8);
	MEMBER(ty_collector_callbacks, end, 24, 8);
	MEMBER(ty_collector_callbacks, destroy, 32, 8);
}

TEST(layout_of_ty_collapsed_options)
{
	SIZE(ty_collapsed_options, 24);
	MEMBER(ty_collapsed_options, size, 0, 8);
	MEMBER(ty_collapsed_options, opcodes, 8, 4);
	MEMBER(ty_collapsed_options, offsets, 12, 4);
	MEMBER(ty_collapsed_options, trust, 16, 4);
	MEMBER(ty_collapsed_options, reserved, 20, 4);
}

TEST(layout_of_ty_pstats_options)
{
	SIZE(ty_pstats_options, 40);
	MEMBER(ty_pstats_options, size, 0, 8);
	MEMBER(ty_pstats_options, format, 8, 4);
	MEMBER(ty_pstats_options, sort, 12, 4);
	MEMBER(ty_pstats_options, limit, 16, 4);
	MEMBER(ty_pstats_options, no_summary, 20, 4);
	MEMBER(ty_pstats_options, color, 24, 4);
	MEMBER(ty_pstats_options, opcodes, 28, 4);
	MEMBER(ty_pstats_options, trust, 32, 4);
	MEMBER(ty_pstats_options, reserved, 36, 4);
}

TEST(layout_of_ty_flamegraph_options)
{
	SIZE(ty_flamegraph_options, 48);
	MEMBER(ty_flamegraph_options, size, 0, 8);
	MEMBER(ty_flamegraph_options, opcodes, 8, 4);
	MEMBER(ty_flamegraph_options, trust, 12, 4);
	MEMBER(ty_flamegraph_options, reserved, 16, 8);
	MEMBER(ty_flamegraph_options, source, 24, 8);
	MEMBER(ty_flamegraph_options, source_user_data, 32, 8);
	MEMBER(ty_flamegraph_options, baseline, 40, 8);
}

TEST(layout_of_ty_heatmap_options)
{
	SIZE(ty_heatmap_options, 40);
	MEMBER(ty_heatmap_options, size, 0, 8);
	MEMBER(ty_heatmap_options, opcodes, 8, 4);
	MEMBER(ty_heatmap_options, trust, 12, 4);
	MEMBER(ty_heatmap_options, reserved, 16, 8);
	MEMBER(ty_heatmap_options, source, 24, 8);
	MEMBER(ty_heatmap_options, source_user_data, 32, 8);
}

TEST(layout_of_ty_opcode)
{
	SIZE(ty_opcode, 48);
	MEMBER(ty_opcode, size, 0, 8);
	MEMBER(ty_opcode, version, 8, 4);
	MEMBER(ty_opcode, number, 12, 2);
	MEMBER(ty_opcode, base, 14, 2);
	MEMBER(ty_opcode, name, 16, 8);
	MEMBER(ty_opcode, base_name, 24, 8);
	MEMBER(ty_opcode, family, 32, 8);
	MEMBER(ty_opcode, flags, 40, 4);
	MEMBER(ty_opcode, caches, 44, 1);
	MEMBER(ty_opcode, argument, 45, 1);
	MEMBER(ty_opcode, reserved, 46, 2);
}

TEST(layout_of_ty_process_event)
{
	SIZE(ty_process_event, 24);
	MEMBER(ty_process_event, size, 0, 8);
	MEMBER(ty_process_event, kind, 8, 4);
	MEMBER(ty_process_event, pid, 12, 4);
	MEMBER(ty_process_event, parent, 16, 4);
	MEMBER(ty_process_event, reserved, 20, 4);
}

TEST(layout_of_ty_sampler_options)
{
	SIZE(ty_sampler_options, 72);
	MEMBER(ty_sampler_options, size, 0, 8);
	MEMBER(ty_sampler_options, interval_ns, 8, 8);
	MEMBER(ty_sampler_options, duration_ns, 16, 8);
	MEMBER(ty_sampler_options, max_samples, 24, 8);
	MEMBER(ty_sampler_options, mode, 32, 4);
	MEMBER(ty_sampler_options, opcodes, 36, 4);
	MEMBER(ty_sampler_options, progress, 40, 8);
	MEMBER(ty_sampler_options, progress_user_data, 48, 8);
	MEMBER(ty_sampler_options, progress_interval_ns, 56, 8);
	MEMBER(ty_sampler_options, placement, 64, 4);
	MEMBER(ty_sampler_options, reserved, 68, 4);
}

TEST(layout_of_ty_frame)
{
	SIZE(ty_frame, 16);
	MEMBER(ty_frame, function, 0, 4);
	MEMBER(ty_frame, offset, 4, 4);
	MEMBER(ty_frame, kind, 8, 1);
	MEMBER(ty_frame, flags, 9, 1);
	MEMBER(ty_frame, opcode, 10, 1);
	MEMBER(ty_frame, oparg, 11, 1);
	MEMBER(ty_frame, task, 12, 4);
}

TEST(layout_of_ty_thread_info)
{
	SIZE(ty_thread_info, 72);
	MEMBER(ty_thread_info, size, 0, 8);
	MEMBER(ty_thread_info, native_id, 8, 8);
	MEMBER(ty_thread_info, host_id, 16, 8);
	MEMBER(ty_thread_info, pthread_id, 24, 8);
	MEMBER(ty_thread_info, interpreter, 32, 8);
	MEMBER(ty_thread_info, status, 40, 4);
	MEMBER(ty_thread_info, verdict, 44, 4);
	MEMBER(ty_thread_info, frames, 48, 8);
	MEMBER(ty_thread_info, frame_count, 56, 4);
	MEMBER(ty_thread_info, unchanged_frames, 60, 4);
	MEMBER(ty_thread_info, thread_key, 64, 8);
}

TEST(layout_of_ty_task_list_info)
{
	SIZE(ty_task_list_info, 48);
	MEMBER(ty_task_list_info, size, 0, 8);
	MEMBER(ty_task_list_info, support, 8, 4);
	MEMBER(ty_task_list_info, limits, 12, 4);
	MEMBER(ty_task_list_info, count, 16, 8);
	MEMBER(ty_task_list_info, running, 24, 8);
	MEMBER(ty_task_list_info, time_ns, 32, 8);
	MEMBER(ty_task_list_info, message, 40, 8);
}

TEST(layout_of_ty_task_info)
{
	SIZE(ty_task_info, 112);
	MEMBER(ty_task_info, size, 0, 8);
	MEMBER(ty_task_info, address, 8, 8);
	MEMBER(ty_task_info, serial, 16, 4);
	MEMBER(ty_task_info, flags, 20, 4);
	MEMBER(ty_task_info, name, 24, 8);
	MEMBER(ty_task_info, thread_key, 32, 8);
	MEMBER(ty_task_info, native_id, 40, 8);
	MEMBER(ty_task_info, interpreter, 48, 8);
	MEMBER(ty_task_info, loop, 56, 8);
	MEMBER(ty_task_info, future, 64, 8);
	MEMBER(ty_task_info, verdict, 72, 4);
	MEMBER(ty_task_info, frame_count, 76, 4);
	MEMBER(ty_task_info, frames, 80, 8);
	MEMBER(ty_task_info, awaited_by, 88, 8);
	MEMBER(ty_task_info, awaited_by_count, 96, 4);
	MEMBER(ty_task_info, awaits_count, 100, 4);
	MEMBER(ty_task_info, seen_since_ns, 104, 8);
}

TEST(layout_of_ty_function_info)
{
	SIZE(ty_function_info, 56);
	MEMBER(ty_function_info, size, 0, 8);
	MEMBER(ty_function_info, id, 8, 4);
	MEMBER(ty_function_info, first_line, 12, 4);
	MEMBER(ty_function_info, name, 16, 8);
	MEMBER(ty_function_info, qualname, 24, 8);
	MEMBER(ty_function_info, filename, 32, 8);
	MEMBER(ty_function_info, address, 40, 8);
	MEMBER(ty_function_info, bytecode_bytes, 48, 4);
	MEMBER(ty_function_info, reserved, 52, 4);
}

TEST(layout_of_ty_location_info)
{
	SIZE(ty_location_info, 24);
	MEMBER(ty_location_info, size, 0, 8);
	MEMBER(ty_location_info, line, 8, 4);
	MEMBER(ty_location_info, end_line, 12, 4);
	MEMBER(ty_location_info, column, 16, 4);
	MEMBER(ty_location_info, end_column, 20, 4);
}

TEST(layout_of_ty_instruction_info)
{
	SIZE(ty_instruction_info, 48);
	MEMBER(ty_instruction_info, size, 0, 8);
	MEMBER(ty_instruction_info, offset, 8, 4);
	MEMBER(ty_instruction_info, executing, 12, 2);
	MEMBER(ty_instruction_info, opcode, 14, 2);
	MEMBER(ty_instruction_info, base, 16, 2);
	MEMBER(ty_instruction_info, flags, 18, 2);
	MEMBER(ty_instruction_info, argument, 20, 4);
	MEMBER(ty_instruction_info, name, 24, 8);
	MEMBER(ty_instruction_info, base_name, 32, 8);
	MEMBER(ty_instruction_info, opcode_flags, 40, 4);
	MEMBER(ty_instruction_info, reserved, 44, 4);
}

TEST(layout_of_ty_attach_options)
{
	SIZE(ty_attach_options, 64);
	MEMBER(ty_attach_options, size, 0, 8);
	MEMBER(ty_attach_options, threads, 8, 4);
	MEMBER(ty_attach_options, stop_policy, 12, 4);
	MEMBER(ty_attach_options, stop_deadline_us, 16, 4);
	MEMBER(ty_attach_options, max_retries, 20, 4);
	MEMBER(ty_attach_options, max_frames, 24, 4);
	MEMBER(ty_attach_options, opcodes, 28, 4);
	MEMBER(ty_attach_options, cpu_status, 32, 4);
	MEMBER(ty_attach_options, tasks, 36, 4);
	MEMBER(ty_attach_options, log, 40, 8);
	MEMBER(ty_attach_options, log_user_data, 48, 8);
	MEMBER(ty_attach_options, native_frames, 56, 4);
	MEMBER(ty_attach_options, no_gc_frames, 60, 4);
}

TEST(layout_of_ty_target_information)
{
	SIZE(ty_target_information, 48);
	MEMBER(ty_target_information, size, 0, 8);
	MEMBER(ty_target_information, python_version, 8, 4);
	MEMBER(ty_target_information, python_hexversion, 12, 4);
	MEMBER(ty_target_information, free_threaded, 16, 4);
	MEMBER(ty_target_information, is_capture, 20, 4);
	MEMBER(ty_target_information, pid, 24, 4);
	MEMBER(ty_target_information, namespace_pid, 28, 4);
	MEMBER(ty_target_information, runtime_address, 32, 8);
	MEMBER(ty_target_information, runtime_path, 40, 8);
}

TEST(layout_of_ty_target_counters)
{
	SIZE(ty_target_counters, 120);
	MEMBER(ty_target_counters, size, 0, 8);
	MEMBER(ty_target_counters, samples, 8, 8);
	MEMBER(ty_target_counters, failed, 16, 8);
	MEMBER(ty_target_counters, verified, 24, 8);
	MEMBER(ty_target_counters, repaired, 32, 8);
	MEMBER(ty_target_counters, torn, 40, 8);
	MEMBER(ty_target_counters, incomplete, 48, 8);
	MEMBER(ty_target_counters, retries, 56, 8);
	MEMBER(ty_target_counters, stops, 64, 8);
	MEMBER(ty_target_counters, stop_ns, 72, 8);
	MEMBER(ty_target_counters, syscalls, 80, 8);
	MEMBER(ty_target_counters, bytes_read, 88, 8);
	MEMBER(ty_target_counters, predicted, 96, 8);
	MEMBER(ty_target_counters, code_objects, 104, 8);
	MEMBER(ty_target_counters, code_checks, 112, 8);
}

TEST(layout_of_ty_binary_options)
{
	SIZE(ty_binary_options, 24);
	MEMBER(ty_binary_options, size, 0, 8);
	MEMBER(ty_binary_options, compression, 8, 4);
	MEMBER(ty_binary_options, opcodes, 12, 4);
	MEMBER(ty_binary_options, trust, 16, 4);
	MEMBER(ty_binary_options, reserved, 20, 4);
}

TEST(layout_of_ty_recording_information)
{
	SIZE(ty_recording_information, 152);
	MEMBER(ty_recording_information, size, 0, 8);
	MEMBER(ty_recording_information, interval_ns, 8, 8);
	MEMBER(ty_recording_information, start_time_ns, 16, 8);
	MEMBER(ty_recording_information, start_unix_ns, 24, 8);
	MEMBER(ty_recording_information, duration_ns, 32, 8);
	MEMBER(ty_recording_information, stacks, 40, 8);
	MEMBER(ty_recording_information, bytes, 48, 8);
	MEMBER(ty_recording_information, bytes_read, 56, 8);
	MEMBER(ty_recording_information, mode, 64, 4);
	MEMBER(ty_recording_information, opcodes, 68, 4);
	MEMBER(ty_recording_information, finished, 72, 4);
	MEMBER(ty_recording_information, by_cpython, 76, 4);
	MEMBER(ty_recording_information, compression, 80, 4);
	MEMBER(ty_recording_information, recordings, 84, 4);
	MEMBER(ty_recording_information, python_hexversion, 88, 4);
	MEMBER(ty_recording_information, threads, 92, 4);
	MEMBER(ty_recording_information, strings, 96, 4);
	MEMBER(ty_recording_information, frames, 100, 4);
	MEMBER(ty_recording_information, mode_known, 104, 4);
	MEMBER(ty_recording_information, features, 108, 4);
	MEMBER(ty_recording_information, measured, 112, 4);
	MEMBER(ty_recording_information, reserved, 116, 4);
	MEMBER(ty_recording_information, duration_s, 120, 8);
	MEMBER(ty_recording_information, rate_hz, 128, 8);
	MEMBER(ty_recording_information, error_percent, 136, 8);
	MEMBER(ty_recording_information, missed, 144, 8);
}

TEST(layout_of_ty_recorder_options)
{
	SIZE(ty_recorder_options, 48);
	MEMBER(ty_recorder_options, size, 0, 8);
	MEMBER(ty_recorder_options, compression, 8, 4);
	MEMBER(ty_recorder_options, mode, 12, 4);
	MEMBER(ty_recorder_options, interval_ns, 16, 8);
	MEMBER(ty_recorder_options, start_time_ns, 24, 8);
	MEMBER(ty_recorder_options, start_unix_ns, 32, 8);
	MEMBER(ty_recorder_options, python_hexversion, 40, 4);
	MEMBER(ty_recorder_options, features, 44, 4);
}

TEST(layout_of_ty_recorded_frame)
{
	SIZE(ty_recorded_frame, 64);
	MEMBER(ty_recorded_frame, size, 0, 8);
	MEMBER(ty_recorded_frame, filename, 8, 8);
	MEMBER(ty_recorded_frame, qualname, 16, 8);
	MEMBER(ty_recorded_frame, name, 24, 8);
	MEMBER(ty_recorded_frame, first_line, 32, 4);
	MEMBER(ty_recorded_frame, kind, 36, 4);
	MEMBER(ty_recorded_frame, offset, 40, 4);
	MEMBER(ty_recorded_frame, opcode, 44, 4);
	MEMBER(ty_recorded_frame, line, 48, 4);
	MEMBER(ty_recorded_frame, end_line, 52, 4);
	MEMBER(ty_recorded_frame, column, 56, 4);
	MEMBER(ty_recorded_frame, end_column, 60, 4);
}

TEST(layout_of_ty_recorded_stack)
{
	SIZE(ty_recorded_stack, 48);
	MEMBER(ty_recorded_stack, size, 0, 8);
	MEMBER(ty_recorded_stack, time_ns, 8, 8);
	MEMBER(ty_recorded_stack, native_id, 16, 8);
	MEMBER(ty_recorded_stack, interpreter, 24, 4);
	MEMBER(ty_recorded_stack, status, 28, 4);
	MEMBER(ty_recorded_stack, verdict, 32, 4);
	MEMBER(ty_recorded_stack, frame_count, 36, 4);
	MEMBER(ty_recorded_stack, frames, 40, 8);
}

TEST(layout_of_ty_recorder_counters)
{
	SIZE(ty_recorder_counters, 72);
	MEMBER(ty_recorder_counters, size, 0, 8);
	MEMBER(ty_recorder_counters, stacks, 8, 8);
	MEMBER(ty_recorder_counters, repeat_records, 16, 8);
	MEMBER(ty_recorder_counters, repeat_stacks, 24, 8);
	MEMBER(ty_recorder_counters, full_records, 32, 8);
	MEMBER(ty_recorder_counters, pop_push_records, 40, 8);
	MEMBER(ty_recorder_counters, frames_written, 48, 8);
	MEMBER(ty_recorder_counters, frames_saved, 56, 8);
	MEMBER(ty_recorder_counters, bytes_written, 64, 8);
}

TEST(layout_of_ty_live_options)
{
	SIZE(ty_live_options, 24);
	MEMBER(ty_live_options, size, 0, 8);
	MEMBER(ty_live_options, opcodes, 8, 4);
	MEMBER(ty_live_options, trust, 12, 4);
	MEMBER(ty_live_options, listings, 16, 4);
	MEMBER(ty_live_options, reserved, 20, 4);
}

TEST(layout_of_ty_live_overview_info)
{
	SIZE(ty_live_overview_info, 160);
	MEMBER(ty_live_overview_info, size, 0, 8);
	MEMBER(ty_live_overview_info, duration_ns, 8, 8);
	MEMBER(ty_live_overview_info, samples, 16, 8);
	MEMBER(ty_live_overview_info, missed, 24, 8);
	MEMBER(ty_live_overview_info, failed, 32, 8);
	MEMBER(ty_live_overview_info, stacks, 40, 8);
	MEMBER(ty_live_overview_info, verified, 48, 8);
	MEMBER(ty_live_overview_info, repaired, 56, 8);
	MEMBER(ty_live_overview_info, torn, 64, 8);
	MEMBER(ty_live_overview_info, incomplete, 72, 8);
	MEMBER(ty_live_overview_info, unreadable, 80, 8);
	MEMBER(ty_live_overview_info, counted, 88, 8);
	MEMBER(ty_live_overview_info, has_gil, 96, 8);
	MEMBER(ty_live_overview_info, on_cpu, 104, 8);
	MEMBER(ty_live_overview_info, unknown, 112, 8);
	MEMBER(ty_live_overview_info, gil_requested, 120, 8);
	MEMBER(ty_live_overview_info, has_exception, 128, 8);
	MEMBER(ty_live_overview_info, collecting, 136, 8);
	MEMBER(ty_live_overview_info, threads, 144, 4);
	MEMBER(ty_live_overview_info, functions, 148, 4);
	MEMBER(ty_live_overview_info, executing, 152, 4);
	MEMBER(ty_live_overview_info, reserved, 156, 4);
}

TEST(layout_of_ty_live_thread_info)
{
	SIZE(ty_live_thread_info, 48);
	MEMBER(ty_live_thread_info, size, 0, 8);
	MEMBER(ty_live_thread_info, thread, 8, 4);
	MEMBER(ty_live_thread_info, is_main, 12, 4);
	MEMBER(ty_live_thread_info, id, 16, 8);
	MEMBER(ty_live_thread_info, interpreter, 24, 8);
	MEMBER(ty_live_thread_info, counted, 32, 8);
	MEMBER(ty_live_thread_info, name, 40, 8);
}

TEST(layout_of_ty_live_query)
{
	SIZE(ty_live_query, 40);
	MEMBER(ty_live_query, size, 0, 8);
	MEMBER(ty_live_query, group, 8, 4);
	MEMBER(ty_live_query, sort, 12, 4);
	MEMBER(ty_live_query, thread, 16, 4);
	MEMBER(ty_live_query, reserved, 20, 4);
	MEMBER(ty_live_query, filter, 24, 8);
	MEMBER(ty_live_query, filename, 32, 8);
}

TEST(layout_of_ty_live_function_info)
{
	SIZE(ty_live_function_info, 56);
	MEMBER(ty_live_function_info, size, 0, 8);
	MEMBER(ty_live_function_info, function, 8, 4);
	MEMBER(ty_live_function_info, line, 12, 4);
	MEMBER(ty_live_function_info, filename, 16, 8);
	MEMBER(ty_live_function_info, name, 24, 8);
	MEMBER(ty_live_function_info, leaf, 32, 8);
	MEMBER(ty_live_function_info, on_stack, 40, 8);
	MEMBER(ty_live_function_info, leaf_trend, 48, 4);
	MEMBER(ty_live_function_info, on_stack_trend, 52, 4);
}

TEST(layout_of_ty_live_instruction_info)
{
	SIZE(ty_live_instruction_info, 104);
	MEMBER(ty_live_instruction_info, size, 0, 8);
	MEMBER(ty_live_instruction_info, is_line, 8, 4);
	MEMBER(ty_live_instruction_info, line, 12, 4);
	MEMBER(ty_live_instruction_info, leaf, 16, 8);
	MEMBER(ty_live_instruction_info, on_stack, 24, 8);
	MEMBER(ty_live_instruction_info, offset, 32, 4);
	MEMBER(ty_live_instruction_info, column, 36, 4);
	MEMBER(ty_live_instruction_info, end_line, 40, 4);
	MEMBER(ty_live_instruction_info, end_column, 44, 4);
	MEMBER(ty_live_instruction_info, name, 48, 8);
	MEMBER(ty_live_instruction_info, base_name, 56, 8);
	MEMBER(ty_live_instruction_info, argument_text, 64, 8);
	MEMBER(ty_live_instruction_info, argument, 72, 4);
	MEMBER(ty_live_instruction_info, has_argument, 76, 4);
	MEMBER(ty_live_instruction_info, label, 80, 4);
	MEMBER(ty_live_instruction_info, form, 84, 4);
	MEMBER(ty_live_instruction_info, forms, 88, 4);
	MEMBER(ty_live_instruction_info, flags, 92, 4);
	MEMBER(ty_live_instruction_info, opcode, 96, 2);
	MEMBER(ty_live_instruction_info, reserved, 98, 6);
}

TEST(layout_of_ty_live_call_info)
{
	SIZE(ty_live_call_info, 48);
	MEMBER(ty_live_call_info, size, 0, 8);
	MEMBER(ty_live_call_info, function, 8, 4);
	MEMBER(ty_live_call_info, depth, 12, 4);
	MEMBER(ty_live_call_info, line, 16, 4);
	MEMBER(ty_live_call_info, is_last, 20, 4);
	MEMBER(ty_live_call_info, filename, 24, 8);
	MEMBER(ty_live_call_info, name, 32, 8);
	MEMBER(ty_live_call_info, samples, 40, 8);
}

TEST(layout_of_ty_gc_collection)
{
	SIZE(ty_gc_collection, 88);
	MEMBER(ty_gc_collection, size, 0, 8);
	MEMBER(ty_gc_collection, interpreter, 8, 8);
	MEMBER(ty_gc_collection, start_ns, 16, 8);
	MEMBER(ty_gc_collection, stop_ns, 24, 8);
	MEMBER(ty_gc_collection, collections, 32, 8);
	MEMBER(ty_gc_collection, collected, 40, 8);
	MEMBER(ty_gc_collection, uncollectable, 48, 8);
	MEMBER(ty_gc_collection, candidates, 56, 8);
	MEMBER(ty_gc_collection, heap_objects, 64, 8);
	MEMBER(ty_gc_collection, duration_s, 72, 8);
	MEMBER(ty_gc_collection, generation, 80, 4);
	MEMBER(ty_gc_collection, reserved, 84, 4);
}

TEST(layout_of_ty_annotation_options)
{
	SIZE(ty_annotation_options, 56);
	MEMBER(ty_annotation_options, size, 0, 8);
	MEMBER(ty_annotation_options, format, 8, 4);
	MEMBER(ty_annotation_options, parts, 12, 4);
	MEMBER(ty_annotation_options, function, 16, 8);
	MEMBER(ty_annotation_options, limit, 24, 4);
	MEMBER(ty_annotation_options, trust, 28, 4);
	MEMBER(ty_annotation_options, color, 32, 4);
	MEMBER(ty_annotation_options, reserved, 36, 4);
	MEMBER(ty_annotation_options, source, 40, 8);
	MEMBER(ty_annotation_options, source_user_data, 48, 8);
}

TEST(layout_of_ty_callgrind_options)
{
	SIZE(ty_callgrind_options, 24);
	MEMBER(ty_callgrind_options, size, 0, 8);
	MEMBER(ty_callgrind_options, opcodes, 8, 4);
	MEMBER(ty_callgrind_options, trust, 12, 4);
	MEMBER(ty_callgrind_options, reserved, 16, 4);
}

TEST(layout_of_ty_chrome_trace_options)
{
	SIZE(ty_chrome_trace_options, 24);
	MEMBER(ty_chrome_trace_options, size, 0, 8);
	MEMBER(ty_chrome_trace_options, opcodes, 8, 4);
	MEMBER(ty_chrome_trace_options, trust, 12, 4);
	MEMBER(ty_chrome_trace_options, reserved, 16, 4);
}

TEST(layout_of_ty_disassembly_row)
{
	SIZE(ty_disassembly_row, 56);
	MEMBER(ty_disassembly_row, size, 0, 8);
	MEMBER(ty_disassembly_row, instruction, 8, 8);
	MEMBER(ty_disassembly_row, location, 16, 8);
	MEMBER(ty_disassembly_row, argument_text, 24, 8);
	MEMBER(ty_disassembly_row, target, 32, 4);
	MEMBER(ty_disassembly_row, label, 36, 4);
	MEMBER(ty_disassembly_row, handler, 40, 4);
	MEMBER(ty_disassembly_row, handler_depth, 44, 4);
	MEMBER(ty_disassembly_row, handler_lasti, 48, 4);
	MEMBER(ty_disassembly_row, reserved, 52, 4);
}

TEST(layout_of_ty_gecko_options)
{
	SIZE(ty_gecko_options, 24);
	MEMBER(ty_gecko_options, size, 0, 8);
	MEMBER(ty_gecko_options, opcodes, 8, 4);
	MEMBER(ty_gecko_options, trust, 12, 4);
	MEMBER(ty_gecko_options, reserved, 16, 4);
}

TEST(layout_of_ty_jsonl_options)
{
	SIZE(ty_jsonl_options, 24);
	MEMBER(ty_jsonl_options, size, 0, 8);
	MEMBER(ty_jsonl_options, opcodes, 8, 4);
	MEMBER(ty_jsonl_options, stacks, 12, 4);
	MEMBER(ty_jsonl_options, trust, 16, 4);
	MEMBER(ty_jsonl_options, times, 20, 4);
}

TEST(layout_of_ty_perfetto_options)
{
	SIZE(ty_perfetto_options, 24);
	MEMBER(ty_perfetto_options, size, 0, 8);
	MEMBER(ty_perfetto_options, opcodes, 8, 4);
	MEMBER(ty_perfetto_options, trust, 12, 4);
	MEMBER(ty_perfetto_options, reserved, 16, 4);
}

TEST(layout_of_ty_pprof_options)
{
	SIZE(ty_pprof_options, 24);
	MEMBER(ty_pprof_options, size, 0, 8);
	MEMBER(ty_pprof_options, opcodes, 8, 4);
	MEMBER(ty_pprof_options, trust, 12, 4);
	MEMBER(ty_pprof_options, reserved, 16, 4);
}

TEST(layout_of_ty_speedscope_options)
{
	SIZE(ty_speedscope_options, 24);
	MEMBER(ty_speedscope_options, size, 0, 8);
	MEMBER(ty_speedscope_options, opcodes, 8, 4);
	MEMBER(ty_speedscope_options, trust, 12, 4);
	MEMBER(ty_speedscope_options, reserved, 16, 4);
}
