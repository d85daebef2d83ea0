//! Chains in which a wallet's key is dealt, reshared and deleted.

use super::chain::check;
use super::chain_cases::{Chain, input};
use super::{Case, File, good, hostile};
use crate::tests::support::{
    DEVICE, RECORD, ROOT_SLOT, SECOND_DEVICE, SET, WALLET, dealing, device_leaf, forged, record_leaf,
    share_id, share_leaf, sign, slot_leaf, store,
};
use crate::{
    Change, KeyslotLeaf, MethodId, Op, RecordId, RecordLeaf, Scope, ShareId, ShareLeaf, ShareSetId, SlotId,
};

pub(super) const FILE: File = File { name: "wallet_chain", section: "7", check, cases };

const OTHER: RecordId = RecordId::new([0x44; 16]);
const OTHER_SET: ShareSetId = ShareSetId::new([0x52; 16]);

fn record(overview: u64, secret: u64) -> Change {
    Change::Record(WALLET, record_leaf(overview, secret))
}

fn gone(epoch: u32, n: u8) -> Vec<Change> {
    (1..=n).map(|index| Change::ShareRemoved(share_id(epoch, index))).collect()
}

fn with(record: Change, shares: &[&[Change]]) -> Vec<Change> {
    [&[record], shares.concat().as_slice()].concat()
}

/// Returns a share of the second wallet, 2 of 3, with one thing changed.
fn theirs(index: u8, edit: fn(&mut ShareLeaf)) -> Change {
    let mut leaf = ShareLeaf { record: OTHER, set: OTHER_SET, ..share_leaf(1, 2, 3, index) };
    edit(&mut leaf);
    Change::Share(ShareId::new([0xc0 + index; 16]), leaf)
}

fn wallet(chain: Chain, changes: &[Change]) -> Chain {
    chain.and(Op::Wallet, DEVICE, 0x21, changes)
}

fn cases() -> Vec<Case> {
    let begun = Chain::begin().and(Op::Write, DEVICE, 0x21, &[Change::Record(RECORD, record_leaf(1, 1))]);
    let split = wallet(begun.clone(), &with(record(1, 1), &[&dealing(1, 2, 3)]));
    let new = Change::Record(OTHER, record_leaf(1, 1));
    let second = [1, 2, 3].map(|index| theirs(index, |_| ()));
    let both = wallet(split.clone(), &with(new, &[&second]));
    let refreshed = wallet(both.clone(), &with(record(2, 2), &[&gone(1, 3), &dealing(2, 3, 5)]));
    let whole = refreshed
        .clone()
        .and(Op::Write, DEVICE, 0x21, &[record(3, 2)])
        .and(Op::Wallet, DEVICE, 0x21, &with(record(4, 3), &[&gone(2, 5), &dealing(3, 2, 2)]))
        .and(Op::Wallet, DEVICE, 0x21, &with(Change::Tombstone(WALLET, 5), &[&gone(3, 2)]));
    let skipped = wallet(both.clone(), &with(record(2, 2), &[&gone(1, 3), &dealing(7, 2, 3)]));
    // The set of a removed wallet has no live share, so that another record may use it.
    let set_again = wallet(split.clone(), &with(Change::Tombstone(WALLET, 2), &[&gone(1, 3)]));
    let set_again =
        wallet(set_again, &with(new, &[&[1, 2, 3].map(|index| theirs(index, |leaf| leaf.set = SET))]));
    let largest = wallet(begun, &with(record(1, 1), &[&dealing(1, 16, 16)]));
    let mut all = vec![
        good("split", "a wallet, 2 of 3", input(&split.steps)),
        good("both", "two wallets", input(&both.steps)),
        good("refreshed", "3 of 5 after 2 of 3", input(&refreshed.steps)),
        good("refreshed, hashes stay", "both versions go up, and the blobs are the same", {
            let same = RecordLeaf { overview_version: 2, secret_version: 2, ..record_leaf(1, 1) };
            let changes = with(Change::Record(WALLET, same), &[&gone(1, 3), &dealing(2, 3, 5)]);
            input(&wallet(both.clone(), &changes).steps)
        }),
        good("whole", "refreshed, renamed, refreshed again, removed", input(&whole.steps)),
        good("an epoch skipped", "7 after 1: a dealing that was begun and given up", input(&skipped.steps)),
        good("a set again", "that of a removed wallet", input(&set_again.steps)),
        good("largest", "16 of 16", input(&largest.steps)),
    ];
    all.extend(splits(&split, new, &second));
    all.extend(refreshes(&both, &refreshed));
    all.extend(removals(&split, &both, &whole));
    all.extend(parted(&refreshed));
    all
}

