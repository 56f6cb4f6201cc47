"""What the tests give to the solution beside plain values: names of Python's things, and handles.

A handle lets the solution use an object without reaching the process of the tests through it:
functions are called and no more, and nothing hidden is told.
"""

import functools
import inspect
import sys
import types


class Unsupported(Stop):
    """What the tests need and this place does not have; `code` says what kind of thing."""

    def __init__(self, code, text):
        Stop.__init__(self, text)
        self.code = code


class Tampered(Stop):
    """Bytes on the link that are no message."""

    code = "tampered"


class Place:
    """An object of the solution that nothing stands for here yet."""

    def __init__(self, place):
        self.place = place


FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    type(str.lower),
    type(str.__add__),
    functools.partial,
)
# Modules of Python whose objects may be lent; what else they would let the solution reach is small.
LENDABLE = ("io", "_io", "random", "unittest.mock", "itertools", "collections", "re", "operator")
# What a mock tells its test.
MOCKED = tuple(
    "assert_ call reset configure mock_ method_calls attach return_ side_".split()
)
ITERATORS = frozenset(
    type(iter(sample))
    for sample in ([], (), {}, {}.items(), {}.values(), set(), "", b"", range(0))
) | frozenset(
    [type(x for x in ()), zip, map, filter, enumerate, reversed]
    + [type(view) for view in ({}.keys(), {}.values(), {}.items())]
)


class Lender(Peer):
    """The part of the client that lends."""

    def lend(self, value, names, depth):
        """What is not plain, as a handle, or by its name when Python itself has it."""
        if isinstance(value, Remote):
            return {"o": self.place_of(value)}
        if type(value) is Place:
            return {"o": value.place}
        if isinstance(value, Kind):
            return {"o": self.class_places[value]}
        if type(value) is Method:
            return {"m": [self.place_of(value.__self__), value.__name__]}
        if isinstance(value, SolutionModule):
            return {"o": 0}
        if isinstance(value, types.ModuleType):
            return {"f": [value.__name__, ""]}
        if isinstance(value, BaseException):
            return {"xi": self.encode_error(value, names)}
        if isinstance(value, type) and issubclass(value, BaseException):
            return {"x": self.encode_class(value)}
        if isinstance(value, FUNCTIONS) or isinstance(value, type):
            return self.lend_function(value)
        module = type(value).__module__
        lendable = module == "__main__" or module in LENDABLE or type(value) in ITERATORS
        if not lendable or type(value).__name__ == "SimpleQueue":
            self.halt(
                Unsupported(
                    "unsupported_value",
                    "the tests give the solution a %s.%s" % (module, type(value).__name__),
                )
            )
        specials = [n for n in SPECIAL + ("__eq__",) if self.special(type(value), n)]
        return {"h": [self.place(value), "object", type(value).__name__, specials]}

    @staticmethod
    def special(kind, name):
        member = getattr(kind, name, None) if any(name in vars(b) for b in kind.__mro__) else None
        return member is not None and member is not object.__eq__

    def lend_function(self, value):
        """A function or class that can be called from there."""
        module = getattr(value, "__module__", None)
        title = getattr(value, "__qualname__", None)
        owner = getattr(value, "__objclass__", None)
        if owner is not None:
            module, title = owner.__module__, "%s.%s" % (owner.__qualname__, value.__name__)
        if type(module) is str and type(title) is str and module in sys.modules:
            found = sys.modules[module]
            for name in title.split("."):
                found = getattr(found, name, None)
            if found is value and module != "__main__" and module != "pytest":
                return {"f": [module, title]}
        parameters = None
        code = getattr(value, "__code__", None)
        if (
            type(value) is types.FunctionType
            and not value.__defaults__
            and not value.__kwdefaults__
            and not code.co_kwonlyargcount
            and not code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
        ):
            parameters = list(code.co_varnames[: code.co_argcount])
        if code is not None and code.co_flags & inspect.CO_COROUTINE:
            self.halt(
                Unsupported("unsupported_value", "the tests give the solution an async function")
            )
        name = str(getattr(value, "__name__", "function"))
        return {"h": [self.place(value), "function", name, parameters]}

    def perform(self, op, args, kwargs):
        """Does what the solution asks with an object that was lent to it."""
        thing, rest = args[0], args[1:]
        lent = self.kept[self.places[id(thing)]] is thing
        is_function = isinstance(thing, FUNCTIONS) or isinstance(thing, type)
        is_iterator = type(thing) in ITERATORS
        if op == "call" and lent and is_function:
            return thing(*rest, **kwargs)
        if op in ("str", "repr") and lent:
            return str(thing) if op == "str" else repr(thing)
        if op == "special" and lent and not is_function and rest[0] in SPECIAL + ("__eq__",):
            return getattr(type(thing), rest[0])(thing, *rest[1:])
        own = type(thing).__module__ == "__main__"
        name = rest[0] if rest and type(rest[0]) is str else "__"
        if is_iterator and name not in ("send", "throw", "close"):
            raise AttributeError("%s is not for the solution" % name)
        if is_function or name.startswith("__") or (name.startswith("_") and not own):
            raise AttributeError("%s is not for the solution" % name)
        if type(thing).__module__ == "unittest.mock" and name.startswith(MOCKED):
            raise AttributeError("%s is not for the solution" % name)
        if op == "getattr":
            return getattr(thing, name)
        if op == "setattr" and own:
            return setattr(thing, name, rest[1])
        self.halt(Unsupported("unsupported_value", "the solution does %s to an object" % op))
