"""Reads the text of the tests: what it names, and its assertions with both sides kept."""

import ast
import builtins

OPERATORS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
# Modules whose attributes tests set so that the code under test sees it.
PATCHED = frozenset("builtins time random os datetime math json socket subprocess".split())
BUILTINS = frozenset(dir(builtins))


class Source:
    """A file of tests, parsed."""

    def __init__(self, text):
        self.tree = ast.parse(text, "tests.py")
        self.lines = text.splitlines()
        self.loads = set()
        self.stores = set()
        # Names that are called, and that are used in another way than `name.attribute`.
        self.called = set()
        # Names that are called with what another call gave.
        self.wrapping = set()
        self.bare = set()
        # Modules that are imported, with the names taken from each.
        self.imports = {}
        self.patches = False
        self.future = 0
        bases, stored = set(), set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name):
                (self.loads if isinstance(node.ctx, ast.Load) else self.stores).add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.stores.add(node.name)
            elif isinstance(node, ast.arg):
                self.stores.add(node.arg)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                self.stores.add(node.name)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    self.imports.setdefault(alias.name, set())
                    self.stores.add(alias.asname or alias.name.split(".")[0])
            elif isinstance(node, ast.ImportFrom):
                self.import_from(node)
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                stored.add(getattr(node.value, "id", ""))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self.called.add(node.func.id)
                if any(isinstance(part, ast.Call) for arg in node.args for part in ast.walk(arg)):
                    self.wrapping.add(node.func.id)
            if isinstance(node, ast.Attribute):
                if isinstance(node.value, ast.Name):
                    bases.add(id(node.value))
                if node.attr == "patch" and ast.dump(node.value).find("mock") >= 0:
                    self.patches = True
        if any(name in PATCHED and name in self.imports for name in stored):
            self.patches = True
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and id(node) not in bases:
                self.bare.add(node.id)

    def import_from(self, node):
        module = node.module or "solution"
        if module == "__future__":
            for alias in node.names:
                self.future |= getattr(__import__("__future__"), alias.name).compiler_flag
            return
        # A relative import is one of the solution: the tests are a single file.
        if node.level:
            node.level, node.module = 0, module
        taken = self.imports.setdefault(module, set())
        for alias in node.names:
            taken.add(alias.name)
            self.stores.add(alias.asname or alias.name)
            if alias.name == "patch" and "mock" in module:
                self.patches = True

    def line(self, number):
        """The text of a line."""
        return self.lines[number - 1].strip()[:300] if 0 < number <= len(self.lines) else ""

    def statements(self, classes):
        """The statements of the file, rewritten, each with the names it calls at once."""
        for statement in self.tree.body:
            called = set(direct_calls(statement))
            yield Rewriter(classes).visit(statement), called


def direct_calls(statement):
    """Names that a statement calls itself, not in the functions that it defines."""
    waiting = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        waiting.extend(ast.iter_child_nodes(node))


class Rewriter(ast.NodeTransformer):
    """Turns `assert a == b` into statements that count it and keep `a` and `b`.

    An `a` that makes an instance of one of the classes is made after `b`, which is not to know it.
    """

    def __init__(self, classes):
        self.classes = classes

    def makes(self, node):
        """Whether it makes an instance of a class of the solution."""
        return isinstance(node, ast.Call) and getattr(node.func, "id", None) in self.classes

    def visit_Assert(self, node):
        self.generic_visit(node)
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            lines = [
                assign("_lehr_left", test.left),
                assign("_lehr_right", test.comparators[0]),
                call_of("_lehr_ran"),
            ]
            if self.makes(test.left) and not self.makes(test.comparators[0]):
                lines[0], lines[1] = lines[1], lines[0]
            left, right = load("_lehr_left"), load("_lehr_right")
            test = ast.Compare(left=left, ops=test.ops, comparators=[right])
            sides = [ast.Constant(value=OPERATORS[type(test.ops[0])]), left, right]
        else:
            lines = [assign("_lehr_left", test), call_of("_lehr_ran")]
            test = load("_lehr_left")
            sides = [ast.Constant(value=None), test, ast.Constant(value=None)]
        message = [node.msg] if node.msg is not None else []
        fail = call_of("_lehr_fail", ast.Constant(value=node.lineno), *(sides + message))
        lines.append(
            ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=[fail], orelse=[])
        )
        for line in lines:
            ast.copy_location(line, node)
            ast.fix_missing_locations(line)
        return lines


def load(name):
    return ast.Name(id=name, ctx=ast.Load())


def assign(name, value):
    return ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)


def call_of(name, *args):
    return ast.Expr(value=ast.Call(func=load(name), args=list(args), keywords=[]))
