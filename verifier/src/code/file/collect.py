"""Finds the tests of a file and runs them, as pytest and unittest do."""

import functools
import inspect
import itertools
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
        finish(self.enders)
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
                setting = Setting(self, function, kind, fixtures, dict(chosen))
                test = functools.partial(setting.run, wanted, used, values, static)
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
