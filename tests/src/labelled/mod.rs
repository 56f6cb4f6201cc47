//! Texts of which it is known whether they quote a benchmark: made from problems and programs of our
//! own, the same in every run.

mod draw;
mod edit;
mod questions;
mod snippets;
mod stories;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub use draw::Draw;
use questions::{EXERCISES, QUESTIONS, SHORT};
use snippets::{OTHERS, REGISTERED};
use stories::{NAMES, STORIES, Story};

/// What was done to make a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A long item word for word, the right answer after it.
    Verbatim,
    /// A long item with a few words changed, or in disguise.
    Edited,
    /// A short item word for word.
    Short,
    /// A short item retyped.
    ShortEdited,
    /// An item with another answer.
    AnswerChanged,
    /// A program whose names, layout and comments are others.
    Renamed,
    /// A question in other words.
    Paraphrased,
    /// The wording of an item with other numbers and names: not a quote.
    Template,
    /// Other texts, in the same prompt as the quotes.
    Clean,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 9] = [
        Self::Verbatim,
        Self::Edited,
        Self::Short,
        Self::ShortEdited,
        Self::AnswerChanged,
        Self::Renamed,
        Self::Paraphrased,
        Self::Template,
        Self::Clean,
    ];

    /// Whether its documents must be found.
    pub fn is_contaminated(self) -> bool {
        !matches!(self, Self::Template | Self::Clean)
    }
}

/// A document and what is known of it.
pub struct Labelled {
    /// How it was made.
    pub class: Class,
    /// Its text.
    pub text: String,
}

/// A benchmark and documents to check against it.
pub struct LabelledSet {
    /// The items, in fields that benchmarks use.
    pub items: Vec<Value>,
    /// The documents.
    pub documents: Vec<Labelled>,
}

/// The prompt that quotes and clean texts share.
const PROMPTS: [&str; 3] = [
    "You are a patient tutor. Solve the following problem step by step, check every step, and put the final answer on a line of its own.\n\nProblem: {}\n\nSolution:\n",
    "Below is a task. Write a response that completes it, and explain your reasoning before you give the result.\n\n### Task:\n{}\n\n### Response:\n",
    "{}\n",
];

/// How many instances of each story and exercise the benchmark has.
const INSTANCES: usize = 4;

impl LabelledSet {
    /// The whole set.
    pub fn make() -> Self {
        let mut making = Making {
            draw: Draw::new(2024),
            set: Self { items: Vec::new(), documents: Vec::new() },
        };
        making.stories();
        making.questions();
        making.exercises();
        making.programs();
        making.prose();
        making.set
    }
}

struct Making {
    draw: Draw,
    set: LabelledSet,
}

/// A story with its name and numbers.
#[derive(Clone)]
struct Told {
    name: &'static str,
    numbers: [i64; 3],
}

impl Told {
    fn by(story: &Story, draw: &mut Draw) -> Self {
        let numbers = story.ranges.map(|(low, high)| draw.between(low, high));
        Self { name: *draw.one_of(NAMES), numbers }
    }

    fn text(&self, telling: &str) -> String {
        let [a, b, c] = self.numbers.map(|number| number.to_string());
        telling.replace("{n}", self.name).replace("{a}", &a).replace("{b}", &b).replace("{c}", &c)
    }

    fn answer(&self, story: &Story) -> i64 {
        let [a, b, c] = self.numbers;
        (story.answer)(a, b, c)
    }
}

impl Making {
    fn stories(&mut self) {
        for story in STORIES {
            let mut known = BTreeSet::new();
            for at in 0..INSTANCES {
                let told = self.unlike(story, &mut known);
                let (text, answer) = (told.text(story.tellings[0]), told.answer(story));
                self.set.items.push(json!({
                    "question": text,
                    "answer": format!("The numbers given lead to {answer}.\n#### {answer}"),
                }));
                self.answered(Class::Verbatim, &text, answer);
                let edited = edit::lightly(&text, &mut self.draw);
                self.answered(Class::Edited, &edited, answer);
                if at % 2 == 0 {
                    let wrong = answer + self.draw.between(1, 40);
                    self.answered(Class::AnswerChanged, &text, wrong);
                    for telling in &story.tellings[1..] {
                        self.answered(Class::Paraphrased, &told.text(telling), answer);
                    }
                }
            }
            for telling in [0, 0, 0, 0, 1, 2] {
                let other = self.unlike(story, &mut known);
                let answer = other.answer(story);
                self.answered(Class::Template, &other.text(story.tellings[telling]), answer);
            }
        }
    }

    /// An instance that was not there yet.
    fn unlike(&mut self, story: &Story, known: &mut BTreeSet<[i64; 3]>) -> Told {
        loop {
            let told = Told::by(story, &mut self.draw);
            if known.insert(told.numbers) {
                return told;
            }
        }
    }

    fn questions(&mut self) {
        for question in QUESTIONS {
            self.set.items.push(json!({"question": question.asked, "answer": question.answer}));
            self.answered(Class::Verbatim, question.asked, question.answer);
            let edited = edit::lightly(question.asked, &mut self.draw);
            self.answered(Class::Edited, &edited, question.answer);
            self.answered(Class::AnswerChanged, question.asked, "none of these");
            for reworded in question.reworded {
                self.answered(Class::Paraphrased, reworded, question.answer);
            }
            self.add(Class::Clean, question.lecture);
        }
        for (question, answer, sentence) in SHORT {
            self.set.items.push(json!({"question": question, "answer": answer}));
            self.short(question, answer);
            self.add(Class::Clean, sentence);
        }
    }

