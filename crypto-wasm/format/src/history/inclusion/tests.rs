use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::super::History;
use super::*;

fn head(counter: u64) -> [u8; 32] {
    Sha256::digest(counter.to_be_bytes()).into()
}

/// A log of some heads, and the roots of its complete subtrees by the counter at which they end.
fn log(len: u64) -> (History, BTreeMap<u64, Vec<[u8; 32]>>) {
    let mut history = History::default();
    let subtrees = (1..=len).map(|counter| (counter, history.push_with_subtrees(&head(counter)))).collect();
    (history, subtrees)
}

fn prove(counter: u64, len: u64, kept: &BTreeMap<u64, Vec<[u8; 32]>>) -> Vec<[u8; 32]> {
    let hashes = proof_subtrees(counter, len).unwrap().into_iter().map(|subtrees| {
        let roots: Vec<_> = subtrees
            .into_iter()
            .map(|Subtree { level, last }| kept[&last][usize::try_from(level).unwrap()])
            .collect();
        proof_hash(&roots).unwrap()
    });
    hashes.collect()
}

#[test]
fn every_head_is_proved_at_every_length_and_nothing_else_is() {
    let (_, kept) = log(70);
    for len in 1..=70 {
        let (history, _) = log(len);
        for counter in 1..=len {
            let proof = prove(counter, len, &kept);
            let shows = |counter, head: [u8; 32], proof: &[[u8; 32]]| {
                is_included(counter, &head, len, &history.root(), proof)
            };
            assert!(shows(counter, head(counter), &proof), "{counter} of {len}");
            assert!(!shows(counter, head(counter + 1), &proof), "another head");
            for other in (0..=len + 1).filter(|other| *other != counter) {
                assert!(!shows(other, head(counter), &proof), "{counter} as {other} of {len}");
            }
            assert!(
                !shows(counter, head(counter), &[proof.as_slice(), &[[0; 32]]].concat()),
                "one hash more"
            );
            if let Some((_, shorter)) = proof.split_last() {
                assert!(!shows(counter, head(counter), shorter), "one hash less");
            }
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at][0] ^= 1;
                assert!(!shows(counter, head(counter), &changed), "a changed hash");
            }
        }
        assert_eq!(proof_subtrees(0, len), None);
        assert_eq!(proof_subtrees(len + 1, len), None);
    }
}

#[test]
fn a_proof_reads_few_subtrees_of_a_long_log() {
    for counter in [1, 2, 77_777, 99_999, 100_000] {
        let subtrees: usize = proof_subtrees(counter, 100_000).unwrap().iter().map(Vec::len).sum();
        assert!(subtrees <= 2 * 17, "{subtrees} for {counter}");
    }
    assert!(proof_subtrees(u64::MAX, u64::MAX).is_some_and(|proof| proof.len() <= 64));
}
