use super::Expr;

/// How two sides of a statement stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// `=`
    Equal,
    /// `≈`
    Approximate,
    /// `≠`
    NotEqual,
    /// `<`
    Less,
    /// `≤`
    LessEqual,
    /// `>`
    Greater,
    /// `≥`
    GreaterEqual,
    /// `≡ (mod m)`; the modulus is the last term of the relation.
    Congruent,
}

impl Symbol {
    /// The symbol when the sides are exchanged.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }
}

/// A statement or a chain of them: `terms[0] symbols[0] terms[1] symbols[1] …`, with one term more
/// than symbols.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The sides.
    pub terms: Vec<Expr>,
    /// What stands between them.
    pub symbols: Vec<Symbol>,
}
