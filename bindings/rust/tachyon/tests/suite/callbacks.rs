// SPDX-License-Identifier: Apache-2.0
//! The user's code behind the library: what it gives, errors and panics arrive where the run was called.

use std::io::{self, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Duration;

use tachyon::{
    reports, AttachOptions, Collector, EndReason, Flow, Outcome, Polled, Receiver, Run, SamplerOptions, Sink, Snapshot,
    Summary,
};

use crate::support::{capture, data, Counting};

const ENOSPC: i32 = 28;

/// Does something at its third sample.
struct AtThird<F>(u32, F);

impl<F: FnMut() -> Outcome> Collector for AtThird<F> {
    fn sample(&mut self, _: &Snapshot<'_>) -> Outcome {
        self.0 += 1;
        if self.0 == 3 {
            self.1()
        } else {
            Ok(Flow::Continue)
        }
    }

    fn end(&mut self, run: &Run<'_>, summary: &Summary) -> Outcome {
        assert!(run.target().info().is_ok() && summary.samples >= 3, "{summary:?}");
        Ok(Flow::Continue)
    }
}

fn fast(samples: u64) -> SamplerOptions<'static> {
    SamplerOptions::new().interval(Duration::ZERO).max_samples(samples)
}

fn run(receivers: &mut [&mut dyn Receiver]) -> tachyon::Result<Summary> {
    capture().sampler(fast(10))?.run(receivers)
}

/// What a panic said.
fn panic_of<R>(call: impl FnOnce() -> R) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(call()))).unwrap_err();
    panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).expect("a panic with a text")
}

#[test]
fn collectors_see_every_sample_and_may_stop() {
    let mut counting = Counting::default();
    let summary = run(&mut [&mut counting]).unwrap();
    assert_eq!((summary.samples, summary.end_reason), (10, EndReason::Duration));
    assert_eq!((counting.begun, counting.samples, counting.ended), (1, 10, 1));
    assert!(counting.frames >= 100);

    let mut counting = Counting::default();
    let summary = run(&mut [&mut AtThird(0, || Ok(Flow::Stop)), &mut counting]).unwrap();
    assert_eq!((summary.samples, summary.end_reason), (3, EndReason::Collector));
    assert_eq!((counting.samples, counting.ended), (3, 1));
}

#[test]
fn an_error_of_a_collector_is_that_of_the_run() {
    let mut counting = Counting::default();
    let mut stacks = reports::Collapsed::new().to_memory().unwrap();
    let error = run(&mut [&mut AtThird(0, || Err("no more".into())), &mut counting, &mut stacks]).unwrap_err();
    assert_eq!(error.to_string(), "no more");
    assert!(error.into_inner().is_some());
    // The others went on, and wrote what they had.
    assert_eq!((counting.samples, counting.ended), (10, 1));
    assert!(stacks.data().unwrap().ends_with(b" 10\n"));

    let full = io::Error::from_raw_os_error(ENOSPC);
    let mut full = Some(full);
    let error = run(&mut [&mut AtThird(0, || Err(full.take().unwrap().into()))]).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(ENOSPC));
}

#[test]
fn a_panic_of_a_collector_goes_on_behind_the_library() {
    let mut counting = Counting::default();
    let mut stacks = reports::Collapsed::new().to_memory().unwrap();
    let panic = panic_of(|| run(&mut [&mut AtThird(0, || panic!("too much")), &mut counting, &mut stacks]));
    assert_eq!(panic, "too much");
    assert_eq!((counting.samples, counting.ended), (10, 1));
    assert!(stacks.data().unwrap().ends_with(b" 10\n"));
}

#[test]
fn a_target_can_be_used_after_a_panic() {
    let mut target = capture();
    panic_of(|| target.sampler(fast(10)).unwrap().run(&mut [&mut AtThird(0, || panic!("too much"))]));
    assert_eq!(target.sample().unwrap().threads().len(), 1);
    let mut counting = Counting::default();
    target.sampler(fast(10)).unwrap().run(&mut [&mut counting]).unwrap();
    assert_eq!(counting.samples, 10);
}

struct Broken(fn() -> io::Result<usize>);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        self.0()
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_written_to_may_fail_or_panic() {
    let full = Broken(|| Err(io::Error::from_raw_os_error(ENOSPC)));
    let error = run(&mut [&mut reports::Pstats::new().to_writer(full).unwrap()]).unwrap_err();
    assert_eq!((error.code(), error.raw_os_error()), (-ENOSPC, Some(ENOSPC)));
    assert!(error.to_string().contains("No space left"), "{error}");
    assert_eq!(io::Error::from(error).kind(), io::Error::from_raw_os_error(ENOSPC).kind());

    let odd = Broken(|| Err(io::Error::new(io::ErrorKind::Other, "odd")));
    let error = run(&mut [&mut reports::Pstats::new().to_writer(odd).unwrap()]).unwrap_err();
    assert_eq!(error.to_string(), "odd");

    let wild = Broken(|| panic!("no paper"));
    assert_eq!(panic_of(|| run(&mut [&mut reports::Pstats::new().to_writer(wild).unwrap()])), "no paper");

    let mut sink = Sink::writer(Broken(|| panic!("no ink"))).unwrap();
    assert_eq!(panic_of(|| sink.write_all(b"text").and_then(|()| sink.commit().map_err(io::Error::from))), "no ink");
}

