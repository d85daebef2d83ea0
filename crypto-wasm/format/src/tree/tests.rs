use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::tests::config;

type Leaves = BTreeMap<[u8; 32], [u8; 32]>;

/// The definition of FORMAT.md: splits the set bit by bit.
fn naive(leaves: &[(&[u8; 32], &[u8; 32])], depth: usize) -> [u8; 32] {
    match leaves {
        [] => [0; 32],
        [(_, hash)] => **hash,
        _ => {
            let ones = |key: &[u8; 32]| (key[depth / 8] >> (7 - depth % 8)) & 1 == 1;
            let (right, left): (Vec<_>, Vec<_>) = leaves.iter().copied().partition(|(key, _)| ones(key));
            let mut input = vec![1];
            input.extend_from_slice(&naive(&left, depth + 1));
            input.extend_from_slice(&naive(&right, depth + 1));
            Sha256::digest(&input).into()
        }
    }
}

fn expected(leaves: &Leaves) -> [u8; 32] {
    naive(&leaves.iter().collect::<Vec<_>>(), 0)
}

fn built<'a>(leaves: impl IntoIterator<Item = (&'a [u8; 32], &'a [u8; 32])>) -> Tree {
    let mut tree = Tree::default();
    for (position, hash) in leaves {
        tree.insert(*position, *hash);
    }
    tree
}

/// Counts the branches below a node.
fn branches(node: &Node) -> u64 {
    match node {
        Node::Branch(branch) => 1 + branches(&branch.left) + branches(&branch.right),
        Node::Empty | Node::Leaf { .. } => 0,
    }
}

/// Positions that often share long prefixes, down to the last bit.
fn position() -> impl Strategy<Value = [u8; 32]> {
    prop_oneof![
        any::<[u8; 32]>(),
        (0_usize..256, any::<bool>()).prop_map(|(bit, base)| {
            let mut position = [if base { 0xff } else { 0 }; 32];
            position[bit / 8] ^= 0x80 >> (bit % 8);
            position
        }),
        (0_u8..4).prop_map(|last| {
            let mut position = [0x55; 32];
            position[31] = last;
            position
        }),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Insert([u8; 32], [u8; 32]),
    Remove([u8; 32]),
    RemoveNth(prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (position(), any::<[u8; 32]>()).prop_map(|(position, hash)| Step::Insert(position, hash)),
        1 => position().prop_map(Step::Remove),
        2 => any::<prop::sample::Index>().prop_map(Step::RemoveNth),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..config() })]

    #[test]
    fn equals_the_definition_whenever_it_is_asked_for(
        steps in prop::collection::vec((step(), any::<bool>()), 0..40),
    ) {
        let (mut tree, mut model) = (Tree::default(), Leaves::new());
        for (step, asked) in steps {
            match step {
                Step::Insert(position, hash) => {
                    tree.insert(position, hash);
                    model.insert(position, hash);
                }
                Step::Remove(position) => {
                    tree.remove(&position);
                    model.remove(&position);
                }
                Step::RemoveNth(index) => {
                    let Some(position) = (!model.is_empty()).then(|| *index.get(&model.keys().collect::<Vec<_>>())) else {
                        continue;
                    };
                    let position = *position;
                    tree.remove(&position);
                    model.remove(&position);
                }
            }
            if asked {
                prop_assert_eq!(tree.root(), expected(&model));
            }
            prop_assert_eq!(tree.leaves(), u64::try_from(model.len())?);
            prop_assert_eq!(tree.branches(), branches(&tree.root));
        }
        prop_assert_eq!(tree.root(), expected(&model));
    }

    #[test]
    fn the_order_does_not_matter(
        leaves in prop::collection::vec((position(), any::<[u8; 32]>()), 0..30),
        extra in prop::collection::vec((position(), any::<[u8; 32]>()), 0..10),
    ) {
        let model: Leaves = leaves.iter().copied().collect();
        let forward = built(&model);
        let mut detour = built(extra.iter().map(|(position, hash)| (position, hash)));
        for (position, hash) in model.iter().rev() {
            detour.insert(*position, *hash);
        }
        for (position, _) in extra.iter().filter(|(position, _)| !model.contains_key(position)) {
            detour.remove(position);
        }
        prop_assert_eq!(forward.root(), detour.root());
        prop_assert_eq!(forward.leaves(), detour.leaves());
    }

    #[test]
    fn another_set_has_another_root(
        leaves in prop::collection::btree_map(position(), any::<[u8; 32]>(), 1..20),
        at in any::<prop::sample::Index>(),
        bit in 0_usize..256,
    ) {
        let position = **at.get(&leaves.keys().collect::<Vec<_>>());
        let tree = built(&leaves);
        let mut changed = tree.clone();
        let mut hash = leaves[&position];
        hash[bit / 8] ^= 0x80 >> (bit % 8);
        changed.insert(position, hash);
        prop_assert_ne!(changed.root(), tree.root());
        changed.remove(&position);
        prop_assert_ne!(changed.root(), tree.root());
        changed.insert(position, leaves[&position]);
        prop_assert_eq!(changed.root(), tree.root());
    }
}

