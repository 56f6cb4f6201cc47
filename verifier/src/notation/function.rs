//! The names of functions and letters.

use crate::value::{Constant, Expr, Function};

/// The function that a command names.
pub(super) fn named(name: &str) -> Option<Function> {
    Some(match name {
        "ln" => Function::Ln,
        "log" => Function::Log,
        "lg" => Function::Unknown("lg".to_owned()),
        "exp" => Function::Unknown("exp".to_owned()),
        "sin" => Function::Sin,
        "cos" => Function::Cos,
        "tan" | "tg" => Function::Tan,
        "cot" | "ctg" => Function::Cot,
        "sec" => Function::Sec,
        "csc" | "cosec" => Function::Csc,
        "arcsin" => Function::Arcsin,
        "arccos" => Function::Arccos,
        "arctan" | "arctg" => Function::Arctan,
        "arccot" => Function::Arccot,
        "arcsec" => Function::Arcsec,
        "arccsc" => Function::Arccsc,
        "sinh" => Function::Sinh,
        "cosh" => Function::Cosh,
        "tanh" => Function::Tanh,
        "coth" => Function::Coth,
        "sech" => Function::Sech,
        "csch" => Function::Csch,
        "arsinh" | "arcsinh" => Function::Arsinh,
        "arcosh" | "arccosh" => Function::Arcosh,
        "artanh" | "arctanh" => Function::Artanh,
        "abs" => Function::Abs,
        "floor" => Function::Floor,
        "ceil" => Function::Ceil,
        "gcd" => Function::Gcd,
        "lcm" => Function::Lcm,
        "min" => Function::Min,
        "max" => Function::Max,
        "Re" => Function::Re,
        "Im" => Function::Im,
        "arg" | "Arg" => Function::Arg,
        "cis" => Function::Unknown("cis".to_owned()),
        _ => return None,
    })
}

/// The fewest and the most arguments of a function.
pub(super) fn arity(function: &Function) -> (usize, usize) {
    match function {
        Function::Gcd | Function::Lcm | Function::Min | Function::Max => (1, 4096),
        Function::Log => (1, 2),
        Function::Root | Function::Binomial | Function::Permutations | Function::Mod => (2, 2),
        _ => (1, 1),
    }
}

/// The inverse of a function, which the exponent -1 stands for.
pub(super) fn inverse(function: &Function) -> Option<Function> {
    Some(match function {
        Function::Sin => Function::Arcsin,
        Function::Cos => Function::Arccos,
        Function::Tan => Function::Arctan,
        Function::Cot => Function::Arccot,
        Function::Sec => Function::Arcsec,
        Function::Csc => Function::Arccsc,
        Function::Sinh => Function::Arsinh,
        Function::Cosh => Function::Arcosh,
        Function::Tanh => Function::Artanh,
        _ => return None,
    })
}

/// A function of its arguments; what is a power or a sum of others is written as that.
pub(super) fn applied(function: Function, mut arguments: Vec<Expr>) -> Expr {
    match (&function, arguments.len()) {
        (Function::Unknown(name), 1) if name == "exp" => {
            Expr::Constant(Constant::E).to_the(arguments.remove(0))
        }
        (Function::Unknown(name), 1) if name == "lg" => {
            Expr::Call(Function::Log, vec![Expr::integer(10), arguments.remove(0)])
        }
        (Function::Unknown(name), 1) if name == "cis" => {
            let angle = arguments.remove(0);
            let cosine = Expr::Call(Function::Cos, vec![angle.clone()]);
            let sine = Expr::Call(Function::Sin, vec![angle]);
            cosine.plus(Expr::Constant(Constant::I).times(sine))
        }
        _ => Expr::Call(function, arguments),
    }
}

/// The command for a word of plain text.
pub(super) fn plain_name(word: &str) -> Option<&str> {
    const WORDS: [&str; 41] = [
        "sqrt", "pi", "infinity", "inf", "oo", "theta", "alpha", "beta", "gamma", "delta",
        "epsilon", "lambda", "mu", "phi", "omega", "sigma", "rho", "sin", "cos", "tan", "cot",
        "sec", "csc", "ln", "log", "exp", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
        "abs", "floor", "ceil", "gcd", "lcm", "min", "max", "binom", "cis",
    ];
    match word {
        "infinity" | "inf" | "oo" | "Infinity" => Some("infty"),
        "Pi" | "PI" => Some("pi"),
        "asin" => Some("arcsin"),
        "acos" => Some("arccos"),
        "atan" => Some("arctan"),
        word => WORDS.contains(&word).then_some(word),
    }
}

/// `sinx`: a function and its one letter.
pub(super) fn glued(word: &str) -> Option<(&'static str, &str)> {
    ["sin", "cos", "tan", "cot", "ln", "log"].into_iter().find_map(|name| {
        word.strip_prefix(name)
            .filter(|letter| {
                letter.len() == 1 && matches!(*letter, "x" | "y" | "t" | "a" | "b" | "n")
            })
            .map(|letter| (name, letter))
    })
}

/// Whether a command is a letter.
pub(super) fn is_letter(name: &str) -> bool {
    const LETTERS: [&str; 41] = [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "varepsilon",
        "zeta",
        "eta",
        "theta",
        "vartheta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "rho",
        "sigma",
        "tau",
        "phi",
        "varphi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
        "ell",
        "hbar",
        "imath",
        "jmath",
        "aleph",
        "varrho",
    ];
    LETTERS.contains(&name)
}

/// Whether a Greek letter before brackets is a function rather than a factor: `\Gamma(x)`, `\phi(10)`.
pub(super) fn is_applied(name: &str, argument: &Expr) -> bool {
    match name {
        "Gamma" | "zeta" => true,
        "phi" | "varphi" | "sigma" | "tau" | "mu" | "psi" => {
            matches!(argument, Expr::Number(_))
        }
        _ => false,
    }
}

/// The same expression with `i` as a variable: it counts the terms of a sum.
pub(super) fn rebind_i(expr: Expr) -> Expr {
    let all = |items: Vec<Expr>| items.into_iter().map(rebind_i).collect();
    match expr {
        Expr::Constant(Constant::I) => Expr::variable("i"),
        Expr::Sum(terms) => Expr::Sum(all(terms)),
        Expr::Product(factors) => Expr::Product(all(factors)),
        Expr::Power(base, exponent) => rebind_i(*base).to_the(rebind_i(*exponent)),
        Expr::Call(function, arguments) => Expr::Call(function, all(arguments)),
        Expr::Series(mut series) => {
            series.term = rebind_i(series.term);
            series.from = rebind_i(series.from);
            series.to = rebind_i(series.to);
            Expr::Series(series)
        }
        same => same,
    }
}
