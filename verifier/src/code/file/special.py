"""The special methods that travel: those by which Python's operators and functions ask a class."""

BINARY = "add sub mul truediv floordiv mod divmod pow matmul and or xor lshift rshift".split()
ORDER = ["lt", "le", "gt", "ge"]
OTHER = (
    "neg pos abs invert int float complex index round trunc floor ceil len iter next reversed "
    "call getitem setitem delitem contains bool enter exit aenter aexit aiter anext await bytes "
    "format length_hint"
).split()
SPECIAL = tuple(
    "__%s__" % name
    for name in BINARY + ["r" + n for n in BINARY] + ["i" + n for n in BINARY] + ORDER + OTHER
)
