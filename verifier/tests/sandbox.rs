//! Programs that try to get out, and what becomes of them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use lehr_verifier::sandbox::{Execution, Exit, Limit, Program, SandboxError, Start};
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
    let shell = "import os, subprocess\nos.system('echo a; (exit 3) || echo b | cat')\nprint(subprocess.run('echo c & wait; echo d', shell=True, capture_output=True).stdout.split())";
    assert_eq!(prints(shell).split_whitespace().collect::<Vec<_>>(), ["a", "b", "[b'c',", "b'd']"]);
    let pool = "import concurrent.futures as c, multiprocessing as m\nif __name__ == '__main__':\n    v = m.Value('i', 5)\n    with c.ProcessPoolExecutor(2) as p: print(list(p.map(abs, [-1, 2])), v.value)";
    assert_eq!(prints(pool), "[1, 2] 5");
    let lock = "import multiprocessing as m\nl = m.Lock()\nl.acquire()\nprint('ok')";
    assert_eq!(prints(lock), "ok");
    let loops = "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 'ok'\nprint(asyncio.run(f()))";
    assert_eq!(prints(loops), "ok");
}

#[test]
fn arguments_arrive_and_the_input_is_empty() {
    let mut program = Program::of_source("import sys; print([sys.stdin.read()], sys.argv[1:])");
    program.args = vec!["a b".into()];
    let execution = SANDBOX.run(&program, &limits()).unwrap();
    assert_eq!(String::from_utf8_lossy(&execution.stdout).trim(), "[''] ['a b']");
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
    // Of the directories above the interpreter, which may lie in a home, only its own is there.
    let siblings = "import os, sys\nseen = []\npath = sys.base_prefix\nwhile len(path) > 1:\n    path, own = os.path.split(path)\n    if path not in ('/', '/usr') and not path.startswith('/usr/'): seen += set(os.listdir(path)) - {own}\nprint(seen)";
    assert_eq!(prints(siblings), "[]");
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
attempt('memory of init', libc.process_vm_readv(1, None, 0, None, 0, 0))
attempt('x32', libc.syscall(0x40000000 + 101, 0, 0, 0, 0)) if os.uname().machine == 'x86_64' else None
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
        ("shared memory", "import mmap\nmmap.mmap(-1, 4096)", &limits(), Limit::Memory),
        ("output", "while True: print('x' * 1000)", &limits(), Limit::Output),
        ("errors", "import os\nwhile True: os.write(2, b'x' * 1000)", &limits(), Limit::Output),
        ("file", "open('f', 'wb').write(bytes(20 << 20))", &limits(), Limit::FileSize),
        (
            "scratch",
            "for i in range(9): open(str(i), 'wb').write(bytes(10 << 20))",
            &limits(),
            Limit::Scratch,
        ),
        ("inodes", "for i in range(9999): open(str(i), 'w').close()", &limits(), Limit::Inodes),
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
    // The kernel lets it come to the limit, the watch sees it go over.
    assert!(execution.peak_memory.unwrap() > 500 << 20);
}

#[test]
fn processor_time_of_many_processes_is_one_sum() {
    let source = "import os\nfor _ in range(3): os.fork()\nwhile True: pass";
    let limits = Limits { cpu: Duration::from_millis(700), ..limits() };
    assert_eq!(run_with(source, &limits).limit, Some(Limit::Cpu));
}

#[test]
fn no_memory_is_shared_outside_the_limits() {
    let source = r#"
import ctypes, errno, mmap, os
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
def attempt(flags, fd=-1):
    ctypes.set_errno(0)
    got = libc.mmap(None, 4096, 3, flags, fd, 0)
    return errno.errorcode[ctypes.get_errno()] if got == ctypes.c_void_p(-1).value else 'mapped'
SHARED, PRIVATE, VALIDATE, ANONYMOUS = 1, 2, 3, 0x20
print(attempt(PRIVATE | ANONYMOUS), attempt(SHARED | ANONYMOUS), attempt(VALIDATE | ANONYMOUS))
print([os.path.exists('/dev/' + name) for name in ('null', 'zero', 'shm')])
# What the scratch holds counts against the scratch.
with open('shared', 'wb+') as file:
    file.truncate(4096)
    print(attempt(SHARED, file.fileno()), len(mmap.mmap(file.fileno(), 0)))
"#;
    assert_eq!(
        prints(source).lines().collect::<Vec<_>>(),
        ["mapped ENOMEM ENOMEM", "[True, False, True]", "mapped 4096"]
    );
}

