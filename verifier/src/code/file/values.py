"""Values on their way between the process of the tests and that of the solution.

A value of an exact plain type travels as JSON-like data and is rebuilt with the same type. Mutable
containers are numbered in the order in which a message names them, on both sides alike, so that
one that comes twice is one again, and a call can tell which of its arguments it changed. Whatever
is not plain stays where it is and travels as a handle.
"""

import builtins
import collections
import datetime
import decimal
import fractions
import json
import operator

# Bounds of one message, those of `calls.py`.
DEPTH = 40
PARTS = 200_000
BITS = 1 << 17

SMALL = 1 << 53
ATOMS = frozenset([type(None), bool, float])
MAPS = {
    dict: "d",
    collections.Counter: "cnt",
    collections.OrderedDict: "od",
    collections.defaultdict: "dd",
}
# The data of other plain types, each with what rebuilds it. Parts are values again.
PLAIN = {
    complex: ("c", lambda v: [v.real, v.imag], lambda p: complex(*p)),
    slice: ("sl", lambda v: [v.start, v.stop, v.step], lambda p: slice(*p)),
    range: ("r", lambda v: [v.start, v.stop, v.step], lambda p: range(*p)),
    decimal.Decimal: ("dec", lambda v: [str(v)], lambda p: decimal.Decimal(p[0])),
    fractions.Fraction: (
        "fr",
        lambda v: [v.numerator, v.denominator],
        lambda p: fractions.Fraction(*p),
    ),
    datetime.date: ("dy", lambda v: [v.year, v.month, v.day], lambda p: datetime.date(*p)),
    datetime.timedelta: (
        "td",
        lambda v: [v.days, v.seconds, v.microseconds],
        lambda p: datetime.timedelta(*p),
    ),
    datetime.time: ("tm", lambda v: clock(v), lambda p: datetime.time(*p[:4], fold=p[4])),
    datetime.datetime: (
        "dt",
        lambda v: [v.year, v.month, v.day, v.tzinfo is datetime.timezone.utc] + clock(v),
        lambda p: datetime.datetime(
            *p[:3], *p[4:8], datetime.timezone.utc if p[3] else None, fold=p[8]
        ),
    ),
}
REBUILT = {tag: rebuild for tag, _, rebuild in PLAIN.values()}
SINGLE = {"e": Ellipsis, "n": NotImplemented}


def clock(value):
    """The parts of a time of day."""
    return [value.hour, value.minute, value.second, value.microsecond, value.fold]


def named_types():
    """Types that are the same in both processes, by their names."""
    found = {}
    for name, kind in vars(builtins).items():
        if isinstance(kind, type) and not name.startswith("_"):
            found[name] = kind
    for kind in list(MAPS) + list(PLAIN) + [collections.deque, json.JSONDecodeError]:
        found.setdefault(kind.__name__, kind)
    for name in ("InvalidOperation", "DivisionByZero", "DecimalException"):
        found["decimal." + name] = getattr(decimal, name)
    return found


TYPES = named_types()
TYPE_NAMES = {kind: name for name, kind in TYPES.items()}


class TooLarge(Exception):
    """A value that is not worth sending."""


class Names:
    """The containers of one message and its answer, numbered, and how much room is left."""

    def __init__(self):
        self.things = []
        self.numbers = {}
        self.room = PARTS

    def add(self, thing):
        self.numbers[id(thing)] = len(self.things)
        self.things.append(thing)
        return thing


