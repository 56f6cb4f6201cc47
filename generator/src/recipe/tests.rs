#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use lehr_record::{Expected, Problem, Role, Seed};
use serde_json::Map;

use super::{example::reply, *};

/// A small recipe with an answer stage only, to be broken in every way; the files in `prompts/` stay
/// free to be tuned.
const WORD: &str = r#####"
name = "word"
version = 1
description = "Word problems."
domain = "math"
kind = "cot"
families = ["math.money", "math.two_step"]
attempts = 4

[answer]
format = "final_answer"
user = "{{ problem.text }}"
min_chars = 12
require_any = ["####"]
sampling = { temperature = 0.5, top_p = 0.95, top_k = 40, max_tokens = 120 }

[[answer.shot]]
statement = "What is 2 + 3?"
reply = "2 and 3 make 5. #### 5"

[[answer.shot]]
statement = "What is 20 + 3?"
reply = "20 and 3 make 23. #### 23"

[[example]]
stage = "answer"
statement = "What is 1 + 1?"
reply = "1 and 1 make 2. #### 2"
accepted = true

[[example]]
stage = "answer"
reply = "1 and 1 make 2."
accepted = false
reason = "has no `####`"
"#####;

/// A small recipe with both stages.
const QUIZ: &str = r#####"
name = "quiz"
version = 1
description = "Questions that the model writes."
domain = "science"
kind = "cot"
families = ["science.topics"]
attempts = 5

[votes]
answers = 5
agree = 3

[question]
format = "choice_question"
user = "Write a question on {{ seed.topic }}."
sampling = { temperature = 0.5, top_p = 0.95, top_k = 40, max_tokens = 120 }

[[question.shot]]
vars = { topic = "spiders" }
reply = "How many legs does a spider have?\nA) 4\nB) 8\nC) 6\nD) 10"

[answer]
format = "choice_letter"
user = "{{ problem.text }}"
sampling = { temperature = 0.5, top_p = 0.95, top_k = 40, max_tokens = 60 }

[[example]]
stage = "question"
reply = "What does a prism do?\nA) It separates colors.\nB) It sings.\nC) It burns.\nD) It stops."
statement = "What does a prism do?"
options = ["It separates colors.", "It sings.", "It burns.", "It stops."]
accepted = true
"#####;

fn problem(statement: &str, options: &[&str], expected: Expected) -> Problem {
    let options = options.iter().map(|option| (*option).to_owned()).collect();
    Problem { statement: statement.to_owned(), options, expected }
}

fn seed_of(problem: Problem) -> Seed {
    Seed { source: "test:1".into(), vars: Map::new(), problem: Some(problem) }
}

#[test]
fn every_file_in_prompts_is_built_in_and_has_examples_of_both_kinds() {
    let recipes = Recipes::builtin();
    let mut names: Vec<String> =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../prompts"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            // Beside the recipes of samples lie those of mixes, in a directory.
            .filter(|path| path.is_file())
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
    names.sort();
    assert_eq!(recipes.iter().map(|recipe| recipe.name.clone()).collect::<Vec<_>>(), names);
    for name in ["math.word", "code.function", "science.choice", "science.quiz"] {
        let recipe = recipes.get(name).unwrap();
        for accepted in [true, false] {
            assert!(recipe.examples.iter().any(|example| example.accepted() == accepted), "{name}");
        }
    }
    let error = recipes.get("math.nothing").unwrap_err().to_string();
    assert!(error.contains("math.nothing") && error.contains("math.word"), "{error}");
}

