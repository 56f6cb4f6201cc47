"""What a class of the solution is like, as far as the tests must know."""

import sys
import types

# Types whose instances hold a plain value, should a subclass keep their equality.
BASES = (int, float, str, bytes, tuple, list, dict, set, frozenset, complex)


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
        or (fields is not None and is_frozen(kind)),
        "hash": "none"
        if kind.__hash__ is None
        else ("identity" if kind.__hash__ is object.__hash__ else "own"),
    }


def is_frozen(kind):
    """Whether the instances of a dataclass never change."""
    return getattr(vars(kind).get("__dataclass_params__"), "frozen", False)


def is_written(method):
    """Whether a method is the solution's own, and not one that Python made for its class."""
    code = getattr(method, "__code__", None)
    return getattr(code, "co_filename", "solution.py") == "solution.py"


def fields_of(kind):
    """Names and defaults of the fields of a plain dataclass or named tuple, else `None`.

    Plain: made and compared by these fields alone, by the methods that Python wrote.
    """
    members = vars(kind)
    if issubclass(kind, tuple) and "_fields" in members:
        if kind.__eq__ is not tuple.__eq__ or kind.__init__ is not object.__init__:
            return None
        if is_written(members.get("__new__")):
            return None
        defaults = members.get("_field_defaults", {})
        return [
            [n, "value", defaults[n]] if n in defaults else [n, "none", None]
            for n in members["_fields"]
        ]
    parameters = members.get("__dataclass_params__")
    if parameters is None or not parameters.eq or not parameters.init:
        return None
    if is_written(members.get("__eq__")) or is_written(members.get("__init__")):
        return None
    if hasattr(kind, "__post_init__"):
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
                return "".join(str.__iter__(thing))
            if base is int:
                return int.__index__(thing)
            if base is float:
                return float.__add__(thing, 0.0)
            if base is dict:
                return dict(dict.items(thing))
            return base(base.__iter__(thing)) if base is not complex else complex(thing)
    raise TypeError("it holds no plain value")


class PlainCodec(Codec):
    """Encodes what is plain to the last part."""

    def lend(self, value, names, depth):
        raise TypeError("it is not plain")


def state_of(thing):
    """The attributes of an object when all of them are plain, else `None`."""
    state = dict(getattr(thing, "__dict__", ()))
    for base in type(thing).__mro__:
        slots = vars(base).get("__slots__", ())
        for name in [slots] if isinstance(slots, str) else slots:
            if hasattr(thing, name) and name != "__dict__":
                state[name] = getattr(thing, name)
    try:
        PlainCodec().encode(state, Names())
    except (TypeError, TooLarge):
        return None
    return state
