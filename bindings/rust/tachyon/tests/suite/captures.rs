// SPDX-License-Identifier: Apache-2.0
//! What frames mean, from captures and recordings: no Python.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use tachyon::{
    reports, Compression, Frame, FrameKind, Mode, PythonVersion, RecordedFrame, RecordedStack, RecorderOptions,
    RecordingFeatures, SamplerOptions, Snapshot, ThreadStatus, Verdict,
};

use crate::support::{capture, data, Folder, VERSIONS};

fn number(value: Option<u32>) -> i64 {
    value.map_or(-1, i64::from)
}

/// A frame as the program that was captured described it itself.
fn describe(snapshot: &Snapshot<'_>, frame: &Frame) -> String {
    let function = snapshot.target().function(frame).unwrap();
    let location = snapshot.target().location(frame).unwrap();
    let instruction = snapshot.target().instruction(frame).unwrap().unwrap();
    let filename = Path::new(function.filename()).file_name().unwrap().to_str().unwrap();
    assert_eq!(frame.offset(), Some(instruction.offset));
    format!(
        " {{\"name\": \"{}\", \"qualname\": \"{}\", \"filename\": \"{filename}\", \"first_line\": {}, \"line\": {}, \
         \"end_line\": {}, \"column\": {}, \"end_column\": {}, \"offset\": {}, \"base\": \"{}\"}}",
        function.name(),
        function.qualname(),
        function.first_line,
        number(location.line),
        number(location.end_line),
        number(location.column),
        number(location.end_column),
        instruction.offset,
        instruction.base_name,
    )
}

#[test]
fn a_capture_gives_what_its_program_said() {
    for version in VERSIONS {
        let mut target = tachyon::open_capture(data(&format!("captures/{version}.tycap"))).unwrap();
        let snapshot = target.sample().unwrap();
        let main = snapshot.threads().find(|thread| thread.status().contains(ThreadStatus::MAIN)).unwrap();
        // Of `rest`, which waits in it, the program knew no more than that.
        let frames = &main.frames()[1..];
        let described: Vec<_> = frames.iter().map(|frame| describe(&snapshot, frame)).collect();
        let expected = fs::read_to_string(data(&format!("captures/{version}.json"))).unwrap();

        assert_eq!(format!("[\n{}\n]", described.join(",\n")), expected.trim_end(), "{version}");
        assert_eq!(main.verdict(), Verdict::Verified);
        assert_eq!(main.interpreter(), 0);
        assert!(frames.iter().all(|frame| frame.kind() == FrameKind::Python));
        assert!(main.native_id().is_some());
    }
}

#[test]
fn a_target_says_what_it_is() {
    for version in VERSIONS {
        let mut target = tachyon::open_capture(data(&format!("captures/{version}.tycap"))).unwrap();
        let info = target.info().unwrap();
        let (major, minor) = version.split_once('.').unwrap();

        assert_eq!(info.python, Some(PythonVersion::new(major.parse().unwrap(), minor.parse().unwrap())));
        assert!(info.is_capture && !info.free_threaded && info.pid != 0 && info.hexversion.is_some());
        assert!(info.runtime_path.is_absolute());
        target.sample().unwrap();
        target.sample().unwrap();
        let statistics = target.statistics().unwrap();
        assert_eq!((statistics.samples, statistics.failed), (2, 0));
    }
}

#[test]
fn a_second_snapshot_knows_what_did_not_change() {
    let mut target = capture();
    let depth = target.sample().unwrap().thread(0).unwrap().frames().len();
    let snapshot = target.sample().unwrap();
    assert_eq!(snapshot.thread(0).unwrap().unchanged_frames(), depth);
    assert!(snapshot.thread(snapshot.threads().len()).is_none());
    assert_eq!((&snapshot).into_iter().count(), snapshot.threads().len());
}

#[test]
fn frames_are_keys_that_outlive_their_snapshot() {
    let mut target = capture();
    let frames = target.sample().unwrap().thread(0).unwrap().frames().to_vec();
    let again = target.sample().unwrap().thread(0).unwrap().frames().to_vec();
    assert_eq!(frames, again);
    let names: Vec<_> = frames.iter().map(|frame| target.function(frame).unwrap().qualname()).collect();
    assert!(names.contains(&"Größe.測る"), "{names:?}");
}

#[test]
fn a_recording_gives_the_stacks_that_were_recorded() {
    let mut target = tachyon::open_recording(data("recordings/ours-none.bin")).unwrap();
    let mut stacks = reports::Collapsed::new().to_memory().unwrap();
    let summary = target.sampler(SamplerOptions::new()).unwrap().run(&mut [&mut stacks]).unwrap();
    let expected = fs::read(data("recordings/ours-none.txt")).unwrap();

    assert_eq!(String::from_utf8_lossy(stacks.data().unwrap()), String::from_utf8_lossy(&expected));
    assert_eq!(summary.end_reason, tachyon::EndReason::Exited);
    let info = target.recording_info().unwrap();
    assert_eq!((info.by_cpython, info.finished, info.opcodes, info.recordings), (false, true, true, 1));
    assert_eq!(info.bytes_read, info.bytes);
    assert_eq!(info.compression, Some(tachyon::Compression::None));
}