#[test]
fn every_recipe_renders_every_family_of_its_own() {
    for recipe in Recipes::builtin().iter() {
        // Seeds that differ only in what no template uses would ask the same again.
        let mut asked = BTreeSet::new();
        for seed in recipe.seeds(None, 7, 150).unwrap() {
            let stage = recipe.first_stage(&seed);
            let messages = recipe.messages(stage, &seed, seed.problem.as_ref()).unwrap();
            let roles: Vec<Role> = messages.iter().map(|message| message.role).collect();
            assert!(asked.insert(messages.last().unwrap().content.clone()), "{messages:?}");
            assert_eq!(roles[0], Role::System);
            assert_eq!(roles.last(), Some(&Role::User));
            let turns = roles[1..].chunks(2).all(|pair| pair[0] == Role::User);
            assert!(turns && roles.len().is_multiple_of(2), "{roles:?}");
            // Every call pays for the prompt; at 3 to 4 characters a token this is near 300.
            let size: usize = messages.iter().map(|message| message.content.len()).sum();
            assert!(size < 1_500, "{}: {size}", recipe.name);
            if let Some(problem) = &seed.problem {
                recipe.accepts(problem).unwrap();
            }
        }
    }
}

#[test]
fn prompts_and_training_text_are_what_they_should_be() {
    let recipes = Recipes::builtin();
    let problem = problem(
        "Which planet is the third from the Sun?",
        &["Mars", "Venus", "Earth", "Saturn"],
        Expected::Choice { letter: 'C' },
    );
    let recipe = recipes.get("science.choice").unwrap();
    let seed = seed_of(problem.clone());
    let messages = recipe.messages(Stage::Answer, &seed, Some(&problem)).unwrap();
    let text = "Which planet is the third from the Sun?\nA) Mars\nB) Venus\nC) Earth\nD) Saturn";
    assert_eq!(messages.last().unwrap().content, text);

    let training = recipe.training_messages(&problem, " Earth is third.  The answer is C.\n");
    assert_eq!(training.len(), 2);
    assert_eq!(training[0].content, text);
    assert_eq!(training[1].content, " Earth is third.  The answer is C.\n");
}

#[test]
fn the_right_answer_reaches_no_prompt() {
    for recipe in Recipes::builtin().iter() {
        for mut seed in recipe.seeds(None, 5, 40).unwrap() {
            let Some(problem) = seed.problem.take() else { continue };
            let stage = Stage::Answer;
            let known = recipe.messages(stage, &seed, Some(&problem)).unwrap();
            let votes = Expected::Votes { answers: 3, agree: 2 };
            let hidden = match problem.expected.clone() {
                Expected::Tests { mut tests } => {
                    tests.cases.clear();
                    Expected::Tests { tests }
                }
                _ => votes,
            };
            let unknown = Problem { expected: hidden, ..problem };
            assert_eq!(recipe.messages(stage, &seed, Some(&unknown)).unwrap(), known);
        }
    }
}

#[test]
fn the_question_stage_gives_a_problem_for_votes() {
    let recipes = Recipes::builtin();
    let recipe = recipes.get("science.quiz").unwrap();
    let seed = recipe.seeds(None, 1, 1).unwrap().remove(0);
    assert_eq!(recipe.first_stage(&seed), Stage::Question);
    let prompt = recipe.messages(Stage::Question, &seed, None).unwrap();
    assert!(prompt.last().unwrap().content.contains(seed.vars["fact"].as_str().unwrap()));

    let text = "Question: What is two plus two?\nA) 3\nB) 4\nC) 5\nD) 6";
    let Parsed::Problem(problem) = recipe.parse(Stage::Question, &reply(text, true)).unwrap()
    else {
        panic!("no problem");
    };
    let votes = recipe.votes.unwrap();
    assert_eq!(problem.expected, Expected::Votes { answers: votes.answers, agree: votes.agree });
    recipe.accepts(&problem).unwrap();
    assert!(recipe.messages(Stage::Answer, &seed, Some(&problem)).is_ok());
    assert!(recipe.messages(Stage::Answer, &seed, None).is_err());
    assert!(recipe.parse(Stage::Question, &reply(text, false)).is_err());
    assert_eq!(recipe.sampling(Stage::Question, 9).seed, 9);
    assert_ne!(recipe.sampling(Stage::Question, 9), recipe.sampling(Stage::Answer, 9));

    let word = recipes.get("math.word").unwrap();
    assert!(word.messages(Stage::Question, &seed, None).is_err());
    assert!(word.parse(Stage::Question, &reply(text, true)).is_err());
}

