//! Proofs that a head is part of the history of a later one.

use crystallum_api::{Bytes, Code, HeadProof};
use crystallum_format::head::{HeadBody, SignedHead};
use crystallum_format::history::inclusion::is_included;
use crystallum_test_support::Person;
use crystallum_test_support::commits::{new_record, overview, record};

use crate::fixture::Fixture;

fn body(head: &Bytes) -> HeadBody {
    *SignedHead::from_bytes(head.as_slice()).unwrap().body()
}

#[tokio::test]
async fn every_earlier_head_is_proved_and_no_other() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 10).await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key")]).await;
    for version in 2..=18 {
        person.write(&format!("edit {version}"), vec![record("key", overview("key", version), None)]).await;
    }
    let ask = async |counter: u64, of: u64| {
        person.browser.get(&format!("/api/history?counter={counter}&of={of}")).await
    };
    for of in 1..=19_u64 {
        let later = body(&person.heads[usize::try_from(of - 1).unwrap()]);
        for counter in 1..of {
            let earlier = body(&person.heads[usize::try_from(counter - 1).unwrap()]);
            let proof: HeadProof = ask(counter, of).await.json();
            let hashes: Vec<[u8; 32]> =
                proof.hashes.iter().map(|hash| hash.as_slice().try_into().unwrap()).collect();
            let shown = is_included(counter, &earlier.hash(), of - 1, &later.history, &hashes);
            assert!(shown, "{counter} of {of}");
        }
        assert_eq!(ask(of, of).await.code(), Code::NotFound, "a head is not part of its own history");
    }
    for (counter, of) in [(0, 5), (6, 5), (1, 20), (u64::MAX, u64::MAX), (1, u64::MAX), (1, 0)] {
        assert_eq!(ask(counter, of).await.code(), Code::NotFound, "{counter} of {of}");
    }
}
