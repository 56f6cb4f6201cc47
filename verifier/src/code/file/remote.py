"""What stands in the process of the tests for the objects of the solution.

Each class of the solution has a class here, whose instances ask the solution for their attributes,
methods and operators. What decides an assertion is not asked: equality compares what the solution
committed itself to, and an operator between an object that a call returned and a plain value, which
may be the expected one, is not sent.
"""

import operator


class Unjudged(Stop):
    """What only the solution's own methods could decide."""

    code = "unjudged"


class Remote:
    """An object of the solution."""

    __slots__ = (
        # Its place there; `None` while it is a record that the tests made and the solution has
        # not seen.
        "_lehr_place",
        # The values of a record that the solution has not seen.
        "_lehr_values",
        # Whether the tests made it, and whether they gave it to a call since.
        "_lehr_own",
        "_lehr_given",
        # What an object that cannot change holds.
        "_lehr_kept",
        # The attributes of one with an equality of its own, with when it was last asked for them,
        # and when the tests made it.
        "_lehr_state",
        "_lehr_made",
        "__weakref__",
    )

    def __getattr__(self, name):
        values = self._lehr_values
        if values is not None:
            names = self._lehr_about["names"]
            if name in names:
                return values[names.index(name)]
        if name in self._lehr_about["methods"]:
            return Method(self, name)
        return self._lehr_client.call("getattr", self, (name,))

    def __setattr__(self, name, value):
        self._lehr_client.call("setattr", self, (name, value))

    def __delattr__(self, name):
        self._lehr_client.call("delattr", self, (name,))

    def __eq__(self, other):
        return self._lehr_client.equal(self, other)

    def __ne__(self, other):
        equal = self._lehr_client.equal(self, other, True)
        return equal if equal is NotImplemented else not equal

    def __hash__(self):
        about = self._lehr_about
        if about["hash"] == "none":
            raise TypeError("unhashable type: %r" % about["name"])
        if about["hash"] == "identity" or not self._lehr_client.is_known(type(self)):
            return object.__hash__(self)
        if about["fields"] is not None:
            return hash(tuple(self._lehr_client.values(self)))
        if about["equality"] == "base":
            return hash(self._lehr_client.base(self))
        return self._lehr_client.halt(
            Unjudged("the hash of %s is the solution's own" % about["name"])
        )

    def __str__(self):
        return self._lehr_client.text("str", self)

    def __repr__(self):
        return self._lehr_client.text("repr", self)

    def __dir__(self):
        return self._lehr_client.call("dir", self)

    def __copy__(self):
        return self._lehr_client.call("copy", self)

    def __deepcopy__(self, memo):
        return self._lehr_client.call("deepcopy", self)


class Documentation:
    """The documentation of a class of the solution and of its instances."""

    def __get__(self, thing, kind):
        return kind._lehr_client.call("getattr", kind if thing is None else thing, ("__doc__",))


class Method:
    """A method of an object of the solution, bound to it."""

    def __init__(self, thing, name):
        self.__self__, self.__name__ = thing, name

    def __call__(self, *args, **kwargs):
        thing = self.__self__
        return thing._lehr_client.method(thing, self.__name__, args, kwargs)

    def __getattr__(self, name):
        thing = self.__self__
        return getattr(thing._lehr_client.call("getattr", thing, (self.__name__,)), name)

    def __eq__(self, other):
        return (
            type(other) is Method
            and self.__self__ is other.__self__
            and self.__name__ == other.__name__
        )

    def __hash__(self):
        return hash(self.__name__)


