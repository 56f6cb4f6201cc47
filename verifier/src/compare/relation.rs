//! Statements: definitions, equations, inequalities.

use num_rational::BigRational;
use num_traits::Signed;

use super::expression::{Equality, has_unknown};
use super::number::{bounds, is_number};
use super::{Bench, Finding, Found};
use crate::algebra::{Names, normal};
use crate::budget::{Budget, OverBudget};
use crate::value::{Expr, Function, Quantity, Relation, Symbol, Value};

impl Bench<'_> {
    /// Compares two statements.
    pub(super) fn relations(&mut self, gold: &Relation, answer: &Relation) -> Found {
        let (gold, answer) = match (self.settled(gold)?, self.settled(answer)?) {
            (Ok(gold), Ok(answer)) => (gold, answer),
            (Err(finding), _) | (_, Err(finding)) => return Ok(finding),
        };
        if let (Some((name, a)), Some((other, b))) = (definition(&gold), definition(&answer)) {
            if name == other {
                return self.expressions(&a, &b);
            }
            // `y = 2x + 1` and `f(x) = 2x + 1`
            let function = |e: &Expr| matches!(e, Expr::Call(Function::Unknown(_), _));
            let found = self.expressions(&a, &b)?;
            if found.is_wrong() || (function(&name) != function(&other)) {
                return Ok(found);
            }
            return Ok(Finding::ambiguous("names", "the two sides define different names"));
        }
        if gold.symbols == [Symbol::Equal] && answer.symbols == [Symbol::Equal] {
            return self.equations(&gold, &answer);
        }
        if gold.symbols.contains(&Symbol::Congruent) || answer.symbols.contains(&Symbol::Congruent)
        {
            return self.congruences(&gold, &answer);
        }
        let found = self.inequalities(&gold, &answer)?;
        if found.is_correct() {
            return Ok(found);
        }
        let sets = self.real_sets(&Value::Relation(gold), &Value::Relation(answer))?;
        Ok(if sets.is_correct() || sets.is_wrong() { sets } else { found })
    }

    /// A chain of equations with numbers in it is one definition if the numbers agree:
    /// `x = 2 + 3 = 5`.
    fn settled(&mut self, relation: &Relation) -> Result<Result<Relation, Finding>, OverBudget> {
        let rounded = relation.symbols.last() == Some(&Symbol::Approximate)
            && relation.terms.iter().all(is_number);
        let chain = (relation.terms.len() > 2 || rounded)
            && relation.symbols.iter().all(|s| matches!(s, Symbol::Equal | Symbol::Approximate));
        if !chain {
            return Ok(Ok(relation.clone()));
        }
        let mut terms = relation.terms.as_slice();
        if let [rest @ .., exact, rounded] = terms
            && relation.symbols.last() == Some(&Symbol::Approximate)
            && is_number(exact)
        {
            // `x = \frac{5}{12} \approx 0.417`: the exact value is the answer.
            if !self.roughly(exact, rounded) {
                return Ok(Err(unequal_chain()));
            }
            terms = &terms[..=rest.len()];
        }
        let Some((last, others)) = terms.split_last() else { return Ok(Ok(relation.clone())) };
        let Some((first, between)) = others.split_first() else {
            return Ok(Ok(Relation {
                terms: vec![last.clone(), last.clone()],
                symbols: vec![Symbol::Equal],
            }));
        };
        for term in between {
            // Of `P(A) = P(B) + P(C) = 5/12` only the last side is the answer.
            if is_number(last) && !is_number(term) {
                continue;
            }
            if !self.expressions(last, term)?.is_correct() {
                return Ok(Err(unequal_chain()));
            }
        }
        Ok(Ok(Relation { terms: vec![first.clone(), last.clone()], symbols: vec![Symbol::Equal] }))
    }

    /// Whether a number is a rounding of another: within one part in a hundred.
    fn roughly(&mut self, exact: &Expr, rounded: &Expr) -> bool {
        let (Some(a), Some(b)) = (bounds(exact, self.budget), bounds(rounded, self.budget)) else {
            return false;
        };
        (&a.0 - &b.0).abs() * BigRational::from_integer(100.into()) <= a.0.abs()
    }

    /// A definition against a bare value: `x = 3` and `3`, `y = 2x + 1` and `2x + 1`,
    /// `2 + 3 = 5` and `5`, `x \in S` and `S`.
    pub(super) fn as_assignment(
        &mut self,
        gold: &Value,
        answer: &Value,
    ) -> Result<Option<Finding>, OverBudget> {
        if let Value::Member { element: Expr::Variable(_), set, inside: true } = gold {
            return self.values(set, answer).map(Some);
        }
        if let Value::Member { element: Expr::Variable(_), set, inside: true } = answer {
            return self.values(gold, set).map(Some);
        }
        let (relation, in_gold) = match (gold, answer) {
            (Value::Relation(relation), Value::Quantity(_)) => (relation, true),
            (Value::Quantity(_), Value::Relation(relation)) => (relation, false),
            // Solutions as a set: `x = 3` and `\{3\}`.
            (Value::Set(elements), Value::Relation(relation))
            | (Value::Relation(relation), Value::Set(elements))
                if elements.len() == 1 =>
            {
                let Some((_, term)) = definition(relation) else { return Ok(None) };
                let term = Value::Quantity(Quantity::plain(term));
                return self.values(&elements[0], &term).map(Some);
            }
            // The known answer is a set of one, and the answer its element.
            (Value::Set(elements), Value::Quantity(_)) if elements.len() == 1 => {
                return self.values(&elements[0], answer).map(Some);
            }
            (Value::List(_) | Value::Set(_), Value::List(_) | Value::Set(_)) => return Ok(None),
            _ => return Ok(None),
        };
        let relation = match self.settled(relation)? {
            Ok(relation) => relation,
            Err(finding) => return Ok(Some(finding)),
        };
        let term = match definition(&relation) {
            Some((_, term)) => term,
            None if self.is_true_sum(&relation)? => relation.terms[1].clone(),
            None => {
                let all = "only one side is an equation, and not one that defines a name";
                return Ok(Some(Finding::ambiguous("equation", all)));
            }
        };
        let term = Quantity::plain(term);
        let found = match (gold, answer) {
            (_, Value::Quantity(answer)) if in_gold => self.quantities(&term, answer),
            (Value::Quantity(gold), _) => self.quantities(gold, &term),
            _ => return Ok(None),
        };
        found.map(Some)
    }

    /// `2 + 3 = 5`
    fn is_true_sum(&mut self, relation: &Relation) -> Result<bool, OverBudget> {
        let [left, right] = relation.terms.as_slice() else { return Ok(false) };
        let numbers = is_number(left) && is_number(right);
        Ok(relation.symbols == [Symbol::Equal]
            && numbers
            && matches!(self.equality(left, right)?, Equality::Equal(_)))
    }

    /// Equations are the same when their differences of sides are equal up to a nonzero factor.
    fn equations(&mut self, gold: &Relation, answer: &Relation) -> Found {
        let difference = |r: &Relation| r.terms[0].clone().minus(r.terms[1].clone());
        let (a, b) = (difference(gold), difference(answer));
        if has_unknown(&a) || has_unknown(&b) {
            let plain = self.expressions(&a, &b)?;
            return Ok(if plain.is_correct() {
                plain
            } else {
                Finding::unsupported("equation", "an equation with an unknown function")
            });
        }
        if let Some(same) = proportional(&a, &b, self.budget) {
            return Ok(if same {
                Finding::correct("equal", "the equations are equal up to a factor")
            } else {
                Finding::wrong("equation", "the equations differ by more than a factor")
            });
        }
        // With other functions in them: `a(x)·b(p) = b(x)·a(p)` at a point p where b is not zero.
        for point in [3, 5, 7] {
            let (at_a, at_b) = (at_point(&a, point), at_point(&b, point));
            if self.is_positive(&at_b).is_none() || self.is_positive(&at_a).is_none() {
                continue;
            }
            return self.expressions(&a.times(at_b), &b.times(at_a));
        }
        Ok(Finding::unsupported("equation", "whether the equations are the same was not decided"))
    }

    /// Chains of inequalities term by term, in one direction or the other.
    fn inequalities(&mut self, gold: &Relation, answer: &Relation) -> Found {
        let flipped = |r: &Relation| Relation {
            terms: r.terms.iter().rev().cloned().collect(),
            symbols: r.symbols.iter().rev().map(|s| s.flipped()).collect(),
        };
        for answer in [answer.clone(), flipped(answer)] {
            if answer.symbols != gold.symbols {
                continue;
            }
            let mut same = true;
            for (a, b) in gold.terms.iter().zip(&answer.terms) {
                same &= self.expressions(a, b)?.is_correct();
            }
            if same {
                return Ok(Finding::correct("equal", "both are the same statement"));
            }
            if let ([symbol], [a, b], [c, d]) =
                (gold.symbols.as_slice(), gold.terms.as_slice(), answer.terms.as_slice())
            {
                let left = a.clone().minus(b.clone());
                let right = c.clone().minus(d.clone());
                let factor = factor(&left, &right, self.budget);
                let holds = factor.is_some_and(|positive| positive || *symbol == Symbol::NotEqual);
                if holds {
                    return Ok(Finding::correct("equal", "equal up to a positive factor"));
                }
            }
        }
        Ok(Finding::unsupported(
            "inequality",
            "whether the inequalities are the same was not decided",
        ))
    }

    /// The same residue by the same modulus.
    fn congruences(&mut self, gold: &Relation, answer: &Relation) -> Found {
        if gold.symbols != answer.symbols {
            return Ok(Finding::wrong("kinds", "only one side is a congruence"));
        }
        let ([x, a, m], [y, b, n]) = (gold.terms.as_slice(), answer.terms.as_slice()) else {
            return Ok(Finding::unsupported("congruence", "not two simple congruences"));
        };
        let modulus = self.expressions(m, n)?;
        let element = self.expressions(x, y)?;
        if !(modulus.is_correct() && element.is_correct()) {
            return Ok(if modulus.is_correct() { element } else { modulus });
        }
        let rest = |e: &Expr| Expr::Call(Function::Mod, vec![e.clone(), m.clone()]);
        self.expressions(&rest(a), &rest(b))
    }
}

