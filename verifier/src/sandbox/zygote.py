"""Forks itself for each program that it is told to run.

It runs as the root of a user namespace of its own, in a root that holds nothing but what programs
may see. A fork joins the namespaces of a cell, gives up every right by the steps that it was told
beforehand, and only then looks at the program. Nothing that is secret ever comes here: what a program
finds in this process's memory is this file and its own job.

It has its line as descriptor 3. The messages are those of `zygote.rs`.
"""

# Also the modules that programs usually import, though nothing here does: a fork has them already.
import abc
import atexit
import bisect
import collections
import contextlib
import copy
import ctypes
import dataclasses
import datetime
import decimal
import enum
import fcntl
import fractions
import functools
import gc
import heapq
import io
import itertools
import json
import linecache
import math
import operator
import os
import random
import re
import resource
import signal
import socket
import statistics
import string
import struct
import sys
import threading
import time
import traceback
import types
import typing

NEW_PID = 0x20000000
LINE = 3
TELL = 6
RULESET = 7
ASIDE = 100
LONGEST = 128 << 10

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


class Failure(Exception):
    """A step that failed: its name, and the system's number for the error."""

    def __init__(self, stage, errno):
        self.stage = stage
        self.errno = errno


def attempt(stage, result):
    if result < 0:
        raise Failure(stage, ctypes.get_errno())


class Steps:
    """The last steps, ready to be taken."""

    def __init__(self, plan):
        self.kept = []
        self.steps = [
            (step["stage"], step["number"], [self.argument(arg) for arg in step["args"]])
            for step in plan
        ]

    def argument(self, arg):
        if arg == "ruleset":
            return ctypes.c_long(RULESET)
        ((kind, value),) = arg.items()
        if kind == "number":
            return ctypes.c_long(value)
        held = ctypes.create_string_buffer(bytes(value), len(value))
        self.kept.append(held)
        if kind == "filter":
            program = struct.pack("HxxxxxxP", len(value) // 8, ctypes.addressof(held))
            held = ctypes.create_string_buffer(program, len(program))
            self.kept.append(held)
        return ctypes.c_long(ctypes.addressof(held))

    def take(self):
        call = libc.syscall
        for stage, number, arguments in self.steps:
            if call(ctypes.c_long(number), *arguments) < 0:
                errno = ctypes.get_errno()
                # Without the right to drop one there is nothing to be regained either.
                if stage != "bounding" or errno != 1:
                    raise Failure(stage, errno)


def wire(descriptors, job):
    """Gives the descriptors their numbers and closes all others."""
    cell, tell, *rest = descriptors
    ruleset = rest.pop(0) if job["ruleset"] else None
    numbers = [0, 1, 2] + [3] * job["channel"] + [4, 5] * job["link"]
    moved = [(aside(fd), number) for fd, number in zip(rest, numbers)]
    moved.append((aside(tell), TELL))
    if ruleset is not None:
        moved.append((aside(ruleset), RULESET))
    os.closerange(3, ASIDE)
    for fd, number in moved:
        os.dup2(fd, number, inheritable=number < TELL)
    os.closerange(ASIDE, 2 * ASIDE)


def aside(fd):
    """A copy out of the way of the numbers that descriptors are to have."""
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, ASIDE)


def limit(job):
    os.umask(0o022)
    os.chdir(job["scratch"])
    for limited, soft, hard in job["rlimits"]:
        try:
            resource.setrlimit(limited, (signed(soft), signed(hard)))
        except (OSError, ValueError) as error:
            raise Failure("rlimits", getattr(error, "errno", None) or 22) from error


def signed(limit):
    return limit if limit < 1 << 63 else -1


def become_program(descriptors, job, namespaces, steps):
    """The life of a fork; it does not return."""
    tell = descriptors[1]
    try:
        # What is left of this process's rights holds in the cell alone.
        attempt("join", libc.setns(descriptors[0], namespaces))
        wire(descriptors, job)
        tell = TELL
        limit(job)
        steps.take()
        os.close(TELL)
        if job["ruleset"]:
            os.close(RULESET)
    except BaseException as error:
        stage, errno = ("join", getattr(error, "errno", None) or 22)
        if isinstance(error, Failure):
            stage = error.stage
        os.write(tell, json.dumps({"stage": stage, "errno": errno}).encode())
        os._exit(127)
    sys.stdin = stream(0, "r")
    sys.stdout = stream(1, "w")
    sys.stderr = stream(2, "w", "backslashreplace")
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    gc.enable()
    ((kind, name),) = job["run"].items()
    if kind == "harness":
        finish(lambda: sys.modules[name].main(job["files"]))
    path = job["files"] + "/" + name
    sys.argv = [path] + job["args"]
    sys.path[0] = job["files"]
    finish(lambda: run_script(path))


def stream(fd, mode, errors="strict"):
    raw = io.FileIO(fd, mode, closefd=False)
    raw.name = {0: "<stdin>", 1: "<stdout>", 2: "<stderr>"}[fd]
    buffered = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    return io.TextIOWrapper(buffered, "utf-8", errors, line_buffering=fd == 2)


def run_script(path):
    """Runs a file as `python file` does."""
    module = types.ModuleType("__main__")
    module.__file__ = path
    module.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = module
    with open(path, "rb") as file:
        source = file.read()
    exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)


def finish(body):
    """Runs a body and ends this process as the interpreter would."""
    status = 0
    try:
        body()
    except SystemExit as error:
        if error.code is None:
            status = 0
        elif isinstance(error.code, int):
            status = error.code & 0xFF
        else:
            print(error.code, file=sys.stderr)
            status = 1
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException as error:
        status = 1
        trace = error.__traceback__
        # The frames of this file are not the program's.
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        try:
            error.__traceback__ = trace
            sys.excepthook(type(error), error, trace)
        except BaseException:
            pass
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException:
        pass
    try:
        sys.stdout.flush()
    except BaseException:
        status = status or 120
    try:
        sys.stderr.flush()
    except BaseException:
        pass
    os._exit(status)


def serve():
    line = socket.socket(fileno=LINE)

    def say(message):
        line.send(json.dumps(message).encode())

    # Before 3.9 there is none: then this process ends here, and programs start without it.
    receive = socket.recv_fds
    prepare = json.loads(line.recv(LONGEST))
    steps = Steps(prepare["plan"])
    namespaces = prepare["namespaces"]
    for module in prepare["modules"]:
        __import__(module)
    # What is here is for whoever is asked to run it, not to be imported.
    del sys.path[0]
    sys.path.insert(0, "")
    gc.collect()
    gc.freeze()
    # A fork has pages of its own only for what it writes to.
    gc.disable()
    say("ready")
    while True:
        message, descriptors, _, _ = receive(line, LONGEST, 16)
        if not message:
            return
        job = json.loads(message)
        fork = None
        try:
            attempt("join", libc.setns(descriptors[0], NEW_PID))
            fork = os.fork()
        except Failure as failure:
            say({"failed": {"stage": failure.stage, "errno": failure.errno}})
        except OSError as error:
            say({"failed": {"stage": "fork", "errno": error.errno}})
        if fork == 0:
            become_program(descriptors, job, namespaces, steps)
        for descriptor in descriptors:
            os.close(descriptor)
        if fork is None:
            continue
        say({"forked": fork})
        _, status, usage = os.wait4(fork, 0)
        cpu = int((usage.ru_utime + usage.ru_stime) * 1_000_000)
        say({"ended": {"status": status, "cpu": cpu}})


serve()
