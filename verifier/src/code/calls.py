"""Runs a solution and sends what its function returns to the judge.

It runs inside the sandbox, beside calls.json (nonce, function and arguments, nothing that is
expected) and solution.py. What it sends is not trusted: the judge compares it in another process.
Every line on descriptor 3 is `NONCE {json}`.
"""

import json
import os
import sys
import types

# The judge reads JSON of 128 levels, and a dict takes three.
DEPTH = 40
NODES = 200_000
BITS = 1 << 17


class TooLarge(Exception):
    """A result that is not worth sending."""


def encode(value, depth, room):
    """A value with its types, as JSON: see `code/value.rs`."""
    room[0] -= 1
    if depth > DEPTH or room[0] < 0:
        raise TooLarge("it nests too deep" if depth > DEPTH else "it has too many parts")
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        room[0] -= len(value) // 16
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return {"other": "str that is not Unicode"}
        return value
    if kind is int:
        if value.bit_length() > BITS:
            raise TooLarge("it is an integer of %d bits" % value.bit_length())
        return {"int": "%x" % value}
    if kind is float:
        return {"float": value.hex() if value != value or value in (INF, -INF) else repr(value)}
    if kind is list or kind is tuple:
        return {kind.__name__: [encode(v, depth + 1, room) for v in value]}
    if kind is dict:
        return {
            "dict": [
                [encode(k, depth + 1, room), encode(v, depth + 1, room)] for k, v in value.items()
            ]
        }
    return {"other": str(getattr(kind, "__name__", "?"))[:80]}


INF = float("inf")


def describe(error):
    """An exception in one line, without trusting its methods."""
    try:
        text = str(error)[:400]
    except BaseException:
        text = "(its text cannot be made)"
    return ("%s: %s" % (type(error).__name__, text)).replace("\n", " ")


def main(here):
    """`here` is the directory of the program's files."""
    with open(os.path.join(here, "calls.json"), encoding="utf-8") as file:
        calls = json.load(file)
    with open(os.path.join(here, "solution.py"), encoding="utf-8") as file:
        source = file.read()
    sys.path[0] = os.getcwd()
    nonce, dumps, loads, write = calls["nonce"], json.dumps, json.loads, os.write

    def send(message):
        line = ("%s %s\n" % (nonce, dumps(message))).encode("ascii")
        while line:
            line = line[write(3, line) :]

    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    try:
        exec(compile(source, "solution.py", "exec"), module.__dict__)
    except BaseException as error:
        send({"load": describe(error), "syntax": isinstance(error, SyntaxError)})
        return
    function = module.__dict__.get(calls["function"])
    if not callable(function):
        send({"missing": True})
        return
    for case, arguments in enumerate(calls["arguments"]):
        try:
            # Parsed for this call alone: no call sees what another did to its arguments.
            value = function(*loads(arguments))
            message = {"case": case, "value": encode(value, 0, [NODES])}
        except TooLarge as error:
            message = {"case": case, "too_large": str(error)}
        except BaseException as error:
            message = {"case": case, "error": describe(error)}
        send(message)


if __name__ == "__main__":
    main(sys.argv[1])
    sys.stdout.flush()
    os._exit(0)
