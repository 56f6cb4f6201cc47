//! Laws of the reader: what is printed reads back as the same value.

use proptest::prelude::*;

use super::read;
use crate::budget::Budget;
use crate::compare::same;
use crate::policy::Policy;
use crate::value::Value;
use crate::value::arbitrary::value;

/// Whether two readings are one: the same tree, or at least equal.
fn agree(a: &Value, b: &Value) -> bool {
    a.to_string() == b.to_string()
        || same(a, b, &Policy::math(), &mut Budget::default()).is_correct()
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(value in value()) {
        let text = value.to_string();
        match read(&text) {
            Ok(back) => prop_assert!(agree(&value, &back), "{text} reads as {back}"),
            Err(stop) => prop_assert!(false, "{text}: {stop:?}"),
        }
    }

    #[test]
    fn any_mathematics_is_read_without_a_panic(
        text in "[-+0-9a-cx.,/^*(){}\\[\\]\\\\$%_|!:;<>= ×=frcsqtexilnδ°]{0,60}",
    ) {
        let _ = read(&text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = read(&text);
    }
}
