//! Programs that try to get out, and what becomes of them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::LazyLock;
use std::time::Duration;

use lehr_verifier::sandbox::{Execution, Exit, Limit, Program};
use lehr_verifier::{Limits, Sandbox, SandboxOptions};

static SANDBOX: LazyLock<Sandbox> =
    LazyLock::new(|| Sandbox::new(SandboxOptions::default()).unwrap());

/// Short limits, so that the tests are.
fn limits() -> Limits {
    Limits { cpu: Duration::from_secs(3), wall: Duration::from_secs(30), ..Limits::default() }
}

fn run_with(source: &str, limits: &Limits) -> Execution {
    SANDBOX.run(&Program::of_source(source), limits).unwrap()
}

fn run(source: &str) -> Execution {
    run_with(source, &limits())
}

/// What a program prints, which must end well.
fn prints(source: &str) -> String {
    let execution = run(source);
    let stderr = String::from_utf8_lossy(&execution.stderr);
    assert!(execution.succeeded(), "{:?} {:?} {stderr}", execution.exit, execution.limit);
    String::from_utf8(execution.stdout).unwrap().trim().to_owned()
}

#[test]
fn every_layer_is_listed_and_the_essential_ones_hold() {
    for state in SANDBOX.layers() {
        assert!(state.holds || !state.essential, "{state:?}");
        assert_eq!(state.holds, state.remedy.is_none(), "{state:?}");
    }
}

#[test]
fn a_program_runs_and_ends_as_it_says() {
    assert_eq!(prints("print(6 * 7)"), "42");
    assert_eq!(run("import sys; sys.exit(3)").exit, Exit::Code(3));
    assert_eq!(run("import os; os._exit(0)").exit, Exit::Code(0));
    assert_eq!(run("import os; os.abort()").exit, Exit::Signal(libc::SIGABRT));
    assert_eq!(run("import os; os.kill(os.getpid(), 9)").exit, Exit::Signal(libc::SIGKILL));
    let failed = run("raise ValueError('no')");
    assert_eq!((failed.exit, failed.limit), (Exit::Code(1), None));
    assert!(String::from_utf8_lossy(&failed.stderr).contains("ValueError: no"));
}

#[test]
fn common_modules_work() {
    let modules = "json, math, re, random, collections, itertools, functools, heapq, bisect, \
                   string, datetime, decimal, fractions, statistics, threading, subprocess, \
                   asyncio, tempfile, dataclasses, typing, hashlib, multiprocessing";
    assert_eq!(prints(&format!("import {modules}\nprint('ok')")), "ok");
    let thread =
        "import threading\nt = threading.Thread(target=print, args=('ok',))\nt.start(); t.join()";
    assert_eq!(prints(thread), "ok");
    let child = "import subprocess\nprint(subprocess.check_output(['/bin/echo', 'ok']).decode())";
    assert_eq!(prints(child), "ok");
    let lock = "import multiprocessing as m\nl = m.Lock()\nl.acquire()\nprint('ok')";
    assert_eq!(prints(lock), "ok");
    let loops = "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 'ok'\nprint(asyncio.run(f()))";
    assert_eq!(prints(loops), "ok");
}

#[test]
fn input_and_arguments_arrive() {
    let mut program = Program::of_source("import sys; print(sys.stdin.read(), sys.argv[1:])");
    program.stdin = Some(b"in".to_vec());
    program.args = vec!["a b".into()];
    let execution = SANDBOX.run(&program, &limits()).unwrap();
    assert_eq!(String::from_utf8_lossy(&execution.stdout).trim(), "in ['a b']");
    assert_eq!(prints("import sys; print(repr(sys.stdin.read()))"), "''");
}

