//! Recipes: how a seed becomes a sample.
//!
//! A recipe is one TOML file: which seed families it draws from, what the model is asked at each
//! [`Stage`], how its reply is read, how tokens are drawn, and example replies, good and bad, that
//! are checked whenever the file is loaded. The files that ship with lehr are in `prompts/`;
//! [`Recipes::load`] puts a user's own beside or in place of them. A recipe that loads can be used:
//! its templates name only values that exist, its worked examples parse, its numbers are in range.
//!
//! The right answer of a problem never reaches a template.

mod definition;
mod example;
mod file;
mod library;
mod question;
mod render;
mod stage;

pub use definition::{Recipe, Votes};
pub use file::RecipeError;
pub use library::{Recipes, UnknownRecipe};
pub use render::{RenderError, problem_text};
pub use stage::{
    AnswerFormat, DrawSettings, ParseFailure, Parsed, QuestionFormat, Shot, Stage, StageSpec, Unfit,
};

#[cfg(test)]
mod tests;
