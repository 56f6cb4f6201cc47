//! Variables and words: letters, indices, primes, functions of which only the name is known.

use super::{MAX_LETTERS, Read, Reader};
use crate::notation::function;
use crate::notation::token::{Kind, Mark, Token};
use crate::notation::{Stop, is_word};
use crate::value::{Constant, Expr, Function};

impl<'a> Reader<'a, '_> {
    /// The first letter of a word; the others stay.
    pub(super) fn letter(&mut self, word: &'a str) -> Expr {
        let length = word.chars().next().map_or(0, char::len_utf8);
        if length < word.len() {
            self.tokens[self.at].kind = Kind::Word(&word[length..]);
            self.tokens[self.at].spaced = false;
        } else {
            self.at += 1;
        }
        match &word[..length] {
            "e" => Expr::Constant(Constant::E),
            "i" => Expr::Constant(Constant::I),
            name => Expr::variable(name),
        }
    }

    pub(super) fn word(&mut self, word: &'a str) -> Read<Expr> {
        // Each letter looks at the rest of the word.
        if word.len() > MAX_LETTERS {
            return Err(Stop::NotMathematics);
        }
        if let Some(name) = function::plain_name(word) {
            return self.command(name);
        }
        if let Some((name, letter)) = function::glued(word) {
            // `sinx`
            self.tokens[self.at].kind = Kind::Word(letter);
            // The letter stays where the command was.
            self.at = self.at.wrapping_sub(1);
            return self.command(name);
        }
        if let Some(name) = self.slashed_derivative(word) {
            self.at += 3;
            return Ok(Expr::Variable(name));
        }
        if word == "pH" {
            self.at += 1;
            return self.indexed(word.to_owned());
        }
        let letters = word.chars().count();
        let capitals = letters > 1 && word.chars().all(char::is_uppercase);
        if !word.is_ascii() || (letters > 1 && is_word(word)) {
            return Err(Stop::NotMathematics);
        }
        if capitals {
            // `AB` is a name (of a segment, say), no product.
            self.at += 1;
            return self.indexed(word.to_owned());
        }
        let first = word.chars().next().ok_or(Stop::NotMathematics)?;
        if letters == 1 {
            return self.single_letter(first);
        }
        Ok(self.letter(word))
    }

    /// `dy/dx`, at the place of `dy`.
    pub(super) fn slashed_derivative(&self, word: &str) -> Option<String> {
        let differential = |word: &str| word.len() == 2 && word.starts_with('d');
        match self.tokens.get(self.at + 1..(self.at + 3).min(self.end))? {
            [slash, Token { kind: Kind::Word(below), .. }]
                if slash.kind == Kind::Mark(Mark::Divide)
                    && differential(word)
                    && differential(below) =>
            {
                Some(format!("{word}/{below}"))
            }
            _ => None,
        }
    }

    pub(super) fn single_letter(&mut self, letter: char) -> Read<Expr> {
        self.at += 1;
        let name = letter.to_string();
        let follows = self.peek_mark();
        let index = matches!(follows, Some(Mark::Underscore | Mark::Prime));
        match letter {
            'e' if !index => return Ok(Expr::Constant(Constant::E)),
            'i' if !index => return Ok(Expr::Constant(Constant::I)),
            _ => {}
        }
        let primes = self.primes();
        if matches!(letter, 'f' | 'g' | 'h')
            && let Some(open) = self.inverse_call()
        {
            self.at = open;
            let argument = self.inside(Self::sum)?;
            let name = format!("{letter}^{{-1}}");
            return Ok(Expr::Call(Function::Unknown(name), vec![argument]));
        }
        let calls =
            matches!(letter, 'f' | 'g' | 'h') || letter.is_uppercase() || !primes.is_empty();
        if calls && self.peek_mark() == Some(Mark::OpenRound) && !self.spaced() {
            let argument = self.inside(Self::sum)?;
            return Ok(Expr::Call(Function::Unknown(name + &primes), vec![argument]));
        }
        self.indexed(name + &primes)
    }

    /// The place of the bracket in `^{-1}(` behind the name of a function.
    pub(super) fn inverse_call(&self) -> Option<usize> {
        let near = self.tokens.get(self.at..(self.at + 6).min(self.end))?;
        let kinds: Vec<Kind> = near.iter().map(|token| token.kind).collect();
        let inverse = [
            Kind::Mark(Mark::Caret),
            Kind::Mark(Mark::OpenBrace),
            Kind::Mark(Mark::Minus),
            Kind::Numeral("1"),
            Kind::Mark(Mark::CloseBrace),
            Kind::Mark(Mark::OpenRound),
        ];
        (kinds == inverse).then_some(self.at + 5)
    }

    pub(super) fn primes(&mut self) -> String {
        let mut primes = String::new();
        while self.eat(Mark::Prime) {
            primes.push('\'');
        }
        primes
    }

    /// A variable with the index that may follow.
    pub(super) fn indexed(&mut self, mut name: String) -> Read<Expr> {
        if self.eat(Mark::Underscore) {
            name.push('_');
            let (from, to) = if self.peek_mark() == Some(Mark::OpenBrace) {
                let close = self.partner()?;
                (self.at + 1, close)
            } else {
                (self.at, self.at + 1)
            };
            if from >= to || to > self.end {
                return Err(Stop::NotMathematics);
            }
            for at in from..to {
                match self.tokens[at].kind {
                    Kind::Numeral(text)
                    | Kind::Word(text)
                    | Kind::Command(text)
                    | Kind::Text(text) => {
                        name.push_str(text.trim());
                    }
                    Kind::Mark(Mark::Plus) => name.push('+'),
                    Kind::Mark(Mark::Minus) => name.push('-'),
                    Kind::Mark(Mark::Comma) => name.push(','),
                    _ => return Err(Stop::NotMathematics),
                }
            }
            self.at = to + usize::from(from != self.at);
            name.push_str(&self.primes());
        }
        Ok(Expr::Variable(name))
    }
}