/// Holds back until it is flushed.
struct Lazy<'a>(Vec<u8>, &'a mut Vec<u8>);

impl Write for Lazy<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.1.append(&mut self.0);
        Ok(())
    }
}

#[test]
fn a_writer_is_flushed_when_the_run_has_ended() {
    let mut written = Vec::new();
    let mut stacks = reports::Collapsed::new().to_writer(Lazy(Vec::new(), &mut written)).unwrap();
    run(&mut [&mut stacks]).unwrap();
    drop(stacks);
    assert!(written.ends_with(b" 10\n"));
}

#[test]
fn sources_may_be_read_and_panic() {
    let source = |filename: &str, line: u32| filename.ends_with("program.py").then(|| format!("// line {line} //\r\n"));
    let mut page = reports::Flamegraph::new().source(source).to_memory().unwrap();
    run(&mut [&mut page]).unwrap();
    assert!(String::from_utf8_lossy(page.data().unwrap()).contains("line 34"));

    let mut page = reports::Flamegraph::new().source(|_, _| panic!("no such book")).to_memory().unwrap();
    assert_eq!(panic_of(|| run(&mut [&mut page])), "no such book");
}

#[test]
fn progress_is_told_and_may_stop_or_panic() {
    let mut calls = Vec::new();
    let often = Duration::from_nanos(1);
    let options = fast(10).progress(often, |so_far| {
        calls.push(so_far.samples);
        if calls.len() == 4 {
            Flow::Stop
        } else {
            Flow::Continue
        }
    });
    let summary = capture().sampler(options).unwrap().run(&mut []).unwrap();
    assert_eq!(summary.end_reason, EndReason::Stopped);
    assert!(calls.windows(2).all(|pair| pair[0] <= pair[1]) && calls.len() == 4, "{calls:?}");

    let mut target = capture();
    let mut sampler = target.sampler(fast(10).progress(often, |_| panic!("enough"))).unwrap();
    assert_eq!(panic_of(|| sampler.run(&mut [])), "enough");
    drop(sampler);
    let mut sampler = target.sampler(fast(10).progress(often, |_| panic!("enough"))).unwrap();
    assert_eq!(panic_of(|| while sampler.next_snapshot().unwrap().is_some() {}), "enough");
}

#[test]
fn a_program_with_a_loop_of_its_own_polls() {
    let mut target = capture();
    let interval = Duration::from_millis(50);
    let mut sampler = target.sampler(SamplerOptions::new().interval(interval).max_samples(3)).unwrap();
    let (mut samples, mut early) = (0, 0);
    loop {
        let wait = match sampler.poll().unwrap() {
            Polled::Sample(snapshot, wait) => {
                assert_eq!(snapshot.threads().len(), 1);
                samples += 1;
                wait
            }
            Polled::Nothing(wait) => wait,
            Polled::Ended => break,
        };
        assert!(wait <= interval, "{wait:?}");
        if samples < 3 {
            early += u32::from(matches!(sampler.poll().unwrap(), Polled::Nothing(_)));
        }
        std::thread::sleep(wait);
    }
    assert_eq!((samples, sampler.summary().samples), (3, 3));
    assert!(early > 0);
}

#[test]
fn another_thread_stops_a_run() {
    let mut target = capture();
    let mut sampler = target.sampler(SamplerOptions::new().interval(Duration::from_secs(3600))).unwrap();
    let stop = sampler.stop_handle();
    let mut counting = Counting::default();
    std::thread::scope(|scope| {
        scope.spawn(|| stop.clone().stop());
        assert_eq!(sampler.run(&mut [&mut counting]).unwrap().end_reason, EndReason::Stopped);
    });
    assert_eq!((counting.begun, counting.ended), (1, 1));
    drop(sampler);
    drop(target);
    // It outlives what it stopped.
    stop.stop();
}

#[test]
fn handles_are_used_while_samplers_go() {
    let used = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..200 {
            let mut target = capture();
            let sampler = target.sampler(SamplerOptions::new()).unwrap();
            let stop = sampler.stop_handle();
            let used = &used;
            scope.spawn(move || {
                (0..100).for_each(|_| stop.stop());
                used.fetch_add(1, Ordering::Relaxed);
            });
            drop(sampler);
        }
    });
    assert_eq!(used.into_inner(), 200);
}

#[test]
fn a_log_hears_of_attaching() {
    let heard = Arc::new(AtomicUsize::new(0));
    let log = Arc::clone(&heard);
    let options = AttachOptions::new().log(move |_, _| {
        log.fetch_add(1, Ordering::Relaxed);
        panic!("the log is full");
    });
    // A log that panics, or hears nothing, changes nothing.
    let mut target = options.open_capture(data("captures/3.15.tycap")).unwrap();
    assert_eq!(target.sample().unwrap().threads().len(), 1);
    drop(target);
    assert_eq!(Arc::strong_count(&heard), 1);
}
