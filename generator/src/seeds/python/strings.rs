use lehr_record::Domain;

use super::{
    inputs::{alone, sentences, words},
    task::{Task, draw_task},
};
use crate::seeds::{
    Difficulty::{Easy, Medium},
    Draw, Family,
};

pub(super) const FAMILY: Family = Family {
    name: "python.strings",
    domain: Domain::Code,
    about: "Python functions over strings",
    draw: |draw| {
        draw_task(
            draw,
            &[
                count_vowels,
                count_letter,
                reverse,
                palindrome,
                count_words,
                change_case,
                repeat,
                ends,
                starts_with,
                remove_letter,
                replace,
                greet,
                surround,
                longest_word,
                initials,
                long_words,
                is_longer,
                double_letters,
            ],
        )
    },
};

fn strings(draw: &mut Draw, more: &[&str]) -> Vec<(String,)> {
    let mut all = words(draw);
    all.extend(more.iter().map(|text| (*text).to_owned()));
    alone(all)
}

fn texts(draw: &mut Draw, more: &[&str]) -> Vec<(String,)> {
    let mut all = sentences(draw);
    all.extend(more.iter().map(|text| (*text).to_owned()));
    alone(all)
}

fn is_vowel(c: &char) -> bool {
    "aeiou".contains(*c)
}

fn count_vowels(draw: &mut Draw) -> Task {
    let vowels = draw.coin();
    let (name, what) = if vowels {
        (
            *draw.pick(&["count_vowels", "vowel_count", "number_of_vowels"]),
            "are vowels (a, e, i, o, u)",
        )
    } else {
        (*draw.pick(&["count_consonants", "consonant_count"]), "are not vowels (a, e, i, o, u)")
    };
    let inputs = strings(draw, &["", "aeiou", "xyz"]);
    let does = format!("returns how many letters of the lower-case word `text` {what}");
    Task::new(Easy, name, "text", does)
        .tests(inputs, |(text,)| text.chars().filter(|c| is_vowel(c) == vowels).count())
}

fn count_letter(draw: &mut Draw) -> Task {
    let letter = *draw.pick(&['a', 'e', 'i', 'n', 'o', 'r', 't', 's', 'l', 'd']);
    let edges = ["".to_owned(), letter.to_string().repeat(3), "xyz".to_owned()];
    let inputs = texts(draw, &edges.each_ref().map(String::as_str));
    let does = format!("returns how many times the letter '{letter}' occurs in the string `text`");
    Task::new(Easy, format!("count_{letter}"), "text", does)
        .tests(inputs, |(text,)| text.matches(letter).count())
}

fn reverse(draw: &mut Draw) -> Task {
    let name = draw.pick(&["reverse_string", "backwards", "reverse_text", "mirror"]);
    let inputs = strings(draw, &["", "a", "ab"]);
    Task::new(Easy, *name, "text", "returns the string `text` with its characters in reverse order")
        .tests(inputs, |(text,)| text.chars().rev().collect::<String>())
}

fn palindrome(draw: &mut Draw) -> Task {
    let name = draw.pick(&["is_palindrome", "reads_same_backwards", "is_mirrored"]);
    let inputs = strings(draw, &["", "a", "level", "noon", "ab", "abca"]);
    let does = "returns `True` if the string `text` is the same when it is read backwards, and \
                `False` otherwise";
    Task::new(Easy, *name, "text", does)
        .tests(inputs, |(text,)| text.chars().eq(text.chars().rev()))
}

fn count_words(draw: &mut Draw) -> Task {
    let name = draw.pick(&["count_words", "word_count", "number_of_words"]);
    let inputs = texts(draw, &["", "one", "one two", "a b c d e"]);
    let does = "returns the number of words in the string `text`, where words are separated by \
                blanks; an empty string has 0 words";
    Task::new(Easy, *name, "text", does).tests(inputs, |(text,)| text.split_whitespace().count())
}

fn change_case(draw: &mut Draw) -> Task {
    let inputs = strings(draw, &["", "Hello", "ABC", "two Words"]);
    if draw.coin() {
        let name = draw.pick(&["shout", "to_upper", "make_upper_case"]);
        let mark = *draw.pick(&["", "!", "?", "!!"]);
        let does = match mark {
            "" => "returns the string `text` in upper-case letters".to_owned(),
            _ => format!("returns the string `text` in upper-case letters followed by '{mark}'"),
        };
        Task::new(Easy, *name, "text", does)
            .tests(inputs, |(text,)| text.to_ascii_uppercase() + mark)
    } else {
        let name = draw.pick(&["whisper", "to_lower", "make_lower_case"]);
        let mark = *draw.pick(&["", ".", "..."]);
        let does = match mark {
            "" => "returns the string `text` in lower-case letters".to_owned(),
            _ => format!("returns the string `text` in lower-case letters followed by '{mark}'"),
        };
        Task::new(Easy, *name, "text", does)
            .tests(inputs, |(text,)| text.to_ascii_lowercase() + mark)
    }
}

