"""What stands in for pytest: the part of it that tests of one file use.

It is used where the real one is installed too, so that a verdict does not depend on it.
"""

import functools
import math
import numbers
import re
import types


class Failed(BaseException):
    """A test that failed by its own word."""


class Skipped(BaseException):
    """A test that skips itself."""


class XFailed(BaseException):
    """A test that expects its failure."""


class Mark:
    """One `pytest.mark.NAME(...)`."""

    def __init__(self, name, args=(), kwargs=None):
        self.name, self.args, self.kwargs = name, args, kwargs or {}

    def __call__(self, *args, **kwargs):
        # `@pytest.mark.skip` without brackets is given what it marks.
        if len(args) == 1 and not kwargs and self.name != "parametrize":
            if isinstance(args[0], (types.FunctionType, type)) and not self.args:
                marks = list(vars(args[0]).get("pytestmark", []))
                args[0].pytestmark = marks + [self]
                return args[0]
        made = Mark(self.name, args, kwargs)
        return made.put

    def put(self, thing):
        """Marks a function or class."""
        thing.pytestmark = list(vars(thing).get("pytestmark", [])) + [self]
        return thing


class Parameters:
    """One `pytest.param(...)`."""

    def __init__(self, values, marks):
        self.values = values
        marks = list(marks) if isinstance(marks, (list, tuple)) else [marks]
        self.marks = [getattr(mark, "__self__", mark) for mark in marks]


class Fixture:
    """A function that makes what tests ask for by its name."""

    def __init__(self, function, scope, params, autouse, name):
        self.function, self.scope, self.params = function, scope, params
        self.autouse, self.name = autouse, name or function.__name__
        functools.update_wrapper(self, function)

    def __call__(self, *args, **kwargs):
        raise Failed("fixture %r is called directly" % self.name)


class ExceptionInfo:
    """What `pytest.raises` caught."""

    type = value = tb = None

    @property
    def typename(self):
        return self.type.__name__

    def match(self, pattern):
        if not re.search(pattern, str(self.value)):
            raise AssertionError("pattern %r is not in %r" % (pattern, str(self.value)))
        return True

    def exconly(self, tryshort=False):
        return describe(self.value)

    def errisinstance(self, kinds):
        return isinstance(self.value, kinds)


class Raises:
    """The block of a `with pytest.raises(...)`."""

    def __init__(self, run, expected, match):
        self.run, self.expected, self.match = run, expected, match
        self.info = ExceptionInfo()

    def __enter__(self):
        self.mark = len(self.run.records)
        return self.info

    def __exit__(self, kind, error, trace):
        self.run.asserts += 1
        if error is None:
            raise Failed("DID NOT RAISE %s" % (self.expected,))
        if isinstance(error, Stop) or not isinstance(error, self.expected):
            return False
        # An assertion that had to fail has not failed the test.
        del self.run.records[self.mark :]
        self.info.type, self.info.value, self.info.tb = type(error), error, trace
        if self.match is not None and not re.search(self.match, str(error)):
            raise Failed("pattern %r is not in %r" % (self.match, str(error)[:300]))
        return True


class Approx:
    """A number, or a collection of numbers, with how near is near enough."""

    __hash__ = None

    def __init__(self, expected, rel=None, abs=None, nan_ok=False):
        self.expected, self.rel, self.abs, self.nan_ok = expected, rel, abs, nan_ok

    def __repr__(self):
        return "approx(%r)" % (self.expected,)

    def __eq__(self, actual):
        return self.near(self.expected, actual)

    def __ne__(self, actual):
        return not self == actual

    def near(self, expected, actual):
        if isinstance(expected, dict):
            return (
                isinstance(actual, dict)
                and expected.keys() == actual.keys()
                and all(self.near(expected[key], actual[key]) for key in expected)
            )
        if isinstance(expected, (list, tuple)):
            return (
                isinstance(actual, (list, tuple))
                and len(expected) == len(actual)
                and all(self.near(a, b) for a, b in zip(expected, actual))
            )
        if isinstance(expected, bool) or not isinstance(expected, numbers.Number):
            return type(expected) is type(actual) and expected == actual
        if isinstance(actual, bool) or not isinstance(actual, numbers.Number):
            return False
        if expected == actual:
            return True
        if not isinstance(expected, complex) and math.isnan(expected):
            return self.nan_ok and not isinstance(actual, complex) and math.isnan(actual)
        if type(expected) is not type(actual):
            if complex not in (type(expected), type(actual)):
                expected, actual = float(expected), float(actual)
        distance = abs(expected - actual)
        if distance == math.inf or abs(expected) == math.inf:
            return False
        relative = (1e-6 if self.rel is None else self.rel) * float(abs(expected))
        if self.rel is None and self.abs is not None:
            relative = 0.0
        return distance <= max(relative, 1e-12 if self.abs is None else self.abs)


class MarkMaker:
    """`pytest.mark`."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Mark(name)


def make_pytest(run):
    """The module, for one run."""

    def raises(expected, *args, match=None, **kwargs):
        block = Raises(run, expected, match)
        if not args:
            return block
        with block as info:
            args[0](*args[1:], **kwargs)
        return info

    def fixture(
        function=None, *, scope="function", params=None, autouse=False, ids=None, name=None
    ):
        def make(function):
            return Fixture(function, scope, params, autouse, name)

        return make if function is None else make(function)

    def fail(reason="", pytrace=True, msg=None):
        raise Failed(reason or msg or "")

    def skip(reason="", *, allow_module_level=False, msg=None):
        raise Skipped(reason)

    def xfail(reason=""):
        raise XFailed(reason)

    def param(*values, id=None, marks=()):
        return Parameters(values, marks)

    def importorskip(name, minversion=None, reason=None):
        try:
            return __import__(name)
        except ImportError:
            raise Skipped("there is no module %s" % name) from None

    def missing(name):
        if name.startswith("__"):
            raise AttributeError(name)
        run.client.halt(
            Unsupported("unsupported_test", "the tests use pytest.%s, which is not there" % name)
        )

    fail.Exception, skip.Exception, xfail.Exception = Failed, Skipped, XFailed
    module = types.ModuleType("pytest")
    module.__dict__.update(
        raises=raises,
        approx=Approx,
        fixture=fixture,
        fail=fail,
        skip=skip,
        xfail=xfail,
        param=param,
        importorskip=importorskip,
        mark=MarkMaker(),
        main=lambda *args, **kwargs: 0,
        __getattr__=missing,
        __version__="8.0",
    )
    return module
