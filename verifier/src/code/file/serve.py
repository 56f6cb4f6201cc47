"""Runs a solution and serves it to the process of the tests, over descriptors 4 and 5.

It runs in a sandbox of its own, beside solution.py, and knows nothing of the tests but the
arguments of their calls. What it sends is not trusted.
"""

import copy
import importlib
import io
import os
import sys
import types

# Types whose instances hold a plain value, should a subclass keep their equality.
BASES = (int, float, str, bytes, tuple, list, dict, set, frozenset, complex)


class Server(Peer):
    """The end of the link on the side of the solution."""

    mine, theirs = "o", "h"

    def __init__(self, hear, speak, source):
        Peer.__init__(self, hear, speak)
        self.source = source
        self.module = types.ModuleType("solution")
        self.place(self.module)
        # What stands for the objects of the tests, by their places, and back.
        self.proxies = {}
        self.proxy_places = {}
        self.ops = {
            "load": self.load,
            "getattr": getattr,
            "setattr": setattr,
            "delattr": delattr,
            "method": lambda thing, name, *args, **kwargs: getattr(thing, name)(*args, **kwargs),
            "special": lambda thing, name, *args: getattr(type(thing), name)(thing, *args),
            "iter": iter,
            "len": len,
            "item": lambda thing, key: thing[key],
            "contains": lambda thing, item: item in thing,
            "str": str,
            "repr": repr,
            "dir": dir,
            "about": about,
            "base": base_of,
            "fields": lambda thing, *names: [getattr(thing, name) for name in names],
            "copy": copy.copy,
            "deepcopy": copy.deepcopy,
            "await": wait_for,
            "stay": stay,
            "end": flush,
        }

    def perform(self, op, args, kwargs):
        if op == "call":
            return args[0](*args[1:], **kwargs)
        return self.ops[op](*args, **kwargs)

    def captured(self, op, args, kwargs):
        """Does it while what is printed goes back to the tests."""
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = out, err = io.StringIO(), io.StringIO()
        try:
            ok, value = self.attempt(op, args, kwargs)
        finally:
            sys.stdout, sys.stderr = before
        return ok, value, [out.getvalue(), err.getvalue()]

    def load(self, module):
        """Runs the solution; its names with what they are, or why there are none."""
        sys.modules["solution"] = module
        try:
            exec(compile(self.source, "solution.py", "exec"), module.__dict__)
        except BaseException as error:
            return ["failed", describe(error), type(error).__name__]
        return ["loaded"] + [
            [name, kind_of(value, module)]
            for name, value in list(module.__dict__.items())
            if type(name) is str and not name.startswith("__")
        ]

    def lend(self, value, names, depth):
        """What is not plain, as a handle. An object comes with its class."""
        proxied = self.proxy_places.get(id(value))
        if proxied is not None:
            return {"h": proxied}
        if isinstance(value, type):
            if issubclass(value, BaseException):
                return {"x": self.encode_class(value)}
            return {"o": [self.place(value)]}
        if isinstance(value, BaseException):
            return {"xi": self.encode_error(value, names)}
        return {"o": [self.place(value), self.place(type(value))]}

    def borrowed(self, tag, body, names):
        """An object of the tests, or one of ours that comes back."""
        if tag == "o":
            return self.kept[body]
        if tag == "m":
            return getattr(self.kept[body[0]], body[1])
        if tag == "f":
            thing = importlib.import_module(body[0])
            for name in body[1].split(".") if body[1] else ():
                thing = getattr(thing, name)
            return thing
        if tag == "x":
            return self.decode_class(body)
        if tag == "xi":
            return self.decode_error(body, names)
        place = body[0]
        if place not in self.proxies:
            make = self.function if body[1] == "function" else self.stand_in
            self.proxies[place] = proxy = make(*body)
            self.proxy_places[id(proxy)] = place
        return self.proxies[place]

    def function(self, place, _, name, parameters):
        """A function that is called in the process of the tests."""

        def call(*args, **kwargs):
            return self.ask("call", (function,) + args, kwargs)

        function = call
        if parameters is not None:
            # With its own parameters, for a solution that counts them.
            listed = ", ".join(parameters)
            function = eval("lambda %s: _call(%s)" % (listed, listed), {"_call": call})
        function.__name__ = function.__qualname__ = name
        return function

    def stand_in(self, place, _, name, specials):
        """What stands for an object of the tests."""
        ask = self.ask

        def special(which):
            return lambda self, *args: ask("special", (self, which) + args)

        members = {which: special(which) for which in specials}
        members["__getattr__"] = lambda self, name: ask("getattr", (self, name))
        members["__setattr__"] = lambda self, name, value: ask("setattr", (self, name, value))
        members["__repr__"] = lambda self: ask("repr", (self,))
        members["__str__"] = lambda self: ask("str", (self,))
        if "__eq__" in members:
            members.setdefault("__hash__", object.__hash__)
        return type(name, (), members)()