fn repeat(draw: &mut Draw) -> Task {
    let (n, separator) = (draw.int(2..=6), *draw.pick(&["", "-", " ", "+", "/"]));
    let does = match separator {
        "" => format!("returns the string `text` repeated {n} times"),
        _ => format!("returns the string `text` repeated {n} times with '{separator}' in between"),
    };
    let inputs = strings(draw, &["a", "xy", "go"]);
    Task::new(Easy, format!("repeat_{n}_times"), "text", does)
        .tests(inputs, |(text,)| vec![text.as_str(); n as usize].join(separator))
}

fn ends(draw: &mut Draw) -> Task {
    let k = draw.int(2..=5) as usize;
    let inputs = strings(draw, &["", "ab", "a", "abcdef"]);
    let tail = "or all of `text` if it is shorter";
    if draw.coin() {
        let does = format!("returns the first {k} characters of the string `text`, {tail}");
        Task::new(Easy, format!("first_{k}"), "text", does)
            .tests(inputs, |(text,)| text.chars().take(k).collect::<String>())
    } else {
        let does = format!("returns the last {k} characters of the string `text`, {tail}");
        Task::new(Easy, format!("last_{k}"), "text", does).tests(inputs, |(text,)| {
            text.chars().skip(text.len().saturating_sub(k)).collect::<String>()
        })
    }
}

fn starts_with(draw: &mut Draw) -> Task {
    let letter = *draw.pick(&['a', 'b', 'c', 'f', 'm', 'o', 's', 'w', 'r', 'e']);
    let (first, second) = (format!("{letter}xy"), format!("xy{letter}"));
    let inputs = strings(draw, &["", &first, &second]);
    if draw.coin() {
        let does = format!(
            "returns `True` if the string `text` begins with the letter '{letter}' and `False` \
             otherwise, also for an empty string"
        );
        Task::new(Easy, format!("starts_with_{letter}"), "text", does)
            .tests(inputs, |(text,)| text.starts_with(letter))
    } else {
        let does = format!(
            "returns `True` if the string `text` ends with the letter '{letter}' and `False` \
             otherwise, also for an empty string"
        );
        Task::new(Easy, format!("ends_with_{letter}"), "text", does)
            .tests(inputs, |(text,)| text.ends_with(letter))
    }
}

fn remove_letter(draw: &mut Draw) -> Task {
    if draw.int(0..=2) == 0 {
        let inputs = strings(draw, &["", "aeiou", "xyz"]);
        let does = "returns the lower-case string `text` without its vowels (a, e, i, o, u)";
        return Task::new(Easy, "remove_vowels", "text", does)
            .tests(inputs, |(text,)| text.replace(|c| is_vowel(&c), ""));
    }
    let letter = *draw.pick(&['a', 'e', 'n', 'o', 'r', 't', 's', 'l']);
    let doubled = format!("{letter}{letter}");
    let inputs = texts(draw, &["", &doubled, "xyz"]);
    let does = format!("returns the string `text` with every letter '{letter}' removed");
    Task::new(Easy, format!("remove_{letter}"), "text", does)
        .tests(inputs, |(text,)| text.replace(letter, ""))
}

fn replace(draw: &mut Draw) -> Task {
    let (mark, name) = *draw.pick(&[
        ("_", "underscore"),
        ("-", "hyphen"),
        (".", "dot"),
        ("/", "slash"),
        ("+", "plus"),
        (",", "comma"),
        ("*", "star"),
        ("#", "hash"),
    ]);
    let inputs = texts(draw, &["", "one", "a b c"]);
    if draw.coin() {
        let does = format!("returns the string `text` with every blank replaced by '{mark}'");
        return Task::new(Easy, format!("blanks_to_{name}"), "text", does)
            .tests(inputs, |(text,)| text.replace(' ', mark));
    }
    let does = format!(
        "returns the list of the parts of the string `text` between the '{mark}' characters; without \
         '{mark}' the list holds `text` alone"
    );
    Task::new(Easy, format!("split_at_{name}"), "text", does)
        .tests(inputs.into_iter().map(|(text,)| (text.replace(' ', mark),)), |(text,)| {
            text.split(mark).map(str::to_owned).collect::<Vec<_>>()
        })
}

