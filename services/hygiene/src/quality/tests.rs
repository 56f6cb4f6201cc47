use proptest::prelude::*;
use serde_json::json;

use super::*;

fn rules(text: &str, kind: TextKind) -> Vec<Rule> {
    assess(text, &QualityCriteria::of(kind)).reasons.iter().map(|reason| reason.rule).collect()
}

const WEB: &str = "The harbour of the old town was built by merchants who came from the north with wool and \
    salt. They dug a basin behind the dunes, and in the winter of the third year the sea broke through. What \
    had been a field became a lagoon, which the fishermen of the villages around it still use today. The walls \
    that the merchants left are low now, and goats walk along them in the evening.";

const SOLUTION: &str = "Let $x$ be the number of apples. We have $2x + 3 = 17$, so $2x = 14$ and $x = 7$.\n\n\
    \\[\n\\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}\n\\]\n\nFor $n = 7$ this is $\\frac{7 \\cdot 8}{2} = 28$. \
    The answer is \\boxed{28}";

const STEPS: &str = "Natalia sold 48/2 = <<48/2=24>>24 clips in May.\nNatalia sold 48+24 = <<48+24=72>>72 \
    clips altogether in April and May.\n#### 72";

const CHINESE: &str = "小明有三个苹果，小红给了他五个，他又吃掉了两个。请问小明现在还有多少个苹果？\n\
    解：小明原来有 3 个，得到 5 个后有 3 + 5 = 8 个，吃掉 2 个后剩下 8 - 2 = 6 个。答案是 6。";

const PROGRAM: &str = "def is_prime(n):\n    if n < 2:\n        return False\n    for d in range(2, int(n ** 0.5) + 1):\n        \
    if n % d == 0:\n            return False\n    return True\n\n\nassert is_prime(7)\nassert not is_prime(9)\n";

#[test]
fn good_texts_have_no_fault() {
    let fenced = format!(
        "Write a test for primes. We try divisors up to the root.\n\n```python\n{PROGRAM}```\n\nIt takes $O(\\sqrt{{n}})$."
    );
    let table = "Count the outcomes:\n\n| a | b | a+b |\n|---|---|-----|\n| 1 | 2 | 3 |\n| 2 | 2 | 4 |\n\nSo there are 2.";
    let thought = "<think>\nFirst I add the two numbers: 2 + 2 = 4. Then I check it again.\n</think>\n\nIt is 4.";
    let equations = "2x + 3 = 11\n2x = 8\nx = 4\n\n3y - 1 = 8\n3y = 9\ny = 3\n\nx + y = 7";
    let folds = "After 1 folding the blanket will be 3 inches * 2 = 6 inches thick. After 2 foldings the blanket will \
        be 6 inches * 2 = 12 inches thick. After 3 foldings the blanket will be 12 inches * 2 = 24 inches thick. After 4 \
        foldings the blanket will be 24 inches * 2 = 48 inches thick.";
    let money = "Weng earns $12 an hour. Yesterday she worked 50 minutes, so she got $10.";
    let pushed =
        "for each stack, we push #1 and #2 on top of #3, and then we pop #2 again: #1 stays.";
    for (text, kind) in [
        (WEB, TextKind::Prose),
        (WEB, TextKind::Reasoning),
        (SOLUTION, TextKind::Reasoning),
        (STEPS, TextKind::Reasoning),
        (CHINESE, TextKind::Reasoning),
        (PROGRAM, TextKind::Code),
        (&fenced, TextKind::Reasoning),
        (&fenced, TextKind::Code),
        (table, TextKind::Reasoning),
        (thought, TextKind::Reasoning),
        (equations, TextKind::Reasoning),
        (money, TextKind::Reasoning),
        (folds, TextKind::Reasoning),
        ("    return n**2\n", TextKind::Code),
        ("assert f(1) == 2\n\n# Cases worked out by hand:\n", TextKind::Code),
        (pushed, TextKind::Reasoning),
        ("What is 3 + 4?", TextKind::Reasoning),
        ("证明 $\\sqrt{2}$ 是无理数。", TextKind::Reasoning),
    ] {
        let quality = assess(text, &QualityCriteria::of(kind));
        assert_eq!(
            (quality.score, quality.good),
            (1.0, true),
            "{kind:?} {text}\n{:#?}",
            quality.reasons
        );
    }
}