#[test]
fn a_recording_of_cpython_is_one_too() {
    let mut target = tachyon::open_recording(data("recordings/cpython-none.bin")).unwrap();
    let mut sampler = target.sampler(SamplerOptions::new()).unwrap();
    let mut stacks = 0;
    while let Some(snapshot) = sampler.next_snapshot().unwrap() {
        stacks += snapshot.threads().filter(|thread| !thread.frames().is_empty()).count() as u64;
    }
    let info = sampler.target().recording_info().unwrap();
    assert!(info.by_cpython && info.finished);
    assert!(stacks > 100 && info.stacks.unwrap() >= stacks, "{stacks} {info:?}");
}

#[test]
fn recordings_are_made_of_anything() {
    let folder = Folder::new("recorder");
    let path = folder.path().join("made.bin");
    let features = RecordingFeatures::ALL_THREADS | RecordingFeatures::OPCODES;
    let options = RecorderOptions::new().compression(Compression::None).hexversion(0x030f_00f0).features(features);
    let mut recorder = options.interval(Duration::from_millis(1)).mode(Mode::Cpu).create(&path).unwrap();
    let mut places = Vec::new();
    for (name, line) in [("inner", 3), ("outer", 7)] {
        let mut frame = RecordedFrame::new("made.py", name);
        (frame.line, frame.first_line, frame.opcode, frame.offset) = (Some(line), Some(1), Some(0), Some(2));
        places.push(recorder.frame(&frame).unwrap());
    }
    for millisecond in 1..=50 {
        recorder.stack(&RecordedStack::new(Duration::from_millis(millisecond), 9, &places)).unwrap();
    }
    let statistics = recorder.statistics().unwrap();
    assert_eq!(statistics.stacks, 50);
    let error = RecorderOptions::new().create(folder.path()).unwrap_err();
    assert!(error.message().contains("tachyon-rust-"), "{error}");
    recorder.finish().unwrap();

    let mut target = tachyon::open_recording(&path).unwrap();
    let mut stacks = reports::Collapsed::new().to_memory().unwrap();
    target.sampler(SamplerOptions::new()).unwrap().run(&mut [&mut stacks]).unwrap();
    assert_eq!(stacks.data().unwrap(), b"tid:9;made.py:outer:7;made.py:inner:3 50\n");
    let info = target.recording_info().unwrap();
    assert_eq!((info.mode, info.hexversion, info.threads), (Some(Mode::Cpu), Some(0x030f_00f0), Some(1)));
    assert_eq!(info.features, Some(features | RecordingFeatures::KNOWN));
    assert_eq!(info.rate_hz, None);
    assert!(Compression::None.is_available());
}

#[test]
fn two_recordings_are_one() {
    let path = data("recordings/ours-none.bin");
    let mut target = tachyon::open_recording(&path).unwrap();
    target.add_recording(&path).unwrap();
    assert_eq!(target.recording_info().unwrap().recordings, 2);
    target.sample().unwrap();
    assert_eq!(target.add_recording(&path).unwrap_err().kind(), Some(tachyon::ErrorKind::State));
    assert_eq!(capture().recording_info().unwrap_err().kind(), Some(tachyon::ErrorKind::State));
}

#[test]
fn a_recording_has_disassemblies() {
    let mut target = tachyon::open_recording(data("recordings/ours-none.bin")).unwrap();
    let mut sampler = target.sampler(SamplerOptions::new()).unwrap();
    let mut listing = String::new();
    while let Some(snapshot) = sampler.next_snapshot().unwrap() {
        let leaves = snapshot.threads().filter_map(|thread| thread.frames().first().copied());
        for leaf in leaves.filter(|leaf| snapshot.target().function(leaf).unwrap().name() == "inner") {
            if listing.is_empty() {
                for row in snapshot.target().disassemble(leaf.function_id()).unwrap() {
                    writeln!(listing, "{} {}", row.instruction.base_name, row.argument_text).unwrap();
                }
            }
        }
    }
    assert!(listing.contains("FOR_ITER to L") && listing.contains("LOAD_GLOBAL range + NULL"), "{listing}");
}

#[test]
fn every_opcode_of_every_version_has_a_name() {
    let versions =
        [PythonVersion::V3_11, PythonVersion::V3_12, PythonVersion::V3_13, PythonVersion::V3_14, PythonVersion::V3_15];
    for version in versions {
        let opcodes: Vec<_> = (0..=255).filter_map(|number| tachyon::decode_opcode(version, number).ok()).collect();
        assert!(opcodes.len() > 150, "{version}: {}", opcodes.len());
        for opcode in opcodes {
            assert!(!opcode.name.is_empty() && !opcode.base_name.is_empty(), "{opcode:?}");
            if opcode.flags.contains(tachyon::OpcodeFlags::SPECIALIZED) {
                assert!(opcode.family.is_some() && opcode.base != opcode.number, "{opcode:?}");
            }
        }
    }
}