/// A wallet's secret changes, and the wallet goes, only together with its shares.
fn parted(refreshed: &Chain) -> Vec<Case> {
    let slots = [(0x81, Scope::Root), (0x82, Scope::Cold)].map(|(slot, scope)| {
        let leaf = KeyslotLeaf { method: MethodId::new([0x81; 16]), ..slot_leaf(scope) };
        Change::Keyslot(SlotId::new([slot; 16]), leaf)
    });
    let from = |name, comment, op, changes: &[Change]| {
        hostile(name, "whole", comment, refreshed.forge(op, DEVICE, 0x21, changes))
    };
    let tombstone = Change::Tombstone(WALLET, 3);
    vec![
        from("deleted by a write", "its shares stay", Op::Write, &[tombstone]),
        from("a new secret by a write", "its shares stay", Op::Write, &[record(2, 3)]),
        from("both parts by a write", "its shares stay", Op::Write, &[record(3, 3)]),
        from("deleted beside a method", "its shares stay", Op::SignInMethods, &with(tombstone, &[&slots])),
        from(
            "a new secret beside a method",
            "its shares stay",
            Op::SignInMethods,
            &with(record(2, 3), &[&slots]),
        ),
    ]
}

fn splits(split: &Chain, new: Change, good: &[Change; 3]) -> Vec<Case> {
    let from = |name, comment, changes: &[Change]| {
        hostile(name, "both", comment, split.forge(Op::Wallet, DEVICE, 0x21, changes))
    };
    let but = |share: Change| with(new, &[&good[..2], &[share]]);
    let every = |edit: fn(&mut ShareLeaf)| with(new, &[&[theirs(1, edit), theirs(2, edit), theirs(3, edit)]]);
    let beside = |change: Change| with(new, &[good, &[change]]);
    let sixteen: Vec<Change> = (1..=17)
        .map(|index| {
            let leaf = ShareLeaf { record: OTHER, set: OTHER_SET, n: 17, ..share_leaf(1, 2, 17, index) };
            Change::Share(ShareId::new([0xc0 + index; 16]), leaf)
        })
        .collect();
    vec![
        from("nothing", "no change", &[]),
        from("a record alone", "no share", &[new]),
        from("shares alone", "no record", good),
        from("two records", "a record beside", &beside(Change::Record(RECORD, record_leaf(2, 1)))),
        from("a share too few", "two of three", &with(new, &[&good[..2]])),
        from("a share too many", "four of three", &beside(theirs(4, |_| ()))),
        from("an index twice", "2 for 3", &but(theirs(3, |leaf| leaf.index = 2))),
        from("index 0", "0 for 3", &but(theirs(3, |leaf| leaf.index = 0))),
        from("an index above n", "4 for 3", &but(theirs(3, |leaf| leaf.index = 4))),
        from("a store twice", "the second share's", &but(theirs(3, |leaf| leaf.store = store(2)))),
        from("another record among them", "the third share's", &but(theirs(3, |leaf| leaf.record = WALLET))),
        from("shares of another wallet's record", "all of them", &every(|leaf| leaf.record = WALLET)),
        from("shares of no record", "all of them", &every(|leaf| leaf.record = RecordId::new([0x45; 16]))),
        from(
            "another set among them",
            "the third share's",
            &but(theirs(3, |leaf| leaf.set = ShareSetId::new([0x53; 16]))),
        ),
        from("another epoch among them", "the third share's", &but(theirs(3, |leaf| leaf.epoch = 2))),
        from("another threshold among them", "the third share's", &but(theirs(3, |leaf| leaf.k = 3))),
        from("another count among them", "the third share's", &but(theirs(3, |leaf| leaf.n = 4))),
        from("epoch 0", "of all shares", &every(|leaf| leaf.epoch = 0)),
        from("epoch 2", "of all shares", &every(|leaf| leaf.epoch = 2)),
        from("threshold 0", "of all shares", &every(|leaf| leaf.k = 0)),
        from("threshold 1", "of all shares", &every(|leaf| leaf.k = 1)),
        from("threshold above n", "of all shares", &every(|leaf| leaf.k = 4)),
        from("seventeen shares", "2 of 17", &with(new, &[&sixteen])),
        from(
            "the set of another wallet",
            "of all shares",
            &every(|leaf| leaf.set = ShareSetId::new([0x51; 16])),
        ),
        from(
            "a live share replaced",
            "its id",
            &but(Change::Share(
                share_id(1, 3),
                ShareLeaf { record: OTHER, set: OTHER_SET, ..share_leaf(1, 2, 3, 3) },
            )),
        ),
        from("a share twice", "the first", &beside(good[0])),
        from("another wallet's share away", "beside", &beside(Change::ShareRemoved(share_id(1, 1)))),
        from("a record that is there", "the first wallet's", &with(record(2, 2), &[good])),
        from(
            "a new record at version 2",
            "its overview",
            &with(Change::Record(OTHER, record_leaf(2, 1)), &[good]),
        ),
        from("a deletion with new shares", "a tombstone", &with(Change::Tombstone(RECORD, 2), &[good])),
        from(
            "a keyslot beside",
            "added",
            &beside(Change::Keyslot(SlotId::new([9; 16]), slot_leaf(Scope::Root))),
        ),
        from("a keyslot away beside", "removed", &beside(Change::KeyslotRemoved(ROOT_SLOT))),
        from("a device beside", "added", &beside(Change::Device(SECOND_DEVICE, device_leaf(0x22)))),
        hostile(
            "split named write",
            "both",
            "the operation",
            split.forge(Op::Write, DEVICE, 0x21, &with(new, &[good])),
        ),
        hostile(
            "split named methods",
            "both",
            "the operation",
            split.forge(Op::SignInMethods, DEVICE, 0x21, &with(new, &[good])),
        ),
        hostile(
            "split named devices",
            "both",
            "the operation",
            split.forge(Op::Devices, DEVICE, 0x21, &with(new, &[good])),
        ),
        hostile(
            "split by no device",
            "both",
            "a writer that is no device",
            split.forge(Op::Wallet, SECOND_DEVICE, 0x22, &with(new, &[good])),
        ),
    ]
}