def kind_of(value, module):
    """What a name of the solution stands for."""
    own = getattr(value, "__module__", None) == module.__name__
    if isinstance(value, types.FunctionType):
        return "function" if own else "other"
    if isinstance(value, type):
        return "class" if own else "other"
    if isinstance(value, types.ModuleType):
        return "module"
    return "value"


def about(kind):
    """What the tests must know of a class."""
    own = [b for b in kind.__bases__ if b.__module__ == "solution" and b is not kind]
    methods = {}
    for base in reversed(kind.__mro__[:-1]):
        for name, member in list(vars(base).items()):
            methods[name] = isinstance(member, (types.FunctionType, types.MethodDescriptorType))
    equality = kind.__eq__
    base = next((b for b in BASES if issubclass(kind, b) and equality is b.__eq__), None)
    fields = fields_of(kind)
    return {
        "name": str(kind.__name__),
        "bases": own,
        "special": [name for name in SPECIAL if name in methods],
        "methods": [n for n, is_method in methods.items() if is_method and n[:2] != "__"],
        "equality": "identity"
        if equality is object.__eq__
        else ("base" if base else ("fields" if fields is not None else "own")),
        "fields": fields,
        # Whether its instances never change what they are compared by.
        "frozen": (base is not None and base not in (list, dict, set))
        or (fields is not None and getattr(vars(kind).get("__dataclass_params__"), "frozen", False)),
        "hash": "none"
        if kind.__hash__ is None
        else ("identity" if kind.__hash__ is object.__hash__ else "own"),
    }


def fields_of(kind):
    """Names and defaults of the fields of a plain dataclass or named tuple, else `None`.

    Plain: made and compared by these fields alone, by the methods that Python wrote.
    """
    members = vars(kind)
    generated = lambda name: (
        getattr(getattr(members.get(name), "__code__", None), "co_filename", "solution.py")
        != "solution.py"
    )
    if issubclass(kind, tuple) and "_fields" in members:
        new = members.get("__new__")
        if kind.__eq__ is not tuple.__eq__ or kind.__init__ is not object.__init__:
            return None
        if getattr(getattr(new, "__code__", None), "co_filename", "solution.py") == "solution.py":
            return None
        defaults = members.get("_field_defaults", {})
        return [
            [n, "value", defaults[n]] if n in defaults else [n, "none", None]
            for n in members["_fields"]
        ]
    parameters = members.get("__dataclass_params__")
    if parameters is None or not parameters.eq or not parameters.init:
        return None
    if not (generated("__eq__") and generated("__init__")) or hasattr(kind, "__post_init__"):
        return None
    if kind.__getattribute__ is not object.__getattribute__ or kind.__new__ is not object.__new__:
        return None
    fields = []
    missing = sys.modules["dataclasses"].MISSING
    for field in members["__dataclass_fields__"].values():
        if getattr(field._field_type, "name", "") == "_FIELD_CLASSVAR":
            continue
        if not (field.init and field.compare) or getattr(field, "kw_only", False):
            return None
        if getattr(field._field_type, "name", "") != "_FIELD":
            return None
        if field.default is not missing:
            fields.append([field.name, "value", field.default])
        elif field.default_factory in (list, dict, set):
            fields.append([field.name, "new", field.default_factory])
        elif field.default_factory is not missing:
            return None
        else:
            fields.append([field.name, "none", None])
    return fields


def base_of(thing):
    """The plain value that an instance of a subclass of a plain type holds."""
    for base in BASES:
        if isinstance(thing, base):
            if base is tuple:
                return tuple(tuple.__iter__(thing))
            if base is str:
                return str.__str__(thing) if type(thing).__str__ is str.__str__ else str.__getitem__(
                    thing, slice(None)
                )
            if base is int:
                return int.__index__(thing)
            if base is float:
                return float.__add__(thing, 0.0)
            if base is dict:
                return dict(dict.items(thing))
            return base(base.__iter__(thing)) if base is not complex else complex(thing)
    raise TypeError("it holds no plain value")


def wait_for(coroutine):
    """What a coroutine comes to."""
    # Few solutions need it, and it is long in loading.
    import asyncio

    return asyncio.run(finish(coroutine))


async def finish(coroutine):
    return await coroutine


def stay(processor):
    """Stays on one processor, where the tests are."""
    try:
        os.sched_setaffinity(0, {processor})
    except OSError:
        # They only take longer.
        pass


def flush(module):
    """Before the end: what was printed is not to be lost."""
    sys.stdout.flush()
    sys.stderr.flush()


def main(here):
    """`here` is the directory of the program's files."""
    with open(os.path.join(here, "solution.py"), encoding="utf-8") as file:
        source = file.read()
    sys.path[0] = os.getcwd()
    server = Server(4, 5, source)
    try:
        while True:
            server.answer(server.read())
    except Ended:
        pass


if __name__ == "__main__":
    main(sys.argv[1])
    sys.stdout.flush()
    os._exit(0)
