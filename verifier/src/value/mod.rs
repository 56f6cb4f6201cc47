//! What an answer can be: numbers with variables, sets, intervals, tuples, matrices, statements,
//! words. The nouns of the reader and of the comparison; nothing here reads or compares.

#[cfg(test)]
pub(crate) mod arbitrary;
mod expr;
mod print;
mod relation;
mod walk;

pub use expr::{Constant, Expr, Function, Series};
pub(crate) use print::MONTHS;
pub use relation::{Relation, Symbol};

use num_rational::BigRational;

use crate::unit::Unit;

/// What an answer says.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One number or expression, maybe with a percent sign or a unit.
    Quantity(Quantity),
    /// `1, 2` or `1 and 2` without brackets, `\pm 3`: several answers, in the order written.
    List(Vec<Value>),
    /// `(1, 2)`, `\langle 1, 2 \rangle`: the order counts.
    Tuple(Vec<Value>),
    /// `\{1, 2\}`: the order does not count, nor do repetitions.
    Set(Vec<Value>),
    /// `[0, 1)`. With `(0, 1)` the reader cannot tell an interval from a pair: it is an open
    /// interval here, and the comparison knows both.
    Interval(Interval),
    /// `A \cup B`.
    Union(Vec<Value>),
    /// `A \cap B`.
    Intersection(Vec<Value>),
    /// `A \setminus B`.
    Difference(Box<Value>, Box<Value>),
    /// ℝ, ℤ, the empty set.
    Named(NamedSet),
    /// `\{x \in D : condition\}`.
    Builder {
        /// The bound variable.
        variable: String,
        /// What it ranges over, when that is said.
        domain: Option<Box<Value>>,
        /// What holds for the elements: all of these statements.
        conditions: Vec<Value>,
    },
    /// Rows of a matrix, or of a column or row vector; all rows have the same positive length.
    Matrix(Vec<Vec<Expr>>),
    /// `x = 3`, `1 < x \le 2`, `y = 2x + 1`.
    Relation(Relation),
    /// `x \in S`, `x \notin S`.
    Member {
        /// What is or is not in the set.
        element: Expr,
        /// The set.
        set: Box<Value>,
        /// Whether it is in the set.
        inside: bool,
    },
    /// `3 : 4 : 5`.
    Ratio(Vec<Expr>),
    /// `1011_2`: a value with the base in which it is written.
    Based {
        /// The value.
        value: BigRational,
        /// The base, 2 to 36.
        base: u32,
    },
    /// A date of the Gregorian calendar; the year when it is said.
    Date {
        /// The year.
        year: Option<i32>,
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
    },
    /// A time of day in minutes (and seconds) after midnight. Without `am` or `pm` an hour up to
    /// 12 may be either.
    Time {
        /// Seconds after midnight.
        seconds: u32,
        /// Whether morning or afternoon is certain: `pm`, or a 24-hour time above 12.
        certain: bool,
    },
    /// Words, in lower case and single spaces: `yes`, `isosceles`.
    Text(String),
}

/// A number or expression with what is written beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number as written, without regard to a percent sign or unit.
    pub value: Expr,
    /// Whether a percent sign follows.
    pub percent: bool,
    /// The unit, when one is there.
    pub unit: Option<Unit>,
    /// How the number was written, when it is a single decimal literal.
    pub literal: Option<Literal>,
    /// Whether the letters of the unit may as well be variables (`5 m`); then what they would say.
    pub otherwise: Option<Expr>,
}

/// How a decimal was written: what its digits promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Significant digits: 3 for `0.0120`; for an integer those without its trailing zeros.
    pub significant: u32,
    /// The power of ten of the last significant digit: -2 for `3.14`, 3 for `3.14e5`.
    pub last_place: i32,
    /// Whether a decimal point or an exponent was written; an integer without is exact.
    pub decimal: bool,
}

impl Quantity {
    /// An expression with nothing beside it.
    pub fn plain(value: Expr) -> Self {
        Self { value, percent: false, unit: None, literal: None, otherwise: None }
    }
}

/// An interval of real numbers; an end is an expression or an infinity.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: Expr,
    /// The upper end.
    pub high: Expr,
    /// Whether the lower end belongs to it.
    pub low_closed: bool,
    /// Whether the upper end belongs to it.
    pub high_closed: bool,
}

/// Sets with names of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedSet {
    /// ∅
    Empty,
    /// ℕ; whether zero is in it is left open.
    Naturals,
    /// ℤ
    Integers,
    /// Positive integers.
    PositiveIntegers,
    /// ℚ
    Rationals,
    /// ℝ
    Reals,
    /// ℂ
    Complex,
}