#[test]
fn empty_and_single_leaf() {
    let mut tree = Tree::default();
    assert_eq!((tree.root(), tree.leaves()), ([0; 32], 0));
    tree.remove(&[1; 32]);
    assert_eq!((tree.root(), tree.leaves()), ([0; 32], 0));
    tree.insert([1; 32], [2; 32]);
    assert_eq!((tree.root(), tree.leaves()), ([2; 32], 1));
    tree.insert([1; 32], [3; 32]);
    assert_eq!((tree.root(), tree.leaves()), ([3; 32], 1));
    tree.remove(&[0; 32]);
    assert_eq!((tree.root(), tree.leaves()), ([3; 32], 1));
    tree.remove(&[1; 32]);
    assert_eq!((tree.root(), tree.leaves()), ([0; 32], 0));
}

#[test]
fn two_leaves_that_differ_in_the_last_bit_stand_under_256_nodes() {
    let (left, right) = ([0; 32], {
        let mut right = [0; 32];
        right[31] = 1;
        right
    });
    let mut tree = built([(&left, &[7; 32]), (&right, &[8; 32])]);
    let node =
        |l: [u8; 32], r: [u8; 32]| -> [u8; 32] { Sha256::digest([[1].as_slice(), &l, &r].concat()).into() };
    let mut root = node([7; 32], [8; 32]);
    for _ in 0..255 {
        root = node(root, [0; 32]);
    }
    assert_eq!(tree.root(), root);
    // Without the other one, a leaf moves up to the root.
    tree.remove(&left);
    assert_eq!(tree.root(), [8; 32]);
}

#[test]
fn the_first_bit_is_the_most_significant() {
    let (low, high) = ([0x7f; 32], [0x80; 32]);
    let tree = built([(&low, &[7; 32]), (&high, &[8; 32])]);
    let root: [u8; 32] = Sha256::digest([[1].as_slice(), &[7; 32], &[8; 32]].concat()).into();
    assert_eq!(tree.root(), root);
}

#[test]
fn a_removed_leaf_leaves_no_trace() {
    let position = |number: u8| -> [u8; 32] { Sha256::digest([number]).into() };
    let mut expected = Tree::default();
    for number in 0..40 {
        expected.insert(position(number), [number; 32]);
    }
    let mut other = Tree::default();
    for number in (0..80).rev() {
        other.insert(position(number), [255; 32]);
    }
    for number in 40..80 {
        other.remove(&position(number));
        other.remove(&position(number));
    }
    assert_ne!(other.root(), expected.root());
    for number in 0..40 {
        other.insert(position(number), [number; 32]);
    }
    assert_eq!((other.root(), other.leaves()), (expected.root(), 40));
    for number in 0..40 {
        other.remove(&position(number));
    }
    assert_eq!((other.root(), other.leaves()), ([0; 32], 0));
}

/// Whoever keeps many trees counts on this.
#[test]
fn hashed_positions_give_about_one_and_a_half_branches_for_each_leaf() {
    let mut tree = Tree::default();
    for number in 0_u32..10_000 {
        tree.insert(Sha256::digest(number.to_be_bytes()).into(), [7; 32]);
    }
    assert!((14_000..15_000).contains(&tree.branches()), "{}", tree.branches());
}