#[test]
fn faults_are_named() {
    let german = "Der Hafen der alten Stadt wurde von Kaufleuten gebaut, die mit Wolle und Salz aus dem Norden \
        kamen. Sie gruben hinter den Dünen ein Becken, und im Winter brach das Meer herein.";
    let line = "the same line is written here again and again\n".repeat(6);
    let loop_of = format!(
        "{WEB} {}",
        "so we try the next number and see that it does not divide the rest, ".repeat(9)
    );
    let chinese_loop = "所以我们继续计算下一个数字看看是否可以整除，".repeat(12);
    let russian =
        "We add the numbers, и получаем число которое делится на три, which is the answer we want.";
    let bullets = "- the first thing of many\n".replace("first", "one")
        + "- two of the things\n- three of the things\n- four of them\n- five of them\n- six of the lot";
    let ellipses = "He went...\nThen he came...\nAnd she said...\nSo they left...\nIt ended.";
    for (text, kind, rule) in [
        ("", TextKind::Reasoning, Rule::TooShort),
        (" \n\u{200b}\n ", TextKind::Reasoning, Rule::TooShort),
        ("Too short.", TextKind::Prose, Rule::TooShort),
        (german, TextKind::Reasoning, Rule::Language),
        ("これは日本語の文章です。りんごを三つ持っています。", TextKind::Reasoning, Rule::Language),
        (russian, TextKind::Reasoning, Rule::MixedScripts),
        (&line, TextKind::Reasoning, Rule::RepeatedLines),
        (&line.replace('\n', "\n\n"), TextKind::Reasoning, Rule::RepeatedParagraphs),
        (&loop_of, TextKind::Reasoning, Rule::RepeatedPassages),
        (&chinese_loop, TextKind::Reasoning, Rule::RepeatedPassages),
        (&"wait no ".repeat(40), TextKind::Reasoning, Rule::FrequentPhrase),
        (&format!("The value is 0.{}", "3".repeat(200)), TextKind::Reasoning, Rule::LongRun),
        (&format!("答案是{}", "哈".repeat(200)), TextKind::Reasoning, Rule::LongRun),
        (&"#win #fun the ".repeat(9), TextKind::Prose, Rule::Symbols),
        (&"@@ ~~ !! ?? ;; && ".repeat(4), TextKind::Reasoning, Rule::NotWords),
        (&bullets, TextKind::Prose, Rule::BulletLines),
        (ellipses, TextKind::Reasoning, Rule::EllipsisLines),
        ("It\u{fffd}s the answer that we want.", TextKind::Reasoning, Rule::Encoding),
        ("Itâ€™s the cafÃ© that we want.", TextKind::Reasoning, Rule::Encoding),
        ("Use this:\n```python\nprint(1)\n", TextKind::Reasoning, Rule::OpenBlock),
        ("<think>I wonder what it is. It is four.", TextKind::Reasoning, Rule::OpenBlock),
        ("So \\[x = 1 and we are done.", TextKind::Reasoning, Rule::OpenFormula),
        ("So $\\frac{1}{2$ is right.", TextKind::Reasoning, Rule::OpenFormula),
        ("\\begin{align} x &= 1 and done.", TextKind::Reasoning, Rule::OpenFormula),
        ("def f(x):\n    return g(x\n", TextKind::Code, Rule::OpenBracket),
        ("def f(x):\n    y = [1,\n", TextKind::Code, Rule::Truncated),
        ("We see that the sum of the", TextKind::Reasoning, Rule::Truncated),
        ("So 3 + 4 =", TextKind::Reasoning, Rule::Truncated),
        ("因此我们得到，", TextKind::Reasoning, Rule::Truncated),
        (WEB.trim_end_matches("ing."), TextKind::Prose, Rule::Truncated),
        ("It is four.<|im_end|>", TextKind::Reasoning, Rule::TemplateToken),
        ("As an AI language model, I can add.", TextKind::Reasoning, Rule::Refusal),
        ("I’m sorry, but I can’t help with it.", TextKind::Reasoning, Rule::Refusal),
        ("Dear [Your Name], the answer is 4.", TextKind::Reasoning, Rule::Placeholder),
        ("Read our cookie policy to go on.", TextKind::Reasoning, Rule::Boilerplate),
    ] {
        let found = rules(text, kind);
        assert!(found.contains(&rule), "{kind:?} {text}: {rule:?} not in {found:?}");
    }
}

#[test]
fn worse_texts_score_less() {
    let once = assess("Read our cookie policy to go on.", &QualityCriteria::default());
    let twice = assess(
        "Read our cookie policy and the terms of use to go on.",
        &QualityCriteria::default(),
    );
    assert!(once.score > twice.score && once.good && !twice.good, "{once:?} {twice:?}");
    assert_eq!(assess("", &QualityCriteria::default()).score, 0.0);
}

