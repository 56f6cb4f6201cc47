"""Runs a file of tests against the solution at the other end of the link.

It runs in a sandbox of its own, beside tests.json (nonce and text). Every line on descriptor 3 is
`NONCE {json}`: failures as they happen, and how it ended.
"""

import ast
import json
import os
import reprlib
import sys
import types

SHOWN = 20


class Record:
    """One failure."""

    def __init__(self, code, line, error, sides=None, remote=False):
        self.code, self.line, self.error = code, line, error
        self.sides, self.remote = sides, remote
        self.test = None


class Run(Scope):
    """One run of a file of tests."""

    def __init__(self, client, send):
        self.client, self.send = client, send
        self.records = []
        self.asserts = 0
        self.cases = 0
        self.passed = 0
        self.skipped = 0
        self.sent = 0
        self.uses = 0
        self.names = {}
        self.module_names = set()
        self.globals = {}
        self.source = None
        self.pytest = make_pytest(self)

    def fail(self, line, sign, left, right, *message):
        """An assertion that does not hold."""
        said = str(message[0])[:300] if message else ""
        sides = [self.show(left), sign, self.show(right) if sign else None]
        record = Record("assertion_failed", line, said, sides)
        self.records.append(record)
        error = AssertionError(*message)
        error._lehr_record = record
        raise error

    def ran(self):
        self.asserts += 1

    def show(self, value):
        """A value in at most 300 characters; the solution is not asked."""
        self.client.quiet = True
        short = reprlib.Repr()
        short.maxlevel, short.maxother, short.maxstring, short.maxlong = 4, 300, 250, 200
        short.maxlist = short.maxtuple = short.maxset = short.maxdict = short.maxdeque = 40
        try:
            return short.repr(value)[:300]
        except Exception:
            return "<%s>" % type(value).__name__
        finally:
            self.client.quiet = False

    def record(self, error):
        """Keeps what ended a test, unless an assertion of ours has."""
        if isinstance(error, Stop):
            raise error
        if getattr(error, "_lehr_record", None) is not None:
            # It may have been taken for an expected one, and raised again.
            if error._lehr_record not in self.records:
                self.records.append(error._lehr_record)
            return
        line = 0
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "tests.py":
                line = trace.tb_lineno
            trace = trace.tb_next
        remote = "_lehr_text" in getattr(error, "__dict__", {})
        code = "raised"
        if not remote and isinstance(error, NameError):
            name = str(error).split("'")[1] if "'" in str(error) else ""
            if name not in self.source.stores:
                code = "missing_name"
        elif not remote and isinstance(error, ImportError):
            code = self.import_failure(error)
        elif not remote and isinstance(error, FileNotFoundError):
            self.client.halt(
                Unsupported("files", "the tests read a file, and files do not cross: %s" % error)
            )
        elif isinstance(error, (SystemExit, KeyboardInterrupt)) and remote:
            code = "solution_ended"
        elif isinstance(error, (Failed, AssertionError)) and not remote:
            code = "assertion_failed"
        self.records.append(Record(code, line, describe(error), None, remote))

    def load(self):
        """Has the solution loaded. Whether there is something to test."""
        self.client.module = Place(0)
        answer = self.client.call("load", self.client.module)
        try:
            status, *names = answer
            if status == "failed":
                error, kind = names
                code = "solution_ended" if kind in ("SystemExit", "KeyboardInterrupt") else "load_error"
                self.records.append(Record(code, 0, str(error), None, True))
                return False
            self.names = {str(name): str(kind) for name, kind in names}
        except (TypeError, ValueError) as error:
            self.client.halt(Tampered(describe(error)))
        self.client.uses = 0
        return True

    def attempt(self, test, function):
        """Runs one test. Whether it passed; `None` when it does not count."""
        before = len(self.records)
        try:
            function()
        except Skipped:
            self.skipped += 1
            del self.records[before:]
            return None
        except XFailed:
            self.skipped += 1
            del self.records[before:]
            return None
        except BaseException as error:
            self.record(error)
        if self.client.stop is not None:
            raise self.client.stop
        for record in self.records[before:]:
            record.test = test
        self.send_records()
        return len(self.records) == before

    def count(self, passed):
        if passed is not None:
            self.cases += 1
            self.passed += passed

    def count_failure(self, test, function):
        """Runs what is no test, and counts as one that failed when it fails."""
        if self.attempt(test, function) is False:
            self.count(False)

    def send_records(self):
        """Tells of failures that cannot be taken back any more."""
        for record in self.records[self.sent : SHOWN]:
            left, sign, right = record.sides or (None, None, None)
            self.send(
                {
                    "failure": {
                        "test": record.test,
                        "code": record.code,
                        "line": record.line,
                        "source": self.source.line(record.line) if self.source else "",
                        "error": record.error,
                        "left": left,
                        "operator": sign,
                        "right": right,
                        "remote": record.remote,
                    }
                }
            )
        self.sent = len(self.records)

    def top_level(self):
        """Runs the statements of the file, one by one.

        After a failed assertion or expression the next one runs; after anything else that fails
        the file ends. Gives back the names that were called.
        """
        called = set()
        classes = {name for name, kind in self.names.items() if kind == "class"}
        for statement, calls in self.source.statements(classes):
            called |= calls
            pieces = statement if isinstance(statement, list) else [statement]
            is_test = isinstance(statement, list) or isinstance(statement, ast.Expr)
            code = compile(
                ast.Module(body=pieces, type_ignores=[]),
                "tests.py",
                "exec",
                flags=self.source.future,
                dont_inherit=True,
            )
            asserts = self.asserts
            ended = []

            def run():
                try:
                    exec(code, self.globals)
                except SystemExit as error:
                    if "_lehr_text" in error.__dict__ or error.code not in (None, 0):
                        raise
                    ended.append(True)

            passed = self.attempt(None, run)
            if passed is None:
                # The file skips itself.
                return called, True
            if not passed or self.asserts > asserts:
                self.count(passed)
            if ended or not (passed or is_test):
                return called, not passed
        return called, False

    def everything(self):
        called, is_over = self.top_level()
        if not is_over:
            Collection(self, called).run()


