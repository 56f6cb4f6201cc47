//! Expressions: sums, products, powers, functions. Recursive descent of bounded depth over tokens.

use num_rational::BigRational;
use num_traits::{One, Signed};

use super::function;
use super::numeral;
use super::token::{Kind, Mark, Token};
use super::{Stop, is_word};
use crate::budget::OverBudget;
use crate::value::{Constant, Expr, Function, Series};

/// How deep groups nest; each makes at most four levels of an expression.
const MAX_NESTING: usize = Expr::MAX_DEPTH / 4;

pub(super) type Read<T> = Result<T, Stop>;

/// Reads expressions from a part of the tokens.
pub(super) struct Reader<'a, 't> {
    tokens: &'t mut [Token<'a>],
    /// For an opening bracket the place of its partner, and the other way round.
    partners: &'t [usize],
    at: usize,
    end: usize,
    depth: usize,
    /// How many bars are open.
    bars: usize,
    /// Which sign `±` stands for.
    upper: bool,
    /// Whether there was a `±`.
    pub(super) split: bool,
}

/// The whole of `tokens[range]` as one expression; `true` when a `±` was taken with its upper
/// sign, or with `upper` false with its lower one.
pub(super) fn whole<'a>(
    tokens: &[Token<'a>],
    partners: &[usize],
    range: std::ops::Range<usize>,
    upper: bool,
) -> Read<(Expr, bool)> {
    // Numerals and words may be cut (`\frac12`), which must not be seen by another reading.
    let mut own = tokens[range.clone()].to_vec();
    let (base, end) = (range.start, range.len());
    let near: Vec<usize> = partners[range].iter().map(|p| p.wrapping_sub(base)).collect();
    let mut reader = Reader {
        tokens: &mut own,
        partners: &near,
        at: 0,
        end,
        depth: 0,
        bars: 0,
        upper,
        split: false,
    };
    let value = reader.sum()?;
    if reader.at < reader.end {
        return Err(Stop::NotMathematics);
    }
    Ok((value, reader.split))
}

