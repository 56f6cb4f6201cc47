//! The journal as its callers see it, with every test ending in a reopened journal.

use lehr_record::{
    Attempt, Call, Digest, Domain, Funnel, Message, Outcome, Reply, RequestId, RequestSpec,
    RequestState, Role, Sample, SampleId, Sampling, Seed, Settled, Verdict,
};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::{Created, PlannedItem, SampleFilter, Store, StoreError};

fn spec() -> RequestSpec {
    serde_json::from_str(r#"{"jobs":[{"recipe":"a","count":2},{"recipe":"b","count":1}]}"#).unwrap()
}

fn request() -> RequestId {
    RequestId::parse("req-1").unwrap()
}

fn seed(text: &str) -> Seed {
    Seed { source: text.into(), vars: serde_json::Map::new(), problem: None }
}

fn sampling() -> Sampling {
    Sampling { temperature: 0.7, top_p: 0.95, top_k: 40, max_tokens: 16, seed: u64::MAX }
}

fn sample(item: u32, settled: Settled) -> Sample {
    let verdict = Verdict::new(Outcome::Correct, "it is");
    Sample {
        id: SampleId::of_item(&request(), item),
        request: request(),
        item,
        domain: Domain::Math,
        kind: "cot".into(),
        recipe: "a".into(),
        recipe_digest: Digest::of_bytes(b"recipe"),
        model: "model".into(),
        seed_digest: seed("s").digest(),
        seed: seed("s"),
        problem: None,
        messages: vec![],
        attempts: vec![Attempt {
            stage: "answer".into(),
            call: Digest::of_bytes(b"call"),
            sampling: sampling(),
            reply: "4".into(),
            finished: true,
            tokens: (10, 3),
            verdict: verdict.clone(),
        }],
        verdict,
        pass_rate: Some(1.0),
        contamination: None,
        settled,
    }
}

fn planned(directory: &TempDir) -> Store {
    let store = Store::open(directory.path()).unwrap();
    assert_eq!(store.create_request(&request(), 5, &spec(), None).unwrap(), Created::New);
    let items = [(0, "x"), (1, "y"), (0, "z")];
    let items: Vec<_> =
        items.iter().map(|(job, s)| PlannedItem { job: *job, seed: seed(s) }).collect();
    store.plan(&request(), 2, &items).unwrap();
    store
}

#[test]
fn one_process_at_a_time() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(directory.path()).unwrap();
    assert!(matches!(Store::open(directory.path()), Err(StoreError::InUse { .. })));
    drop(store);
    Store::open(directory.path()).unwrap();
}

#[test]
fn a_journal_of_another_version_is_refused() {
    let directory = TempDir::new().unwrap();
    Store::open(directory.path())
        .unwrap()
        .connection()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert!(matches!(
        Store::open(directory.path()),
        Err(StoreError::Schema { found: 99, known: 2 })
    ));
}

#[test]
fn a_key_sent_again_gives_the_first_request() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(directory.path()).unwrap();
    let (one, two) = (request(), RequestId::parse("req-2").unwrap());
    assert_eq!(store.create_request(&one, 1, &spec(), Some("k")).unwrap(), Created::New);
    assert_eq!(
        store.create_request(&two, 2, &spec(), Some("k")).unwrap(),
        Created::Before(one.clone())
    );
    let mut other = spec();
    other.seed = 9;
    assert!(matches!(store.create_request(&two, 2, &other, Some("k")), Err(StoreError::KeyReused)));
    assert_eq!(store.requests(None, 10).unwrap().len(), 1, "nothing was written on the way");
}

