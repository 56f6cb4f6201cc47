"""The link between the two processes: one asks, the other answers, and may ask back meanwhile.

Messages are lines of JSON: `["?", number, op, args, kwargs, capture]` asks, and
`["=", number, ok, changed, value, printed]` answers. Containers among the arguments that the
callee changed come back with the answer and are changed in the asker's process too.
"""

import json
import os
import sys
import threading

# The longest line, and how deep calls may go back and forth.
LINE = 32 << 20
NESTING = 40
# So many parts of containers are shared, and no more: each message looks through them all.
SHARED = 1000

loads = json.JSONDecoder().raw_decode
dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Stop(BaseException):
    """Ends a test whatever it catches; `code` and the text go into the verdict."""

    code = "stop"


class Ended(Stop):
    """The other process has ended."""

    code = "solution_ended"


class Peer(Codec):
    """One end of the link."""

    # The tags of handles of objects here and there, as they are sent from here.
    mine, theirs = "", ""
    # Whether this side says which containers are shared.
    keeps = False

    def __init__(self, hear, speak):
        Codec.__init__(self)
        self.hear, self.speak = hear, speak
        # What each shared container held when the other side was last told.
        self.shared_held = []
        self.shared_parts = 0
        self.rest = b""
        self.count = 0
        self.nesting = 0
        self.lock = threading.RLock()
        # Questions whose answer nobody waits for: an alarm of the tests went off meanwhile.
        self.abandoned = {}
        # What was lent to the other side, by its place. Nothing is ever dropped: a place has one
        # meaning.
        self.kept = []
        self.places = {}
        # The classes made here for exceptions of the other side, and back.
        self.error_classes = {}
        self.error_places = {}

    def write(self, message):
        line = (dumps(message) + "\n").encode("ascii")
        while line:
            try:
                line = line[os.write(self.speak, line) :]
            except OSError as error:
                # An alarm of the tests may raise anything here, but not with a number.
                if error.errno is None:
                    raise
                raise Ended("the process of the solution has ended") from None

    def line(self):
        """The next line."""
        line, found, rest = self.rest.partition(b"\n")
        if not found:
            pieces = [line]
            size = len(line)
            while True:
                try:
                    piece = os.read(self.hear, 1 << 16)
                except OSError as error:
                    if error.errno is None:
                        raise
                    piece = b""
                if not piece:
                    raise Ended("the process of the solution has ended")
                size += len(piece)
                if size > LINE:
                    self.too_long()
                head, found, rest = piece.partition(b"\n")
                pieces.append(head)
                if found:
                    break
            line = b"".join(pieces)
        self.rest = rest
        return line

    def too_long(self):
        """What becomes of a line without end."""
        raise Ended("a message is too long")

    def read(self):
        """The next message."""
        return self.parse(self.line())

    @staticmethod
    def parse(line):
        """The message of a line."""
        text = line.decode("ascii")
        message, end = loads(text)
        if end != len(text):
            raise ValueError("a message and more")
        return message

    def place(self, thing):
        """The place of an object that is lent."""
        place = self.places.get(id(thing))
        if place is None:
            place = self.places[id(thing)] = len(self.kept)
            self.kept.append(thing)
        return place

    def ask(self, op, args, kwargs=None, capture=None):
        """Has the other side do something, and gives back what came of it."""
        with self.lock:
            if self.nesting > NESTING:
                raise RecursionError("calls between tests and solution nest too deep")
            names = Names()
            sync, kept = self.changes(names)
            data = [self.encode(value, names) for value in args]
            named = {}
            if kwargs:
                named = {name: self.encode(value, names) for name, value in kwargs.items()}
            self.count += 1
            number = self.count
            self.nesting += 1
            try:
                self.write(["?", number, op, data, named, capture is not None, sync, kept])
                message = self.next()
                while message[0] == "?" or message[1] in self.abandoned:
                    if message[0] == "?":
                        self.answer(message)
                    else:
                        self.take(message, message[1], self.abandoned.pop(message[1]), None)
                    message = self.next()
            except BaseException:
                self.abandoned[number] = names
                raise
            finally:
                self.nesting -= 1
            ok, value = self.take(message, number, names, capture)
        if ok:
            return value
        raise value

    def next(self):
        """The next message, whatever it is."""
        return self.read()

    def take(self, message, number, names, capture):
        """Reads an answer and changes what the call changed."""
        sign, echoed, ok, changed, data, printed, sync, kept = message
        if sign != "=" or echoed != number:
            raise ValueError("an answer that nobody asked for")
        lent = len(names.things)
        self.apply(sync, names)
        for which, body in changed:
            if not 0 <= which < lent:
                raise ValueError("a change of what was not given")
            self.fill(names.things[which], body, names)
        if capture is not None and printed:
            capture(printed)
        if ok is None:
            return self.too_large(data)
        value = self.decode(data, names) if ok else self.decode_error(data, names)
        for which in kept:
            self.share(names.things[which])
        return ok, value

    def too_large(self, why):
        """An answer that could not be sent."""
        return False, TooLarge(why)

    def answer(self, message):
        """Does what is asked and tells what came of it."""
        sign, number, op, args, kwargs, capture, sync, kept = message
        names = Names()
        self.apply(sync, names)
        args = [self.decode(value, names) for value in args]
        kwargs = {name: self.decode(value, names) for name, value in kwargs.items()}
        for which in kept:
            self.share(names.things[which])
        before = [held(thing) for thing in names.things]
        given = list(names.things)
        printed = None
        if capture:
            ok, value, printed = self.captured(op, args, kwargs)
        else:
            ok, value = self.attempt(op, args, kwargs)
        sync, kept = [], []
        try:
            sync, kept = self.changes(names)
            changed = [
                [which, self.body(given[which], names, 0)]
                for which in range(len(given))
                if id(given[which]) not in self.shared_places
                and is_changed(given[which], before[which])
            ]
            data = self.encode(value, names) if ok else self.encode_error(value, names)
            given = before = None
            if self.keeps and names.things:
                self.share_kept(names, kept)
        except TooLarge as error:
            ok, changed, data = None, [], str(error)
        self.write(["=", number, ok, changed, data, printed, sync, kept])

    def share(self, thing):
        """Makes a container one that both processes hold."""
        if id(thing) not in self.shared_places:
            self.shared_places[id(thing)] = len(self.shared)
            self.shared.append(thing)
            self.shared_held.append(held(thing))
            self.shared_parts += 1 + len(thing)

    def changes(self, names):
        """What shared containers hold now, where it is not what the other side knows.

        With the numbers of what they hold for the first time, which is shared from now on.
        """
        sync, kept = [], []
        for place in range(len(self.shared)):
            thing = self.shared[place]
            if is_changed(thing, self.shared_held[place]):
                self.shared_held[place] = held(thing)
                first = len(names.things)
                sync.append([place, self.body(thing, names, 0)])
                kept.extend(range(first, len(names.things)))
        for which in kept:
            self.share(names.things[which])
        return sync, kept

    def apply(self, sync, names):
        """Changes shared containers as the other side did."""
        for place, body in sync:
            thing = self.shared[place]
            self.fill(thing, body, names)
            self.shared_held[place] = held(thing)

    def share_kept(self, names, kept):
        """Shares the containers of a message that the solution keeps hold of.

        Those are known by one more reference than this file has.
        """
        things = names.things
        probe = [[]]
        things.append(probe[0])
        counts = list(map(sys.getrefcount, things))
        things.pop()
        usual = counts.pop()
        waiting = [which for which, count in enumerate(counts) if count > usual]
        while waiting and self.shared_parts < SHARED:
            which = waiting.pop()
            thing = things[which]
            if id(thing) in self.shared_places or len(thing) > SHARED:
                continue
            kept.append(which)
            self.share(thing)
            waiting.extend(
                names.numbers[id(part)] for part in inner(held(thing)) if id(part) in names.numbers
            )

    def attempt(self, op, args, kwargs):
        """Whether it went well, with the value or the exception."""
        try:
            return True, self.perform(op, args, kwargs)
        except Stop:
            raise
        except BaseException as error:
            return False, error

    def encode_class(self, kind):
        """An exception class, with its bases when it is none of Python's own."""
        if kind in TYPE_NAMES:
            return {"k": TYPE_NAMES[kind]}
        if kind in self.error_places:
            return {self.theirs: self.error_places[kind]}
        bases = [self.encode_class(b) for b in kind.__bases__ if issubclass(b, BaseException)]
        return {self.mine: [self.place(kind), kind.__name__, bases]}

    def decode_class(self, data):
        """The class here that stands for one there."""
        ((tag, body),) = data.items()
        if tag == "k":
            return TYPES[body]
        if tag == self.mine:
            return self.kept[body]
        place, name, bases = body
        if place not in self.error_classes:
            bases = [self.decode_class(base) for base in bases]
            if not all(issubclass(base, BaseException) for base in bases):
                raise ValueError("an exception that is none")
            kind = type(str(name), tuple(bases), {"__str__": text_of, "__module__": "solution"})
            self.error_classes[place] = kind
            self.error_places[kind] = place
        return self.error_classes[place]

    def encode_error(self, error, names):
        """An exception with its arguments, text and attributes."""
        try:
            text = str(error)[:2000]
        except BaseException:
            text = ""
        attributes = [
            [name, self.encode(value, names)]
            for name, value in list(getattr(error, "__dict__", {}).items())[:50]
            if type(name) is str and not name.startswith("_")
        ]
        args = [self.encode(value, names) for value in tuple(error.args)]
        return [self.encode_class(type(error)), args, text, attributes]

    def decode_error(self, data, names):
        """The exception, to be raised here."""
        kind, args, text, attributes = data
        kind = self.decode_class(kind)
        attributes = [(str(name), self.decode(value, names)) for name, value in attributes]
        args = tuple([self.decode(value, names) for value in args])
        if not issubclass(kind, BaseException):
            raise ValueError("an exception that is none")
        try:
            error = kind(*args) if kind in TYPE_NAMES else kind.__new__(kind, *args)
        except Exception:
            error = kind.__new__(kind)
        error.args = args
        for name, value in attributes:
            if name.isidentifier() and not name.startswith("_"):
                error.__dict__[name] = value
        error.__dict__["_lehr_text"] = text
        return error


def inner(parts):
    """The parts of a container, those of tuples in it included."""
    for part in parts:
        yield part
        if type(part) in (tuple, frozenset):
            yield from inner(part)


def text_of(error):
    """The text that the exception had where it was raised."""
    return str(error.__dict__.get("_lehr_text", ""))
