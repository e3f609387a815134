// SPDX-License-Identifier: Apache-2.0
//! Running programs, under every interpreter.

use std::collections::HashSet;
use std::time::Duration;

use tachyon::{
    reports, AttachOptions, Collector, EndReason, ErrorClass, Flow, FrameKind, Outcome, ProcessEventKind, Processes,
    PythonVersion, SamplerOptions, Sink, Snapshot, TaskFlags, TaskSupport, ThreadStatus, Threads,
};

use crate::support::{interpreters, Folder, Interpreter, Running};

const ENOTSUP: i32 = 95;

const PARKED: &str = include_str!("programs/parked.py");
const BUSY: &str = include_str!("programs/busy.py");
const TASKS: &str = include_str!("programs/tasks.py");

fn newest() -> Interpreter {
    interpreters().into_iter().next().unwrap()
}

fn everywhere(program: &str, test: impl Fn(&Interpreter, &mut Running)) {
    for interpreter in interpreters() {
        test(&interpreter, &mut interpreter.start(program));
    }
}

/// Collects the functions that it sees executing.
#[derive(Default)]
struct Leaves(HashSet<String>, u64);

impl Collector for Leaves {
    fn sample(&mut self, snapshot: &Snapshot<'_>) -> Outcome {
        for leaf in snapshot.threads().filter_map(|thread| thread.frames().first().copied()) {
            self.0.insert(snapshot.target().function(&leaf)?.qualname().to_owned());
            self.1 += 1;
        }
        Ok(Flow::Continue)
    }
}

#[test]
fn stacks_are_what_the_program_says() {
    everywhere(PARKED, |interpreter, running| {
        let name = &interpreter.name;
        let mut target = AttachOptions::new().opcodes(true).attach(running.pid).unwrap();
        let info = target.info().unwrap();
        assert_eq!(info.hexversion, running.said[1].parse().ok(), "{name}");
        assert!(name.starts_with(&info.python.unwrap().to_string()), "{name}");
        assert_eq!((info.pid, info.is_capture), (running.pid, false));
        assert_eq!(info.free_threaded, name.ends_with("-free"), "{name}");

        let snapshot = target.sample().unwrap();
        let thread = snapshot.thread(0).unwrap();
        let functions = thread.frames().iter().map(|frame| snapshot.target().function(frame).unwrap());
        let names: Vec<_> = functions.map(|function| function.qualname().to_owned()).collect();
        // It waits in a function of C; before that, in the codec of its input.
        assert!(names.ends_with(&running.said[2..]), "{name}: {names:?}");
        assert_eq!(thread.name(), "MainThread", "{name}");
        assert_eq!(thread.native_id(), running.said[0].parse().ok(), "{name}");
        assert!(thread.status().contains(ThreadStatus::MAIN), "{name}");
        assert!(thread.verdict().is_proven(), "{name}");

        let caller = thread.frames()[thread.frames().len() - 2];
        let instruction = snapshot.target().instruction(&caller).unwrap().unwrap();
        assert!(instruction.base_name.contains("CALL"), "{name}: {instruction:?}");
        let rows = snapshot.target().disassemble(caller.function_id()).unwrap();
        let row = rows.iter().find(|row| row.instruction.offset == instruction.offset).unwrap();
        assert_eq!(row.instruction.name, instruction.name, "{name}");
        assert_eq!(row.location, snapshot.target().location(&caller).unwrap(), "{name}");
        assert!(rows.iter().any(|row| row.argument_text.contains("Holder")), "{name}: {rows:?}");
    });
}

#[test]
fn profiles_of_a_program_that_works() {
    everywhere(BUSY, |interpreter, running| {
        let name = &interpreter.name;
        let mut target = AttachOptions::new().opcodes(true).attach(running.pid).unwrap();
        let mut leaves = Leaves::default();
        let mut stacks = reports::Collapsed::new().opcodes(true).to_memory().unwrap();
        let options = SamplerOptions::new().interval(Duration::from_micros(500)).max_samples(300).opcodes(true);
        let summary = target.sampler(options).unwrap().run(&mut [&mut leaves, &mut stacks]).unwrap();

        assert_eq!((summary.samples, summary.end_reason), (300, EndReason::Duration), "{name}");
        assert!(summary.verified + summary.repaired > 100, "{name}: {summary:?}");
        assert!(["even", "odd"].iter().all(|function| leaves.0.contains(*function)), "{name}: {:?}", leaves.0);
        let stacks = String::from_utf8_lossy(stacks.data().unwrap()).into_owned();
        assert!(stacks.contains("BINARY_OP"), "{name}: {stacks}");

        running.end();
        let mut sampler = target.sampler(SamplerOptions::new()).unwrap();
        assert_eq!(sampler.run(&mut []).unwrap().end_reason, EndReason::Exited, "{name}");
        drop(sampler);
        let error = target.sample().unwrap_err();
        assert_eq!(error.class(), ErrorClass::Gone, "{name}: {error}");
        assert!(error.message().contains(&running.pid.to_string()), "{name}: {error}");
    });
}

