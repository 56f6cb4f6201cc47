"""Finds the tests of a file and runs them, as pytest and unittest do."""

import collections
import functools
import inspect
import io
import itertools
import pathlib
import sys
import tempfile
import types
import unittest


class Collection:
    """The tests of a file. `called` are functions that the file has run by itself."""

    def __init__(self, run, called):
        self.run_ = run
        self.called = called
        self.fixtures = {
            value.name: value for value in run.globals.values() if isinstance(value, Fixture)
        }
        # Fixtures that live longer than a test, with what ends them.
        self.shared = {}
        self.enders = []

    def run(self):
        """Runs them in the order of the file."""
        scope = self.run_.globals
        module_marks = marks_of(scope)
        self.hook(scope, "setup_module", scope)
        for name, thing in list(scope.items()):
            if isinstance(thing, Kind) or name in self.called:
                continue
            if isinstance(thing, type) and issubclass(thing, unittest.TestCase):
                if thing.__module__ == "__main__":
                    self.test_case(thing)
            elif isinstance(thing, type) and name.startswith("Test"):
                if "__init__" not in vars(thing):
                    self.test_class(name, thing, module_marks)
            elif inspect.isfunction(thing) and name.startswith("test"):
                self.function(name, thing, None, self.fixtures, module_marks)
        self.finish(self.enders)
        self.hook(scope, "teardown_module", scope)

    def hook(self, scope, name, *args):
        """Calls a set-up or tear-down function when there is one."""
        function = scope.get(name) if isinstance(scope, dict) else getattr(scope, name, None)
        if function is None:
            return
        given = args[: len(inspect.signature(function).parameters)]
        self.run_.count_failure(name, lambda: function(*given))

    def test_case(self, kind):
        """Runs a class of unittest."""
        unittest.defaultTestLoader.loadTestsFromTestCase(kind).run(Results(self.run_))

    def test_class(self, title, kind, marks):
        marks = marks + marks_of(vars(kind))
        fixtures = dict(self.fixtures)
        for base in reversed(kind.__mro__):
            fixtures.update((v.name, v) for v in vars(base).values() if isinstance(v, Fixture))
        self.hook(kind, "setup_class", kind)
        for name in dir_in_order(kind):
            function = inspect.getattr_static(kind, name)
            if name.startswith("test") and callable(getattr(kind, name)):
                function = getattr(function, "__func__", function)
                self.function("%s::%s" % (title, name), function, kind, fixtures, marks)
        self.hook(kind, "teardown_class", kind)

    def function(self, title, function, kind, fixtures, marks):
        """Runs one test, once for each of its sets of parameters."""
        marks = marks + marks_of(vars(function))
        run = self.run_
        sets = [({}, [], "")]
        for mark in marks:
            if mark.name == "parametrize":
                sets = [
                    (dict(old, **new), old_marks + new_marks, joined(label, name))
                    for new, new_marks, name in self.parameters(mark)
                    for old, old_marks, label in sets
                ]
            elif mark.name in ("usefixtures", "asyncio", "timeout", "order", "anyio"):
                continue
        wanted = list(inspect.signature(function).parameters)
        static = kind is not None and isinstance(
            inspect.getattr_static(kind, function.__name__, None), staticmethod
        )
        if kind is not None and not static:
            wanted = wanted[1:]
        used = [n for m in marks if m.name == "usefixtures" for n in m.args]
        used += [f.name for f in fixtures.values() if f.autouse]
        varied = self.varied(wanted + used, fixtures)
        for values, more, label in sets:
            for chosen in itertools.product(*[[(f, p) for p in f.params] for f in varied]):
                name = title + ("[%s]" % label if label else "")
                every = marks + more
                if any(is_skipped(mark) for mark in every):
                    run.skipped += 1
                    continue
                test = lambda: self.one(function, kind, static, wanted, used, fixtures, values, dict(chosen))
                self.expecting(name, test, every)

    def expecting(self, name, test, marks):
        """Runs a test that may be marked to fail."""
        run = self.run_
        if not any(mark.name == "xfail" and is_true(mark) for mark in marks):
            run.count(run.attempt(name, test))
            return

        def inverted():
            before = len(run.records)
            try:
                test()
            except (Stop, Skipped):
                raise
            except BaseException:
                del run.records[before:]
                raise XFailed from None

        run.count(run.attempt(name, inverted))

    def parameters(self, mark):
        """The sets of parameters of one mark."""
        names, values = mark.args[:2] if len(mark.args) > 1 else (
            mark.args[0], mark.kwargs["argvalues"]
        )
        if mark.kwargs.get("indirect"):
            self.run_.client.halt(
                Unsupported("unsupported_test", "the tests use parametrize with indirect")
            )
        if isinstance(names, str):
            names = [name.strip() for name in names.split(",") if name.strip()]
        for place, value in enumerate(values):
            marks = []
            if isinstance(value, Parameters):
                value, marks = value.values, value.marks
            elif len(names) == 1:
                value = (value,)
            if len(value) != len(names):
                raise Failed("parametrize has %d names and %d values" % (len(names), len(value)))
            yield dict(zip(names, value)), marks, str(place)

    def varied(self, names, fixtures):
        """The fixtures with parameters that these names need."""
        found, waiting, seen = [], list(names), set()
        while waiting:
            name = waiting.pop(0)
            fixture = fixtures.get(name)
            if fixture is None or name in seen:
                continue
            seen.add(name)
            if fixture.params is not None:
                found.append(fixture)
            waiting.extend(inspect.signature(fixture.function).parameters)
        return found

    def one(self, function, kind, static, wanted, used, fixtures, values, chosen):
        """Sets up, calls and tears down."""
        instance = None if kind is None else kind()
        cache, enders = {}, []
        get = lambda name: self.value(name, fixtures, cache, enders, instance, chosen, get, function)
        try:
            scope = self.run_.globals if kind is None else instance
            before, after = ("setup_function", "teardown_function")
            if kind is not None:
                before, after = ("setup_method", "teardown_method")
            setup(scope, before, function)
            try:
                for name in used:
                    get(name)
                given = {n: values[n] if n in values else get(n) for n in wanted if n in values or needed(function, n)}
                args = () if kind is None or static else (instance,)
                result = function(*args, **given)
                if inspect.iscoroutine(result):
                    # Few tests need it, and it is long in loading.
                    import asyncio

                    asyncio.run(result)
            finally:
                setup(scope, after, function)
        finally:
            self.finish(enders)

    def value(self, name, fixtures, cache, enders, instance, chosen, get, function):
        """What a fixture gives."""
        if name in cache:
            return cache[name]
        fixture = fixtures.get(name)
        if fixture is None:
            cache[name] = self.own_fixture(name, enders, function)
            return cache[name]
        key = (name, id(chosen.get(fixture)) if fixture in chosen else None)
        is_shared = fixture.scope != "function"
        if is_shared and key in self.shared:
            return self.shared[key]
        given = {}
        for parameter in inspect.signature(fixture.function).parameters:
            if parameter == "self":
                given[parameter] = instance
            elif parameter == "request":
                given[parameter] = Request(chosen.get(fixture), get, enders, function)
            else:
                given[parameter] = get(parameter)
        made = fixture.function(**given)
        if inspect.isgenerator(made):
            (self.enders if is_shared else enders).append(functools.partial(next, made, None))
            made = next(made)
        (self.shared if is_shared else cache)[key if is_shared else name] = made
        return made

    def own_fixture(self, name, enders, function):
        """One of those that pytest brings."""
        if name == "tmp_path":
            # It is left behind, and so it is seen that the tests use files.
            return pathlib.Path(tempfile.mkdtemp(dir=".")).resolve()
        if name in ("capsys", "capfd"):
            capture = Capture()
            enders.append(capture.end)
            return capture
        if name == "request":
            return Request(None, None, enders, function)
        if name == "monkeypatch":
            patch = MonkeyPatch(self.run_.client)
            enders.append(patch.undo)
            return patch
        if name in ("tmpdir", "caplog", "mocker", "recwarn", "benchmark", "capfdbinary"):
            self.run_.client.halt(
                Unsupported("unsupported_test", "the tests use the fixture %s" % name)
            )
        raise Failed("fixture %r is not there" % name)

    @staticmethod
    def finish(enders):
        """Ends fixtures, the latest first."""
        while enders:
            enders.pop()()