#[test]
fn time_of_children_that_nobody_waits_for_counts() {
    let source = r#"
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        while time.process_time() < 0.3: pass
        os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
"#;
    let limits = Limits { cpu: Duration::from_secs(1), wall: Duration::from_secs(60), ..limits() };
    let execution = run_with(source, &limits);
    assert_eq!(execution.limit, Some(Limit::Cpu), "{execution:?}");
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
    let mut witness = Command::new("sleep").arg("60").spawn().unwrap();
    // The witness, this process and the sandbox's own init by the numbers that they have outside,
    // and every process inside.
    let source = format!(
        r#"
import errno, os, signal
said = []
for pid in ({}, {}, 1, -1):
    for number in (0, signal.SIGTERM, signal.SIGKILL) if pid > 0 else (0,):
        try:
            os.kill(pid, number)
            said.append('sent')
        except OSError as error:
            said.append(errno.errorcode[error.errno])
print(said[:6], set(said[6:]) <= {{'sent', 'EPERM', 'ESRCH'}})
"#,
        witness.id(),
        std::process::id()
    );
    assert_eq!(prints(&source), "['ESRCH', 'ESRCH', 'ESRCH', 'ESRCH', 'ESRCH', 'ESRCH'] True");
    assert!(witness.try_wait().unwrap().is_none(), "the witness was killed");
    witness.kill().and_then(|()| witness.wait()).unwrap();
}

#[test]
fn descriptors_do_not_leak_into_programs() {
    let source = "import os\no = []\nfor f in range(256):\n    try: os.fstat(f); o.append(f)\n    except OSError: pass\nprint(o)";
    assert_eq!(prints(source), "[0, 1, 2]");
}

#[test]
fn a_child_that_cannot_start_says_why() {
    // With so few descriptors the child fails before it is let go.
    let program = std::env::temp_dir().join(format!("lehr-few-{}.py", std::process::id()));
    std::fs::write(&program, "print(1)").unwrap();
    let output = Command::new("sh")
        .args(["-c", "ulimit -n 90 && exec \"$0\" run --language python \"$1\""])
        .args([env!("CARGO_BIN_EXE_verifier").as_ref(), program.as_os_str()])
        .output()
        .unwrap();
    std::fs::remove_file(&program).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the sandbox failed at the descriptors"), "{said}");
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
    let is_refused = |change: fn(&mut Program), word: &str| {
        let mut program = Program::of_source("1");
        change(&mut program);
        let refused = SANDBOX.run(&program, &limits()).unwrap_err();
        assert!(matches!(refused, SandboxError::Program(_)), "{refused:?}");
        assert!(refused.to_string().contains(word), "{refused}");
    };
    is_refused(|p| p.start = Start::Script("other.py".into()), "other.py");
    is_refused(|p| p.files[0].name = "../main.py".into(), "../main.py");
    is_refused(|p| p.files[0].name = ".hidden".into(), ".hidden");
    is_refused(|p| p.args = vec!["a\0b".into()], "zero byte");
    for limits in [
        Limits { wall: Duration::MAX, ..limits() },
        Limits { cpu: Duration::MAX, ..limits() },
        Limits { scratch: 0, ..limits() },
    ] {
        let refused = SANDBOX.run(&Program::of_source("1"), &limits).unwrap_err();
        assert!(matches!(refused, SandboxError::Limits(_)), "{refused:?}");
    }
}
