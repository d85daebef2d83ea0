//! Creates records, in the types of the tree and of the wire.

use crystallum_api::{Id, Part};
use crystallum_core::{
    Blob, Change, Entropy, Environment, Exchange, KeyOverview, KeySecret, Overview, RecordContext, RecordId,
    RecordLeaf, Secret, Tags, VaultKeys, blob_hash,
};

/// The time in every head and record. Devices display it and never trust it.
pub(super) const TIME: u64 = 1_800_000_000_000;

const EXCHANGES: [Exchange; 4] = [Exchange::Binance, Exchange::Kraken, Exchange::Okx, Exchange::Bybit];
const PURPOSES: [&str; 5] = ["trading", "savings", "grid bot", "tax report", "read only"];

/// A change in the types of the tree and of the wire.
pub(super) struct DualChange {
    pub(super) core: Change,
    pub(super) wire: crystallum_api::Change,
}

/// Splits changes into those for the tree and those for the wire.
pub(super) fn split(changes: Vec<DualChange>) -> (Vec<Change>, Vec<crystallum_api::Change>) {
    changes.into_iter().map(|change| (change.core, change.wire)).unzip()
}

/// Creates the record with the vault's name.
pub(super) fn profile(keys: &VaultKeys, entropy: &mut impl Entropy) -> DualChange {
    let id = RecordId::new(*keys.vault().as_bytes());
    record(keys, id, (&Overview::Profile { name: "Bench".to_owned() }, &no_roots()), 1, entropy)
}

/// Creates the next version of the overview with the vault's name.
pub(super) fn renamed_profile(
    keys: &VaultKeys,
    before: &RecordLeaf,
    entropy: &mut impl Entropy,
) -> DualChange {
    let id = RecordId::new(*keys.vault().as_bytes());
    let version = before.overview_version + 1;
    let context = RecordContext { record: id, version, environment: Environment::Real };
    let overview = Overview::Profile { name: format!("Bench {version}") };
    let overview = keys.seal_overview(context, &overview, entropy).expect("within the format's limits");
    let hash = blob_hash(overview.as_bytes());
    let leaf = RecordLeaf { overview_version: version, overview_hash: hash, ..*before };
    let part = Part { version, hash: hash.as_slice().into(), blob: Some(overview.as_bytes().into()) };
    DualChange {
        core: Change::Record(id, leaf),
        wire: crystallum_api::Change::Record { id: Id(*id.as_bytes()), overview: Some(part), secret: None },
    }
}

/// Creates a record whose overview was sealed as its second version and is stored as its first.
pub(super) fn unreadable(keys: &VaultKeys, entropy: &mut impl Entropy) -> DualChange {
    let id = RecordId::random(entropy);
    record(keys, id, (&Overview::Profile { name: "Bench".to_owned() }, &no_roots()), 2, entropy)
}

/// Creates an exchange key with a label that is unique to the number.
pub(super) fn key(keys: &VaultKeys, number: u32, entropy: &mut impl Entropy) -> DualChange {
    let at = |count: u32| usize::try_from(number % count).expect("a small number");
    let overview = KeyOverview {
        exchange: EXCHANGES[at(4)].into(),
        label: format!("Account {number:05} {}", PURPOSES[at(5)]),
        masked: "vmPU…EhA8".to_owned(),
        note: "on the small machine".to_owned(),
        created: TIME,
        updated: TIME,
        has_passphrase: false,
        deleted: None,
        favourite: false,
        tags: Tags::default(),
        copy_of: None,
    };
    let text = |number: u32| format!("{number:064}").into();
    let secret = KeySecret {
        api_key: text(number),
        api_secret: text(number + 1),
        passphrase: None,
        earlier: Vec::new(),
    };
    let id = RecordId::random(entropy);
    record(keys, id, (&Overview::Key(overview), &Secret::Key(secret)), 1, entropy)
}

fn no_roots() -> Secret {
    Secret::Profile { earlier_roots: Vec::new() }
}

fn record(
    keys: &VaultKeys,
    id: RecordId,
    (overview, secret): (&Overview, &Secret),
    overview_version: u64,
    entropy: &mut impl Entropy,
) -> DualChange {
    let place = |version| RecordContext { record: id, version, environment: Environment::Real };
    let overview =
        keys.seal_overview(place(overview_version), overview, entropy).expect("within the format's limits");
    let secret = keys.seal_secret(place(1), secret, entropy).expect("within the format's limits");
    let leaf = RecordLeaf {
        overview_version: 1,
        overview_hash: blob_hash(overview.as_bytes()),
        secret_version: 1,
        secret_hash: blob_hash(secret.as_bytes()),
    };
    let part = |blob: &Blob, hash: &[u8; 32]| {
        Some(Part { version: 1, hash: hash.as_slice().into(), blob: Some(blob.as_bytes().into()) })
    };
    DualChange {
        core: Change::Record(id, leaf),
        wire: crystallum_api::Change::Record {
            id: Id(*id.as_bytes()),
            overview: part(&overview, &leaf.overview_hash),
            secret: part(&secret, &leaf.secret_hash),
        },
    }
}
