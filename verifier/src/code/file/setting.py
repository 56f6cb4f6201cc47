"""One test in its setting: fixtures, set-up and tear-down."""

import collections
import functools
import inspect
import io
import pathlib
import sys
import tempfile
import types


class Setting:
    """One run of one test, with the fixtures that it gets."""

    def __init__(self, collection, function, kind, fixtures, chosen):
        self.collection, self.function = collection, function
        self.kind, self.fixtures, self.chosen = kind, fixtures, chosen
        self.made = {}
        self.enders = []
        self.instance = None

    def run(self, wanted, used, values, static):
        """Sets up, calls and tears down. `wanted` are parameters, `used` fixtures beside them."""
        function, kind = self.function, self.kind
        scope, before, after = self.collection.run_.globals, "setup_function", "teardown_function"
        if kind is not None:
            scope = self.instance = kind()
            before, after = "setup_method", "teardown_method"
        try:
            setup(scope, before, function)
            try:
                for name in used:
                    self.value(name)
                given = {}
                for name in wanted:
                    if name in values:
                        given[name] = values[name]
                    elif needed(function, name):
                        given[name] = self.value(name)
                args = () if kind is None or static else (self.instance,)
                result = function(*args, **given)
                if inspect.iscoroutine(result):
                    # Few tests need it, and it is long in loading.
                    import asyncio

                    asyncio.run(result)
            finally:
                setup(scope, after, function)
        finally:
            finish(self.enders)

    def value(self, name):
        """What a fixture gives."""
        fixture = self.fixtures.get(name)
        is_shared = fixture is not None and fixture.scope != "function"
        made, key = self.made, name
        if is_shared:
            made = self.collection.shared
            key = name, id(self.chosen.get(fixture)) if fixture in self.chosen else None
        if key not in made:
            made[key] = self.own(name) if fixture is None else self.make(fixture, is_shared)
        return made[key]

    def make(self, fixture, is_shared):
        """Calls the function of a fixture, and sees to its end."""
        given = {}
        for parameter in inspect.signature(fixture.function).parameters:
            if parameter == "self":
                given[parameter] = self.instance
            elif parameter == "request":
                given[parameter] = Request(self.chosen.get(fixture), self)
            else:
                given[parameter] = self.value(parameter)
        made = fixture.function(**given)
        if inspect.isgenerator(made):
            enders = self.collection.enders if is_shared else self.enders
            enders.append(functools.partial(next, made, None))
            made = next(made)
        return made

    def own(self, name):
        """One of those that pytest brings."""
        if name == "tmp_path":
            # It is left behind, and so it is seen that the tests use files.
            return pathlib.Path(tempfile.mkdtemp(dir=".")).resolve()
        if name in ("capsys", "capfd"):
            capture = Capture()
            self.enders.append(capture.end)
            return capture
        if name == "request":
            return Request(None, self)
        if name == "monkeypatch":
            patch = MonkeyPatch(self.collection.run_.client)
            self.enders.append(patch.undo)
            return patch
        if name in ("tmpdir", "caplog", "mocker", "recwarn", "benchmark", "capfdbinary"):
            self.collection.run_.client.halt(
                Unsupported("unsupported_test", "the tests use the fixture %s" % name)
            )
        raise Failed("fixture %r is not there" % name)


def finish(enders):
    """Ends fixtures, the latest first."""
    while enders:
        enders.pop()()


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


class Request:
    """What a fixture learns of its test."""

    def __init__(self, param, setting):
        self.param, self.getfixturevalue = param, setting.value
        self.function = setting.function
        self.addfinalizer = setting.enders.append
        self.node = types.SimpleNamespace(name=setting.function.__name__)


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
            title = target if isinstance(target, str) else getattr(target, "__name__", "an object")
            why = "the tests change %s, which is in their process alone" % title
            self.client.halt(Unsupported("unsupported_test", why))
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
