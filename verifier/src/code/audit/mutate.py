"""Makes programs that a solution's tests should refuse.

It runs inside the sandbox, beside solution.py and audit.json (how many mutants, which constants, the
text of the tests when they are a file), and never runs the solution: it parses it, and writes changed
trees back. Every line on descriptor 3 is a program as JSON: {"kind", "line", "before", "after",
"source"}, or {"unsupported"}: why there are none.
"""

import ast
import collections
import copy
import hashlib
import json
import os
import random
import sys

COMPARISONS = {
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Add],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Mod: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
    ast.BitXor: [ast.BitOr],
    ast.LShift: [ast.RShift],
    ast.RShift: [ast.LShift],
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LONGEST = 120
# How many values of a file of tests are tried as constants.
VALUES = 8


def with_changes(node, **changes):
    """A copy of a node with other fields."""
    changed = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def changes(node):
    """What a node can become: (kind, node)."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in COMPARISONS.get(type(operator), []):
                ops = node.ops[:place] + [other()] + node.ops[place + 1 :]
                yield "comparison", with_changes(node, ops=ops)
    elif isinstance(node, (ast.BinOp, ast.AugAssign)):
        text = isinstance(node, ast.BinOp) and isinstance(getattr(node.left, "value", None), str)
        for other in [] if text else OPERATORS.get(type(node.op), []):
            yield "operator", with_changes(node, op=other())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield "logic", with_changes(node, op=other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield "logic" if isinstance(node.op, ast.Not) else "operator", node.operand
    elif isinstance(node, ast.Constant):
        for value in other_constants(node.value):
            yield "constant", ast.Constant(value)
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield "condition", with_changes(node, test=ast.UnaryOp(ast.Not(), node.test))
        if not isinstance(node, ast.While):
            yield "condition", with_changes(node, test=ast.Constant(True))
            yield "condition", with_changes(node, test=ast.Constant(False))
    elif isinstance(node, ast.Return) and node.value is not None:
        for value in (None, 0):
            yield "return", with_changes(node, value=ast.Constant(value))
    elif isinstance(node, ast.Break):
        yield "loop", ast.Continue()
    elif isinstance(node, ast.Continue):
        yield "loop", ast.Break()
    elif isinstance(node, ast.Slice):
        for bound in ("lower", "upper", "step"):
            if getattr(node, bound) is not None:
                yield "slice", with_changes(node, **{bound: None})
    elif isinstance(node, ast.Call) and len(node.args) >= 2:
        first, second, *rest = node.args
        yield "arguments", with_changes(node, args=[second, first] + rest)
    if isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign, ast.Assert)):
        yield "statement", ast.Pass()


def other_constants(value):
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [other for other in (value + 1, value - 1, 0) if other != value]
    if isinstance(value, float):
        return [value + 1.0, -value]
    if isinstance(value, str):
        return ["", value + "x"][value == "" :]
    return []


def places(node, function=""):
    """The places of a tree that may be changed: (parent, field, index or None, function)."""
    if isinstance(node, FUNCTIONS):
        function = node.name
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or is_aside(node, field, index, child):
                continue
            yield node, field, index, function
            yield from places(child, function)


def is_aside(parent, field, index, child):
    """Documentation, f-string parts, and what runs only as a program of its own."""
    if field == "body" and index == 0 and isinstance(child, ast.Expr):
        if isinstance(getattr(child.value, "value", None), str):
            return True
    if isinstance(parent, (ast.JoinedStr, ast.FormattedValue, ast.Import, ast.ImportFrom)):
        return True
    test = getattr(child, "test", None)
    left = getattr(test, "left", None)
    return isinstance(child, ast.If) and getattr(left, "id", None) == "__name__"


def put(parent, field, index, node):
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def mutants(tree, most, seed):
    """At most so many programs of one change each, spread over functions and kinds of change."""
    groups = {}
    for parent, field, index, function in places(tree):
        value = getattr(parent, field)
        node = value if index is None else value[index]
        for kind, other in changes(node):
            site = (parent, field, index, node, other, kind)
            groups.setdefault((function, kind), []).append(site)
    chance = random.Random(seed)
    queues = [groups[key] for key in sorted(groups)]
    for queue in queues:
        chance.shuffle(queue)
    chance.shuffle(queues)
    seen = {code_of(ast.unparse(tree))}
    made = 0
    while queues and made < most:
        queue = queues.pop(0)
        parent, field, index, node, other, kind = queue.pop()
        if queue:
            queues.append(queue)
        put(parent, field, index, other)
        try:
            source = ast.unparse(ast.fix_missing_locations(tree))
        finally:
            put(parent, field, index, node)
        code = code_of(source)
        if code is None or code in seen:
            continue
        seen.add(code)
        made += 1
        yield {
            "kind": kind,
            "line": getattr(node, "lineno", 0),
            "before": ast.unparse(node)[:LONGEST],
            "after": ast.unparse(other)[:LONGEST],
            "source": source,
        }


def code_of(source):
    """What a program compiles to, without the lines; None when it does not."""

    def parts(code):
        inner = tuple(parts(c) if hasattr(c, "co_code") else (type(c), repr(c)) for c in code.co_consts)
        return code.co_code, inner, code.co_names, code.co_varnames

    try:
        return parts(compile(source, "solution.py", "exec"))
    except (SyntaxError, ValueError):
        return None


def has_name(node):
    """Whether it is a lambda with a name, which is a function too."""
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)


def hollow(tree, value):
    """The tree with functions that only return a value; `pass` for none."""
    tree = copy.deepcopy(tree)
    body = ast.Pass() if value is None else ast.Return(value)
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            node.body = [ast.Pass()] if node.name == "__init__" else [body]
        elif has_name(node):
            node.value.body = ast.Constant(None) if value is None else value
    return ast.unparse(ast.fix_missing_locations(tree))


def padded(tree):
    """The tree with a statement more in every function, which changes nothing."""
    tree = copy.deepcopy(tree)
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            node.body.append(ast.Pass())
    tree.body.append(ast.Pass())
    return ast.unparse(ast.fix_missing_locations(tree))


def values_in(tests):
    """The values that stand most often beside a comparison or as an argument in a file of tests."""
    count = collections.Counter()
    for node in ast.walk(ast.parse(tests)):
        if isinstance(node, ast.Compare):
            beside = [node.left] + node.comparators
        elif isinstance(node, ast.Call):
            beside = node.args
        else:
            continue
        for value in beside:
            try:
                ast.literal_eval(value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
            count[ast.unparse(value)] += 1
    return [text for text, _ in count.most_common(VALUES)]


def main(here):
    """`here` is the directory of the program's files."""
    with open(os.path.join(here, "audit.json"), encoding="utf-8") as file:
        asked = json.load(file)
    with open(os.path.join(here, "solution.py"), encoding="utf-8") as file:
        source = file.read()

    def send(kind, source, **more):
        line = json.dumps(dict({"kind": kind, "source": source}, **more)).encode() + b"\n"
        while line:
            line = line[os.write(3, line) :]

    try:
        programs(source, asked, send)
    except (AttributeError, RecursionError, ValueError) as error:
        # Before 3.9 nothing writes a tree; no version writes one that is too deep, or the longest
        # integers.
        why = json.dumps({"unsupported": "%s: %s" % (type(error).__name__, str(error)[:200])})
        os.write(3, why.encode() + b"\n")


def programs(source, asked, send):
    tree = ast.parse(source)
    # What is only written in another way must pass, or nothing is shown by what does not.
    send("same", ast.unparse(tree))
    send("same", padded(tree))
    send("empty", "")
    if any(isinstance(node, FUNCTIONS) or has_name(node) for node in ast.walk(tree)):
        send("empty", hollow(tree, None), after="pass")
        for constant in dict.fromkeys(asked["constants"] + values_in(asked["tests"])):
            value = ast.parse(constant, mode="eval").body
            send("fixed", hollow(tree, value), after="return " + constant[:LONGEST])
    seed = hashlib.sha256(source.encode()).hexdigest()
    for mutant in mutants(tree, asked["mutants"], seed):
        send(**mutant)


if __name__ == "__main__":
    main(sys.argv[1])
    os._exit(0)
