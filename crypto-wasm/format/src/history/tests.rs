use proptest::prelude::*;

use super::*;

/// The definition of RFC 9162, section 2.1.1, over whole lists.
fn merkle_tree_hash(heads: &[[u8; 32]]) -> [u8; 32] {
    match heads {
        [] => Sha256::digest([]).into(),
        [head] => Sha256::digest([[0].as_slice(), head].concat()).into(),
        _ => {
            let mut split = 1;
            while split * 2 < heads.len() {
                split *= 2;
            }
            let (left, right) = heads.split_at(split);
            Sha256::digest([[1].as_slice(), &merkle_tree_hash(left), &merkle_tree_hash(right)].concat())
                .into()
        }
    }
}

fn head(number: u64) -> [u8; 32] {
    Sha256::digest(number.to_be_bytes()).into()
}

#[test]
fn the_root_is_the_one_of_the_rfc_at_every_length() {
    let heads: Vec<_> = (0..130).map(head).collect();
    let mut history = History::default();
    for length in 0..heads.len() {
        assert_eq!(history.root(), merkle_tree_hash(&heads[..length]), "{length} heads");
        assert_eq!(history.len(), u64::try_from(length).unwrap());
        assert_eq!(History::from_bytes(&history.to_bytes()), Ok(history.clone()));
        history.push(&heads[length]);
    }
}

#[test]
fn an_edge_with_another_number_of_hashes_is_malformed() {
    let mut history = History::default();
    (0..5).for_each(|number| history.push(&head(number)));
    let bytes = history.to_bytes();
    assert_eq!(bytes.len(), 8 + 2 * 32);
    for wrong in [&bytes[..7], &bytes[..8], &bytes[..40], &bytes[..71], &[bytes.as_slice(), &[0]].concat()] {
        assert_eq!(History::from_bytes(wrong), Err(Malformed), "{} bytes", wrong.len());
    }
    assert_eq!(History::from_bytes(&[bytes.as_slice(), &[0; 32]].concat()), Err(Malformed));
}

proptest! {
    #[test]
    fn any_other_order_has_another_root(heads in prop::collection::vec(any::<[u8; 32]>(), 2..40), at in any::<prop::sample::Index>()) {
        let at = at.index(heads.len() - 1);
        prop_assume!(heads[at] != heads[at + 1]);
        let root = |heads: &[[u8; 32]]| {
            let mut history = History::default();
            heads.iter().for_each(|head| history.push(head));
            history.root()
        };
        let mut swapped = heads.clone();
        swapped.swap(at, at + 1);
        prop_assert_ne!(root(&swapped), root(&heads));
        prop_assert_ne!(root(&heads[..at]), root(&heads));
    }
}
