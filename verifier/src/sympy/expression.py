"""Translates a text into a SymPy expression, or refuses it.

LaTeX as replies write it, and plain notation. A text that can be read in two ways is refused, as is
anything but one finite expression. Nothing is evaluated: Python's `eval`, which SymPy's own
`parse_expr` calls, would run what a reply holds.
"""

import re

DEPTH = 60

TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<command>\\[A-Za-z]+)|(?P<word>[A-Za-z]+)"
    r"|(?P<sign>\*\*|[-+*/^()\[\]{}!_|,])"
)
# Spacing, and what only sets the size of brackets.
SILENT = re.compile(r"\\[,;:! ]|~|\s+|\\(?:quad|qquad|displaystyle|left|right)(?![A-Za-z])|[$]")
UNICODE = {"−": "-", "×": "*", "·": "*", "÷": "/", "π": "\\pi ", "θ": "\\theta "}
TIMES, OVER = ("\\cdot", "\\times", "*"), ("\\div", "/")
FRACTIONS = ("\\frac", "\\dfrac", "\\tfrac", "\\cfrac")
CLOSING = {"(": ")", "[": "]", "{": "}"}
GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi "
    "rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega"
).split()
# Letters that stand for a function as often as for a factor when a bracket follows.
FUNCTION_LETTERS = tuple("fghFGHPT")


class Refused(Exception):
    """A text that is not surely understood."""


def functions(sympy):
    table = {
        name: getattr(sympy, name)
        for name in "sin cos tan cot sec csc sinh cosh tanh exp asin acos atan acot".split()
    }
    table.update(
        arcsin=sympy.asin, arccos=sympy.acos, arctan=sympy.atan, ln=sympy.log, abs=sympy.Abs,
        sqrt=sympy.sqrt, Gamma=sympy.gamma, zeta=sympy.zeta,
    )
    # The base of a bare log is a matter of taste: some number, the same on both sides.
    table["log"] = lambda x: sympy.log(x) / sympy.log(sympy.Symbol("base of log", positive=True))
    return table


