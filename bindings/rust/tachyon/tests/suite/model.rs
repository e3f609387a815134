// SPDX-License-Identifier: Apache-2.0
//! The model of a live view: filled in one thread, asked in another.

use tachyon::live::{self, Direction, Form, Group, Query};
use tachyon::reports::Sort;
use tachyon::{ErrorKind, SamplerOptions};

use crate::support::{capture, data};

const STACKS: u64 = 407; // verified, as the recording's summary has it

/// A model of a recording, whose target is gone.
fn filled() -> live::View {
    let (mut feed, view) = live::Options::new().opcodes(true).listings(true).open().unwrap();
    let mut target = tachyon::open_recording(data("recordings/ours-none.bin")).unwrap();
    target.sampler(SamplerOptions::new().opcodes(true)).unwrap().run(&mut [&mut feed]).unwrap();
    view
}

#[test]
fn it_outlives_its_target() {
    let mut view = filled();
    assert_eq!(view.overview(None).unwrap().stacks, 0);
    view.update().unwrap();
    let overview = view.overview(None).unwrap();
    assert_eq!((overview.verified, overview.torn, overview.threads), (STACKS, 1, 2));
    assert!(overview.samples > 0 && overview.executing < overview.functions);
    let names: Vec<_> = view.threads().unwrap().into_iter().map(|thread| thread.name).collect();
    assert!(names.contains(&"beside".to_owned()), "{names:?}");
}

#[test]
fn rows_of_functions_and_lines() {
    let mut view = filled();
    view.update().unwrap();
    let all = view.functions(&Query::default()).unwrap();
    assert!(all.windows(2).all(|pair| pair[0].leaf >= pair[1].leaf));
    assert_eq!(all.iter().map(|row| row.leaf).sum::<u64>(), view.overview(None).unwrap().counted);

    let query = Query { filter: Some("INNER".into()), sort: Sort::Name, ..Query::default() };
    let inner = view.functions(&query).unwrap();
    assert!(inner.iter().any(|row| row.name == "inner" && row.line == Some(9)), "{inner:?}");
    let lines = view.functions(&Query { group: Group::Lines, ..query }).unwrap();
    let leaves = |name: &str| lines.iter().filter(|row| row.name == name).map(|row| row.leaf).sum::<u64>();
    assert_eq!(leaves("inner"), inner.iter().find(|row| row.name == "inner").unwrap().leaf);
}

#[test]
fn rows_of_files() {
    let mut view = filled();
    view.update().unwrap();
    let files = view.functions(&Query { group: Group::Files, ..Query::default() }).unwrap();
    let file = files.iter().find(|row| row.filename.ends_with("program.py")).unwrap();
    assert_eq!((file.function, file.name.as_str()), (0, ""));
    let query = Query { group: Group::FileLines, filename: Some(file.filename.clone()), ..Query::default() };
    let lines = view.functions(&query).unwrap();
    assert_eq!(lines.iter().map(|row| row.leaf).sum::<u64>(), file.leaf);
    assert!(lines.iter().all(|row| row.filename == file.filename) && lines.len() > 3, "{lines:?}");
    let query = Query { filename: Some("program".into()), ..query };
    assert!(view.functions(&query).unwrap().is_empty());
}

#[test]
fn rows_of_instructions_and_calls() {
    let mut view = filled();
    view.update().unwrap();
    let hottest = view.functions(&Query { filter: Some("inner".into()), ..Query::default() }).unwrap().remove(0);
    let rows = view.instructions(hottest.function, None).unwrap();
    let (instructions, lines): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.instruction.is_some());
    assert_eq!(lines.iter().map(|row| row.leaf).sum::<u64>(), hottest.leaf);
    assert_eq!(instructions.iter().map(|row| row.leaf).sum::<u64>(), hottest.leaf);
    let specialized = instructions.iter().filter_map(|row| row.instruction.as_ref());
    let specialized: Vec<_> = specialized.filter(|row| row.form == Form::Specialized).collect();
    assert!(specialized.iter().any(|row| row.name == "BINARY_OP_ADD_INT" && row.base_name == "BINARY_OP"));

    let callers = view.calls(hottest.function, Direction::Callers, None).unwrap();
    assert_eq!((callers[0].depth, callers[0].samples), (0, hottest.on_stack));
    assert!(callers.iter().any(|row| row.depth == 1 && row.name == "climb"), "{callers:?}");
    assert_eq!(view.history(hottest.function, false, 100).unwrap().len(), 60);
}

#[test]
fn what_is_not_there_is_an_error() {
    let mut view = filled();
    view.update().unwrap();
    assert_eq!(view.instructions(u32::MAX, None).unwrap_err().kind(), Some(ErrorKind::NotFound));
    assert_eq!(view.overview(Some(99)).unwrap_err().kind(), Some(ErrorKind::NotFound));
    view.reset();
    assert_eq!(view.overview(None).unwrap().counted, 0);
}

#[test]
fn samples_come_while_it_is_asked() {
    let (mut feed, mut view) = live::Options::new().open().unwrap();
    let sampling = std::thread::spawn(move || {
        let options = SamplerOptions::new().interval(std::time::Duration::ZERO).max_samples(20_000);
        capture().sampler(options).unwrap().run(&mut [&mut feed]).unwrap()
    });
    let mut last = 0;
    while !sampling.is_finished() {
        view.update().unwrap();
        let counted = view.overview(None).unwrap().counted;
        assert!(counted >= last);
        last = counted;
        view.functions(&Query::default()).unwrap();
    }
    view.update().unwrap();
    assert_eq!(view.overview(None).unwrap().counted, sampling.join().unwrap().samples);
}