    fn short(&mut self, question: &str, answer: &str) {
        self.answered(Class::Short, question, answer);
        let retyped = edit::retyped(question, &mut self.draw);
        self.answered(Class::ShortEdited, &retyped, answer);
    }

    fn exercises(&mut self) {
        for exercise in EXERCISES {
            let mut known = BTreeSet::new();
            for at in 0..3 * INSTANCES {
                let text = loop {
                    let mut text = (*exercise).to_owned();
                    for place in ["{a}", "{b}", "{c}", "{d}"] {
                        let digit = self.draw.between(2, 9).to_string();
                        text = text.replace(place, &digit);
                    }
                    if known.insert(text.clone()) {
                        break text;
                    }
                };
                if at < INSTANCES {
                    self.set.items.push(json!({"question": text}));
                    self.short(&text, "see above");
                } else {
                    self.answered(Class::Template, &text, "see above");
                }
            }
        }
    }

    fn programs(&mut self) {
        for snippet in REGISTERED {
            self.set
                .items
                .push(json!({"prompt": snippet.prompt, "canonical_solution": snippet.solution}));
            let whole = format!("{}{}", snippet.prompt, snippet.solution);
            self.add(Class::Verbatim, &format!("```python\n{whole}```"));
            for style in 0..3 {
                let renamed = renamed(snippet, style);
                self.add(Class::Renamed, &format!("```python\n{renamed}```"));
            }
        }
        for program in OTHERS {
            self.add(Class::Clean, &format!("Here is a program.\n\n```python\n{program}```"));
        }
    }

    fn prose(&mut self) {
        for _ in 0..150 {
            let text = self.paragraph(8);
            self.add(Class::Clean, &text);
        }
    }

    fn answered(&mut self, class: Class, question: &str, answer: impl ToString) {
        let prompt = self.draw.one_of(&PROMPTS).replace("{}", question);
        let (work, answer) = (self.paragraph(2), answer.to_string());
        self.add(class, &format!("{prompt}{work}\n\nThe answer is {answer}.\n#### {answer}"));
    }

    /// Keeps a document, other text before and after it more often than not.
    fn add(&mut self, class: Class, text: &str) {
        let mut parts = Vec::new();
        for side in 0..2 {
            if side == 1 {
                parts.push(text.to_owned());
            }
            let sentences = self.draw.between(0, 24) as usize;
            if sentences > 4 {
                parts.push(self.paragraph(sentences));
            }
        }
        self.set.documents.push(Labelled { class, text: parts.join("\n\n") });
    }

    /// Sentences that say little.
    fn paragraph(&mut self, sentences: usize) -> String {
        const WHO: &[&str] = &[
            "The editor",
            "A neighbour",
            "Our guide",
            "The engineer",
            "Her brother",
            "A student",
            "The committee",
            "One reader",
            "The pilot",
            "My aunt",
        ];
        const DID: &[&str] = &[
            "remembered",
            "described",
            "questioned",
            "measured",
            "compared",
            "postponed",
            "repaired",
            "explained",
            "collected",
            "admired",
        ];
        const WHAT: &[&str] = &[
            "the old bridge",
            "a list of errors",
            "the second method",
            "several drawings",
            "the weather of that spring",
            "a simpler proof",
            "the timetable",
            "an early draft",
            "the price of copper",
            "a box of letters",
        ];
        const WHEN: &[&str] = &[
            "before the meeting",
            "without much hope",
            "in great detail",
            "for the third time",
            "as the rules demand",
            "near the harbour",
            "after a short pause",
            "in two languages",
            "with some care",
            "when nobody expected it",
        ];
        let mut text = Vec::with_capacity(sentences);
        for _ in 0..sentences {
            let [who, did, what, when] =
                [WHO, DID, WHAT, WHEN].map(|words| *self.draw.one_of(words));
            text.push(format!("{who} {did} {what} {when}."));
        }
        text.join(" ")
    }
}

/// A program under other names. Style 0 keeps the description, 1 drops it, 2 puts other comments in its
/// place and changes the layout.
fn renamed(snippet: &snippets::Snippet, style: usize) -> String {
    const FRESH: &[&str] = &[
        "alpha", "tmp", "item_b", "acc", "idx", "node", "buf", "entry", "state", "cur", "val_x",
        "pos",
    ];
    let signature = snippet.prompt.lines().next().unwrap_or_default();
    let head = if style == 0 { snippet.prompt } else { signature };
    let body = match style {
        2 => snippet.solution.replace("\n", "  # step\n").replace("    ", "\t"),
        _ => snippet.solution.to_owned(),
    };
    let whole = format!("{}\n{body}", head.trim_end());
    let fresh = |name: &str| {
        snippet.names.iter().position(|known| *known == name).map(|at| FRESH[(at + 5 * style) % 12])
    };
    let mut text = String::new();
    let mut name = String::new();
    for letter in whole.chars().chain([' ']) {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            name.push(letter);
            continue;
        }
        text.push_str(fresh(&name).unwrap_or(&name));
        name.clear();
        text.push(letter);
    }
    text.trim_end().to_owned() + "\n"
}
