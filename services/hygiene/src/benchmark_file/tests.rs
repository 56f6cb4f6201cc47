#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

fn read_as(
    content: &[u8],
    columns: &BenchmarkColumns,
) -> Result<(BenchmarkFile, Vec<ItemText>), HygieneError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("b.jsonl");
    fs::write(&path, content).unwrap();
    let mut texts = Vec::new();
    let file = BenchmarkFile::read(&path, columns, |text| {
        texts.push(text);
        Ok::<_, HygieneError>(())
    })?;
    Ok((file, texts))
}

fn read(content: &str) -> Result<(BenchmarkFile, Vec<ItemText>), HygieneError> {
    read_as(content.as_bytes(), &BenchmarkColumns::default())
}

/// `item/part=text` and `->answer` of each text.
fn show(texts: &[ItemText]) -> String {
    let one = |t: &ItemText| {
        let answer = t.answer.as_ref().map(|answer| format!("->{answer}")).unwrap_or_default();
        format!("{}/{}={}{answer}", t.item, t.part.as_str(), t.text.replace('\n', "|"))
    };
    texts.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn columns(json: &str) -> BenchmarkColumns {
    serde_json::from_str(json).unwrap()
}

#[test]
fn columns_of_many_publishers_are_known() {
    for (line, expected) in [
        // GSM8K, MATH, MMLU, ARC, GPQA, HumanEval, MBPP, LiveCodeBench, C-Eval and others.
        (
            r#"{"question":"Q","answer":"LONG\n#### 18"}"#,
            "1/question=Q->18 1/answer=LONG|#### 18->18",
        ),
        (
            r#"{"problem":"P","solution":"LONG \\boxed{4}","unique_id":"a.json"}"#,
            "a.json/question=P->4 a.json/solution=LONG \\boxed{4}->4",
        ),
        (
            r#"{"id":7,"problem":"P","solution":"LONG","answer":"4"}"#,
            "7/question=P->4 7/solution=LONG->4",
        ),
        (r#"{"solution":"LONG","answer":"4"}"#, "1/solution=LONG->4"),
        (
            r#"{"question":"Q","choices":["a","b"],"answer":1}"#,
            "1/options=Q|a|b->b 1/question=Q->b",
        ),
        (
            r#"{"question":"Q","choices":{"text":["a","b"],"label":["A","B"]},"answerKey":"A"}"#,
            "1/options=Q|a|b->a 1/question=Q->a",
        ),
        (
            r#"{"question":{"stem":"Q"},"options":[{"text":"a","label":"1"}],"answerKey":"1"}"#,
            "1/options=Q|a->a 1/question=Q->a",
        ),
        (
            r#"{"Record ID":"r","Question":"Q","Correct Answer":"x","Incorrect Answer 1":"y"}"#,
            "r/options=Q|y->x r/question=Q->x",
        ),
        (
            r#"{"question":"Q","options":{"B":"y","A":"x"},"answer":"B"}"#,
            "1/options=Q|x|y->y 1/question=Q->y",
        ),
        (
            r#"{"Question":"问题","A":"甲","B":"乙","Answer":"B"}"#,
            "1/options=问题|甲|乙->乙 1/question=问题->乙",
        ),
        (
            r#"{"task_id":"HE/0","prompt":"def f(x):\n","canonical_solution":"    return x\n"}"#,
            "HE/0/code=def f(x):|    return x| HE/0/question=def f(x):|",
        ),
        (
            r#"{"task_id":2,"text":"Write it.","code":"def f(x):\n  return x"}"#,
            "2/code=def f(x):|  return x 2/question=Write it.",
        ),
        (r#"{"question_id":"3","question_content":"P","starter_code":"class"}"#, "3/question=P"),
        (r#"{"question":"is it","answer":true,"passage":"P"}"#, "1/question=is it->true"),
        (r#"{"prompt":[{"role":"user","content":"P"}]}"#, "1/question=P"),
        (r#"{"input":"I","output":"O","answer":null,"text":""}"#, "1/question=I->O"),
        (r#"{"question":"Q","final_answer":["2","two"]}"#, "1/question=Q->2"),
    ] {
        let long = ["word"; ANSWER_WORDS].join(" ");
        let (file, texts) = read(&line.replace("LONG", &long)).unwrap();
        assert_eq!(show(&texts).replace(&long, "LONG"), expected, "{line}");
        assert_eq!((file.items, file.texts), (1, texts.len() as u64));
    }
}

#[test]
fn named_columns_go_before_usual_ones() {
    let line = r#"{"question":"usual","answer":"4","q":"mine","code":"x = 1","key":"k"}"#;
    for (named, expected) in [
        (r#"{"question":["q"]}"#, "1/code=x = 1->4 1/question=mine->4"),
        (
            r#"{"question":["q","question"]}"#,
            "1/code=x = 1->4 1/question=mine->4 1/question=usual->4",
        ),
        (r#"{"question":["code"],"id":["key"]}"#, "k/question=x = 1->4"),
        (r#"{"code":["q"]}"#, "1/code=mine->4 1/question=usual->4"),
        (
            r#"{"choices":["q"],"answer":["key"]}"#,
            "1/code=x = 1->k 1/options=usual|mine->k 1/question=usual->k",
        ),
    ] {
        let (_, texts) = read_as(line.as_bytes(), &columns(named)).unwrap();
        assert_eq!(show(&texts), expected, "{named}");
    }
}

#[test]
fn blank_lines_and_line_ends_do_not_matter() {
    let (_, texts) = read("\u{feff}{\"text\":\"a\"}\r\n\n  \n{\"text\":\"b\"}").unwrap();
    assert_eq!(show(&texts), "1/question=a 4/question=b");
}

#[test]
fn no_two_items_have_one_identifier() {
    let ids = ["a", "b", "a", "a#2", "a", "a#2", ""];
    let lines: Vec<_> = ids.map(|id| format!(r#"{{"id":"{id}","text":"t"}}"#)).into();
    let (file, texts) = read(&lines.join("\n")).unwrap();
    let given: Vec<_> = texts.iter().map(|t| t.item.as_str()).collect();
    assert_eq!(given, ["a", "b", "a#2", "a#2#2", "a#3", "a#2#3", "7"]);
    assert_eq!(file.items, 7);
    let same = vec![r#"{"id":"x","text":"t"}"#; 20_000].join("\n");
    assert_eq!(read(&same).unwrap().1.last().unwrap().item, "x#20000");
}

#[test]
fn errors_name_the_place_and_the_remedy() {
    let long = format!("{{\"text\":\"{}\"}}", "a ".repeat(3 << 20));
    for (content, needles) in [
        (&b""[..], vec!["b.jsonl has no items"]),
        (b"\n\n", vec!["no items"]),
        (b"{\"text\":\"a\"}\n{\"text\": oops}", vec!["b.jsonl:2", "column 10", "JSON object"]),
        (b"[1]", vec!["b.jsonl:1", "not an object", "JSON array", "jq -c"]),
        (b"\n[{\"text\":\n\"a\"}]", vec!["b.jsonl:2", "one JSON object"]),
        (b"[\n{\"text\":\"a\"}\n]", vec!["b.jsonl:1", "JSON array"]),
        (
            b"{\"q\":\"a\",\"r\":1}",
            vec!["b.jsonl:1", "(q, r)", "question, problem", "canonical_solution"],
        ),
        (b"{\"text\":\"?!\"}", vec!["b.jsonl:1", "(text)"]),
        (b"{\"answer\":\"4\"}", vec!["b.jsonl:1", "(answer)", "40 words"]),
        (b"{\"text\":\"\\ud800\"}", vec!["b.jsonl:1", "column"]),
        (b"{\"text\":\"a\"}\n{\"text\":\"\xff\"}", vec!["b.jsonl:2", "column 10", "UTF-8"]),
        (b"\x1f\x8b\x08\0\0\0", vec!["b.jsonl", "gzip", "decompress"]),
        (long.as_bytes(), vec!["b.jsonl:1", "the question has 6291456 bytes", "4194304"]),
    ] {
        let error = read_as(content, &BenchmarkColumns::default()).unwrap_err().to_string();
        for needle in needles {
            assert!(error.contains(needle), "{needle}: {error}");
        }
    }
    let named = columns(r#"{"question":["text"],"answer":["gold"]}"#);
    let error = read_as(b"{\"text\":\"a\",\"gold\":null}\n{\"text\":\"b\",\"x\":1}", &named);
    let error = error.unwrap_err().to_string();
    assert!(error.ends_with("b.jsonl:2: there is no column `gold`; there are text, x"), "{error}");
}