fn refreshes(both: &Chain, refreshed: &Chain) -> Vec<Case> {
    let from = |name, comment, changes: &[Change]| {
        hostile(name, "refreshed", comment, both.forge(Op::Wallet, DEVICE, 0x21, changes))
    };
    let (next, old) = (dealing(2, 3, 5), gone(1, 3));
    let theirs_gone: Vec<Change> =
        (1..=3).map(|index| Change::ShareRemoved(ShareId::new([0xc0 + index; 16]))).collect();
    let of_record = |record: RecordId| -> Vec<Change> {
        (1..=5)
            .map(|index| {
                Change::Share(share_id(2, index), ShareLeaf { record, ..share_leaf(2, 3, 5, index) })
            })
            .collect()
    };
    let of_set = |set: ShareSetId| -> Vec<Change> {
        (1..=5)
            .map(|index| Change::Share(share_id(2, index), ShareLeaf { set, ..share_leaf(2, 3, 5, index) }))
            .collect()
    };
    vec![
        from("an old share stays", "one is not removed", &with(record(2, 2), &[&old[..2], &next])),
        from("no old share goes", "none is removed", &with(record(2, 2), &[&next])),
        from("no new share", "none is added", &with(record(2, 2), &[&old])),
        from("a new share too few", "four of five", &with(record(2, 2), &[&old, &next[..4]])),
        from(
            "the same epoch",
            "1 after 1",
            &with(
                record(2, 2),
                &[&old, &{
                    let shares: Vec<Change> = (1..=3)
                        .map(|index| Change::Share(share_id(9, index), share_leaf(1, 2, 3, index)))
                        .collect();
                    shares
                }],
            ),
        ),
        from("old ids again", "removed and added", &with(record(2, 2), &[&old, &dealing(1, 2, 3)])),
        from("the overview stays", "the secret alone goes up", &with(record(1, 2), &[&old, &next])),
        from("the secret stays", "the overview alone goes up", &with(record(2, 1), &[&old, &next])),
        from("the record stays", "neither part goes up", &with(record(1, 1), &[&old, &next])),
        from("the record skips", "3 after 1", &with(record(3, 2), &[&old, &next])),
        from(
            "the record is another wallet's",
            "a new one",
            &with(Change::Record(RecordId::new([0x45; 16]), record_leaf(1, 1)), &[&old, &next]),
        ),
        from(
            "beside an exchange key's record",
            "a wallet's shares are replaced beside another record",
            &with(Change::Record(RECORD, record_leaf(2, 2)), &[&old, &next]),
        ),
        from(
            "for an exchange key's record",
            "the new shares name it too",
            &with(Change::Record(RECORD, record_leaf(2, 2)), &[&old, &of_record(RECORD)]),
        ),
        from(
            "the new ones are another record's",
            "their record",
            &with(record(2, 2), &[&old, &of_record(OTHER)]),
        ),
        from("another wallet's shares go", "in their place", &with(record(2, 2), &[&theirs_gone, &next])),
        from("another wallet's shares go too", "beside", &with(record(2, 2), &[&old, &theirs_gone, &next])),
        from(
            "the new ones are another wallet's",
            "their set",
            &with(record(2, 2), &[&old, &of_set(OTHER_SET)]),
        ),
        from(
            "the new ones are of a new set",
            "their set",
            &with(record(2, 2), &[&old, &of_set(ShareSetId::new([0x53; 16]))]),
        ),
        from(
            "no such share away",
            "beside",
            &with(record(2, 2), &[&old, &[Change::ShareRemoved(ShareId::new([9; 16]))], &next]),
        ),
        hostile(
            "shares for a record without any",
            "refreshed",
            "a dealing for a known record",
            both.forge(
                Op::Wallet,
                DEVICE,
                0x21,
                &with(Change::Record(RECORD, record_leaf(2, 2)), &[&of_record(RECORD)]),
            ),
        ),
        hostile(
            "an epoch back",
            "refreshed",
            "1 after 2",
            refreshed.forge(Op::Wallet, DEVICE, 0x21, &with(record(3, 3), &[&gone(2, 5), &dealing(1, 2, 3)])),
        ),
        hostile(
            "a removed share away",
            "refreshed",
            "of epoch 1",
            refreshed.forge(Op::Wallet, DEVICE, 0x21, &with(record(3, 3), &[&gone(1, 3), &dealing(3, 2, 3)])),
        ),
        hostile("a swapped share", "refreshed", "another hash in the changes", {
            let changes = with(record(2, 2), &[&old, &next]);
            let head = sign(forged(&both.state, Op::Wallet, DEVICE, &changes), 0x21);
            let mut other = changes;
            if let Some(Change::Share(_, leaf)) = other.last_mut() {
                leaf.hash = [9; 32];
            }
            both.then(head, &other)
        }),
    ]
}