impl<'a> Reader<'a, '_> {
    fn peek(&self) -> Option<Kind<'a>> {
        (self.at < self.end).then(|| self.tokens[self.at].kind)
    }

    fn peek_mark(&self) -> Option<Mark> {
        match self.peek() {
            Some(Kind::Mark(mark)) => Some(mark),
            _ => None,
        }
    }

    fn spaced(&self) -> bool {
        self.at < self.end && self.tokens[self.at].spaced
    }

    fn eat(&mut self, mark: Mark) -> bool {
        let found = self.peek_mark() == Some(mark);
        self.at += usize::from(found);
        found
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_NESTING {
            let what = format!("the answer nests deeper than {MAX_NESTING} groups");
            return Err(Stop::OverBudget(OverBudget::new("depth", what)));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// What is between the bracket here and its partner, read by `read`.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let outer = self.end;
        let (mut from, mut to) = (self.at + 1, self.partner()?);
        let after = to + 1;
        // Brackets around brackets add nothing, however many they are.
        while from < to && self.opens(from) && self.partners[from] == to - 1 {
            (from, to) = (from + 1, to - 1);
        }
        (self.at, self.end) = (from, to);
        let bars = std::mem::take(&mut self.bars);
        let value = self.deeper(read)?;
        if self.at < self.end {
            return Err(Stop::NotMathematics);
        }
        (self.at, self.end, self.bars) = (after, outer, bars);
        Ok(value)
    }

    fn opens(&self, at: usize) -> bool {
        matches!(self.tokens[at].kind, Kind::Mark(Mark::OpenRound | Mark::OpenBrace))
    }

    fn partner(&self) -> Read<usize> {
        let partner = self.partners[self.at];
        if partner > self.at && partner < self.end {
            Ok(partner)
        } else {
            Err(Stop::NotMathematics)
        }
    }

    /// `term ((+ | - | ±) term)*`.
    fn sum(&mut self) -> Read<Expr> {
        let mut terms = Vec::new();
        let mut negative = self.signs();
        loop {
            let term = self.product()?;
            terms.push(if negative { term.negated() } else { term });
            if !matches!(
                self.peek_mark(),
                Some(Mark::Plus | Mark::Minus | Mark::PlusMinus | Mark::MinusPlus)
            ) {
                break;
            }
            negative = self.signs();
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Expr::Sum(terms) })
    }

    /// Whether the signs that stand here make a minus.
    fn signs(&mut self) -> bool {
        let mut negative = false;
        while let Some(mark) = self.peek_mark() {
            negative ^= match mark {
                Mark::Plus => false,
                Mark::Minus => true,
                Mark::PlusMinus | Mark::MinusPlus => {
                    self.split = true;
                    (mark == Mark::PlusMinus) != self.upper
                }
                _ => break,
            };
            self.at += 1;
        }
        negative
    }

    /// `power ((· | /)? power)*`, where what stands side by side is multiplied.
    fn product(&mut self) -> Read<Expr> {
        let start = self.at;
        let first = self.power()?;
        let mut factors = vec![first];
        // The place and kind of the last division.
        let mut divided: Option<bool> = None;
        loop {
            match self.peek_mark() {
                Some(Mark::Times) => {
                    self.at += 1;
                    let negative = self.signs();
                    let factor = self.power()?;
                    factors.push(if negative { factor.negated() } else { factor });
                    divided = None;
                }
                Some(Mark::Divide) => {
                    let numeric = factors.iter().all(|f| matches!(f, Expr::Number(_)));
                    self.at += 1;
                    let negative = self.signs();
                    let divisor = self.power()?;
                    let divisor = if negative { divisor.negated() } else { divisor };
                    divided = Some(numeric && matches!(divisor, Expr::Number(_)));
                    let last = factors.len() - 1;
                    if factors.len() == 1 {
                        let above = factors.remove(last);
                        factors.push(above.over(divisor));
                    } else {
                        factors.push(divisor.to_the(Expr::integer(-1)));
                    }
                }
                _ if self.starts_operand() => {
                    let bracketed =
                        matches!(self.peek_mark(), Some(Mark::OpenRound | Mark::OpenSquare));
                    let variable = matches!(self.peek(), Some(Kind::Word(_))) || bracketed;
                    match divided {
                        // `1/2x` and `1/2 \pi` are half of it; `1/2\pi` and `x/2y` can be meant in
                        // two ways.
                        Some(true) if variable || self.spaced() => {}
                        Some(_) => {
                            return Err(Stop::Ambiguous(
                                "what stands behind a slash may belong to the divisor or not",
                            ));
                        }
                        None => {}
                    }
                    let numerals =
                        matches!(
                            self.peek(),
                            Some(Kind::Numeral(_) | Kind::Mark(Mark::Fraction(..)))
                        ) && factors.last().is_some_and(|f| matches!(f, Expr::Number(_)));
                    if numerals {
                        // `2 3` is no product.
                        return Err(Stop::NotMathematics);
                    }
                    let mixed = self.mixed(start, &factors)?;
                    let factor = self.power()?;
                    if mixed {
                        let whole = factors.pop().unwrap_or(Expr::integer(0));
                        factors.push(add_exact(whole, factor));
                    } else {
                        factors.push(factor);
                    }
                }
                _ => break,
            }
        }
        Ok(if factors.len() == 1 { factors.remove(0) } else { Expr::Product(factors) })
    }

    /// Whether a fraction stands here that makes a mixed number with the numeral before it.
    ///
    /// # Errors
    /// [`Stop::Ambiguous`] for `2\frac{4}{3}` and `3\frac{1}{6} \cdot 4`.
    fn mixed(&self, start: usize, factors: &[Expr]) -> Read<bool> {
        let numeral = self.at == start + 1
            && factors.len() == 1
            && matches!(self.tokens[start].kind, Kind::Numeral(_))
            && factors[0].as_number().is_some_and(|n| n.is_integer());
        if !numeral
            || !matches!(self.peek(), Some(Kind::Command("frac" | "dfrac" | "tfrac" | "cfrac")))
        {
            return Ok(false);
        }
        // Only the fraction and the token behind it are looked at.
        let stop = (self.after_argument(self.after_argument(self.at + 1)) + 1).min(self.end);
        let mut near = self.tokens[self.at..stop].to_vec();
        let partners: Vec<usize> =
            self.partners[self.at..stop].iter().map(|p| p.wrapping_sub(self.at)).collect();
        let mut ahead = Reader {
            end: near.len(),
            tokens: &mut near,
            partners: &partners,
            at: 0,
            depth: self.depth,
            bars: 0,
            upper: true,
            split: false,
        };
        let fraction = ahead.atom()?;
        let Some(part) = fraction.as_number() else { return Ok(false) };
        let follows = ahead.starts_operand()
            || matches!(ahead.peek_mark(), Some(Mark::Times | Mark::Divide | Mark::Caret));
        if part.is_positive() && *part < BigRational::one() && !follows {
            return Ok(true);
        }
        Err(Stop::Ambiguous(
            "a numeral before a fraction may be a factor or a part of a mixed number",
        ))
    }

    /// The place behind the argument of a command that starts at `at`.
    fn after_argument(&self, at: usize) -> usize {
        match self.tokens.get(at).map(|t| t.kind) {
            Some(Kind::Mark(Mark::OpenBrace)) => self.partners[at].max(at) + 1,
            _ => at + 1,
        }
    }

    /// Whether the next token can begin an operand.
    fn starts_operand(&self) -> bool {
        match self.peek() {
            None => false,
            Some(Kind::Numeral(_) | Kind::Word(_)) => true,
            Some(Kind::Command(name)) => {
                !matches!(name, "pmod" | "bmod" | "mod" | "over" | "choose")
            }
            Some(Kind::Text(_) | Kind::Begin(_) | Kind::End(_)) => false,
            Some(Kind::Mark(mark)) => {
                (mark == Mark::Bar && self.bars == 0)
                    || matches!(
                        mark,
                        Mark::OpenRound
                            | Mark::OpenSquare
                            | Mark::OpenBrace
                            | Mark::OpenFloor
                            | Mark::OpenCeil
                            | Mark::Fraction(..)
                            | Mark::Radical(_)
                    )
            }
        }
    }

    /// `atom mark* (^ exponent)? mark*`, the exponent grouping to the right.
    pub(super) fn power(&mut self) -> Read<Expr> {
        let atom = self.atom()?;
        let base = self.marks(atom)?;
        let Some(exponent) = self.exponent()? else { return Ok(base) };
        let exact = Expr::Power(Box::new(base), Box::new(exponent));
        self.marks(exact)
    }

    /// Factorials, percent signs and degrees behind an operand.
    fn marks(&mut self, mut value: Expr) -> Read<Expr> {
        loop {
            match self.peek_mark() {
                Some(Mark::Factorial) => {
                    self.at += 1;
                    let double = !self.spaced() && self.eat(Mark::Factorial);
                    if self.peek_mark() == Some(Mark::Factorial) {
                        return Err(Stop::NotMathematics);
                    }
                    let name = if double { Function::DoubleFactorial } else { Function::Factorial };
                    value = Expr::Call(name, vec![value]);
                }
                Some(Mark::Percent) => {
                    self.at += 1;
                    value = value.over(Expr::integer(100));
                }
                Some(Mark::Degree) => {
                    self.at += 1;
                    value = degrees(value);
                }
                Some(Mark::Caret) if self.circle() > 0 => {
                    self.at += self.circle();
                    value = degrees(value);
                }
                _ => return Ok(value),
            }
        }
    }

    /// How many tokens `^\circ` or `^{\circ}` takes here; none if it does not stand here.
    fn circle(&self) -> usize {
        let is = |at: usize| at < self.end && self.tokens[at].kind == Kind::Command("circ");
        if is(self.at + 1) {
            2
        } else if is(self.at + 2) && self.tokens[self.at + 1].kind == Kind::Mark(Mark::OpenBrace) {
            4
        } else {
            0
        }
    }

    /// The exponent that stands here, if one does.
    pub(super) fn exponent(&mut self) -> Read<Option<Expr>> {
        if let Some(Mark::Superscript(_)) = self.peek_mark() {
            return self.superscript().map(Some);
        }
        if !self.eat(Mark::Caret) {
            return Ok(None);
        }
        self.deeper(|reader| {
            let negative = reader.signs();
            let exponent = if matches!(reader.peek_mark(), Some(Mark::OpenBrace)) {
                let group = reader.inside(Self::sum)?;
                match reader.exponent()? {
                    Some(next) => group.to_the(next),
                    None => group,
                }
            } else if let Some(Kind::Numeral(text)) = reader.peek() {
                let numeral = reader.bare_numeral(text)?;
                match reader.exponent()? {
                    Some(next) => numeral.to_the(next),
                    None => numeral,
                }
            } else {
                reader.power()?
            };
            Ok(Some(if negative { exponent.negated() } else { exponent }))
        })
    }

    fn superscript(&mut self) -> Read<Expr> {
        let (mut value, mut negative, mut digits) = (0i64, false, 0);
        while let Some(Mark::Superscript(digit)) = self.peek_mark() {
            if digit < 0 {
                negative = digits == 0;
            } else {
                value = value * 10 + i64::from(digit);
                digits += 1;
            }
            self.at += 1;
            if digits > 12 {
                return Err(Stop::NotMathematics);
            }
        }
        if digits == 0 {
            return Err(Stop::NotMathematics);
        }
        Ok(Expr::integer(if negative { -value } else { value }))
    }

    fn atom(&mut self) -> Read<Expr> {
        match self.peek() {
            Some(Kind::Numeral(text)) => self.numeral(text),
            Some(Kind::Word(word)) => self.word(word),
            Some(Kind::Command(name)) => self.command(name),
            Some(Kind::Begin(name @ ("vmatrix" | "smallmatrix"))) => {
                let _ = name;
                Err(Stop::Unsupported("determinants"))
            }
            Some(Kind::Mark(mark)) => self.bracketed(mark),
            _ => Err(Stop::NotMathematics),
        }
    }

    fn bracketed(&mut self, mark: Mark) -> Read<Expr> {
        match mark {
            Mark::OpenRound | Mark::OpenSquare => {
                let close = self.tokens[self.partner()?].kind;
                let even = matches!(
                    (mark, close),
                    (Mark::OpenRound, Kind::Mark(Mark::CloseRound))
                        | (Mark::OpenSquare, Kind::Mark(Mark::CloseSquare))
                );
                if even { self.inside(Self::sum) } else { Err(Stop::NotMathematics) }
            }
            Mark::OpenBrace => self.inside(|reader| match reader.over()? {
                Some(fraction) => Ok(fraction),
                None => reader.sum(),
            }),
            Mark::OpenFloor => self.inside(Self::sum).map(|x| Expr::Call(Function::Floor, vec![x])),
            Mark::OpenCeil => self.inside(Self::sum).map(|x| Expr::Call(Function::Ceil, vec![x])),
            Mark::Bar => {
                self.at += 1;
                self.bars += 1;
                let inner = self.deeper(Self::sum)?;
                self.bars -= 1;
                if !self.eat(Mark::Bar) {
                    return Err(Stop::NotMathematics);
                }
                Ok(Expr::Call(Function::Abs, vec![inner]))
            }
            Mark::Fraction(above, below) => {
                self.at += 1;
                let part = Expr::Number(BigRational::new(above.into(), below.into()));
                Ok(part)
            }
            Mark::Radical(index) => {
                self.at += 1;
                let radicand = self.deeper(Self::atom)?;
                Ok(Expr::Call(Function::Root, vec![radicand, Expr::integer(index)]))
            }
            _ => Err(Stop::NotMathematics),
        }
    }

    /// `{a \over b}`, `{n \choose k}`.
    fn over(&mut self) -> Read<Option<Expr>> {
        let place = (self.at..self.end)
            .find(|&at| matches!(self.tokens[at].kind, Kind::Command("over" | "choose")));
        let Some(place) = place else { return Ok(None) };
        let choose = self.tokens[place].kind == Kind::Command("choose");
        let outer = std::mem::replace(&mut self.end, place);
        let above = self.sum()?;
        if self.at < self.end {
            return Err(Stop::NotMathematics);
        }
        (self.at, self.end) = (place + 1, outer);
        let below = self.sum()?;
        Ok(Some(if choose {
            Expr::Call(Function::Binomial, vec![above, below])
        } else {
            above.over(below)
        }))
    }

    fn numeral(&mut self, text: &'a str) -> Read<Expr> {
        let next = self.tokens.get(self.at + 1).filter(|_| self.at + 1 < self.end);
        match next.map(|token| (token.kind, token.spaced)) {
            Some((Kind::Command("overline" | "bar" | "dot"), false)) if text.contains('.') => {
                self.at += 1;
                return self.recurring(text);
            }
            // `0.1(6)`
            Some((Kind::Mark(Mark::OpenRound), false)) if text.contains('.') => {
                let numeral = self.at;
                self.at += 1;
                match self.digits_inside() {
                    Ok(block) => return numeral::recurring(text, block).map(Expr::Number),
                    Err(_) => self.at = numeral,
                }
            }
            Some((Kind::Mark(Mark::Ellipsis), _)) => {
                self.at += 2;
                let (before, block) = numeral::repeated(text).ok_or(Stop::NotMathematics)?;
                return numeral::recurring(before, block).map(Expr::Number);
            }
            // `3½`
            Some((Kind::Mark(Mark::Fraction(above, below)), _)) if !text.contains('.') => {
                self.at += 2;
                let part = BigRational::new(above.into(), below.into());
                return Ok(Expr::Number(numeral::read(text)?.0 + part));
            }
            // `3 1/2`
            Some((Kind::Numeral(above), true)) if !text.contains(['.', 'e', 'E']) => {
                return self.mixed_numerals(text, above);
            }
            _ => {}
        }
        self.at += 1;
        Ok(Expr::Number(numeral::read(text)?.0))
    }

    /// `3 1/2`, at the place of the 3.
    fn mixed_numerals(&mut self, whole: &str, above: &str) -> Read<Expr> {
        let kinds: Vec<Kind> =
            (self.at + 2..self.end.min(self.at + 5)).map(|at| self.tokens[at].kind).collect();
        let [Kind::Mark(Mark::Divide), Kind::Numeral(below), rest @ ..] = kinds.as_slice() else {
            return Err(Stop::NotMathematics);
        };
        let (above, below) = (numeral::read(above)?.0, numeral::read(below)?.0);
        let proper =
            above.is_integer() && below.is_integer() && above.is_positive() && above < below;
        let joined = matches!(
            rest.first(),
            Some(Kind::Mark(
                Mark::Times | Mark::Divide | Mark::Caret | Mark::OpenRound | Mark::Factorial
            ))
        );
        if !proper || joined {
            return Err(Stop::NotMathematics);
        }
        self.at += 4;
        Ok(Expr::Number(numeral::read(whole)?.0 + above / below))
    }

    /// `\overline{6}` or `\dot{1}4\dot{2}` behind a numeral with a point.
    fn recurring(&mut self, before: &str) -> Read<Expr> {
        let dotted = self.peek() == Some(Kind::Command("dot"));
        self.at += 1;
        let mut block = self.digits_inside()?.to_owned();
        if dotted {
            if let (Some(Kind::Numeral(middle)), Some(Kind::Command("dot"))) =
                (self.peek(), self.tokens.get(self.at + 1).map(|t| t.kind))
            {
                block.push_str(middle);
                self.at += 1;
            }
            if self.peek() == Some(Kind::Command("dot")) {
                self.at += 1;
                block.push_str(self.digits_inside()?);
            }
        }
        numeral::recurring(before, &block).map(Expr::Number)
    }

    /// The digits of a group that holds nothing else, or one bare digit.
    fn digits_inside(&mut self) -> Read<&'a str> {
        let grouped = matches!(self.peek_mark(), Some(Mark::OpenBrace | Mark::OpenRound));
        let close = if grouped { self.partner()? } else { self.at };
        let at = self.at + usize::from(grouped);
        match self.tokens.get(at).map(|t| t.kind) {
            Some(Kind::Numeral(digits))
                if (!grouped || close == at + 1) && digits.bytes().all(|b| b.is_ascii_digit()) =>
            {
                self.at = close + 1;
                Ok(digits)
            }
            _ => Err(Stop::NotMathematics),
        }
    }

    /// The argument of a command: a group, or one digit, letter or command.
    pub(super) fn argument(&mut self) -> Read<Expr> {
        match self.peek() {
            Some(Kind::Mark(Mark::OpenBrace)) => self.inside(Self::sum),
            Some(Kind::Numeral(text)) if text.len() > 1 => {
                if !text.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(Stop::NotMathematics);
                }
                self.tokens[self.at].kind = Kind::Numeral(&text[1..]);
                self.tokens[self.at].spaced = false;
                Ok(Expr::Number(numeral::read(&text[..1])?.0))
            }
            // What follows belongs to something else: `\log_2 3`.
            Some(Kind::Numeral(text)) => self.bare_numeral(text),
            Some(Kind::Word(word)) => Ok(self.letter(word)),
            _ => self.deeper(Self::atom),
        }
    }

    /// A numeral without regard to what follows it.
    fn bare_numeral(&mut self, text: &str) -> Read<Expr> {
        self.at += 1;
        Ok(Expr::Number(numeral::read(text)?.0))
    }

    /// The first letter of a word; the others stay.
    fn letter(&mut self, word: &'a str) -> Expr {
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

    fn word(&mut self, word: &'a str) -> Read<Expr> {
        if let Some(name) = function::plain_name(word) {
            return self.command(name);
        }
        if let Some((name, letter)) = function::glued(word) {
            // `sinx`
            self.tokens[self.at].kind = Kind::Word(letter);
            self.at -= 1;
            let value = self.command(name);
            return value;
        }
        if word == "pH" {
            self.at += 1;
            return self.indexed(word.to_owned());
        }
        let letters = word.chars().count();
        let capitals = letters > 1 && word.chars().all(char::is_uppercase);
        if letters > 1 && (is_word(word) || !word.is_ascii()) {
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

    fn single_letter(&mut self, letter: char) -> Read<Expr> {
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
        let calls =
            matches!(letter, 'f' | 'g' | 'h') || letter.is_uppercase() || !primes.is_empty();
        if calls && self.peek_mark() == Some(Mark::OpenRound) && !self.spaced() {
            let argument = self.inside(Self::sum)?;
            return Ok(Expr::Call(Function::Unknown(name + &primes), vec![argument]));
        }
        self.indexed(name + &primes)
    }

    fn primes(&mut self) -> String {
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

impl<'a> Reader<'a, '_> {
    /// A command at the head, or a word that stands for one.
    fn command(&mut self, name: &'a str) -> Read<Expr> {
        self.at += 1;
        match name {
            "frac" | "dfrac" | "tfrac" | "cfrac" => {
                let above = self.argument()?;
                let below = self.argument()?;
                Ok(above.over(below))
            }
            "binom" | "dbinom" | "tbinom" => {
                let n = self.argument()?;
                let k = self.argument()?;
                Ok(Expr::Call(Function::Binomial, vec![n, k]))
            }
            "sqrt" => self.root(),
            "pi" => Ok(Expr::Constant(Constant::Pi)),
            "infty" => Ok(Expr::Constant(Constant::Infinity)),
            "sum" | "prod" => self.series(name == "prod"),
            "angle" | "measuredangle" | "triangle" => match self.peek() {
                Some(Kind::Word(points)) => {
                    self.at += 1;
                    Ok(Expr::Variable(format!("\\{name} {points}")))
                }
                _ => Err(Stop::NotMathematics),
            },
            "overline" | "bar" | "hat" | "vec" | "tilde" | "widehat" | "overrightarrow" => {
                self.accent(name)
            }
            "circ" | "int" | "lim" | "partial" | "nabla" | "to" | "rightarrow" | "implies" => {
                Err(Stop::Unsupported("limits, integrals, derivatives and maps"))
            }
            _ => match function::named(name) {
                Some(function) => self.call(function),
                None if function::is_letter(name) => {
                    let primes = self.primes();
                    if self.peek_mark() == Some(Mark::OpenRound) && !self.spaced() {
                        let opened = self.at;
                        let argument = self.inside(Self::sum)?;
                        if function::is_applied(name, &argument) {
                            let name = format!("\\{name}{primes}");
                            return Ok(Expr::Call(Function::Unknown(name), vec![argument]));
                        }
                        self.at = opened;
                    }
                    self.indexed(format!("\\{name}{primes}"))
                }
                None => Err(Stop::NotMathematics),
            },
        }
    }

    fn root(&mut self) -> Read<Expr> {
        let index = if self.peek_mark() == Some(Mark::OpenSquare) {
            self.inside(Self::sum)?
        } else {
            Expr::integer(2)
        };
        let radicand = if self.peek_mark() == Some(Mark::OpenRound) {
            self.inside(Self::sum)?
        } else {
            self.argument()?
        };
        Ok(Expr::Call(Function::Root, vec![radicand, index]))
    }

    /// An accent makes another variable of a name.
    fn accent(&mut self, name: &str) -> Read<Expr> {
        let inner = self.argument()?;
        match inner {
            Expr::Variable(inner) => Ok(Expr::Variable(format!("\\{name} {inner}"))),
            // The conjugate of a number.
            inner if matches!(name, "overline" | "bar") && !matches!(inner, Expr::Number(_)) => {
                Ok(Expr::Call(Function::Conjugate, vec![inner]))
            }
            _ => Err(Stop::NotMathematics),
        }
    }

    /// A function with its exponent, its base and its argument.
    fn call(&mut self, function: Function) -> Read<Expr> {
        let mut base = None;
        let mut exponent = None;
        for _ in 0..2 {
            if function == Function::Log && base.is_none() && self.eat(Mark::Underscore) {
                base = Some(self.argument()?);
            } else if exponent.is_none() {
                exponent = self.exponent()?;
            }
        }
        let mut arguments = self.arguments(&function)?;
        let (fewest, most) = function::arity(&function);
        if arguments.len() < fewest || arguments.len() > most {
            return Err(Stop::NotMathematics);
        }
        if let Some(base) = base {
            if arguments.len() > 1 {
                return Err(Stop::NotMathematics);
            }
            arguments.insert(0, base);
        }
        let inverse =
            exponent.as_ref().and_then(Expr::as_number).is_some_and(|n| *n == -BigRational::one());
        if inverse {
            let Some(inverse) = function::inverse(&function) else {
                return Err(Stop::Ambiguous("the exponent -1 may mean the inverse function"));
            };
            return Ok(Expr::Call(inverse, arguments));
        }
        let value = function::applied(function, arguments);
        Ok(match exponent {
            Some(exponent) => value.to_the(exponent),
            None => value,
        })
    }

    fn arguments(&mut self, function: &Function) -> Read<Vec<Expr>> {
        match self.peek_mark() {
            Some(Mark::OpenRound | Mark::OpenBrace | Mark::OpenSquare) => self.inside(|reader| {
                let mut arguments = vec![reader.sum()?];
                while reader.eat(Mark::Comma) {
                    arguments.push(reader.sum()?);
                }
                Ok(arguments)
            }),
            _ => self.bare_argument(function).map(|argument| vec![argument]),
        }
    }

    /// `\sin 2x`: what stands side by side, up to the next function or operator.
    fn bare_argument(&mut self, function: &Function) -> Read<Expr> {
        self.deeper(|reader| {
            let negative = reader.signs();
            let mut factors = Vec::new();
            while reader.starts_operand() && !reader.starts_function() {
                factors.push(reader.power()?);
            }
            if factors.is_empty() && reader.starts_function() {
                // `\ln \sin x`
                factors.push(reader.power()?);
            }
            if reader.peek_mark() == Some(Mark::Divide) && *function != Function::Abs {
                return Err(Stop::Ambiguous(
                    "a slash behind a function without brackets may belong to its argument",
                ));
            }
            let argument = match factors.len() {
                0 => return Err(Stop::NotMathematics),
                1 => factors.remove(0),
                _ => Expr::Product(factors),
            };
            Ok(if negative { argument.negated() } else { argument })
        })
    }

    fn starts_function(&self) -> bool {
        match self.peek() {
            Some(Kind::Command(name)) => function::named(name).is_some(),
            Some(Kind::Word(word)) => {
                function::plain_name(word).is_some_and(|name| function::named(name).is_some())
                    || function::glued(word).is_some()
            }
            _ => false,
        }
    }

    /// `\sum_{k=1}^{n} term`, the term being a product.
    fn series(&mut self, product: bool) -> Read<Expr> {
        if !self.eat(Mark::Underscore) || self.peek_mark() != Some(Mark::OpenBrace) {
            return Err(Stop::Unsupported("a sum without bounds"));
        }
        let (variable, from) = self.inside(|reader| {
            let Some(Kind::Word(name)) = reader.peek() else { return Err(Stop::NotMathematics) };
            reader.at += 1;
            if !reader.eat(Mark::Equal) {
                return Err(Stop::Unsupported("a sum over a condition"));
            }
            Ok((name.to_owned(), reader.sum()?))
        })?;
        if !self.eat(Mark::Caret) {
            return Err(Stop::Unsupported("a sum without an upper bound"));
        }
        let to = self.argument()?;
        let term = self.deeper(Self::product)?;
        let term = if variable == "i" { function::rebind_i(term) } else { term };
        Ok(Expr::Series(Box::new(Series { product, variable, from, to, term })))
    }
}

fn degrees(value: Expr) -> Expr {
    value.times(Expr::Constant(Constant::Pi)).over(Expr::integer(180))
}

fn add_exact(whole: Expr, part: Expr) -> Expr {
    match (whole, part) {
        (Expr::Number(a), Expr::Number(b)) => Expr::Number(a + b),
        (a, b) => a.plus(b),
    }
}