#[test]
fn items_settle_once_and_in_order() {
    let directory = TempDir::new().unwrap();
    let store = planned(&directory);
    assert!(matches!(store.plan(&request(), 2, &[]), Err(StoreError::Planned(_))));
    let not_next = |result: Result<(), StoreError>| {
        assert!(matches!(result, Err(StoreError::NotNext { .. })), "{result:?}");
    };
    not_next(store.settle(&sample(1, Settled::Accepted), 1, Some("f1")));
    store.settle(&sample(0, Settled::Accepted), 0, Some("f0")).unwrap();
    not_next(store.settle(&sample(0, Settled::Accepted), 0, Some("f0")));
    not_next(store.settle(&sample(1, Settled::Accepted), 0, Some("f1")));
    assert_eq!(
        store.duplicate_of(&request(), "f0").unwrap().as_deref(),
        Some(SampleId::of_item(&request(), 0).as_str())
    );
    // Two accepted samples of one content cannot be: the transaction leaves no trace.
    assert!(store.settle(&sample(1, Settled::Accepted), 1, Some("f0")).is_err());
    store.settle(&sample(1, Settled::Rejected("duplicate".into())), 1, Some("f0")).unwrap();
    drop(store);

    let store = Store::open(directory.path()).unwrap();
    let pending = store.pending(&request(), 0, 10).unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!((pending[0].item, pending[0].job, &pending[0].seed), (2, 0, &seed("z")));
    let funnels = store.funnels(&request()).unwrap();
    assert!(funnels.iter().all(Funnel::adds_up));
    assert_eq!((funnels[0].accepted, funnels[0].pending), (1, 1));
    assert_eq!((funnels[1].rejected["duplicate"], funnels[1].pending), (1, 0));
    let row = store.request(&request()).unwrap();
    assert_eq!((row.usage.calls, row.usage.prompt_tokens, row.usage.completion_tokens), (2, 20, 6));
    let filter = SampleFilter { state: Some("accepted".into()), ..SampleFilter::default() };
    assert_eq!(store.samples(&request(), &filter, 10).unwrap(), [sample(0, Settled::Accepted)]);
    let after = SampleFilter { after: Some(0), ..SampleFilter::default() };
    assert_eq!(store.samples(&request(), &after, 10).unwrap()[0].item, 1);
}

#[test]
fn a_final_state_stays() {
    let directory = TempDir::new().unwrap();
    let store = planned(&directory);
    assert_eq!(store.unfinished().unwrap(), [request()]);
    assert!(store.set_state(&request(), &RequestState::Cancelled, 7).unwrap());
    assert!(!store.set_state(&request(), &RequestState::Completed, 8).unwrap());
    let row = store.request(&request()).unwrap();
    assert_eq!((row.state, row.finished_ms), (RequestState::Cancelled, Some(7)));
    assert!(store.unfinished().unwrap().is_empty());
    let unknown = RequestId::parse("req-9").unwrap();
    assert!(matches!(
        store.set_state(&unknown, &RequestState::Cancelled, 7),
        Err(StoreError::NoRequest(_))
    ));
}

/// A race with the client: the request is stopped while its plan is written, or an item worked on.
#[test]
fn a_stopped_request_does_not_change() {
    let directory = TempDir::new().unwrap();
    let store = planned(&directory);
    store.settle(&sample(0, Settled::Accepted), 0, Some("f0")).unwrap();
    let before = store.funnels(&request()).unwrap();
    store.set_state(&request(), &RequestState::Cancelled, 7).unwrap();
    for item in [0, 1, 2] {
        let late = store.settle(&sample(item, Settled::Accepted), item % 2, Some("f1"));
        assert!(matches!(late, Err(StoreError::Stopped(_))), "{late:?}");
    }
    assert_eq!(store.funnels(&request()).unwrap(), before);
    assert_eq!(store.request(&request()).unwrap().usage.calls, 1);

    let queued = RequestId::parse("req-2").unwrap();
    store.create_request(&queued, 5, &spec(), None).unwrap();
    store.set_state(&queued, &RequestState::Cancelled, 7).unwrap();
    let late = store.plan(&queued, 2, &[PlannedItem { job: 0, seed: seed("x") }]);
    assert!(matches!(late, Err(StoreError::Stopped(_))), "{late:?}");
    assert_eq!(store.request(&queued).unwrap().state, RequestState::Cancelled);
    assert!(store.funnels(&queued).unwrap().is_empty());
}

