use crystallum_core::{
    Blob, Change, DeviceId, Entropy, Exchange, KeyOverview, MethodId, Op, Root, SignInMethodOverview, Tags,
    VaultKeys, VaultState,
};
use crystallum_format::samples;

use super::*;
use crate::vault::catalogue::looked_at;
use crate::vault::change::{Commit, SignedWrite};
use crate::vault::objects::{Objects, Update};
use crate::vault::open_vault::opened;
use crate::vault::part::{Part, Parts, SecretPart};
use crate::vault::pending::Work;
use crate::vault::seal::seal_overview;

struct Counting(u64);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        self.0 += 1;
        out.iter_mut().zip(self.0.to_be_bytes().iter().cycle()).for_each(|(out, byte)| *out = *byte);
    }
}

const RECORDS: u16 = 500;

fn id(number: u16) -> RecordId {
    let [high, low] = number.to_be_bytes();
    let mut id = [7; 16];
    (id[0], id[1]) = (high, low);
    RecordId::new(id)
}

fn key(label: &str, deleted: Option<u64>) -> Overview {
    Overview::Key(KeyOverview {
        exchange: Exchange::Okx.into(),
        label: label.to_owned(),
        masked: String::new(),
        note: String::new(),
        created: 0,
        updated: 0,
        has_passphrase: false,
        deleted,
        favourite: false,
        tags: Tags::default(),
        copy_of: None,
    })
}

fn sealed(keys: &VaultKeys, id: RecordId, version: u64, overview: &Overview) -> Parts {
    let overview = seal_overview(&mut Counting(version), keys, id, version, overview);
    Parts { overview: overview.unwrap_or_else(|_| panic!("it is short")), secret: secret(1) }
}

fn secret(version: u64) -> SecretPart {
    SecretPart::Here(Part { version, blob: Blob::from_bytes(vec![1, 2, 3]) })
}

/// Returns a vault with that many exchange keys, of which nothing is listed yet.
fn vault() -> OpenVault {
    let (keys, signer) = Root::random(&mut Counting(0)).unlock(samples::VAULT, 1);
    let mut objects = Objects::default();
    for number in 0..RECORDS {
        let overview = key(&format!("Key {}", number.reverse_bits()), None);
        objects.records.insert(id(number), sealed(&keys, id(number), 1, &overview));
    }
    let mut state = samples::genesis();
    let changes: Vec<_> =
        objects.records.iter().map(|(id, parts)| Change::Record(*id, parts.leaf())).collect();
    advance(&mut state, &changes);
    let by = (DeviceId::new([1; 16]), MethodId::new([2; 16]));
    OpenVault::new(String::new(), (keys, signer), by, state, objects)
}

fn advance(state: &mut VaultState, changes: &[Change]) {
    let body = state.next_body(Op::Write, samples::DEVICE, changes, samples::TIME).expect("good changes");
    state.advance(samples::sign(body, 0x21), changes).expect("a good head");
}

fn pending(vault: &OpenVault, id: RecordId, parts: Option<Parts>) -> Pending {
    let head = *vault.state.head();
    let commit = Commit { id: [0; 16], expected_counter: 1, changes: Vec::new(), head };
    let signed = SignedWrite { commit, request: None };
    Pending { signed, work: Work::Record { id, parts }, is_promised: true }
}

type Lists = (Vec<(RecordId, String)>, Vec<RecordId>, Vec<RecordId>, Vec<(RecordId, PartUnreadable)>);

fn lists(vault: &OpenVault) -> Lists {
    let rows = vault.index.search("").map(|row| (row.id, row.overview.label.clone())).collect();
    let trash = vault.catalogue.trash.iter().map(|row| RecordId::new(row.id.0)).collect();
    let methods = vault.catalogue.methods.iter().map(|(id, _)| *id).collect();
    (rows, trash, methods, vault.catalogue.unreadable.clone())
}

/// Lists again, and asserts that the lists are those that would be made from nothing.
fn relist(vault: &mut OpenVault) -> usize {
    let opened = opened::during(|| vault.relist());
    let incremental = lists(vault);
    vault.objects.records.keys().for_each(|id| vault.unlisted.note(*id));
    vault.relist();
    assert!(incremental == lists(vault), "the lists are those that are made from nothing");
    opened
}

fn change(vault: &mut OpenVault, id: RecordId, parts: Option<Parts>) {
    let changed = match &parts {
        Some(parts) => Change::Record(id, parts.leaf()),
        None => Change::Tombstone(id, 99),
    };
    advance(&mut vault.state, &[changed]);
    vault.apply(Update { records: vec![(id, parts)], ..Update::default() });
}