#[test]
fn problems_that_do_not_fit_are_named() {
    let recipes = Recipes::builtin();
    let answer = || Expected::Answer { answer: "4".into() };
    let votes = || Expected::Votes { answers: 3, agree: 2 };
    let tests = |function: &str, cases: &str| {
        serde_json::from_str::<Expected>(&format!(
            r#"{{"type":"tests","tests":{{"function":"{function}","cases":{cases}}}}}"#
        ))
        .unwrap()
    };
    let case = r#"[{"args":[1],"expect":2}]"#;
    for (recipe, problem, field) in [
        ("math.word", problem("What is 2 + 2?", &[], answer()), None),
        ("math.word", problem("What is 2 + 2?", &[], votes()), None),
        ("math.word", problem(" ", &[], answer()), Some("statement")),
        ("math.word", problem("Which?", &["a", "b"], answer()), Some("options")),
        ("math.word", problem("Which?", &[], Expected::Choice { letter: 'A' }), Some("expected")),
        ("code.function", problem("Write f.", &[], tests("f", case)), None),
        ("code.function", problem("Write f.", &[], tests("f", "[]")), Some("expected")),
        ("code.function", problem("Write f.", &[], tests("f g", case)), Some("expected")),
        ("code.function", problem("Write f.", &[], answer()), Some("expected")),
        ("science.choice", problem("Which?", &["a", "b"], Expected::Choice { letter: 'B' }), None),
        ("science.choice", problem("Which?", &["a", "b"], votes()), None),
        ("science.choice", problem("Which?", &["a"], votes()), Some("options")),
        (
            "science.choice",
            problem("Which?", &["a", "b"], Expected::Choice { letter: 'C' }),
            Some("expected"),
        ),
        ("science.choice", problem("Which?", &["a", "b"], answer()), Some("expected")),
    ] {
        let got = recipes.get(recipe).unwrap().accepts(&problem).err().map(|unfit| unfit.field);
        assert_eq!(got, field, "{recipe}: {problem:?}");
    }
}