/// The name and the expression of a definition: `x = 3`, `3 = x`, `f(x) = 2x`.
fn definition(relation: &Relation) -> Option<(Expr, Expr)> {
    let [left, right] = relation.terms.as_slice() else { return None };
    if !matches!(relation.symbols.as_slice(), [Symbol::Equal | Symbol::Approximate]) {
        return None;
    }
    let named = |name: &Expr, value: &Expr| match name {
        Expr::Variable(own) => !value.variables().contains(own),
        // `f(x) = 4` is a condition on x as much as a definition of f.
        Expr::Call(Function::Unknown(_), arguments) => {
            !(has_unknown(value) || arguments.iter().any(Expr::has_variable) && is_number(value))
        }
        _ => false,
    };
    if named(left, right) {
        Some((left.clone(), right.clone()))
    } else if named(right, left) && is_number(left) {
        Some((right.clone(), left.clone()))
    } else {
        None
    }
}

/// Whether the numerators of two expressions are equal up to a number other than zero.
fn proportional(a: &Expr, b: &Expr, budget: &mut Budget) -> Option<bool> {
    let mut names = Names::default();
    let a = normal(a, &mut names, budget).ok()?.above;
    let b = normal(b, &mut names, budget).ok()?.above;
    match (a.leading(), b.leading()) {
        (Some(x), Some(y)) => {
            let (x, y) = (x.clone(), y.clone());
            Some(a.scaled(&y) == b.scaled(&x))
        }
        (None, None) => Some(true),
        _ => Some(false),
    }
}

/// Whether `a = c·b` for a number c that is positive (`true`) or negative; `None` for neither.
fn factor(a: &Expr, b: &Expr, budget: &mut Budget) -> Option<bool> {
    let mut names = Names::default();
    let (a, b) = (normal(a, &mut names, budget).ok()?, normal(b, &mut names, budget).ok()?);
    // The sign of what stands below is not known.
    if !(a.below.is_one() && b.below.is_one()) {
        return None;
    }
    let (x, y) = (a.above.leading()?.clone(), b.above.leading()?.clone());
    let same = a.above.scaled(&y) == b.above.scaled(&x);
    same.then(|| (x / y).is_positive())
}

/// The expression with numbers for its variables, the same number for the same name.
fn at_point(expr: &Expr, point: u64) -> Expr {
    let value = |name: &str| {
        let mark: u64 = name.bytes().map(u64::from).sum();
        let value = BigRational::new((2 * point + mark % 97).into(), (2 + mark % 13).into());
        Some(Expr::Number(value))
    };
    expr.substituted(&value)
}

fn unequal_chain() -> Finding {
    Finding::ambiguous("chain", "the sides of the chain of equations are not all equal")
}