#[test]
fn only_the_overviews_of_changed_records_are_opened() {
    let mut vault = vault();
    assert_eq!(relist(&mut vault), usize::from(RECORDS), "the first time");
    assert_eq!(relist(&mut vault), 0, "nothing has changed");

    let renamed = sealed(&vault.keys, id(3), 2, &key("A new name", None));
    change(&mut vault, id(3), Some(renamed));
    assert_eq!(relist(&mut vault), 1, "one was renamed");
    assert_eq!(vault.index.search("").next().expect("a row").id, id(3));

    let added = sealed(&vault.keys, id(RECORDS), 1, &key("One more", None));
    let trashed = sealed(&vault.keys, id(4), 2, &key("Old", Some(1)));
    let parts = [(4, Some(trashed)), (5, None), (RECORDS, Some(added))];
    parts.into_iter().for_each(|(number, parts)| change(&mut vault, id(number), parts));
    assert_eq!(relist(&mut vault), 2, "one was added, one moved to the trash, and one removed");
    assert_eq!(vault.index.len(), usize::from(RECORDS) - 1);

    let method = SignInMethodOverview {
        method: MethodId::new([2; 16]),
        name: "Laptop".to_owned(),
        created: 0,
        confirmed: 0,
    };
    let named = sealed(&vault.keys, id(2), 2, &Overview::SignInMethod(method));
    change(&mut vault, id(2), Some(named));
    change(&mut vault, id(4), None);
    assert_eq!(relist(&mut vault), 1, "another kind, and one out of the trash");
}

#[test]
fn a_pending_write_costs_its_record() {
    let mut vault = vault();
    relist(&mut vault);
    let confirmed = lists(&vault);

    let parts = sealed(&vault.keys, id(9), 2, &key("Pending", None));
    vault.pending = Some(pending(&vault, id(9), Some(parts.clone())));
    assert_eq!(relist(&mut vault), 1);
    assert_eq!(vault.index.get(id(9)).expect("a row").label, "Pending");

    // Another write takes its place, of another record.
    vault.pending = Some(pending(&vault, id(10), None));
    assert_eq!(relist(&mut vault), 1, "the one is shown as it was, the other one not at all");
    assert!(vault.index.get(id(10)).is_none());

    vault.pending = None;
    assert_eq!(relist(&mut vault), 1);
    assert!(lists(&vault) == confirmed);

    // A write is confirmed, and the next one is signed before anything is listed.
    change(&mut vault, id(9), Some(parts));
    let next = sealed(&vault.keys, id(11), 2, &key("Next", None));
    vault.pending = Some(pending(&vault, id(11), Some(next)));
    assert_eq!(relist(&mut vault), 2);
}

#[test]
fn a_record_with_an_unreadable_secret_is_listed_without_opening_it() {
    let mut vault = vault();
    relist(&mut vault);
    vault.mark_opaque(id(1), 1, PartUnreadable::NotUnderstood);
    assert_eq!(relist(&mut vault), 0);
    assert!(vault.catalogue.unreadable == [(id(1), PartUnreadable::NotUnderstood)]);
    let mut parts = sealed(&vault.keys, id(1), 2, &key("Written anew", None));
    parts.secret = secret(2);
    change(&mut vault, id(1), Some(parts));
    assert_eq!(relist(&mut vault), 1);
    assert!(vault.catalogue.unreadable.is_empty());
}

#[test]
fn the_profile_is_the_record_with_the_vaults_id_and_no_other_record_is_one() {
    let mut vault = vault();
    relist(&mut vault);
    let profile = || Overview::Profile { name: "Name".to_owned() };
    let place = RecordId::new(*samples::VAULT.as_bytes());
    for (number, record, overview) in [(2, place, key("In its place", None)), (2, id(7), profile())] {
        let mut parts = sealed(&vault.keys, record, number, &overview);
        parts.secret = secret(number);
        change(&mut vault, record, Some(parts));
        relist(&mut vault);
        assert!(vault.catalogue.unreadable.contains(&(record, PartUnreadable::NotUnderstood)));
        assert!(vault.index.get(record).is_none() && vault.name.is_empty());
    }
    let mut parts = sealed(&vault.keys, place, 3, &profile());
    parts.secret = secret(3);
    change(&mut vault, place, Some(parts));
    relist(&mut vault);
    assert!(vault.catalogue.unreadable == [(id(7), PartUnreadable::NotUnderstood)]);
    assert_eq!(vault.name, "Name");
}

