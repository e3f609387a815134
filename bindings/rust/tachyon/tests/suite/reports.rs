// SPDX-License-Identifier: Apache-2.0
//! Every built-in report, to every kind of place.

use std::fs::{self, File};
use std::io::{Read, Seek};

use tachyon::reports::{self, AnnotationFormat, PstatsFormat, Report, Sort, SourceFiles, Trust};
use tachyon::{SamplerOptions, Sink};

use crate::support::{data, Folder};

/// Replays a recording into a report.
fn fill(report: &mut Report<'_>) {
    let mut target = tachyon::open_recording(data("recordings/ours-none.bin")).unwrap();
    target.sampler(SamplerOptions::new().opcodes(true)).unwrap().run(&mut [report]).unwrap();
}

/// What a report makes of a recording.
fn result(report: tachyon::Result<Report<'_>>) -> Vec<u8> {
    let mut report = report.unwrap();
    fill(&mut report);
    report.data().unwrap().to_vec()
}

fn text(report: tachyon::Result<Report<'_>>) -> String {
    String::from_utf8(result(report)).unwrap()
}

#[test]
fn texts() {
    let collapsed = text(reports::Collapsed::new().opcodes(true).offsets(true).to_memory());
    assert!(collapsed.contains("inner:12;[") && collapsed.contains('@'));
    let table = text(reports::Pstats::new().sort(Sort::Name).limit(Some(1)).summary(false).to_memory());
    assert!(table.contains("nsamples") && !table.contains("climb"));
    let all = text(reports::Pstats::new().limit(None).color(true).opcodes(true).trust(Trust::All).to_memory());
    assert!(all.contains("climb") && all.contains("\x1b["));
    let lines = text(reports::Jsonl::new().opcodes(true).stacks(true).to_memory());
    assert!(lines.lines().count() >= 8 && lines.starts_with('{'));
    assert!(text(reports::Callgrind::new().opcodes(true).to_memory()).contains("events:"));
}

#[test]
fn files_of_other_programs() {
    assert!(text(reports::Gecko::new().opcodes(true).to_memory()).contains("\"meta\""));
    assert!(text(reports::Speedscope::new().opcodes(true).to_memory()).contains("speedscope.app"));
    assert!(text(reports::ChromeTrace::new().opcodes(true).to_memory()).contains("traceEvents"));
    assert!(result(reports::Pprof::new().opcodes(true).to_memory()).starts_with(b"\x1f\x8b"));
    let perfetto = result(reports::Perfetto::new().opcodes(true).to_memory());
    assert!(perfetto.windows(5).any(|word| word == b"climb"));
    assert_eq!(result(reports::Pstats::new().format(PstatsFormat::Marshal).to_memory())[0] & 0x7f, b'{');
}

#[test]
fn pages() {
    let page = text(reports::Flamegraph::new().opcodes(true).to_memory());
    assert!(page.starts_with("<!") && page.contains("climb"));
    let mut before = tachyon::open_recording(data("recordings/cpython-none.bin")).unwrap();
    let beside = text(reports::Flamegraph::new().baseline(&mut before).to_memory());
    assert!(beside.starts_with("<!") && beside != page);

    let folder = Folder::new("heatmap");
    let pages = folder.path().join("pages");
    fill(&mut reports::Heatmap::new().opcodes(true).to_folder(&pages).unwrap());
    assert!(fs::read_to_string(pages.join("index.html")).unwrap().contains("program.py"));
}

#[test]
fn annotations() {
    let program = fs::read_to_string(data("recordings/program.py")).unwrap();
    let lines: Vec<_> = program.lines().map(str::to_owned).collect();
    let source = |_: &str, line: u32| lines.get(line as usize - 1).cloned();
    let annotation = text(reports::Annotation::new().function("inner").source(source).to_memory());
    assert!(annotation.contains("FOR_ITER") && annotation.contains("for number in range"));
    assert!(!annotation.contains("climb("));
    let annotation = text(reports::Annotation::new().format(AnnotationFormat::Json).limit(None).to_memory());
    assert!(annotation.starts_with('{') && annotation.contains("\"could_specialize\""));
    let only = reports::AnnotationParts::Specialization;
    assert!(!text(reports::Annotation::new().only(only).to_memory()).contains("FOR_ITER"));
}

#[test]
fn places() {
    let expected = result(reports::Collapsed::new().to_memory());
    let folder = Folder::new("places");

    let path = folder.path().join("by-name");
    let mut report = reports::Collapsed::new().to_file(&path).unwrap();
    assert!(!path.exists());
    fill(&mut report);
    assert!(report.data().is_none());
    assert_eq!(fs::read(&path).unwrap(), expected);

    let mut file = File::options().read(true).write(true).create_new(true).open(folder.path().join("by-fd")).unwrap();
    fill(&mut reports::Collapsed::new().to(Sink::fd(file.try_clone().unwrap()).unwrap()).unwrap());
    let mut written = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut written).unwrap();
    assert_eq!(written, expected);

    let mut written = Vec::new();
    fill(&mut reports::Collapsed::new().to_writer(&mut written).unwrap());
    assert_eq!(written, expected);

    // One that never runs leaves nothing behind.
    drop(reports::Collapsed::new().to_file(folder.path().join("never")).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_report_may_move_to_another_thread() {
    let mut report = reports::Collapsed::new().to_memory().unwrap();
    let report = std::thread::spawn(move || {
        fill(&mut report);
        report
    });
    assert!(!report.join().unwrap().data().unwrap().is_empty());
}

#[test]
fn sources_come_from_files() {
    let name = data("recordings/program.py");
    let name = name.to_str().unwrap();
    let mut files = SourceFiles::new();
    assert!(files.line(name, 1).unwrap().contains("SPDX"));
    assert_eq!(files.line(name, 0), None);
    assert_eq!(files.line(name, 100_000), None);
    assert_eq!(files.line("/nowhere/at/all.py", 1), None);
    // A pipe or a device would never end.
    assert_eq!(files.line("/dev/zero", 1), None);
    assert_eq!(SourceFiles::of(std::process::id()).line("<string>", 1), None);
}