class Request:
    """What a fixture learns of its test."""

    def __init__(self, param, get, enders, function):
        self.param, self.getfixturevalue, self.function = param, get, function
        self.addfinalizer = enders.append
        self.node = types.SimpleNamespace(name=function.__name__)


class Capture:
    """`capsys`: what is printed here, and by the solution in calls from here."""

    Result = collections.namedtuple("CaptureResult", "out err")

    def __init__(self):
        self.before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        self.streams = sys.stdout, sys.stderr

    def readouterr(self):
        found = self.Result(*[stream.getvalue() for stream in self.streams])
        for stream in self.streams:
            stream.seek(0)
            stream.truncate()
        return found

    def end(self):
        sys.stdout, sys.stderr = self.before


class MonkeyPatch:
    """`monkeypatch`, for the solution and for objects of the tests alone."""

    def __init__(self, client):
        self.client = client
        self.undone = []

    def setattr(self, target, name, value=None, raising=True):
        is_own = isinstance(target, (Remote, Kind, SolutionModule)) or (
            getattr(target, "__module__", None) == "__main__" and not isinstance(target, str)
        )
        if not is_own:
            self.client.halt(
                Unsupported(
                    "unsupported_test",
                    "the tests change %s, which is in their process alone"
                    % (target if isinstance(target, str) else getattr(target, "__name__", "an object")),
                )
            )
        before = getattr(target, name)
        self.undone.append(functools.partial(setattr, target, name, before))
        setattr(target, name, value)

    def setitem(self, mapping, key, value):
        if type(mapping) is not dict:
            return self.other("setitem")
        missing = object()
        before = mapping.get(key, missing)
        self.undone.append(
            functools.partial(mapping.pop, key, None)
            if before is missing
            else functools.partial(mapping.__setitem__, key, before)
        )
        mapping[key] = value

    def other(self, name):
        self.client.halt(Unsupported("unsupported_test", "the tests use monkeypatch.%s" % name))

    def __getattr__(self, name):
        return self.other(name)

    def undo(self):
        while self.undone:
            self.undone.pop()()


