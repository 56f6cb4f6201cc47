use lehr_record::{
    Digest, Domain, Message, Outcome, RequestState, Role, Sample, SampleId, Seed, Settled, Verdict,
};
use lehr_store::PlannedItem;
use tempfile::TempDir;

use super::*;

fn request(name: &str) -> RequestId {
    RequestId::parse(name).unwrap()
}

fn seed() -> Seed {
    Seed { source: "test".into(), vars: serde_json::Map::new(), problem: None }
}

fn sample(request: &RequestId, item: u32) -> Sample {
    Sample {
        id: SampleId::of_item(request, item),
        request: request.clone(),
        item,
        domain: Domain::Math,
        kind: "cot".into(),
        recipe: "a".into(),
        recipe_digest: Digest::of_bytes(b"r"),
        model: "m".into(),
        seed_digest: seed().digest(),
        seed: seed(),
        problem: None,
        messages: vec![Message::new(Role::Assistant, format!("It is {item}."))],
        attempts: vec![],
        verdict: Verdict::new(Outcome::Correct, "it is"),
        pass_rate: None,
        contamination: None,
        settled: Settled::Accepted,
    }
}

fn planned(store: &Store, name: &str, items: u32) -> RequestId {
    let id = request(name);
    let spec = serde_json::from_str(r#"{"jobs":[{"recipe":"a","count":1}]}"#).unwrap();
    store.create_request(&id, 7, &spec, None).unwrap();
    let items: Vec<_> = (0..items).map(|_| PlannedItem { job: 0, seed: seed() }).collect();
    store.plan(&id, 1, &items).unwrap();
    id
}

fn settle(store: &Store, id: &RequestId, items: std::ops::Range<u32>) {
    for item in items {
        store.settle(&sample(id, item), 0, None).unwrap();
    }
}

fn found(catalogue: &Catalogue, text: &str) -> (u64, u64) {
    let query = SampleQuery { text: text.into(), limit: 1, ..SampleQuery::default() };
    let found = catalogue.search(&query).unwrap();
    (found.hits.total, found.behind)
}

#[test]
fn what_is_settled_is_found_and_found_once() {
    let (home, dir) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = Arc::new(Store::open(home.path()).unwrap());
    let (first, second) = (planned(&store, "req-a", 9), planned(&store, "req-b", 9));
    let open = || Catalogue::open(Arc::clone(&store), dir.path()).unwrap();
    let catalogue = open();
    assert_eq!(found(&catalogue, ""), (0, 0));
    settle(&store, &first, 0..3);
    settle(&store, &second, 0..2);
    assert_eq!(found(&catalogue, ""), (5, 0));
    settle(&store, &second, 2..9);
    store.set_state(&second, &RequestState::Completed, 8).unwrap();
    assert_eq!(found(&catalogue, "request:req-b"), (9, 0));
    drop(catalogue);

    // A restart goes on where it was, and a request that is over stays over.
    let catalogue = open();
    settle(&store, &first, 3..4);
    store.set_state(&first, &RequestState::Cancelled, 9).unwrap();
    assert_eq!(found(&catalogue, ""), (13, 0));
    assert_eq!(found(&catalogue, "request:req-a \"it is 3\""), (1, 0));
    assert_eq!(catalogue.mark.lock().unwrap().done, 2);
    assert!(catalogue.mark.lock().unwrap().open.is_empty());
}

#[test]
fn a_search_says_what_it_did_not_see() {
    let (home, dir) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = Arc::new(Store::open(home.path()).unwrap());
    let id = planned(&store, "req-a", BATCH + 10);
    settle(&store, &id, 0..BATCH + 10);
    let catalogue = Catalogue::open(Arc::clone(&store), dir.path()).unwrap();
    assert_eq!(found(&catalogue, ""), (u64::from(BATCH), 10));
    assert_eq!(found(&catalogue, ""), (u64::from(BATCH) + 10, 0));
}

#[test]
fn an_index_of_another_journal_is_made_anew() {
    let dir = TempDir::new().unwrap();
    for (name, items, over) in
        [("req-a", 3, true), ("req-b", 2, false), ("req-b", 1, false), ("req-c", 1, true)]
    {
        let home = TempDir::new().unwrap();
        let store = Arc::new(Store::open(home.path()).unwrap());
        let id = planned(&store, name, items);
        settle(&store, &id, 0..items);
        if over {
            store.set_state(&id, &RequestState::Completed, 8).unwrap();
        }
        let catalogue = Catalogue::open(store, dir.path()).unwrap();
        assert_eq!(found(&catalogue, ""), (u64::from(items), 0), "{name}");
        assert_eq!(found(&catalogue, &format!("request:{name}")), (u64::from(items), 0), "{name}");
    }
}