#[test]
fn nothing_of_the_host_is_seen() {
    let secret = std::env::temp_dir().join(format!("lehr-secret-{}", std::process::id()));
    std::fs::write(&secret, "x").unwrap();
    let paths = format!(
        "['/etc/shadow', '/etc/passwd', '/proc/self', '/proc/1', '/sys/kernel', '/home', {:?}, {:?}, \
         {:?}, '/var', '/run', '/dev/sda', '/dev/vda', '/dev/kvm', '/dev/mem']",
        std::env::current_exe().unwrap(),
        secret,
        std::env::home_dir().unwrap().join(".ssh"),
    );
    let seen = prints(&format!("import os\nprint([p for p in {paths} if os.path.lexists(p)])"));
    std::fs::remove_file(&secret).unwrap();
    assert_eq!(seen, "[]");
    let names = prints("import os\nprint(sorted(os.environ))");
    for name in ["CARGO", "USER", "LOGNAME", "SHELL", "OLDPWD", "SSH_AUTH_SOCK"] {
        assert!(!names.contains(&format!("'{name}")), "{names}");
    }
    assert_eq!(prints("import os\nprint(os.uname().nodename)"), "sandbox");
    assert_eq!(prints("import os\nprint(sorted(os.listdir('.')))"), "[]");
}

#[test]
fn only_the_scratch_can_be_written() {
    let source = r#"
import os
done = []
for path in ['/x', '/usr/x', '/bin/x', '/program/x', '/program/main.py', '/dev/x', '/etc/ld.so.cache',
             os.path.dirname(os.__file__) + '/x', '/tmp/x', 'y']:
    try:
        open(path, 'a').write('x'); done.append(path)
    except OSError:
        pass
try:
    os.mknod('n', 0o600 | 0o060000, 0); done.append('node')
except OSError:
    pass
print(done)
"#;
    assert_eq!(prints(source), "['/tmp/x', 'y']");
}

#[test]
fn there_is_no_network() {
    let source = r#"
import socket
out = []
for family in (socket.AF_INET, socket.AF_INET6, 16, 17, 38, 40):
    try:
        socket.socket(family, socket.SOCK_STREAM if family < 11 else socket.SOCK_RAW); out.append(family)
    except OSError:
        pass
try:
    socket.create_connection(('127.0.0.1', 1), timeout=1); out.append('connected')
except OSError:
    pass
a, b = socket.socketpair()
a.send(b'x')
print(out, b.recv(1))
"#;
    assert_eq!(prints(source), "[] b'x'");
}

#[test]
fn rights_cannot_be_had() {
    let source = r#"
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
got = []
def attempt(name, result):
    if result == 0 or result > 0:
        got.append(name)
attempt('setuid', libc.setuid(0)) if os.getuid() else got.append('is root')
attempt('unshare', libc.unshare(0x10000000))
attempt('clone user', libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)) if os.uname().machine == 'x86_64' else None
attempt('mount', libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))
attempt('ptrace', libc.ptrace(0, 0, 0, 0))
attempt('chroot', libc.chroot(b'/tmp'))
attempt('hostname', libc.sethostname(b'x', 1))
attempt('dumpable init', libc.kill(1, 0) and -1)
attempt('x32', libc.syscall(0x40000000 + 101, 0, 0, 0, 0)) if os.uname().machine == 'x86_64' else None
got = [g for g in got if g != 'dumpable init']
print(got, libc.prctl(39, 0, 0, 0, 0), libc.prctl(21, 0, 0, 0, 0))
caps = (ctypes.c_uint32 * 6)()
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
libc.capget(header, caps)
print(list(caps))
"#;
    let said = prints(source);
    assert_eq!(said.lines().collect::<Vec<_>>(), ["[] 1 2", "[0, 0, 0, 0, 0, 0]"]);
}

#[test]
fn limits_are_told_apart() {
    let small = Limits { wall: Duration::from_secs(1), ..limits() };
    let quick = Limits { cpu: Duration::from_millis(500), ..limits() };
    for (name, source, limits, limit) in [
        ("cpu", "while True: pass", &quick, Limit::Cpu),
        ("sleep", "import time; time.sleep(60)", &small, Limit::Wall),
        ("memory", "x = bytearray(1 << 30)", &limits(), Limit::Memory),
        (
            "creeping memory",
            "x = []\nwhile True: x.append(bytearray(1 << 20))",
            &limits(),
            Limit::Memory,
        ),
        (
            "shared memory",
            "import mmap\nm = mmap.mmap(-1, 900 << 20)\nfor i in range(0, len(m), 4096): m[i] = 1",
            &limits(),
            Limit::Memory,
        ),
        ("output", "while True: print('x' * 1000)", &limits(), Limit::Output),
        ("errors", "import os\nwhile True: os.write(2, b'x' * 1000)", &limits(), Limit::Output),
        ("file", "open('f', 'wb').write(bytes(20 << 20))", &limits(), Limit::FileSize),
        (
            "scratch",
            "for i in range(9): open(str(i), 'wb').write(bytes(10 << 20))",
            &limits(),
            Limit::Scratch,
        ),
        ("inodes", "for i in range(9999): open(str(i), 'w').close()", &limits(), Limit::Scratch),
        ("open files", "x = [open('/dev/null') for _ in range(99)]", &limits(), Limit::OpenFiles),
        (
            "threads",
            "import threading, time\nfor _ in range(99): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
            &limits(),
            Limit::Processes,
        ),
    ] {
        let execution = run_with(source, limits);
        assert_eq!(execution.limit, Some(limit), "{name}: {execution:?}");
    }
}