fn greet(draw: &mut Draw) -> Task {
    let (hello, mark) = (
        *draw.pick(&[
            "Hello",
            "Welcome",
            "Good morning",
            "Hi",
            "Goodbye",
            "Thank you",
            "Good night",
        ]),
        *draw.pick(&["!", ".", "?"]),
    );
    let name = draw.pick(&["greet", "say_to", "message_for"]);
    let does =
        format!("returns the string '{hello}, NAME{mark}' with the argument `name` for NAME");
    Task::new(Easy, *name, "name", does)
        .tests(alone(["Ana", "Bo", "Carla", "Dmitri", "Eve Lee", ""]), |(name,)| {
            format!("{hello}, {name}{mark}")
        })
}

fn surround(draw: &mut Draw) -> Task {
    let (open, close, what) = *draw.pick(&[
        ("(", ")", "in_parentheses"),
        ("[", "]", "in_brackets"),
        ("<", ">", "in_angles"),
        ("*", "*", "in_stars"),
        ("<b>", "</b>", "in_bold"),
        ("{", "}", "in_braces"),
        ("--", "--", "in_dashes"),
        ("| ", " |", "in_bars"),
        ("~", "~", "in_waves"),
    ]);
    let inputs = strings(draw, &["", "a b"]);
    let does = format!("returns the string `text` with '{open}' before it and '{close}' after it");
    Task::new(Easy, what, "text", does).tests(inputs, |(text,)| format!("{open}{text}{close}"))
}

fn longest_word(draw: &mut Draw) -> Task {
    let name = draw.pick(&["longest_word_length", "length_of_longest_word", "max_word_length"]);
    let inputs = texts(draw, &["", "one", "a bb ccc"]);
    let does = "returns the length of the longest word in the string `text`, where words are \
                separated by blanks, and 0 for an empty string";
    Task::new(Medium, *name, "text", does)
        .tests(inputs, |(text,)| text.split_whitespace().map(str::len).max().unwrap_or(0))
}

fn initials(draw: &mut Draw) -> Task {
    let separator = *draw.pick(&["", ".", "-", " "]);
    let does = match separator {
        "" => "returns the first letters of the words in the string `text`, joined".to_owned(),
        _ => format!("returns the first letters of the words in `text`, joined by '{separator}'"),
    };
    let inputs = texts(draw, &["", "one", "north south"]);
    let name = draw.pick(&["initials", "first_letters", "acronym"]);
    Task::new(Medium, *name, "text", does).tests(inputs, |(text,)| {
        let letters: Vec<&str> = text.split_whitespace().map(|word| &word[..1]).collect();
        letters.join(separator)
    })
}

fn long_words(draw: &mut Draw) -> Task {
    let k = draw.int(3..=6) as usize;
    let inputs = texts(draw, &["", "sun", "sun cloud umbrella"]);
    let does = format!(
        "returns how many words of the string `text` have more than {k} letters, where words are \
         separated by blanks"
    );
    Task::new(Medium, format!("count_words_over_{k}"), "text", does)
        .tests(inputs, |(text,)| text.split_whitespace().filter(|word| word.len() > k).count())
}

fn is_longer(draw: &mut Draw) -> Task {
    let k = draw.int(3..=8) as usize;
    let (at, over) = ("x".repeat(k), "x".repeat(k + 1));
    let inputs = strings(draw, &["", &at, &over]);
    let does = format!(
        "returns `True` if the string `text` has more than {k} characters and `False` otherwise"
    );
    Task::new(Easy, format!("is_longer_than_{k}"), "text", does)
        .tests(inputs, |(text,)| text.len() > k)
}

fn double_letters(draw: &mut Draw) -> Task {
    let (n, word) = *draw.pick(&[(2, "twice"), (3, "three times"), (4, "four times")]);
    let name = draw.pick(&["stretch", "stutter", "repeat_letters"]);
    let inputs = strings(draw, &["", "a", "xy"]);
    let does = format!(
        "returns a string in which every character of `text` stands {word} in a row, in the same order"
    );
    Task::new(Medium, *name, "text", does)
        .tests(inputs, |(text,)| text.chars().map(|c| c.to_string().repeat(n)).collect::<String>())
}