#[test]
fn two_targets_from_two_threads_at_once() {
    let interpreter = newest();
    let programs = [interpreter.start(BUSY), interpreter.start(BUSY)];
    // Targets are made here and used there.
    let targets = [0, 1].map(|i: usize| AttachOptions::new().threads(Threads::All).attach(programs[i].pid).unwrap());
    let barrier = std::sync::Barrier::new(2);
    let results = std::thread::scope(|scope| {
        let threads = targets.map(|mut target| {
            let barrier = &barrier;
            scope.spawn(move || {
                let mut leaves = Leaves::default();
                let options = SamplerOptions::new().interval(Duration::from_micros(500)).max_samples(400);
                barrier.wait();
                let summary = target.sampler(options).unwrap().run(&mut [&mut leaves]).unwrap();
                (summary, leaves, target.info().unwrap().pid)
            })
        });
        threads.map(|thread| thread.join().unwrap())
    });
    for ((summary, leaves, pid), program) in results.iter().zip(&programs) {
        assert_eq!((summary.samples, *pid), (400, program.pid));
        // The thread that waits for the end is seen in every sample, the other one in nearly all.
        assert!(leaves.1 > 400 && leaves.0.contains("even"), "{} {:?}", leaves.1, leaves.0);
    }
}

#[test]
fn tasks_and_who_awaits_them() {
    everywhere(TASKS, |interpreter, running| {
        let name = &interpreter.name;
        let mut target = AttachOptions::new().tasks(tachyon::Tasks::All).attach(running.pid).unwrap();
        let tasks = target.sample_tasks().unwrap();
        if name == "3.13-free" {
            // It publishes no layout of its tasks.
            assert_eq!((tasks.support(), tasks.len()), (TaskSupport::Unsupported, 0));
            assert!(tasks.message().contains("free-threaded"), "{}", tasks.message());
            return;
        }
        assert_eq!(tasks.support(), TaskSupport::Found, "{name}: {}", tasks.message());
        assert_eq!(tasks.len(), 4, "{name}: {tasks:?}");
        let below = tasks.iter().find(|task| task.name() == "below").unwrap();
        let mut waiters: Vec<_> = below.awaited_by().map(|task| task.name()).collect();
        waiters.sort_unstable();
        assert_eq!(waiters, ["left", "right"], "{name}");
        assert!(below.future().is_some() && !below.flags().contains(TaskFlags::RUNNING), "{name}: {below:?}");
        assert_eq!(below.awaits(), 0);
        assert_eq!(tasks.find(below.serial()).map(|task| task.address()), Some(below.address()), "{name}");

        let snapshot = target.sample().unwrap();
        let tasks = snapshot.tasks().unwrap();
        let marks = snapshot.threads().flat_map(|thread| thread.frames().iter().filter_map(|frame| frame.task()));
        let names: HashSet<_> = marks.map(|serial| tasks.find(serial).unwrap().name()).collect();
        assert!(["below", "left", "right"].iter().all(|task| names.contains(task)), "{name}: {names:?}");
        let kinds: HashSet<_> =
            snapshot.threads().flat_map(|thread| thread.frames()).map(|frame| frame.kind()).collect();
        assert!(kinds.contains(&FrameKind::Task), "{name}: {kinds:?}");
    });
}

#[test]
fn collections_of_garbage() {
    let program = "import gc, os, sys\n\
                   gc.collect()\n\
                   print(os.getpid(), flush=True)\n\
                   sys.stdin.read()\n";
    for interpreter in interpreters() {
        let running = interpreter.start(program);
        let target = tachyon::attach(running.pid).unwrap();
        let collections = target.gc_collections(false);
        if target.info().unwrap().python < Some(PythonVersion::V3_15) {
            assert_eq!(collections.unwrap_err().raw_os_error(), Some(ENOTSUP), "{}", interpreter.name);
            continue;
        }
        let full = collections.unwrap().into_iter().rfind(|collection| collection.generation == 2).unwrap();
        assert!(full.collections >= 1 && full.start < full.stop && full.duration_s > 0.0, "{full:?}");
    }
}

#[test]
fn a_capture_of_a_process_is_the_process() {
    let folder = Folder::new("captured");
    let path = folder.path().join("parked.tycap");
    let mut running = newest().start(PARKED);
    let mut target = tachyon::attach(running.pid).unwrap();
    target.capture(Sink::file(&path).unwrap()).unwrap();
    running.end();

    let mut target = tachyon::open_capture(&path).unwrap();
    let snapshot = target.sample().unwrap();
    let frames = snapshot.thread(0).unwrap().frames();
    let names: Vec<_> = frames.iter().map(|frame| snapshot.target().function(frame).unwrap().name()).collect();
    assert!(names.ends_with(&["innermost", "middle", "outer", "<module>"]), "{names:?}");
}

#[test]
fn processes_that_a_process_starts() {
    let family = "import os, sys, subprocess\n\
                  child = subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=subprocess.PIPE)\n\
                  print(os.getpid(), child.pid, flush=True)\n\
                  sys.stdin.read()\n";
    let mut running = newest().start(family);
    let child = running.said[0].parse().unwrap();
    let mut processes = Processes::watch(running.pid).unwrap();
    let mut seen = Vec::new();
    while let Some(event) = processes.next_event(Duration::ZERO).unwrap() {
        seen.push((event.kind, event.pid));
    }
    assert!(seen.contains(&(ProcessEventKind::Started, child)), "{seen:?}");
    running.end();
    loop {
        let event = processes.next_event(Duration::from_secs(10)).unwrap().expect("the end is told");
        if (event.kind, event.pid) == (ProcessEventKind::Ended, running.pid) {
            break;
        }
    }
}