class Kind(type):
    """A class of the solution."""

    def __new__(meta, name, bases, members, **kwargs):
        client = next(base._lehr_client for base in bases if isinstance(base, Kind))
        client.halt(
            Unsupported("unsupported_test", "the tests make a subclass of the solution's classes")
        )

    def __call__(cls, *args, **kwargs):
        return cls._lehr_client.construct(cls, args, kwargs)

    def __getattr__(cls, name):
        # Python looks for these by itself.
        if name in ("__abstractmethods__", "__set_name__", "__isabstractmethod__"):
            raise AttributeError(name)
        return cls._lehr_client.call("getattr", cls, (name,))

    def __setattr__(cls, name, value):
        cls._lehr_client.call("setattr", cls, (name, value))

    def __iter__(cls):
        return iter(cls._lehr_client.call("iter", cls))

    def __len__(cls):
        return cls._lehr_client.call("len", cls)

    def __bool__(cls):
        return True

    def __getitem__(cls, key):
        return cls._lehr_client.call("item", cls, (key,))

    def __contains__(cls, item):
        return any(item is one or item == one for one in cls)

    def __repr__(cls):
        return "<class 'solution.%s'>" % cls.__name__


ARITHMETIC = {
    "__%s__" % name: name
    for name in [p + n for p in ("", "r") for n in BINARY] + ORDER
    if name not in ("rdivmod",)
}
INPLACE = frozenset("__i%s__" % name for name in BINARY)


def special_method(name):
    """The method of that name, which asks the solution where it may."""
    if name in ARITHMETIC or name in INPLACE:

        def method(self, *args):
            return self._lehr_client.operate(self, name, args)

    elif name == "__contains__":

        def method(self, item):
            if self._lehr_own:
                return self._lehr_client.call("contains", self, (item,))
            return any(item is one or item == one for one in self)

    elif name == "__bool__":

        def method(self):
            return bool(self._lehr_client.call("special", self, (name,)))

    elif name == "__iter__":

        def method(self):
            return self._lehr_client.call("iter", self)

    elif name == "__call__":

        def method(self, *args, **kwargs):
            return self._lehr_client.call("call", self, args, kwargs)

    elif name == "__exit__":

        def method(self, kind, error, trace):
            # A trace stays where it is.
            return self._lehr_client.call("special", self, (name, kind, error, None))

    else:

        def method(self, *args):
            return self._lehr_client.call("special", self, (name,) + args)

    method.__name__ = name
    return method


def make_class(client, place, about):
    """The class here for a class of the solution."""
    bases = tuple(about["bases"])
    if not all(isinstance(base, Kind) for base in bases):
        raise ValueError("a base that is no class of the solution")
    fields = about["fields"]
    members = {name: special_method(name) for name in about["special"] if name in SPECIAL}
    about = dict(about)
    about["methods"] = frozenset(about["methods"])
    about["names"] = [field[0] for field in fields] if fields is not None else []
    members.update(
        __slots__=(),
        __doc__=Documentation(),
        __module__="solution",
        _lehr_client=client,
        _lehr_about=about,
    )
    made = type.__new__(Kind, str(about["name"]), bases or (Remote,), members)
    client.class_places[made] = place
    return made


def bind(about, args, kwargs):
    """The values of the fields of a record, as its constructor would have them."""
    fields, name = about["fields"], about["name"]
    if len(args) > len(fields):
        raise TypeError(
            "%s() takes %d positional arguments but %d were given"
            % (name, len(fields) + 1, len(args) + 1)
        )
    values = list(args)
    rest = dict(kwargs)
    for field, (title, how, default) in enumerate(fields):
        if field < len(args):
            if title in rest:
                raise TypeError("%s() got multiple values for argument %r" % (name, title))
        elif title in rest:
            values.append(rest.pop(title))
        elif how == "none":
            raise TypeError("%s() missing 1 required positional argument: %r" % (name, title))
        else:
            values.append(default() if how == "new" else default)
    for title in rest:
        raise TypeError("%s() got an unexpected keyword argument %r" % (name, title))
    return values


def operator_of(name):
    """The operator behind a special method, and whether its operands are the other way round."""
    bare = name.strip("_")
    table = {"and": "and_", "or": "or_", "divmod": None}
    swapped = bare[0] == "r" and bare[1:] in BINARY
    bare = bare[1:] if swapped or name in INPLACE else bare
    found = divmod if bare == "divmod" else getattr(operator, table.get(bare, bare))
    return found, swapped