fn removals(split: &Chain, both: &Chain, whole: &Chain) -> Vec<Case> {
    let tombstone = Change::Tombstone(WALLET, 2);
    let from = |name, comment, changes: &[Change]| {
        hostile(name, "whole", comment, both.forge(Op::Wallet, DEVICE, 0x21, changes))
    };
    vec![
        from("removal, a share stays", "one is not removed", &with(tombstone, &[&gone(1, 2)])),
        from("removal, all shares stay", "the tombstone alone", &[tombstone]),
        from("removal, the record stays", "the shares alone", &gone(1, 3)),
        from("removal, the record is written", "both parts go up", &with(record(2, 2), &[&gone(1, 3)])),
        from(
            "removal, low tombstone",
            "the version that the record has",
            &with(Change::Tombstone(WALLET, 1), &[&gone(1, 3)]),
        ),
        from(
            "removal of no record",
            "an unknown record",
            &with(Change::Tombstone(RecordId::new([0x45; 16]), 2), &[&gone(1, 3)]),
        ),
        from(
            "removal beside another wallet's record",
            "its shares stay",
            &with(Change::Tombstone(OTHER, 2), &[&gone(1, 3)]),
        ),
        from(
            "removal beside an exchange key's record",
            "the wallet's record stays",
            &with(Change::Tombstone(RECORD, 2), &[&gone(1, 3)]),
        ),
        from(
            "removal, new shares come",
            "a next dealing beside",
            &with(tombstone, &[&gone(1, 3), &dealing(2, 2, 3)]),
        ),
        from("removal, a share twice", "the first", &with(tombstone, &[&gone(1, 3), &gone(1, 1)])),
        hostile(
            "a deleted wallet comes back",
            "whole",
            "at version 1",
            whole.forge(Op::Wallet, DEVICE, 0x21, &with(record(1, 1), &[&dealing(1, 2, 3)])),
        ),
        hostile(
            "a deleted wallet goes on",
            "whole",
            "with a next dealing",
            whole.forge(Op::Wallet, DEVICE, 0x21, &with(record(5, 4), &[&dealing(4, 2, 3)])),
        ),
        hostile(
            "removal named write",
            "whole",
            "the operation",
            split.forge(Op::Write, DEVICE, 0x21, &with(tombstone, &[&gone(1, 3)])),
        ),
    ]
}

#[test]
fn recorded() {
    FILE.run(8, 78);
}
