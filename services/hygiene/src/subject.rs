//! A text to be checked, with what is known of it.

use crate::Template;

/// A text to be checked, with what is known of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The text.
    pub text: &'a str,
    /// The wording that every text of its kind has, such as the prompt it was made with: its own
    /// words say nothing about where the rest comes from. Empty when unknown.
    pub template: &'a str,
    /// The same for many texts: made once from their wording, or learned from them.
    pub common: Option<&'a Template>,
    /// The text's final answer, when one is known.
    pub answer: Option<&'a str>,
}

impl Subject<'_> {
    /// All wording that is not the text's own.
    pub(crate) fn whole_template(&self) -> Template {
        let own = Template::from_text(self.template);
        self.common.map_or_else(|| own.clone(), |common| own.union(common))
    }
}

impl<'a> From<&'a str> for Subject<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }
}

impl<'a> From<&'a String> for Subject<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}