class Results(unittest.TestResult):
    """What becomes of tests of unittest."""

    def __init__(self, run):
        unittest.TestResult.__init__(self)
        self.run_ = run

    def startTest(self, test):
        self.mark = len(self.run_.records)
        self.counts = True

    def stopTest(self, test):
        run = self.run_
        if run.client.stop is not None:
            raise run.client.stop
        if self.counts:
            for record in run.records[self.mark :]:
                record.test = test.id().replace("__main__.", "")
            run.count(len(run.records) == self.mark)
            run.send_records()

    def addError(self, test, error):
        self.run_.record(error[1])
        if not isinstance(test, unittest.TestCase):
            # A class or module that could not be set up.
            self.run_.count(False)
            self.run_.send_records()

    addFailure = addError

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.run_.record(error[1])

    def addSkip(self, test, reason):
        self.run_.skipped += 1
        self.counts = False

    def addExpectedFailure(self, test, error):
        del self.run_.records[self.mark :]
        self.counts = False

    def addUnexpectedSuccess(self, test):
        self.run_.records.append(Record("assertion_failed", 0, "an unexpected success"))

    def addSuccess(self, test):
        pass


def setup(scope, name, function):
    """Calls the set-up or tear-down of a test, if there is one."""
    found = scope.get(name) if isinstance(scope, dict) else getattr(scope, name, None)
    if found is None and not isinstance(scope, dict):
        found = getattr(scope, name.split("_")[0], None)
    if found is not None:
        found(*[function][: len(inspect.signature(found).parameters)])


def needed(function, name):
    """Whether a parameter has no default."""
    return inspect.signature(function).parameters[name].default is inspect.Parameter.empty


def marks_of(scope):
    """The marks that a module, class or function carries."""
    found = scope.get("pytestmark", [])
    found = found if isinstance(found, (list, tuple)) else [found]
    return [getattr(mark, "__self__", mark) for mark in found]


def is_true(mark):
    """Whether the condition of a mark holds; without one it does."""
    condition = mark.args[0] if mark.args else mark.kwargs.get("condition", True)
    return bool(condition) if not isinstance(condition, str) else True


def is_skipped(mark):
    return mark.name == "skip" or (mark.name == "skipif" and is_true(mark))


def joined(label, name):
    return "%s-%s" % (label, name) if label else name


def dir_in_order(kind):
    """The members of a class, those of its bases first, in the order of the file."""
    seen = {}
    for base in reversed(kind.__mro__):
        seen.update(dict.fromkeys(vars(base)))
    return list(seen)
