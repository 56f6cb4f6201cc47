//! Values as LaTeX that reads back as the same value.

use std::fmt::{self, Display, Formatter};

use num_rational::BigRational;
use num_traits::Signed;

use super::{Constant, Expr, Function, Interval, NamedSet, Quantity, Relation, Symbol, Value};

impl Display for Value {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quantity(quantity) => quantity.fmt(out),
            Self::List(values) => joined(out, values, ", "),
            Self::Tuple(values) => enclosed(out, "\\langle ", values, "\\rangle"),
            Self::Set(values) => enclosed(out, "\\{", values, "\\}"),
            Self::Interval(interval) => interval.fmt(out),
            Self::Union(sets) => joined(out, sets, " \\cup "),
            Self::Intersection(sets) => joined(out, sets, " \\cap "),
            Self::Difference(set, taken) => write!(out, "{set} \\setminus {taken}"),
            Self::Named(set) => set.fmt(out),
            Self::Builder { variable, domain, conditions } => {
                write!(out, "\\{{{variable}")?;
                if let Some(domain) = domain {
                    write!(out, " \\in {domain}")?;
                }
                write!(out, " \\mid ")?;
                joined(out, conditions, ", ")?;
                write!(out, "\\}}")
            }
            Self::Matrix(rows) => {
                write!(out, "\\begin{{pmatrix}}")?;
                for (at, row) in rows.iter().enumerate() {
                    write!(out, "{}", if at > 0 { "\\\\" } else { "" })?;
                    joined(out, row, "&")?;
                }
                write!(out, "\\end{{pmatrix}}")
            }
            Self::Relation(relation) => relation.fmt(out),
            Self::Member { element, set, inside } => {
                write!(out, "{element} {} {set}", if *inside { "\\in" } else { "\\notin" })
            }
            Self::Ratio(parts) => joined(out, parts, " : "),
            Self::Based { value, base } => {
                write!(out, "{}_{{{base}}}", value.to_integer().to_str_radix(*base).to_uppercase())
            }
            Self::Date { year, month, day } => match year {
                Some(year) => write!(out, "{year:04}-{month:02}-{day:02}"),
                None => write!(out, "{day} {}", MONTHS[usize::from(*month).clamp(1, 12) - 1]),
            },
            Self::Time { seconds, certain } => {
                let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
                match (certain, seconds % 60) {
                    (true, 0) => write!(out, "{hour:02}:{minute:02}"),
                    (true, second) => write!(out, "{hour:02}:{minute:02}:{second:02}"),
                    (false, 0) => write!(out, "{hour}:{minute:02}"),
                    (false, second) => write!(out, "{hour}:{minute:02}:{second:02}"),
                }
            }
            Self::Text(text) => out.write_str(text),
        }
    }
}

/// The names of the months.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Display for Quantity {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        self.value.fmt(out)?;
        if self.percent {
            write!(out, "\\%")?;
        }
        match &self.unit {
            Some(unit) => write!(out, " \\text{{ {}}}", unit.name),
            None => Ok(()),
        }
    }
}

impl Display for Interval {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let (open, close) =
            (if self.low_closed { '[' } else { '(' }, if self.high_closed { ']' } else { ')' });
        write!(out, "{open}{}, {}{close}", self.low, self.high)
    }
}

impl Display for Relation {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            if let Some(symbol) = at.checked_sub(1).map(|at| self.symbols.get(at)) {
                match symbol {
                    Some(symbol) => write!(out, " {symbol} ")?,
                    None => write!(out, " \\pmod ")?,
                }
            }
            term.fmt(out)?;
        }
        Ok(())
    }
}

impl Display for Symbol {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Equal => "=",
            Self::Approximate => "\\approx",
            Self::NotEqual => "\\ne",
            Self::Less => "<",
            Self::LessEqual => "\\le",
            Self::Greater => ">",
            Self::GreaterEqual => "\\ge",
            Self::Congruent => "\\equiv",
        })
    }
}

impl Display for NamedSet {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Empty => "\\emptyset",
            Self::Naturals => "\\mathbb{N}",
            Self::Integers => "\\mathbb{Z}",
            Self::PositiveIntegers => "\\mathbb{Z}^+",
            Self::Rationals => "\\mathbb{Q}",
            Self::Reals => "\\mathbb{R}",
            Self::Complex => "\\mathbb{C}",
        })
    }
}

