"""Judges pairs with Math-Verify: reads JSONL with id, kind, gold and pred, writes id, same and
seconds. Needs `pip install math-verify`."""

import json
import sys
import time

from math_verify import (
    ExprExtractionConfig,
    LatexExtractionConfig,
    StringExtractionConfig,
    parse,
    verify,
)

MATH = [LatexExtractionConfig(), ExprExtractionConfig()]
# A letter in a box is LaTeX, one in a sentence is a string.
CHOICE = [LatexExtractionConfig(), StringExtractionConfig()]


def judge(pair):
    rules = CHOICE if pair["kind"] == "choice" else MATH
    # A known answer is read as LaTeX only in dollar signs.
    return verify(parse(f"${pair['gold']}$", rules), parse(pair["pred"], rules))


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    # The first call makes regular expressions and parsers, which are kept.
    judge({"kind": "math", "gold": "1", "pred": "\\boxed{\\frac{2}{2}}"})
    judge({"kind": "choice", "gold": "A", "pred": "A"})
    for pair in pairs:
        start = time.perf_counter()
        same = bool(judge(pair))
        seconds = time.perf_counter() - start
        print(json.dumps({"id": pair["id"], "same": same, "seconds": seconds}))


main()
