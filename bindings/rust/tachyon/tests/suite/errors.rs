// SPDX-License-Identifier: Apache-2.0
//! Errors: what they say, and what they turn into.

use std::error::Error as _;
use std::fs;
use std::io;

use tachyon::{reports, AttachOptions, Compression, ErrorClass, ErrorKind, Phase, SamplerOptions, Sink};

use crate::support::{capture, data, Folder};

const ENOENT: i32 = 2;
const ESRCH: i32 = 3;

#[test]
fn a_process_that_is_not_there() {
    let error = tachyon::attach(0x7fff_fff0).unwrap_err();
    assert_eq!((error.kind(), error.class()), (Some(ErrorKind::Exited), ErrorClass::Gone));
    assert_eq!(error.raw_os_error(), Some(ESRCH));
    assert!(error.message().contains("2147483632"), "{error}");
    assert_eq!(error.phase(), Phase::Discover);
    assert!(error.source().is_none() && error.get_ref().is_none());
    assert!(format!("{error:?}").contains("Exited"), "{error:?}");

    let io = io::Error::from(error);
    assert_eq!(io.kind(), io::Error::from_raw_os_error(ESRCH).kind());
    assert!(io.get_ref().unwrap().is::<tachyon::Error>());
}

#[test]
fn a_process_that_is_no_python() {
    let error = tachyon::attach(std::process::id()).unwrap_err();
    assert_eq!((error.kind(), error.class()), (Some(ErrorKind::NotPython), ErrorClass::Unsupported));
    assert_eq!(error.raw_os_error(), None);
    assert!(error.code() < -4000);
}

#[test]
fn a_file_that_is_not_there() {
    let error = tachyon::open_capture("/nowhere/at/all").unwrap_err();
    assert_eq!((error.kind(), error.raw_os_error()), (None, Some(ENOENT)));
    assert!(error.message().contains("/nowhere/at/all"), "{error}");
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::NotFound);
    let error = Sink::file("/nowhere/at/all").unwrap_err();
    assert!(error.message().contains("/nowhere/at/all"), "{error}");
    assert_eq!(error.raw_os_error(), Some(ENOENT));
}

#[test]
fn a_file_that_is_something_else() {
    let capture = data("captures/3.15.tycap");
    let recording = data("recordings/ours-none.bin");
    assert_eq!(tachyon::open_capture(&recording).unwrap_err().kind(), Some(ErrorKind::Capture));
    assert_eq!(tachyon::open_recording(&capture).unwrap_err().kind(), Some(ErrorKind::Recording));

    let folder = Folder::new("truncated");
    let path = folder.path().join("half.tycap");
    let bytes = fs::read(capture).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(tachyon::open_capture(&path).unwrap_err().kind(), Some(ErrorKind::Capture));
}

#[test]
fn a_path_with_a_nul() {
    let error = tachyon::open_capture("half\0path").unwrap_err();
    assert_eq!((error.kind(), error.class()), (Some(ErrorKind::Option), ErrorClass::Usage));
    assert!(Sink::file("half\0path").is_err());
}

#[test]
fn a_report_that_had_its_run() {
    let mut stacks = reports::Collapsed::new().to_memory().unwrap();
    let mut target = capture();
    let mut sampler = target.sampler(SamplerOptions::new().max_samples(1)).unwrap();
    sampler.run(&mut [&mut stacks]).unwrap();
    drop(sampler);
    let before = stacks.data().unwrap().to_vec();
    let mut sampler = target.sampler(SamplerOptions::new().max_samples(1)).unwrap();
    assert_eq!(sampler.run(&mut [&mut stacks]).unwrap_err().kind(), Some(ErrorKind::State));
    assert_eq!(stacks.data().unwrap(), before);
}

#[test]
fn a_capture_that_cannot_be_recorded_again() {
    let error = capture().capture(Sink::memory().unwrap()).unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::State));
    assert!(error.message().contains("copy its file"), "{error}");
}

#[test]
fn functions_that_are_not_there() {
    let target = capture();
    assert_eq!(target.function_by_id(0).unwrap_err().kind(), Some(ErrorKind::NotFound));
    assert_eq!(target.function_by_id(u32::MAX).unwrap_err().kind(), Some(ErrorKind::NotFound));
    assert_eq!(target.disassemble(u32::MAX).unwrap_err().kind(), Some(ErrorKind::NotFound));
    assert_eq!(target.thread_name(1), "");
}

#[test]
fn places_that_cannot_be_written_to() {
    let folder = Folder::new("taken");
    fs::write(folder.path().join("file"), "").unwrap();
    let error = reports::Heatmap::new().to_folder(folder.path()).unwrap_err();
    assert!(error.message().contains("taken"), "{error}");
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::AlreadyExists);
    assert!(reports::Flamegraph::new().to_file("/nowhere/at/all.html").is_err());
    assert!(tachyon::Processes::watch(0x7fff_fff0).is_err());
}

#[test]
fn options_are_what_the_library_says() {
    let options = AttachOptions::new().max_frames(3).gc_frames(false).native_frames(false).max_retries(0);
    let mut target = options.open_capture(data("captures/3.15.tycap")).unwrap();
    assert_eq!(target.sample().unwrap().thread(0).unwrap().frames().len(), 3);
    let recording = reports::Recording::new().compression(Compression::None).opcodes(true);
    let folder = Folder::new("recorded");
    let path = folder.path().join("run.bin");
    let mut recording = recording.to_file(&path).unwrap();
    capture().sampler(SamplerOptions::new().max_samples(5)).unwrap().run(&mut [&mut recording]).unwrap();
    let info = tachyon::open_recording(&path).unwrap().recording_info().unwrap();
    assert_eq!((info.compression, info.stacks), (Some(Compression::None), Some(5)));
    assert_eq!(info.interval, std::time::Duration::from_millis(1));
}
