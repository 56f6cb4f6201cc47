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

class Server(Peer):
    """The end of the link on the side of the solution."""

    mine, theirs = "o", "h"
    keeps = True

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
            "state": state_of,
            "equal": lambda one, other: bool(one == other),
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
