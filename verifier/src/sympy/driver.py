"""Says whether SymPy finds an answer equal to the known one.

It runs inside the sandbox, beside expression.py and pair.json (answer and gold; null asks for
nothing but the version). Texts are parsed and never run: an answer that is code could otherwise
write the opinion itself.

One line of JSON on descriptor 3: {"version", "says": "equal" | "different" | "unknown", "why"}.
"""

import json
import os

from expression import Parser, Refused


def opinion(sympy, pair):
    values = {}
    for name in ("answer", "gold"):
        try:
            values[name] = Parser(sympy, pair[name]).parse()
        except Refused as refused:
            what = "the answer" if name == "answer" else "the known answer"
            return "unknown", "%s is not surely understood: %s" % (what, refused)
    difference = sympy.simplify(values["answer"] - values["gold"])
    if difference == 0:
        return "equal", None
    if difference.is_zero is False or difference.equals(0) is False:
        return "different", None
    return "unknown", "the difference does not simplify"


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "pair.json"), encoding="utf-8") as file:
        pair = json.load(file)
    try:
        import sympy
    except ImportError:
        says, why, version = "unknown", "no sympy", None
    else:
        version = str(sympy.__version__)
        try:
            says, why = opinion(sympy, pair) if pair else ("unknown", None)
        except Exception as error:
            says, why = "unknown", type(error).__name__
    line = json.dumps({"version": version, "says": says, "why": why and why[:300]})
    os.write(3, (line + "\n").encode("ascii"))
    os._exit(0)


if __name__ == "__main__":
    main()
