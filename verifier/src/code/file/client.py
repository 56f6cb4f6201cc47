"""The end of the link on the side of the tests. Nothing that it reads is trusted."""

import os
import sys
import time
import types


class SolutionModule(types.ModuleType):
    """The solution as a module that the tests import."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        client = self.__dict__["_lehr_client"]
        value = client.name(name)
        if isinstance(value, (Remote, Kind)):
            self.__dict__[name] = value
        return value

    def __setattr__(self, name, value):
        if name.startswith("__"):
            types.ModuleType.__setattr__(self, name, value)
        else:
            self.__dict__.pop(name, None)
            self.__dict__["_lehr_client"].call("setattr", self, (name, value))


# After so many calls the two processes are worth keeping together.
CHATTY = 50

set_place = Remote._lehr_place.__set__
set_values = Remote._lehr_values.__set__
set_own = Remote._lehr_own.__set__
set_given = Remote._lehr_given.__set__
set_kept = Remote._lehr_kept.__set__
set_state = Remote._lehr_state.__set__
set_made = Remote._lehr_made.__set__


class Client(Comparer):
    """Asks the solution on behalf of the tests."""

    mine, theirs = "h", "o"

    def __init__(self, hear, speak):
        Comparer.__init__(self, hear, speak)
        self.stop = None
        self.uses = 0
        self.quiet = False
        self.receivers = []
        # Objects with an equality of their own that a call may have changed.
        self.involved = []
        self.commitments = 0
        self.remotes = {}
        self.kinds = {}
        self.class_places = {}
        self.known = set()
        self.streams = sys.stdin, sys.stdout, sys.stderr
        self.module = None

    def halt(self, stop):
        """Ends everything. The first reason counts."""
        if self.stop is None:
            self.stop = stop
        raise self.stop

    def call(self, op, receiver, args=(), kwargs=None):
        """Has the solution do something with one of its objects."""
        if self.stop is not None:
            raise self.stop
        stdin, stdout, stderr = self.streams
        if sys.stdin is not stdin:
            self.halt(Unsupported("unsupported_test", "the tests replace the standard input"))
        capture = None
        if sys.stdout is not stdout or sys.stderr is not stderr:
            capture = self.print
        self.uses += 1
        if self.uses == CHATTY:
            self.stay_together()
        self.receivers.append(receiver)
        try:
            return self.ask(op, (receiver,) + args, kwargs, capture)
        except (StopIteration, StopAsyncIteration) as error:
            # It would end a loop of the tests in silence.
            if op == "special" or (op == "method" and args[0] in ("send", "throw")):
                raise
            raise RuntimeError("the solution raised %s" % type(error).__name__) from None
        except TooLarge as error:
            self.too_large(error)
        except Ended as error:
            # Its end is told in a moment, and by which limit it came; ours must not come first.
            time.sleep(0.05)
            self.halt(error)
        finally:
            self.receivers.pop()
            while self.involved and self.stop is None:
                self.commit(self.involved.pop())

    def stay_together(self):
        """Puts both processes on one processor: they take turns, and need not wake another."""
        try:
            choice = sorted(os.sched_getaffinity(0))
            one = choice[int.from_bytes(os.urandom(2), "big") % len(choice)]
            os.sched_setaffinity(0, {one})
        except (AttributeError, OSError):
            return
        self.ask("stay", (one,))

    @staticmethod
    def print(printed):
        """Repeats what the solution printed where the tests look for it."""
        out, err = printed
        if out:
            sys.stdout.write(out)
        if err:
            sys.stderr.write(err)

    def text(self, op, thing):
        """`str` or `repr` by the solution; while evidence is gathered it is not asked."""
        if self.quiet or self.stop is not None:
            return "<%s of the solution>" % type(thing).__name__
        return self.call(op, thing)

    def name(self, name):
        """What a name of the solution stands for."""
        value = self.call("getattr", self.module, (name,))
        if isinstance(value, Kind):
            self.known.add(value)
        return value

    def construct(self, kind, args, kwargs):
        """An instance. A record stays here until the solution needs it."""
        self.known.add(kind)
        about = kind._lehr_about
        if about["fields"] is not None:
            self.uses += 1
            return self.instance(kind, None, bind(about, args, kwargs), True)
        made = self.call("call", kind, args, kwargs)
        if isinstance(made, Remote) and isinstance(made, kind):
            set_own(made, True)
            set_made(made, made._lehr_state[0])
        return made

    @staticmethod
    def instance(kind, place, values, own):
        made = object.__new__(kind)
        set_place(made, place)
        set_values(made, values)
        set_own(made, own)
        set_given(made, False)
        set_kept(made, None)
        set_state(made, (0, None))
        set_made(made, -1)
        return made

    def place_of(self, thing):
        """The place of an object of the solution; a record is made there first."""
        values = thing._lehr_values
        if values is not None:
            made = self.call("call", type(thing), tuple(values))
            if not isinstance(made, type(thing)):
                self.halt(Tampered("a constructor made something else"))
            place = made._lehr_place
            set_place(thing, place)
            if thing._lehr_about["frozen"]:
                set_kept(thing, values)
            set_values(thing, None)
            self.remotes[place] = thing
        if thing._lehr_about["equality"] == "own":
            self.involved.append(thing)
        if not any(thing is one for one in self.receivers):
            set_given(thing, True)
        return thing._lehr_place

    def too_long(self):
        self.halt(Tampered("a message is too long"))

    def next(self):
        line = self.line()
        try:
            message = self.parse(line)
            if type(message) is not list or len(message) != 8:
                raise ValueError("no message")
            return message
        except Exception as error:
            self.halt(Tampered(describe(error)))

    def answer(self, message):
        try:
            Peer.answer(self, message)
        except Exception as error:
            self.halt(Tampered(describe(error)))

    def take(self, message, number, names, capture):
        try:
            return Peer.take(self, message, number, names, capture)
        except Exception as error:
            self.halt(Tampered(describe(error)))

    def too_large(self, why):
        self.halt(Unsupported("result_too_large", "a value is too large: %s" % why))

    def default_dict(self):
        return {}

    def borrowed(self, tag, body, names):
        """An object of the solution, or one of the tests that comes back."""
        if tag == "h":
            return self.kept[body]
        if tag == "x":
            return self.decode_class(body)
        if tag == "xi":
            return self.decode_error(body, names)
        if tag != "o":
            raise ValueError("a value of no kind")
        if len(body) == 1:
            return self.kind(body[0])
        place, kind = body
        thing = self.remotes.get(place)
        if thing is None:
            kind = self.kind(kind)
            thing = self.remotes[int(place)] = self.instance(kind, int(place), None, False)
            if kind._lehr_about["frozen"]:
                # It commits itself now, before it can learn of what it will be compared with.
                names = tuple(kind._lehr_about["names"])
                op = "base" if kind._lehr_about["fields"] is None else "fields"
                set_kept(thing, self.ask(op, (thing,) + names))
            if "__await__" in kind._lehr_about["special"] and kind.__name__ == "coroutine":
                return self.coroutine(thing)
        elif thing._lehr_own and not thing._lehr_given:
            self.check_origin(thing)
        if thing._lehr_about["equality"] == "own":
            self.commit(thing)
        return thing

    def check_origin(self, thing):
        """The tests made it and gave it to nobody: it may be the expected value of a test."""
        receivers = self.receivers
        if any(thing is one for one in receivers):
            return
        if receivers and isinstance(receivers[-1], Kind) and isinstance(thing, receivers[-1]):
            return
        self.halt(
            Unjudged(
                "a call gave back a %s that the tests made and did not pass on"
                % type(thing).__name__
            )
        )

    def kind(self, place):
        """The class here for a class there."""
        if place not in self.kinds:
            about = self.ask("about", (Place(int(place)),))
            self.kinds[place] = make_class(self, place, about)
        return self.kinds[place]

    async def coroutine(self, thing):
        """A coroutine that runs over there, to its end at once."""
        return self.call("await", thing)