class Codec:
    """Encodes and decodes; `lend` and `borrowed` of a subclass see to what is not plain."""

    def __init__(self):
        # Containers that both processes hold for longer than a call, by their places.
        self.shared = []
        self.shared_places = {}

    def encode(self, value, names, depth=0):
        """A value as JSON-like data."""
        kind = type(value)
        if kind in ATOMS:
            return value
        if kind is str:
            names.room -= len(value) >> 4
            return value
        if kind is int:
            if -SMALL < value < SMALL:
                return value
            if value.bit_length() > BITS:
                raise TooLarge("it is an integer of %d bits" % value.bit_length())
            return {"i": "%x" % value}
        if depth > DEPTH:
            raise TooLarge("it nests too deep")
        if kind is list:
            number = names.numbers.get(id(value))
            if number is not None:
                return {"#": number}
            if id(value) in self.shared_places:
                return {"~": self.shared_places[id(value)]}
            names.add(value)
            return self.parts(value, names, depth)
        if kind is tuple:
            return {"t": self.parts(value, names, depth)}
        if kind in MAPS or kind in (set, collections.deque, bytearray):
            number = names.numbers.get(id(value))
            if number is not None:
                return {"#": number}
            if id(value) in self.shared_places:
                return {"~": self.shared_places[id(value)]}
            names.add(value)
            body = self.body(value, names, depth)
            if kind in MAPS:
                if kind is collections.defaultdict:
                    body = [self.encode(value.default_factory, names, depth + 1)] + body
                return {MAPS[kind]: body}
            if kind is collections.deque:
                return {"dq": [value.maxlen] + body}
            return {"s" if kind is set else "ba": body}
        if kind is frozenset:
            return {"fs": self.parts(value, names, depth)}
        if kind is bytes:
            names.room -= len(value) >> 4
            return {"b": value.decode("latin-1")}
        plain = PLAIN.get(kind)
        # Times of other zones than UTC are not plain.
        if plain and getattr(value, "tzinfo", None) in (None, datetime.timezone.utc):
            return {plain[0]: self.parts(plain[1](value), names, depth)}
        if value is Ellipsis or value is NotImplemented:
            return {"=": "e" if value is Ellipsis else "n"}
        if isinstance(value, type) and value in TYPE_NAMES:
            return {"k": TYPE_NAMES[value]}
        return self.lend(value, names, depth)

    def parts(self, values, names, depth):
        """The parts of a container, each a value."""
        names.room -= len(values) + 1
        if names.room < 0:
            raise TooLarge("it has too many parts")
        # Most parts of most containers are numbers and text, for which no call is made.
        return [
            v
            if type(v) in ATOMS or (type(v) is int and -SMALL < v < SMALL)
            else self.encode(v, names, depth + 1)
            for v in values
        ]

    def body(self, value, names, depth):
        """What a mutable container holds, apart from its type."""
        kind = type(value)
        if kind is bytearray:
            names.room -= len(value) >> 4
            return value.decode("latin-1")
        if kind in MAPS:
            value = [part for item in value.items() for part in item]
        return self.parts(value, names, depth)

    def decode(self, data, names):
        """The value again. Data of the wrong shape end in some exception."""
        kind = type(data)
        if kind is str or kind is int or kind in ATOMS:
            return data
        if kind is list:
            thing = names.add([])
            return self.fill(thing, data, names)
        ((tag, body),) = data.items()
        if tag == "t":
            return tuple([self.decode(part, names) for part in body])
        if tag == "#":
            return names.things[body]
        if tag == "~":
            return self.shared[body]
        if tag == "i":
            return int(body, 16)
        if tag == "d":
            return self.fill(names.add({}), body, names)
        if tag == "s":
            return self.fill(names.add(set()), body, names)
        if tag == "fs":
            return frozenset([self.decode(part, names) for part in body])
        if tag == "b":
            return body.encode("latin-1")
        if tag == "ba":
            return self.fill(names.add(bytearray()), body, names)
        if tag == "dq":
            return self.fill(names.add(collections.deque([], body[0])), body[1:], names)
        if tag == "cnt":
            return self.fill(names.add(collections.Counter()), body, names)
        if tag == "od":
            return self.fill(names.add(collections.OrderedDict()), body, names)
        if tag == "dd":
            thing = names.add(self.default_dict())
            if type(thing) is collections.defaultdict:
                thing.default_factory = self.decode(body[0], names)
            return self.fill(thing, body[1:], names)
        if tag in REBUILT:
            return REBUILT[tag]([self.decode(part, names) for part in body])
        if tag == "=":
            return SINGLE[body]
        if tag == "k":
            return TYPES[body]
        return self.borrowed(tag, body, names)

    def fill(self, thing, body, names):
        """Makes a container hold what was sent of it."""
        kind = type(thing)
        if kind is bytearray:
            thing[:] = body.encode("latin-1")
            return thing
        parts = [
            part if type(part) is int or type(part) is str else self.decode(part, names)
            for part in body
        ]
        if kind is list:
            thing[:] = parts
            return thing
        thing.clear()
        if kind is collections.deque:
            thing.extend(parts)
        elif kind is set:
            thing.update(parts)
        else:
            for key, value in zip(parts[::2], parts[1::2]):
                thing[key] = value
        return thing

    def default_dict(self):
        """What a defaultdict becomes."""
        return collections.defaultdict()


def held(thing):
    """What a container holds now, to be compared with `is` later."""
    if type(thing) in MAPS:
        return [part for item in thing.items() for part in item]
    return list(thing)


def is_changed(thing, before):
    """Whether a container holds something else than it did. What is in it sees to itself."""
    now = held(thing)
    if type(thing) is bytearray:
        return now != before
    return len(now) != len(before) or not all(map(operator.is_, now, before))


def describe(error):
    """An exception in one line, without trusting its methods."""
    try:
        text = str(error)[:400]
    except BaseException:
        text = "(its text cannot be made)"
    return ("%s: %s" % (type(error).__name__, text)).replace("\n", " ")
