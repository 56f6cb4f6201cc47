"""How objects of the solution compare, and which of their operators the solution may be asked for."""

# Methods of Python's own types that are told what is expected.
PREDICATES = frozenset(["startswith", "endswith", "issubset", "issuperset", "isdisjoint"])


class Comparer(Lender):
    """The part of the client that compares."""

    def method(self, thing, name, args, kwargs):
        """Calls a method. Those that would be told what is expected are not for the solution."""
        if name in PREDICATES and not thing._lehr_own:
            if thing._lehr_about["equality"] == "base":
                return getattr(self.base(thing), name)(*args, **kwargs)
            self.undecided(thing, "%s()" % name)
        return self.call("method", thing, (name,) + args, kwargs)

    def operate(self, thing, name, args):
        """Applies an operator of the solution, unless it would be told what is expected."""
        if args and not thing._lehr_own and not isinstance(args[0], Remote):
            if thing._lehr_about["equality"] == "base":
                apply, swapped = operator_of(name)
                pair = self.base(thing), args[0]
                return apply(*(pair[::-1] if swapped else pair))
            self.undecided(thing, name)
        return self.call("special", thing, (name,) + args)

    def undecided(self, thing, what):
        """An object that a call returned, where a plain value may have been expected."""
        title = type(thing).__name__
        if self.is_known(type(thing)):
            self.halt(Unjudged("%s of %s is the solution's own" % (what, title)))
        raise TypeError("the solution gave an object of its class %s, no plain value" % title)

    def is_known(self, kind):
        """Whether the tests themselves name this class of the solution."""
        return kind in self.known

    def commit(self, thing):
        """Has an object say what it holds, before it can learn what it will be compared with."""
        try:
            state = self.ask("state", (Place(thing._lehr_place),))
        except Ended as error:
            self.halt(error)
        except Exception:
            state = None
        self.commitments += 1
        set_state(thing, (self.commitments, state))

    def own_equal(self, one, other, differ):
        """Equality by the solution's own `__eq__`.

        Its no is believed. Its yes is, where both hold the same attributes, of which those of the
        object that was not made to be compared with were told first.
        """
        said = self.call("equal", Place(one._lehr_place), (Place(other._lehr_place),))
        if said is not True:
            return False
        first, second = sorted([one, other], key=lambda thing: thing._lehr_state[0])
        (_, before), (when, after) = first._lehr_state, second._lehr_state
        is_fresh = second._lehr_own and second._lehr_made == when
        is_same = type(one) is type(other) and before is not None and before == after
        if differ or (is_fresh and is_same):
            return True
        self.halt(Unjudged("the equality of %s is the solution's own" % type(one).__name__))

    def equal(self, thing, other, differ=False):
        """Equality by what the solution committed itself to, before it knew the other side."""
        if thing is other:
            return True
        how = thing._lehr_about["equality"]
        if isinstance(other, Remote):
            hows = {how, other._lehr_about["equality"]}
            if "own" in hows:
                for one in (thing, other):
                    if one._lehr_values is not None:
                        self.place_of(one)
                return self.own_equal(thing, other, differ)
            if "base" in hows:
                return hows == {"base"} and self.base(thing) == self.base(other)
            if type(thing) is not type(other) or how == "identity":
                return False
            return self.values(thing) == self.values(other)
        kind = type(other)
        if kind in TYPE_NAMES or isinstance(other, (Kind, type)):
            return how == "base" and self.base(thing) == other
        # An object of the tests, or of the stand-in for pytest, compares by itself.
        return NotImplemented

    def values(self, thing):
        """The values of the fields of a record."""
        if thing._lehr_values is not None:
            return thing._lehr_values
        if thing._lehr_kept is not None:
            return thing._lehr_kept
        return self.call("fields", thing, tuple(thing._lehr_about["names"]))

    def base(self, thing):
        """The plain value inside an instance of a subclass of a plain type."""
        if thing._lehr_about["fields"] is not None:
            return tuple(self.values(thing))
        value = thing._lehr_kept
        if value is None:
            value = self.call("base", thing)
        if type(value) not in TYPE_NAMES:
            self.halt(Tampered("a plain value is none"))
        return value