/// A plan is longer than one transaction; one that was cut off leaves nothing in the next.
#[test]
fn a_plan_that_was_interrupted_is_written_anew() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(directory.path()).unwrap();
    store.create_request(&request(), 5, &spec(), None).unwrap();
    let items = |count: usize| -> Vec<_> {
        (0..count).map(|n| PlannedItem { job: 0, seed: seed(&n.to_string()) }).collect()
    };
    let mut broken = items(2500);
    broken.push(PlannedItem { job: 7, seed: seed("x") });
    let plan = std::panic::AssertUnwindSafe(|| store.plan(&request(), 2, &broken));
    assert!(std::panic::catch_unwind(plan).is_err(), "there is no job 7");
    assert_eq!(store.request(&request()).unwrap().state, RequestState::Queued);
    assert!(store.funnels(&request()).unwrap().is_empty());
    drop(store);

    let store = Store::open(directory.path()).unwrap();
    store.plan(&request(), 2, &items(1200)).unwrap();
    assert_eq!(store.pending(&request(), 0, 9999).unwrap().len(), 1200);
    assert_eq!(store.funnels(&request()).unwrap()[0].pending, 1200);
}

#[test]
fn what_is_shown_of_a_request_is_kept_beside_its_specification() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(directory.path()).unwrap();
    let named = RequestSpec { name: "n".into(), ..spec() };
    store.create_request(&request(), 5, &named, None).unwrap();
    for row in [store.request(&request()).unwrap(), store.requests(None, 1).unwrap().remove(0)] {
        assert_eq!((row.name.as_str(), row.recipes), ("n", vec!["a".into(), "b".into()]));
    }
    assert_eq!(store.spec(&request()).unwrap(), named);
    let unknown = RequestId::parse("req-9").unwrap();
    assert!(matches!(store.spec(&unknown), Err(StoreError::NoRequest(_))));
}

#[test]
fn a_ready_journal_was_written_to() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(directory.path()).unwrap();
    let log = directory.path().join("journal.sqlite-wal");
    let before = log.metadata().unwrap().len();
    store.ready().unwrap();
    assert!(log.metadata().unwrap().len() > before);
    store.connection().pragma_update(None, "query_only", true).unwrap();
    assert!(store.ready().is_err());
}

#[test]
fn the_first_reply_to_a_call_stays() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(directory.path()).unwrap();
    let call = Call {
        model: "m".into(),
        messages: vec![Message::new(Role::User, "2+2?")],
        sampling: sampling(),
    };
    let reply = |text: &str| Reply {
        text: text.into(),
        finished: true,
        prompt_tokens: 4,
        completion_tokens: 1,
        seconds: 0.1,
    };
    assert_eq!(store.reply(&call.key()).unwrap(), None);
    assert_eq!(store.keep_reply(&call, reply("4")).unwrap(), reply("4"));
    assert_eq!(store.keep_reply(&call, reply("5")).unwrap(), reply("4"));
    drop(store);
    let store = Store::open(directory.path()).unwrap();
    assert_eq!(store.reply(&call.key()).unwrap(), Some(reply("4")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// The counts kept beside the samples are those of the samples.
    #[test]
    fn the_funnel_is_that_of_the_samples(ends in prop::collection::vec(0u8..4, 0..12)) {
        let directory = TempDir::new().unwrap();
        let store = Store::open(directory.path()).unwrap();
        store.create_request(&request(), 0, &spec(), None).unwrap();
        let items: Vec<_> =
            (0..12).map(|n| PlannedItem { job: n % 2, seed: seed(&n.to_string()) }).collect();
        store.plan(&request(), 2, &items).unwrap();
        let empty = Funnel { planned: 6, pending: 6, ..Funnel::default() };
        let mut expected = [empty.clone(), empty];
        for (item, end) in ends.iter().enumerate() {
            let settled = match end {
                0 => Settled::Accepted,
                1 => Settled::Rejected("wrong".into()),
                2 => Settled::Rejected("unparseable".into()),
                _ => Settled::Failed("model".into()),
            };
            let fingerprint = item.to_string();
            let item = u32::try_from(item).unwrap();
            store.settle(&sample(item, settled.clone()), item % 2, Some(&fingerprint)).unwrap();
            let funnel = &mut expected[item as usize % 2];
            funnel.pending -= 1;
            match settled {
                Settled::Accepted => funnel.accepted += 1,
                Settled::Rejected(reason) => *funnel.rejected.entry(reason).or_default() += 1,
                Settled::Failed(reason) => *funnel.failed.entry(reason).or_default() += 1,
            }
        }
        prop_assert_eq!(store.funnels(&request()).unwrap(), expected);
    }
}
