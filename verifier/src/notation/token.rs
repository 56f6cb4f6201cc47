//! The tokens of LaTeX and plain-text mathematics.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// A numeral: digits, maybe with thousands separators, a point and an exponent.
    Numeral(&'a str),
    /// A run of letters.
    Word(&'a str),
    /// A command, without its backslash.
    Command(&'a str),
    /// The content of `\text{…}` and its kind.
    Text(&'a str),
    /// The start of `\begin{…}`, with the name of the environment.
    Begin(&'a str),
    /// `\end{…}`.
    End(&'a str),
    /// An operator, a bracket or a mark, in one spelling for all that mean the same.
    Mark(Mark),
}

/// Operators, brackets and marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Plus,
    Minus,
    PlusMinus,
    MinusPlus,
    Times,
    Divide,
    Caret,
    Underscore,
    Equal,
    Approximate,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Congruent,
    In,
    NotIn,
    Union,
    Intersection,
    Without,
    And,
    Or,
    Comma,
    Semicolon,
    Colon,
    Factorial,
    Prime,
    Percent,
    Degree,
    Currency(char),
    Ellipsis,
    Bar,
    DoubleBar,
    OpenRound,
    CloseRound,
    OpenSquare,
    CloseSquare,
    OpenBrace,
    CloseBrace,
    OpenSet,
    CloseSet,
    OpenAngle,
    CloseAngle,
    OpenFloor,
    CloseFloor,
    OpenCeil,
    CloseCeil,
    /// `\\` and `&`, in matrices.
    Row,
    Column,
    /// A superscript numeral of Unicode, already a number.
    Superscript(i32),
    /// A fraction of Unicode.
    Fraction(u8, u8),
    /// √, ∛, ∜
    Radical(u8),
}

impl Mark {
    /// The closing bracket that belongs to an opening one; round and square ones pair freely.
    pub(super) fn closes(self, open: Self) -> bool {
        use Mark::{
            CloseAngle, CloseBrace, CloseCeil, CloseFloor, CloseRound, CloseSet, CloseSquare,
            OpenAngle, OpenBrace, OpenCeil, OpenFloor, OpenRound, OpenSet, OpenSquare,
        };
        match self {
            CloseRound | CloseSquare => matches!(open, OpenRound | OpenSquare),
            CloseBrace => open == OpenBrace,
            CloseSet => open == OpenSet,
            CloseAngle => open == OpenAngle,
            CloseFloor => open == OpenFloor,
            CloseCeil => open == OpenCeil,
            _ => false,
        }
    }

    pub(super) fn opens(self) -> bool {
        use Mark::{OpenAngle, OpenBrace, OpenCeil, OpenFloor, OpenRound, OpenSet, OpenSquare};
        matches!(
            self,
            OpenRound | OpenSquare | OpenBrace | OpenSet | OpenAngle | OpenFloor | OpenCeil
        )
    }

    pub(super) fn is_closing(self) -> bool {
        use Mark::{
            CloseAngle, CloseBrace, CloseCeil, CloseFloor, CloseRound, CloseSet, CloseSquare,
        };
        matches!(
            self,
            CloseRound | CloseSquare | CloseBrace | CloseSet | CloseAngle | CloseFloor | CloseCeil
        )
    }
}

/// A token with its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind<'a>,
    /// Where it starts in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether a space stands before it.
    pub spaced: bool,
}
