// SPDX-License-Identifier: Apache-2.0
//! Several targets as one.

use std::panic::{catch_unwind, AssertUnwindSafe};

use tachyon::{live, reports, Collector, ErrorKind, Flow, Merged, Outcome, Receiver, SamplerOptions, Snapshot};

use crate::support::{data, Counting, Folder, VERSIONS};

#[test]
fn sources_of_every_version_are_one_target() {
    let mut merged = Merged::new().unwrap();
    let mut stacks = reports::Collapsed::new().to_memory().unwrap();
    let mut counting = Counting::default();
    let mut receivers: [&mut dyn Receiver; 2] = [&mut stacks, &mut counting];
    let mut session = merged.session(Default::default(), &mut receivers).unwrap();

    for version in VERSIONS {
        let target = tachyon::open_capture(data(&format!("captures/{version}.tycap"))).unwrap();
        let id = session.add(target);
        assert_eq!(session.sample(id).unwrap(), Flow::Continue);
        assert_eq!(session.sample(id).unwrap(), Flow::Continue);
        // Sources come and go.
        if version != "3.15" {
            assert!(session.remove(id).is_some());
            assert!(session.remove(id).is_none());
            assert_eq!(session.sample(id).unwrap_err().kind(), Some(ErrorKind::NotFound));
        }
    }
    session.missed(3);
    let summary = session.finish().unwrap();

    assert_eq!((summary.samples, summary.verified, summary.failed, summary.missed), (10, 10, 4, 3));
    assert_eq!((counting.begun, counting.samples, counting.ended), (1, 10, 1));
    let stacks = String::from_utf8_lossy(stacks.data().unwrap()).into_owned();
    let counts = stacks.lines().map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap());
    assert_eq!(counts.sum::<u64>(), 10, "{stacks}");
    assert!(stacks.contains("Größe.測る"), "{stacks}");
}

#[test]
fn a_snapshot_says_which_process_it_is_of() {
    let mut merged = Merged::new().unwrap();
    let ids: Vec<_> = ["3.13", "3.14"]
        .iter()
        .map(|version| merged.add(tachyon::open_capture(data(&format!("captures/{version}.tycap"))).unwrap()))
        .collect();
    assert_eq!(merged.sources().count(), 2);
    for id in ids {
        let pid = merged.source(id).unwrap().info().unwrap().pid;
        let snapshot = merged.sample(id).unwrap();
        assert_eq!(snapshot.pid(), pid);
        let leaf = snapshot.thread(0).unwrap().frames()[0];
        assert_eq!(snapshot.target().function(&leaf).unwrap().name(), "rest");
        assert!(snapshot.target().instruction(&leaf).unwrap().is_some());
        // What it knows of a function stays when the source is gone.
        let source = merged.remove(id).unwrap();
        drop(source);
        assert_eq!(merged.target().function(&leaf).unwrap().name(), "rest");
    }
}

struct Panicking;

impl Collector for Panicking {
    fn sample(&mut self, _: &Snapshot<'_>) -> Outcome {
        panic!("too much");
    }
}

#[test]
fn a_session_ends_with_the_panic_of_a_collector() {
    let mut merged = Merged::new().unwrap();
    let id = merged.add(tachyon::open_capture(data("captures/3.14.tycap")).unwrap());
    let mut panicking = Panicking;
    let mut receivers: [&mut dyn Receiver; 1] = [&mut panicking];
    let mut session = merged.session(Default::default(), &mut receivers).unwrap();
    assert_eq!(session.sample(id).unwrap(), Flow::Stop);
    let panic = catch_unwind(AssertUnwindSafe(|| drop(session.finish()))).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"too much"));
    assert!(merged.sample(id).is_ok());
}

/// Every report is freed after the target that it had begun with, and refuses another one.
#[test]
fn a_session_that_was_forgotten_harms_nobody() {
    let folder = Folder::new("forgotten");
    let recording = reports::Recording::new().opcodes(true).to_file(folder.path().join("run.bin"));
    let heatmap = reports::Heatmap::new().opcodes(true).to_folder(folder.path().join("pages"));
    let reports = [
        recording,
        heatmap,
        reports::Collapsed::new().opcodes(true).to_memory(),
        reports::Pstats::new().opcodes(true).to_memory(),
        reports::Jsonl::new().opcodes(true).times(true).to_memory(),
        reports::Gecko::new().opcodes(true).to_memory(),
        reports::Speedscope::new().opcodes(true).to_memory(),
        reports::Pprof::new().opcodes(true).to_memory(),
        reports::Callgrind::new().opcodes(true).to_memory(),
        reports::ChromeTrace::new().opcodes(true).to_memory(),
        reports::Perfetto::new().opcodes(true).to_memory(),
        reports::Flamegraph::new().opcodes(true).to_memory(),
        reports::Annotation::new().to_memory(),
    ];
    let mut reports = reports.map(Result::unwrap);
    let (mut feed, mut view) = live::Options::new().opcodes(true).open().unwrap();
    let mut merged = Merged::new().unwrap();
    let id = merged.add(tachyon::open_capture(data("captures/3.14.tycap")).unwrap());
    {
        let mut receivers: Vec<&mut dyn Receiver> = reports.iter_mut().map(|report| report as _).collect();
        receivers.push(&mut feed);
        let mut session = merged.session(Default::default(), &mut receivers).unwrap();
        assert_eq!(session.sample(id).unwrap(), Flow::Continue);
        std::mem::forget(session);
    }
    drop(merged);

    view.update().unwrap();
    assert_eq!(view.overview(None).unwrap().verified, 1);
    let mut target = tachyon::open_capture(data("captures/3.14.tycap")).unwrap();
    for report in &mut reports {
        let error = target.sampler(SamplerOptions::new().max_samples(1)).unwrap().run(&mut [report]).unwrap_err();
        assert_eq!(error.kind(), Some(ErrorKind::State));
    }
}
