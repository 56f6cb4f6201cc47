//! Seeds, recipes, prompts, reply parsing, and the language model backends.

pub mod judge_prompt;
pub mod llm;
pub mod model_store;
pub mod recipe;
pub mod seeds;
