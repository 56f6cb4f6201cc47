//! Runs leave no descriptor open. Alone in its file: a process is what descriptors are counted in,
//! and no other test may open any meanwhile.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use lehr_verifier::sandbox::{Program, Start};
use lehr_verifier::{Limits, Sandbox, SandboxOptions};

#[test]
fn descriptors_are_as_many_after_as_before() {
    let sandbox = Sandbox::new(SandboxOptions::default()).unwrap();
    let limits =
        Limits { cpu: Duration::from_secs(3), wall: Duration::from_secs(30), ..Limits::default() };
    let run = |source: &str| sandbox.run(&Program::of_source(source), &limits).unwrap();
    let count = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    run("1");
    let before = count();
    for source in
        ["1", "raise ValueError", "import os\nos.fork()\nwhile True: os.write(1, b'x' * 999)"]
    {
        run(source);
    }
    let mut lost = Program::of_source("1");
    lost.start = Start::Script("other.py".into());
    assert!(sandbox.run(&lost, &limits).is_err());
    assert_eq!(count(), before);
}