#[test]
fn faults_of_a_file_are_named_with_file_and_field() {
    let word_cases = [
        ("version = 1", "version = 1\ncolour = 2", "colour"),
        ("attempts = 4", "attempts = 33", "attempts is 33"),
        ("attempts = 4", "", "attempts"),
        ("name = \"word\"", "name = \"other\"", "other.toml"),
        ("domain = \"math\"", "domain = \"magic\"", "magic"),
        ("kind = \"cot\"", "kind = \"c t\"", "kind may have only"),
        ("math.two_step", "math.three_step", "math.three_step"),
        ("math.two_step", "python.lists", "of the domain code"),
        ("math.two_step", "math.money", "families names `math.money` twice"),
        ("temperature = 0.5", "temperature = 2.5", "answer.sampling.temperature is 2.5"),
        ("temperature = 0.5", "temperature = nan", "answer.sampling.temperature"),
        ("top_p = 0.95", "top_p = 0.0", "answer.sampling.top_p"),
        ("top_k = 40", "top_k = 0", "answer.sampling.top_k"),
        ("top_k = 40", "top_k = 40, top_n = 1", "top_n"),
        ("max_tokens = 120", "max_tokens = 0", "answer.sampling.max_tokens"),
        ("min_chars = 12", "min_chars = 0", "answer.min_chars"),
        ("{{ problem.text }}", "{{ problem.answer }}", "answer.user uses `problem.answer`"),
        ("{{ problem.text }}", "{{ seed.equation }}", "answer.user uses `seed.equation`"),
        ("{{ problem.text }}", "{{ problem.text", "answer.user"),
        ("{{ problem.text }}", " ", "answer.user is empty"),
        ("23. #### 23", "23", "answer.shot[1] has a reply that the recipe would refuse"),
        ("accepted = true", "accepted = false", "example[0] is accepted although"),
        ("reason = \"has no `####`\"", "", "example[1] lacks the `reason`"),
        ("has no `####`", "is too short", "example[1] is refused for another reason"),
        ("[answer]", "[votes]\nanswers = 3\nagree = 2\n[answer]", "votes is not"),
        ("format = \"final_answer\"", "format = \"choice_letter\"", "do not fit `answer.format`"),
    ];
    let quiz_cases = [
        ("agree = 3", "agree = 2", "votes.agree"),
        ("agree = 3", "agree = 6", "votes.agree"),
        ("answers = 5\nagree = 3", "answers = 40\nagree = 30", "votes.answers"),
        ("[votes]\nanswers = 5\nagree = 3", "", "votes is missing"),
        ("{{ seed.topic }}", "{{ seed.weather }}", "question.user uses `seed.weather`"),
        ("{{ seed.topic }}", "{{ problem.text }}", "question.user uses `problem.text`"),
        ("vars = { topic", "vars = { matter", "question.shot[0]"),
        ("C) 6\\nD) 10", "C) 6\\nD) 8", "question.shot[0] has a reply"),
        ("science.topics", "math.money", "of the domain math"),
        ("statement = \"What does a prism do", "statement = \"What can a prism do", "example[0]"),
    ];
    // Nothing but the first use of a template without worked examples would show these.
    let bare = "user = \"{{ problem.text }}\"\nmin_chars = 12";
    let filtered = bare.replace("text }}", "text | shout }}");
    let divided = bare.replace("text }}", "text / 2 }}");
    let shots = WORD.find("[[answer.shot]]").unwrap()..WORD.find("[[example]]").unwrap();
    let mut shotless = WORD.to_owned();
    shotless.replace_range(shots, "");
    for (from, to) in [(bare, filtered), (bare, divided)] {
        // Without its statement, the example fills no template.
        let text =
            shotless.replacen("statement = \"What is 1 + 1?\"", "", 1).replacen(from, &to, 1);
        let error = Recipe::read("some/word.toml", &text).unwrap_err().to_string();
        assert!(error.contains("some/word.toml: answer fails"), "{error}");
    }
    let all = word_cases.map(|case| ("word.toml", WORD, case)).into_iter();
    let all = all.chain(quiz_cases.map(|case| ("quiz.toml", QUIZ, case)));
    for (file, text, (from, to, wanted)) in all {
        let file = format!("some/{file}");
        assert!(Recipe::read(&file, text).is_ok() && text.contains(from), "{from}");
        let error = Recipe::read(&file, &text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(wanted) && error.contains(&file), "{error}");
    }
}

#[test]
fn a_directory_overrides_and_adds() {
    let dir = tempfile::tempdir().unwrap();
    let more = WORD.replace("attempts = 4", "attempts = 9").replacen("word", "math.word", 1);
    std::fs::write(dir.path().join("math.word.toml"), &more).unwrap();
    std::fs::write(dir.path().join("word.toml"), WORD).unwrap();
    std::fs::write(dir.path().join("notes.txt"), "not a recipe").unwrap();

    let recipes = Recipes::load(dir.path()).unwrap();
    let recipe = recipes.get("math.word").unwrap();
    assert_eq!(recipe.attempts, 9);
    assert_eq!(recipe.digest(), &lehr_record::Digest::of_bytes(more.as_bytes()));
    assert_ne!(recipe.digest(), Recipes::builtin().get("math.word").unwrap().digest());
    assert!(recipes.get("word").is_ok() && recipes.get("science.quiz").is_ok());

    std::fs::write(dir.path().join("broken.toml"), "name = ").unwrap();
    let error = Recipes::load(dir.path()).unwrap_err().to_string();
    assert!(error.contains("broken.toml"), "{error}");
    let missing = dir.path().join("nowhere");
    assert!(Recipes::load(&missing).unwrap_err().to_string().contains("nowhere"));
}

#[test]
fn seeds_come_from_the_families_asked_for() {
    let recipes = Recipes::builtin();
    let recipe = recipes.get("math.word").unwrap();
    let names = ["math.money".to_owned()];
    let seeds = recipe.seeds(Some(&names), 3, 5).unwrap();
    assert!(seeds.iter().all(|seed| seed.source == "family:math.money"));
    let foreign = ["python.lists".to_owned()];
    let error = recipe.seeds(Some(&foreign), 3, 5).unwrap_err().to_string();
    assert!(error.contains("python.lists") && error.contains("math.money"), "{error}");
}