#[test]
fn memory_of_many_processes_is_one_sum() {
    let source = "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        x = bytearray(200 << 20)\n        time.sleep(60)\ntime.sleep(60)";
    let execution = run(source);
    assert_eq!(execution.limit, Some(Limit::Memory), "{execution:?}");
    assert!(execution.peak_memory.unwrap() > 512 << 20);
}

#[test]
fn processor_time_of_many_processes_is_one_sum() {
    let source = "import os\nfor _ in range(3): os.fork()\nwhile True: pass";
    let limits = Limits { cpu: Duration::from_millis(700), ..limits() };
    assert_eq!(run_with(source, &limits).limit, Some(Limit::Cpu));
}

/// Processes on this machine whose command line holds a word.
fn alive(word: &str) -> usize {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(word))
        .count()
}

#[test]
fn nothing_outlives_its_run() {
    let word = format!("lehr-orphan-{}", std::process::id());
    let mut program = Program::of_source(
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(60)\n    os._exit(0)\nos.wait()\nprint('gone')",
    );
    program.args = vec![word.clone()];
    let execution = SANDBOX.run(&program, &limits()).unwrap();
    assert!(execution.succeeded(), "{execution:?}");
    assert_eq!(alive(&word), 0);

    let mut bomb =
        Program::of_source("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass");
    bomb.args = vec![word.clone()];
    let execution = SANDBOX.run(&bomb, &limits()).unwrap();
    assert!(
        matches!(execution.limit, Some(Limit::Cpu | Limit::Wall | Limit::Processes)),
        "{execution:?}"
    );
    assert_eq!(alive(&word), 0);
}

#[test]
fn signals_reach_nobody_outside() {
    let source = "import os, signal\nfor pid in (0, 1, -1, os.getppid()):\n    for s in (signal.SIGCONT, signal.SIGURG, signal.SIGTERM if pid == 1 else signal.SIGCONT, signal.SIGKILL if pid == 1 else signal.SIGCONT):\n        try: os.kill(pid, s)\n        except OSError: pass\nprint('ok')";
    assert_eq!(prints(source), "ok");
}

#[test]
fn descriptors_do_not_leak() {
    // Standard streams only; the fourth is the directory that is being listed.
    assert_eq!(
        prints(
            "import os\no = []\nfor f in range(256):\n    try: os.fstat(f); o.append(f)\n    except OSError: pass\nprint(o)"
        ),
        "[0, 1, 2]"
    );
    let count = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    run("1");
    let before = count();
    for _ in 0..20 {
        run("1");
    }
    // Tests beside this one have some open for a moment.
    assert!(count() < before + 60, "{before} {}", count());
}

#[test]
fn many_run_at_once() {
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..16).map(|n| scope.spawn(move || prints(&format!("print({n} * 2)")))).collect();
        for (n, thread) in threads.into_iter().enumerate() {
            assert_eq!(thread.join().unwrap(), (n * 2).to_string());
        }
    });
}

#[test]
fn a_program_that_cannot_be_laid_out_is_an_error() {
    let mut program = Program::of_source("1");
    program.entry = "other.py".into();
    assert!(SANDBOX.run(&program, &limits()).is_err());
    program = Program::of_source("1");
    program.files[0].name = "../main.py".into();
    assert!(SANDBOX.run(&program, &limits()).is_err());
    program = Program::of_source("1");
    program.args = vec!["a\0b".into()];
    assert!(SANDBOX.run(&program, &limits()).is_err());
}
