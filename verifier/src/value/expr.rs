use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

/// An expression for one number, with variables or without, as it was written: nothing is
/// simplified here but signs and quotients, which become products and powers.
///
/// The reader bounds its depth by [`Expr::MAX_DEPTH`], so it can be walked by recursion.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expr {
    /// An exact number.
    Number(BigRational),
    /// A number with a name.
    Constant(Constant),
    /// A variable with its index: `x`, `x_1`, `\alpha`.
    Variable(String),
    /// A sum of any number of terms; `a - b` is `a + (-1)·b`.
    Sum(Vec<Expr>),
    /// A product of any number of factors; `a / b` is `a · b^(-1)`.
    Product(Vec<Expr>),
    /// Base and exponent; the principal value where there are several.
    Power(Box<Expr>, Box<Expr>),
    /// A function of its arguments.
    Call(Function, Vec<Expr>),
    /// A sum or product with bounds.
    Series(Box<Series>),
}

/// `\sum_{variable = from}^{to} term`, or `\prod`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// Whether it is a product.
    pub product: bool,
    /// The bound variable.
    pub variable: String,
    /// The first value.
    pub from: Expr,
    /// The last value; may be [`Constant::Infinity`].
    pub to: Expr,
    /// What is added or multiplied.
    pub term: Expr,
}

/// A number with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Constant {
    /// π
    Pi,
    /// Euler's number.
    E,
    /// The imaginary unit.
    I,
    /// Positive infinity; an answer or the end of an interval, never a part of arithmetic.
    Infinity,
}

/// A function. The number of arguments is the one in brackets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// `(x, n)`: the real root for a real x with n odd, else the principal one.
    Root,
    /// `(x)`: natural.
    Ln,
    /// `(base, x)`, or `(x)` when the base is not said: e or 10.
    Log,
    /// `(x)`
    Sin,
    /// `(x)`
    Cos,
    /// `(x)`
    Tan,
    /// `(x)`
    Cot,
    /// `(x)`
    Sec,
    /// `(x)`
    Csc,
    /// `(x)`, principal value, as the next ones.
    Arcsin,
    /// `(x)`
    Arccos,
    /// `(x)`
    Arctan,
    /// `(x)`, in (0, π).
    Arccot,
    /// `(x)`
    Arcsec,
    /// `(x)`
    Arccsc,
    /// `(x)`
    Sinh,
    /// `(x)`
    Cosh,
    /// `(x)`
    Tanh,
    /// `(x)`
    Coth,
    /// `(x)`
    Sech,
    /// `(x)`
    Csch,
    /// `(x)`
    Arsinh,
    /// `(x)`
    Arcosh,
    /// `(x)`
    Artanh,
    /// `(x)`: absolute value or modulus.
    Abs,
    /// `(x)`
    Floor,
    /// `(x)`
    Ceil,
    /// `(n)`
    Factorial,
    /// `(n)`: `n!!`
    DoubleFactorial,
    /// `(n, k)`
    Binomial,
    /// `(n, k)`: `n! / (n - k)!`
    Permutations,
    /// Any number of arguments.
    Gcd,
    /// Any number of arguments.
    Lcm,
    /// Any number of arguments.
    Min,
    /// Any number of arguments.
    Max,
    /// `(a, m)`: the remainder in [0, m).
    Mod,
    /// `(z)`
    Re,
    /// `(z)`
    Im,
    /// `(z)`
    Conjugate,
    /// `(z)`, in (-π, π].
    Arg,
    /// A function of which only the name is known: `f(x)`, `f'(x)`.
    Unknown(String),
}

impl Expr {
    /// How deep expressions nest at most.
    pub const MAX_DEPTH: usize = 160;

    /// An integer.
    pub fn integer(n: impl Into<BigInt>) -> Self {
        Self::Number(BigRational::from_integer(n.into()))
    }

    /// A variable.
    pub fn variable(name: impl Into<String>) -> Self {
        Self::Variable(name.into())
    }

    /// `-x`; the sign goes into a number, and another one takes it off.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Number(n) => Self::Number(-n),
            other => Self::Product(vec![Self::integer(-1), other]),
        }
    }

    /// `self + other`.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match self {
            Self::Sum(mut terms) => {
                terms.push(other);
                Self::Sum(terms)
            }
            first => Self::Sum(vec![first, other]),
        }
    }

    /// `self - other`.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    /// `self · other`.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        match self {
            Self::Product(mut factors) => {
                factors.push(other);
                Self::Product(factors)
            }
            first => Self::Product(vec![first, other]),
        }
    }

    /// `self / other`; two numbers become one unless the divisor is zero.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) if !b.is_zero() => Self::Number(a / b),
            (a, b) => a.times(b.to_the(Self::integer(-1))),
        }
    }

    /// `self ^ exponent`.
    #[must_use]
    pub fn to_the(self, exponent: Self) -> Self {
        Self::Power(Box::new(self), Box::new(exponent))
    }

    /// The exact number, when it is one as written.
    pub fn as_number(&self) -> Option<&BigRational> {
        match self {
            Self::Number(n) => Some(n),
            _ => None,
        }
    }

    /// Whether it is the number one.
    pub fn is_one(&self) -> bool {
        self.as_number().is_some_and(One::is_one)
    }
}
