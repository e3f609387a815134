// SPDX-License-Identifier: Apache-2.0
//! A small profiler: samples a process and prints its hottest functions, each with its hottest instructions; or writes a
//! flame graph.
//!
//!     cargo run --example profile -- PID [SECONDS [GRAPH.html]]

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use tachyon::{reports, AttachOptions, Collector, Flow, Frame, Outcome, Run, SamplerOptions, Snapshot, Summary};

const FUNCTIONS: usize = 10;
const INSTRUCTIONS: usize = 3;

/// Samples by function, and in it by the instruction that was executing.
#[derive(Default)]
struct Hottest(HashMap<u32, HashMap<Frame, u64>>);

fn most<K>(counts: impl Iterator<Item = (K, u64)>, limit: usize) -> Vec<(K, u64)> {
    let mut counts: Vec<_> = counts.collect();
    counts.sort_by_key(|(_, samples)| std::cmp::Reverse(*samples));
    counts.truncate(limit);
    counts
}

impl Collector for Hottest {
    fn sample(&mut self, snapshot: &Snapshot<'_>) -> Outcome {
        for thread in snapshot.threads().filter(|thread| thread.verdict().is_proven()) {
            if let Some(leaf) = thread.frames().first() {
                *self.0.entry(leaf.function_id()).or_default().entry(*leaf).or_default() += 1;
            }
        }
        Ok(Flow::Continue)
    }

    fn end(&mut self, run: &Run<'_>, _: &Summary) -> Outcome {
        let functions = self.0.values().map(|leaves| (leaves, leaves.values().sum()));
        for (leaves, samples) in most(functions, FUNCTIONS) {
            let leaves = most(leaves.iter().map(|(leaf, samples)| (leaf, *samples)), INSTRUCTIONS);
            let function = run.target().function(leaves[0].0)?;
            println!("{samples:8} {} ({}:{})", function.qualname(), function.filename(), function.first_line);
            for (leaf, samples) in leaves {
                let line = run.target().location(leaf)?.line.unwrap_or(0);
                if let Some(instruction) = run.target().instruction(leaf)? {
                    println!("{samples:12} line {line}, {} {}", instruction.offset, instruction.name);
                }
            }
        }
        Ok(Flow::Continue)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let pid = arguments.first().ok_or("usage: profile PID [SECONDS [GRAPH.html]]")?.parse()?;
    let seconds = arguments.get(1).map_or(Ok(5.0), |seconds| seconds.parse())?;

    let mut target = AttachOptions::new().opcodes(true).attach(pid)?;
    let options = SamplerOptions::new().duration(Duration::from_secs_f64(seconds)).opcodes(true);
    let mut sampler = target.sampler(options)?;
    let summary = if let Some(path) = arguments.get(2) {
        let graph = reports::Flamegraph::new().opcodes(true).source_files(reports::SourceFiles::of(pid));
        sampler.run(&mut [&mut graph.to_file(path)?])?
    } else {
        sampler.run(&mut [&mut Hottest::default()])?
    };
    println!("{} samples, {} stacks verified, {} torn", summary.samples, summary.verified, summary.torn);
    Ok(())
}