/// Lists a vault as unlocking does. Returns how many overviews were opened one by one.
fn unlock_with(vault: &mut OpenVault, known: &OverviewSnapshot) -> (usize, usize) {
    let mut found = 0;
    let opened = opened::during(|| found = vault.relist_with(known));
    let with_snapshot = lists(vault);
    vault.objects.records.keys().for_each(|id| vault.unlisted.note(*id));
    vault.relist();
    assert!(with_snapshot == lists(vault), "the lists are those without a snapshot");
    (opened, found)
}

#[test]
fn unlocking_with_a_snapshot_opens_what_has_changed_since() {
    let mut before = vault();
    before.relist();
    let mut snapshot = OverviewSnapshot::default();
    assert_eq!(opened::during(|| snapshot = before.take_snapshot()), 0, "the list has them");
    let all = usize::from(RECORDS);
    assert_eq!(snapshot.len(), all);
    assert_eq!(unlock_with(&mut vault(), &snapshot), (0, all));

    // The next state: one renamed, one in the trash, one deleted, one added.
    let mut after = vault();
    let renamed = sealed(&after.keys, id(3), 2, &key("A new name", None));
    let trashed = sealed(&after.keys, id(4), 2, &key("Old", Some(1)));
    let added = sealed(&after.keys, id(RECORDS), 1, &key("One more", None));
    let parts = [(3, Some(renamed)), (4, Some(trashed)), (5, None), (RECORDS, Some(added))];
    parts.into_iter().for_each(|(number, parts)| change(&mut after, id(number), parts));
    assert_eq!(unlock_with(&mut after, &snapshot), (3, all - 3));
    assert_eq!(opened::during(|| snapshot = after.take_snapshot()), 1, "the one in the trash");
    assert_eq!(snapshot.len(), all);

    // An earlier state, as after a restored backup of the device.
    assert_eq!(unlock_with(&mut vault(), &snapshot), (3, all - 3));
}

#[test]
fn a_snapshot_says_nothing_of_a_record_with_a_pending_write() {
    let mut vault = vault();
    vault.relist();
    let snapshot = vault.take_snapshot();
    let mut vault = self::vault();
    let parts = sealed(&vault.keys, id(9), 2, &key("Pending", None));
    vault.pending = Some(pending(&vault, id(9), Some(parts)));
    assert_eq!(unlock_with(&mut vault, &snapshot), (1, usize::from(RECORDS) - 1));
    assert_eq!(vault.index.get(id(9)).expect("a row").label, "Pending");
    let confirmed = vault.take_snapshot();
    let leaf = *vault.state.record(id(9)).expect("a record");
    assert!(confirmed.overview(id(9), &leaf).is_some_and(|overview| overview != key("Pending", None)));
}

#[test]
fn a_deletion_makes_the_snapshot_due() {
    let mut vault = vault();
    vault.snapshot_due = false;
    let renamed = sealed(&vault.keys, id(3), 2, &key("A new name", None));
    change(&mut vault, id(3), Some(renamed));
    assert!(!vault.snapshot_due, "the next unlock opens one overview");
    change(&mut vault, id(3), None);
    assert!(vault.snapshot_due);
}

/// A vault of 20,000 records with half of them in the trash is listed while the user waits.
#[test]
fn listing_costs_no_more_for_what_is_in_the_trash() {
    let mut vault = vault();
    let all: Vec<RecordId> = vault.objects.records.keys().copied().collect();
    let change_all = |vault: &mut OpenVault, version, deleted: &[Option<u64>]| {
        let overviews = deleted.iter().cycle().map(|deleted| key("Old", *deleted));
        let parts =
            all.iter().zip(overviews).map(|(id, overview)| sealed(&vault.keys, *id, version, &overview));
        let parts: Vec<Parts> = parts.collect();
        let changes = all.iter().zip(&parts).map(|(id, parts)| Change::Record(*id, parts.leaf()));
        advance(&mut vault.state, &changes.collect::<Vec<_>>());
        let records = all.iter().copied().zip(parts.into_iter().map(Some)).collect();
        vault.apply(Update { records, ..Update::default() });
    };
    let records = usize::from(RECORDS);
    change_all(&mut vault, 2, &[None, Some(1)]);
    assert_eq!(looked_at::during(|| vault.relist()), 0, "nothing is listed yet");
    assert_eq!(vault.catalogue.trash.len(), records / 2);
    change_all(&mut vault, 3, &[Some(1)]);
    assert_eq!(looked_at::during(|| vault.relist()), records / 2);
    assert_eq!(vault.catalogue.trash.len(), records);
}