class Parser:
    """A text in LaTeX or as typed, by recursive descent."""

    def __init__(self, sympy, text):
        self.sympy, self.functions = sympy, functions(sympy)
        for sign, plain in UNICODE.items():
            text = text.replace(sign, plain)
        self.latex = "\\" in text
        self.tokens, self.at, self.depth, place = [], 0, 0, 0
        while place < len(text):
            silent = SILENT.match(text, place)
            token = silent or TOKEN.match(text, place)
            if not token:
                raise Refused("%r" % text[place])
            if not silent:
                self.tokens.append((token.lastgroup, token.group()))
            place = token.end()

    def parse(self):
        value = self.sum()
        if self.at < len(self.tokens):
            raise Refused("%r" % self.tokens[self.at][1])
        if not isinstance(value, self.sympy.Expr) or value.has(
            self.sympy.nan, self.sympy.zoo, self.sympy.oo, -self.sympy.oo
        ):
            raise Refused("it is not finite")
        return value

    def next(self, ahead=0):
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else (None, None)

    def accept(self, *texts):
        if self.next()[1] in texts:
            self.at += 1
            return True
        return False

    def expect(self, text):
        if not self.accept(text):
            raise Refused("%s is missing" % text)

    def sum(self):
        self.depth += 1
        if self.depth > DEPTH:
            raise Refused("it nests too deep")
        value = self.product()
        while self.next()[1] in ("+", "-"):
            minus = self.accept("-") or not self.accept("+")
            term = self.product()
            value = value - term if minus else value + term
        self.depth -= 1
        return value

    def product(self):
        if self.accept("-"):
            return -self.product()
        if self.accept("+"):
            return self.product()
        value, divided = self.power(), False
        while True:
            if self.accept(*TIMES):
                value, divided = value * self.signed(), False
            elif self.accept(*OVER):
                if divided:
                    raise Refused("a fraction of fractions without brackets")
                value, divided = value / self.signed(), True
            elif self.starts_factor():
                # 1/2x is read in two ways.
                if divided:
                    raise Refused("a product after a fraction without brackets")
                value *= self.factor()
            else:
                return value

    def signed(self):
        return -self.power() if self.accept("-") else self.power()

    def starts_factor(self):
        kind, text = self.next()
        if kind == "command":
            return text not in TIMES + OVER + ("\\rfloor", "\\rceil", "\\rvert")
        return kind in ("number", "word") or text in CLOSING

    def factor(self):
        """A factor without a sign before it: 2x and not 2 3, x2 or 1\\frac12."""
        before, (kind, text) = self.tokens[self.at - 1][0], self.next()
        if kind == "number" or before == "number" and text in FRACTIONS:
            raise Refused("a number beside another")
        return self.power()

    def power(self):
        base = self.postfix()
        if not self.accept("^", "**"):
            return base
        exponent = self.exponent()
        # x^2y is a product, but e^2x is written for a longer exponent as well.
        if not base.is_Symbol and self.tokens[self.at - 1][1] != "}" and self.next()[0] == "word":
            raise Refused("an exponent without braces")
        if base.is_negative and exponent.is_rational and not exponent.is_integer:
            raise Refused("a root of a negative number")
        return base**exponent

    def exponent(self):
        kind, text = self.next()
        if len(text or "") > 1 and (kind == "number" and self.latex or kind == "word"):
            raise Refused("an exponent without braces")
        return self.signed()

    def postfix(self):
        value = self.primary()
        if self.accept("!"):
            if self.next()[1] == "!":
                raise Refused("a double factorial")
            value = self.sympy.factorial(value)
        return value

    def group(self, opening):
        value = self.sum()
        self.expect(CLOSING[opening])
        return value

    def argument(self):
        """What a command takes: a group, or one sign."""
        kind, text = self.next()
        if self.accept("{"):
            return self.group("{")
        if kind == "number" and "." not in text:
            self.tokens[self.at] = (kind, text[1:])
            if len(text) == 1:
                self.at += 1
            return self.sympy.Integer(text[0])
        if kind == "word" and len(text) == 1:
            return self.primary()
        raise Refused("an argument without braces")

    def primary(self):
        kind, text = self.next()
        self.at += 1
        if kind == "number":
            return self.sympy.Rational(text)
        if kind == "word":
            return self.named(text)
        if kind == "command":
            return self.command(text)
        if text in CLOSING:
            return self.group(text)
        if text == "|":
            value = self.sum()
            self.expect("|")
            return self.sympy.Abs(value)
        raise Refused("%r" % text if text else "it ends too early")

    def command(self, text):
        sympy, name = self.sympy, text[1:]
        if text in FRACTIONS:
            above = self.argument()
            return above / self.argument()
        if name in ("binom", "dbinom", "tbinom"):
            above = self.argument()
            return sympy.binomial(above, self.argument())
        if name == "sqrt":
            index = self.group("[") if self.accept("[") else sympy.Integer(2)
            if self.next()[0] == "number" and len(self.next()[1]) > 1:
                raise Refused("a root without braces")
            radicand = self.argument()
            if index != 2 and radicand.is_negative is not False and radicand.is_number:
                raise Refused("a root of a negative number")
            return radicand ** (1 / index)
        if name == "operatorname":
            self.expect("{")
            kind, word = self.next()
            self.at += 1
            self.expect("}")
            return self.applied(word) if word in self.functions else self.refuse(text)
        for opening, closing, meaning in (
            ("lfloor", "\\rfloor", sympy.floor),
            ("lceil", "\\rceil", sympy.ceiling),
            ("lvert", "\\rvert", sympy.Abs),
        ):
            if name == opening:
                value = self.sum()
                self.expect(closing)
                return meaning(value)
        if name == "pi":
            return sympy.pi
        if name in self.functions and (name not in GREEK or self.next()[1] == "("):
            return self.applied(name)
        return self.symbol(name) if name in GREEK else self.refuse(text)

    def refuse(self, text):
        raise Refused("%r" % text)

    def named(self, text):
        if text == "pi":
            return self.sympy.pi
        if text in self.functions and text != "zeta" and text != "Gamma":
            if self.next()[1] != "(":
                raise Refused("%s without brackets" % text)
            return self.applied(text)
        if len(text) == 1:
            if text == "e":
                return self.sympy.E
            if text == "i":
                return self.sympy.I
            return self.symbol(text)
        if len(text) > 3:
            raise Refused("the word %r" % text[:40])
        # A product of letters: each of them anew, so that each may have its exponent.
        self.at -= 1
        self.tokens[self.at : self.at + 1] = [("word", letter) for letter in text]
        return self.primary()

    def symbol(self, name):
        if self.accept("_"):
            name = "%s_%s" % (name, self.index())
        if self.next()[1] == "(" and name in FUNCTION_LETTERS:
            raise Refused("%s before a bracket" % name)
        return self.sympy.Symbol(name)

    def index(self):
        parts, braces = [], self.accept("{")
        while not (braces and self.accept("}")):
            kind, text = self.next()
            if kind in (None, "sign") or not braces and self.latex and len(text) > 1:
                raise Refused("an index")
            self.at += 1
            parts.append(text)
            if not braces:
                break
        if not parts:
            raise Refused("an index")
        return " ".join(parts)

    def applied(self, name):
        sympy, function, exponent = self.sympy, self.functions[name], None
        if name == "log" and self.accept("_"):
            base = self.argument()
            function = lambda x: sympy.log(x) / sympy.log(base)
        if self.accept("^"):
            exponent = self.argument()
            if exponent == -1:
                if name not in ("sin", "cos", "tan"):
                    raise Refused("an inverse of %s" % name)
                function, exponent = self.functions["a" + name], None
        if self.next()[1] in ("(", "{"):
            opening = self.next()[1]
            self.at += 1
            value = function(self.group(opening))
        else:
            value = function(self.bare_argument())
        return value if exponent is None else value**exponent

    def bare_argument(self):
        """\\sin 2x: numbers, letters and fractions side by side, and no bracket after them."""
        value = None
        while True:
            kind, text = self.next()
            simple = kind in ("number", "word") or kind == "command" and (
                text in FRACTIONS + ("\\pi", "\\sqrt") or text[1:] in GREEK
            )
            if not simple or kind == "word" and text in self.functions:
                break
            if kind == "word" and (len(text) > 1 or self.tokens[self.at - 1][0] == "word"):
                raise Refused("an argument without brackets")
            value = self.power() if value is None else value * self.factor()
        if value is None or self.next()[1] in tuple(CLOSING) + OVER + ("!",):
            raise Refused("an argument without brackets")
        return value