def run_file(run, text):
    """Runs the tests; the code and reason of what stopped them, if anything did."""
    client = run.client
    try:
        if not run.load():
            run.send_records()
            return None
        try:
            run.source = Source(text)
        except (SyntaxError, ValueError, RecursionError) as error:
            return "tests_syntax", describe(error)
        module = types.ModuleType("__main__")
        module.__file__ = "tests.py"
        run.prepare(module)
        run.everything()
        run.uses = client.uses
        client.call("end", client.module)
        if client.rest:
            client.halt(Tampered("the solution sent an answer too many"))
    except Stop as stop:
        stop = client.stop or stop
        return stop.code, str(stop)
    except Exception as error:
        return "internal", describe(error)
    return None


def main(here):
    """`here` is the directory of the program's files."""
    with open(os.path.join(here, "tests.json"), encoding="utf-8") as file:
        given = json.load(file)
    sys.path[0] = scratch = os.getcwd()
    prefix, write = given["nonce"] + " ", os.write

    def send(message):
        line = (prefix + json.dumps(message) + "\n").encode("ascii")
        while line:
            line = line[write(3, line) :]

    world = dict(os.environ), list(sys.argv)
    run = Run(Client(4, 5), send)
    stop = run_file(run, given["tests"])
    # Files and variables that the tests wrote were not there for the solution.
    has_files = bool(os.listdir(scratch)) or world != (dict(os.environ), list(sys.argv))
    send(
        {
            "done": {
                "stop": stop and list(stop),
                "cases": run.cases,
                "passed": run.passed,
                "asserts": run.asserts,
                "failed": len(run.records),
                "uses": run.uses,
                "files": has_files,
                "shadowed": run.shadowed(),
            }
        }
    )


if __name__ == "__main__":
    main(sys.argv[1])
    os._exit(0)