impl Display for Expr {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => number(out, value),
            Self::Constant(constant) => out.write_str(match constant {
                Constant::Pi => "\\pi",
                Constant::E => "e",
                Constant::I => "i",
                Constant::Infinity => "\\infty",
            }),
            Self::Variable(name) => variable(out, name),
            Self::Sum(terms) => {
                for (at, term) in terms.iter().enumerate() {
                    let sum = matches!(term, Self::Sum(_));
                    write!(out, "{}", if at > 0 { " + " } else { "" })?;
                    if sum { write!(out, "\\left({term}\\right)")? } else { term.fmt(out)? }
                }
                Ok(())
            }
            Self::Product(factors) => {
                if let [Self::Number(sign), rest] = factors.as_slice()
                    && *sign == BigRational::from_integer((-1).into())
                {
                    return write!(out, "-{}", Factor(rest));
                }
                for (at, factor) in factors.iter().enumerate() {
                    write!(out, "{}{}", if at > 0 { " \\cdot " } else { "" }, Factor(factor))?;
                }
                Ok(())
            }
            Self::Power(base, exponent) => write!(out, "{}^{{{exponent}}}", Grouped(base)),
            Self::Call(function, arguments) => call(out, function, arguments),
            Self::Series(series) => write!(
                out,
                "\\{}_{{{}={}}}^{{{}}} \\left({}\\right)",
                if series.product { "prod" } else { "sum" },
                series.variable,
                series.from,
                series.to,
                series.term
            ),
        }
    }
}

/// A factor: as an operand, but powers and fractions need no brackets.
struct Factor<'e>(&'e Expr);

impl Display for Factor<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::Number(value) if !value.is_negative() => self.0.fmt(out),
            Expr::Power(..) => self.0.fmt(out),
            other => Grouped(other).fmt(out),
        }
    }
}

/// An operand, in brackets unless it is a name, a call or a number without a sign.
struct Grouped<'e>(&'e Expr);

impl Display for Grouped<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let bare = match self.0 {
            Expr::Number(value) => value.is_integer() && !value.is_negative(),
            Expr::Constant(_) | Expr::Variable(_) => true,
            Expr::Call(function, _) => {
                !matches!(function, Function::Factorial | Function::DoubleFactorial)
            }
            _ => false,
        };
        if bare { self.0.fmt(out) } else { write!(out, "\\left({}\\right)", self.0) }
    }
}

fn number(out: &mut Formatter<'_>, value: &BigRational) -> fmt::Result {
    if value.is_integer() {
        return write!(out, "{value}");
    }
    let sign = if value.is_negative() { "-" } else { "" };
    write!(out, "{sign}\\frac{{{}}}{{{}}}", value.numer().abs(), value.denom())
}

fn variable(out: &mut Formatter<'_>, name: &str) -> fmt::Result {
    match name.split_once('_') {
        Some((name, index)) => write!(out, "{name}_{{{index}}}"),
        None => out.write_str(name),
    }
}

fn call(out: &mut Formatter<'_>, function: &Function, arguments: &[Expr]) -> fmt::Result {
    let name = match (function, arguments) {
        (Function::Root, [radicand, index]) => {
            return write!(out, "\\sqrt[{index}]{{{radicand}}}");
        }
        (Function::Binomial, [n, k]) => return write!(out, "\\binom{{{n}}}{{{k}}}"),
        // The brackets tell the bars apart from others around them.
        (Function::Abs, [x]) => return write!(out, "\\left|\\left({x}\\right)\\right|"),
        (Function::Floor, [x]) => return write!(out, "\\lfloor {x}\\rfloor"),
        (Function::Ceil, [x]) => return write!(out, "\\lceil {x}\\rceil"),
        (Function::Factorial, [n]) => return write!(out, "{}!", Grouped(n)),
        (Function::DoubleFactorial, [n]) => return write!(out, "{}!!", Grouped(n)),
        (Function::Conjugate, [z]) => return write!(out, "\\overline{{{z}}}"),
        (Function::Log, [base, x]) => return write!(out, "\\log_{{{base}}}\\left({x}\\right)"),
        (Function::Unknown(name), _) => name.clone(),
        (function, _) => format!("\\{}", format!("{function:?}").to_lowercase()),
    };
    write!(out, "{name}\\left(")?;
    joined(out, arguments, ", ")?;
    write!(out, "\\right)")
}

fn joined<T: Display>(out: &mut Formatter<'_>, items: &[T], between: &str) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        write!(out, "{}{item}", if at > 0 { between } else { "" })?;
    }
    Ok(())
}

fn enclosed<T: Display>(
    out: &mut Formatter<'_>,
    open: &str,
    items: &[T],
    close: &str,
) -> fmt::Result {
    out.write_str(open)?;
    joined(out, items, ", ")?;
    out.write_str(close)
}
