"""Whose a name is that the tests use: theirs, Python's or the solution's."""

import importlib.abc
import importlib.machinery
import importlib.util
import math
import sys

# Names under which tests call the one function of a solution, or import the solution.
STAND_FOR_FUNCTION = ("candidate", "func", "function", "solution", "solve")
STAND_FOR_MODULE = frozenset(
    "solution solutions main candidate program code submission answer task module implementation "
    "your_module my_module your_solution src app script".split()
)
# Well-known packages: a machine without one has no solution of that name.
PACKAGES = frozenset(
    "numpy pandas scipy sympy torch tensorflow sklearn matplotlib requests hypothesis networkx "
    "pytest_mock freezegun parameterized yaml attr pydantic flask django PIL mpmath numba jax "
    "faker nose mock sortedcontainers dateutil pytz bs4 lxml aiohttp httpx sqlalchemy".split()
)
# What tests compare with, should they use it without an import.
HELPERS = {"isclose": math.isclose, "approx": Approx}


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the solution under the names by which the tests import it."""

    def __init__(self, run):
        self.run = run

    def find_spec(self, name, path=None, target=None):
        if name not in self.run.module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return self.run.solution_module(spec.name)

    def exec_module(self, module):
        pass


class Scope:
    """The part of a run that binds names."""

    def prepare(self, module):
        """Binds the names of the solution that the tests use."""
        source = self.source
        if source.patches:
            self.client.halt(
                Unsupported(
                    "unsupported_test",
                    "the tests patch modules of Python, which stays in their process",
                )
            )
        scope = self.globals = module.__dict__
        scope.update(_lehr_fail=self.fail, _lehr_ran=self.ran)
        sys.modules["__main__"] = module
        sys.modules["pytest"] = self.pytest
        for name in ("subprocess", "multiprocessing"):
            if name in source.imports:
                self.client.halt(
                    Unsupported("unsupported_test", "the tests start processes, by %s" % name)
                )
        import_names = {"solution"}
        for name in source.imports:
            top = name.split(".")[0]
            if top not in PACKAGES and top != "pytest" and not is_installed(top):
                parts = name.split(".")
                import_names.update(".".join(parts[: n + 1]) for n in range(len(parts)))
        self.module_names = import_names
        sys.meta_path.append(Finder(self))
        for name in sorted(source.loads):
            if name in BUILTINS or name.startswith("__"):
                continue
            kind = self.names.get(name)
            if name in HELPERS and name not in source.stores and kind is not None:
                scope[name] = HELPERS[name]
            elif name not in source.bare and name not in source.called and is_installed(name):
                # `math.isclose` without an import is Python's, whatever the solution calls so.
                if name not in source.stores:
                    scope[name] = importlib.import_module(name)
            elif kind is not None:
                scope[name] = self.client.name(name)
            elif name == "pytest" and name not in source.stores:
                scope[name] = self.pytest
            elif name in STAND_FOR_FUNCTION and name not in source.stores:
                one = self.only_function()
                if one is not None:
                    scope[name] = self.client.name(one)

    def only_function(self):
        """The one function of the solution, or its one class."""
        for sought in ("function", "class"):
            found = [name for name, kind in self.names.items() if kind == sought]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def solution_module(self, name):
        module = SolutionModule(name)
        module.__dict__["_lehr_client"] = self.client
        module.__dict__["__all__"] = [n for n in self.names if not n.startswith("_")]
        return module

    def import_failure(self, error):
        """Whether the solution lacks a name, or the machine a module."""
        module = (error.name or "").split(".")[0]
        if error.name in self.module_names:
            taken = self.source.imports.get(error.name, set())
            if module in STAND_FOR_MODULE or any(name in self.names for name in taken):
                return "missing_name"
        self.client.halt(Unsupported("missing_module", describe(error)))

    def shadowed(self):
        """Names that the tests judge with, and that the solution defines in its own way."""
        source = self.source
        if source is None:
            return []
        own = {name for name, kind in self.names.items() if kind in ("function", "class")}
        judging = BUILTINS | set(HELPERS) | (set(TYPES) & source.wrapping)
        return sorted(source.loads & own & judging - source.stores)


def is_installed(name):
    """Whether Python finds a module of this name."""
    if name in sys.modules:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
