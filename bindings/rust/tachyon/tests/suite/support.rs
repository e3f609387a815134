// SPDX-License-Identifier: Apache-2.0
//! Targets for the tests: captures and recordings of the library's own tests, and running interpreters.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use tachyon::{Collector, Flow, Outcome, Snapshot, Target};

pub const VERSIONS: [&str; 5] = ["3.11", "3.12", "3.13", "3.14", "3.15"];

/// A file of the library's tests.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/data").join(name)
}

pub fn capture() -> Target {
    tachyon::open_capture(data("captures/3.15.tycap")).unwrap()
}

/// A folder that goes with its owner.
pub struct Folder(PathBuf);

impl Folder {
    /// One a test: by its name.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tachyon-rust-{}-{name}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Counts what it is told.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Counting {
    pub begun: u64,
    pub samples: u64,
    pub frames: u64,
    pub ended: u64,
}

impl Collector for Counting {
    fn begin(&mut self, _: &tachyon::Run<'_>) -> Outcome {
        self.begun += 1;
        Ok(Flow::Continue)
    }

    fn sample(&mut self, snapshot: &Snapshot<'_>) -> Outcome {
        self.samples += 1;
        self.frames += snapshot.threads().map(|thread| thread.frames().len() as u64).sum::<u64>();
        Ok(Flow::Continue)
    }

    fn end(&mut self, _: &tachyon::Run<'_>, _: &tachyon::Summary) -> Outcome {
        self.ended += 1;
        Ok(Flow::Continue)
    }
}

/// An interpreter of tests/support/interpreters.sh.
pub struct Interpreter {
    pub name: String,
    /// Words for a shell, to put arguments after.
    command: String,
}

/// All of them, and the newest first.
pub fn interpreters() -> Vec<Interpreter> {
    let list = std::env::var("TACHYON_INTERPRETERS").expect("TACHYON_INTERPRETERS names the list of interpreters.sh");
    let list = fs::read_to_string(list).unwrap();
    let mut found: Vec<_> = list
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(name, command)| Interpreter { name: name.to_owned(), command: command.to_owned() })
        .collect();
    found.sort_by(|a, b| b.name.cmp(&a.name));
    assert!(!found.is_empty());
    found
}

/// A program that runs: it ends with its owner.
pub struct Running {
    pub pid: u32,
    /// What it said after its process id.
    pub said: Vec<String>,
    child: Child,
    input: Option<ChildStdin>,
}

impl Interpreter {
    /// Starts a program, whose first line begins with its process id: the interpreter may run in a mount namespace of its
    /// own, below a process that is none.
    pub fn start(&self, program: &str) -> Running {
        let mut child = Command::new("sh")
            .args(["-c", &format!("exec {} -c \"$0\"", self.command), program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut words = line.split_whitespace().map(str::to_owned);
        let pid = words.next().unwrap_or_else(|| panic!("{} ended", self.name)).parse().unwrap();
        Running { pid, said: words.collect(), input: child.stdin.take(), child }
    }
}

impl Running {
    /// Ends it and waits until it is gone.
    pub fn end(&mut self) {
        drop(self.input.take());
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