#[test]
fn languages_are_told() {
    for (text, language) in [
        (WEB, Some("eng")),
        (CHINESE, Some("cmn")),
        ("What is 3 + 4?", None),
        ("sin cos tan log exp lim max min gcd lcm", None),
        (PROGRAM, None),
    ] {
        let kind = if text == PROGRAM { TextKind::Code } else { TextKind::Reasoning };
        assert_eq!(assess(text, &QualityCriteria::of(kind)).language, language, "{text}");
    }
}

#[test]
fn criteria_are_read_over_the_defaults_of_their_kind() {
    let read = |json: serde_json::Value| serde_json::from_value::<QualityCriteria>(json);
    assert_eq!(read(json!({})).unwrap(), QualityCriteria::default());
    let code = read(json!({"kind": "code", "min_words": 9})).unwrap();
    assert_eq!(code.limits.min_words, 9);
    assert_eq!(code.limits.run, Limits::of(TextKind::Code).run);
    assert_eq!(read(serde_json::to_value(&code).unwrap()).unwrap(), code);
    for (json, part) in [
        (json!({"kind": "poem"}), "poem"),
        (json!({"min_wrods": 1}), "min_wrods"),
        (json!({"symbols": 2}), "symbols is 2"),
        (json!({"languages": ["english"]}), "\"english\""),
        (json!({"min_words": 5, "max_words": 4}), "min_words is 5"),
        (json!({"min_word_length": 9, "max_word_length": 4}), "range"),
        (json!({"run": "many"}), "many"),
    ] {
        let error = read(json.clone()).unwrap_err().to_string();
        assert!(error.contains(part), "{json}: {error}");
    }
}

#[test]
fn files_are_assessed_in_order() {
    struct Length;
    impl QualityModel for Length {
        fn identity(&self) -> String {
            "length".into()
        }
        fn score(&self, texts: &[&str]) -> Result<Vec<f32>, QualityError> {
            Ok(texts.iter().map(|text| (text.len() as f32).min(5.0)).collect())
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("d.jsonl");
    let mut lines: Vec<String> = (0..600)
        .map(|id| json!({"id": id, "text": format!("It is {id} now.")}).to_string())
        .collect();
    lines.push(json!({"messages": [{"role": "user", "content": "What is it?"}, {"role": "assistant", "content": "It is the"}]}).to_string());
    std::fs::write(&path, lines.join("\n")).unwrap();
    let mut report = Vec::new();
    let summary =
        assess_documents(&path, &QualityCriteria::default(), Some(&Length), &mut report).unwrap();
    let report = String::from_utf8(report).unwrap();
    let report: Vec<serde_json::Value> =
        report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((summary.documents, summary.good, report.len()), (601, 601, 601));
    assert!((0..600).all(|at| report[at]["id"] == at && report[at]["model_score"] == 5.0));
    assert_eq!(report[600]["id"], 601);
    assert_eq!(report[600]["reasons"][0]["rule"], "truncated");
    assert_eq!(summary.reasons, [(Rule::Truncated, 1)].into());
    assert_eq!((summary.model.as_deref(), summary.mean_model_score), (Some("length"), Some(5.0)));

    for (line, part) in
        [(r#"{"id":1}"#, "d.jsonl:2"), (r#"{"id":[],"text":""}"#, "`id`"), ("{", "d.jsonl:2")]
    {
        std::fs::write(&path, format!("{}\n{line}\n", lines[0])).unwrap();
        let error = assess_documents(&path, &QualityCriteria::default(), None, &mut Vec::new())
            .unwrap_err();
        assert!(error.to_string().contains(part), "{line}: {error}");
    }
}

proptest! {
    /// Whatever is thrown at it, it answers, and a score is a score.
    #[test]
    fn scores_are_within_bounds(text in "([a-c$`\\\\\\[\\](){}# .\n一é…<|>]|```|\\$\\$|<think>){0,200}") {
        for kind in [TextKind::Prose, TextKind::Reasoning, TextKind::Code] {
            let quality = assess(&text, &QualityCriteria::of(kind));
            prop_assert!((0.0..=1.0).contains(&quality.score));
            prop_assert_eq!(quality.reasons.is_empty(), quality.score == 1.0);
            prop_assert!(quality.reasons.iter().all(|r| r.penalty > 0.0 && r.penalty <= 1.0));
            prop_assert_eq!(&quality, &assess(&text, &QualityCriteria::of(kind)));
        }
    }
}
