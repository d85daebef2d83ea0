//! Ways in: what there is, how they are called, and how they come and go.

mod edit;

pub(crate) use edit::{add_passkey, name_way, new_sheet, passkey_proof, remove, replace_code, request};

use crystallum_core::{
    Opener, Overview, RecordId, Scope, Secret, SignInMethodOverview, SlotId, VaultKeys, Wrap,
};
use crystallum_messages::{Failure, MAX_WAY_NAME, Way, WayId, WayKind};

use crate::convert;
use crate::objects::{Part, Parts};
use crate::ports::{Entropy, Ports};
use crate::records::seal_overview;
use crate::vault::{OpenVault, context, slots};
use crate::write::{self, Plan};

/// Every way in, passkeys first, oldest first.
pub(crate) fn list(vault: &OpenVault) -> Vec<Way> {
    let mut ways: Vec<Way> = slots(&vault.state, &vault.objects, Scope::Root)
        .map(|(slot, wrap)| {
            let named = named(vault, slot).map(|(_, way)| way);
            let kind = kind(wrap);
            Way {
                id: WayId(*slot.as_bytes()),
                kind,
                name: named.map_or_else(String::new, |way| way.name.clone()),
                created: named.map_or(0, |way| way.created),
                counts: counts(kind, named),
                used_now: slot == vault.opened_by,
            }
        })
        .collect();
    ways.sort_by_key(|way| (way.kind == WayKind::Sheet, way.created, way.id));
    ways
}

/// How many ways in count: losing all but one of them loses nothing.
pub(crate) fn counting(vault: &OpenVault) -> u8 {
    let ways = slots(&vault.state, &vault.objects, Scope::Root);
    let counting = ways.filter(|(slot, wrap)| counts(kind(wrap), named(vault, *slot).map(|(_, way)| way)));
    u8::try_from(counting.count()).unwrap_or(u8::MAX)
}

/// A code that nobody has shown to have written down is no way in.
fn counts(kind: WayKind, named: Option<&SignInMethodOverview>) -> bool {
    kind == WayKind::Passkey || named.is_some_and(|way| way.confirmed > 0)
}

fn kind(wrap: &Wrap) -> WayKind {
    match wrap.opener() {
        Opener::Passkey { .. } => WayKind::Passkey,
        Opener::RecoveryCode { .. } => WayKind::Sheet,
    }
}

/// The record that names a way in.
fn named(vault: &OpenVault, slot: SlotId) -> Option<(RecordId, &SignInMethodOverview)> {
    vault.catalogue.ways.iter().find(|(_, way)| way.slot == slot).map(|(id, way)| (*id, way))
}

/// Names a way in.
pub(crate) async fn rename<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: WayId,
    name: &str,
) -> Result<(), Failure> {
    let name = way_name(name)?;
    let slot = SlotId::new(id.0);
    vault.state.keyslot(slot).ok_or(Failure::NoSuchRecord)?;
    match named(vault, slot).map(|(record, _)| record) {
        Some(record) => change(ports, vault, record, |way| way.name = name).await,
        None => {
            // Passkeys of vaults that were made before ways had names.
            let reached = write::before(ports, vault).await?;
            let record = RecordId::random(ports.entropy());
            let way = SignInMethodOverview { slot, name, created: 0, confirmed: 0 };
            let parts = new_record(ports.entropy(), &vault.keys, record, way)?;
            write::write(ports, vault, reached, Plan { record, parts: Some(parts) }).await.map(drop)
        }
    }
}

/// Changes what is written down about a way in.
pub(crate) async fn change<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    record: RecordId,
    change: impl FnOnce(&mut SignInMethodOverview),
) -> Result<(), Failure> {
    let reached = write::before(ports, vault).await?;
    let old = vault.parts(record).ok_or(Failure::NoSuchRecord)?.clone();
    let Ok(Overview::SignInMethod(mut way)) = vault.open_overview(record, &old) else {
        return Err(Failure::NoSuchRecord);
    };
    change(&mut way);
    let version = old.overview.version.checked_add(1).ok_or(Failure::Confused)?;
    let overview = seal_overview(ports.entropy(), vault, record, version, &Overview::SignInMethod(way))?;
    let parts = Parts { overview, secret: old.secret };
    write::write(ports, vault, reached, Plan { record, parts: Some(parts) }).await.map(drop)
}

/// The parts of a new way's record.
pub(crate) fn new_record(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    record: RecordId,
    way: SignInMethodOverview,
) -> Result<Parts, Failure> {
    let overview = keys.seal_overview(context(record, 1), &Overview::SignInMethod(way), entropy);
    let secret = keys.seal_secret(context(record, 1), &Secret::SignInMethod, entropy);
    let part = |blob| Part { version: 1, blob };
    Ok(Parts {
        overview: part(overview.map_err(|_| Failure::NameRejected)?),
        secret: part(secret.map_err(|_| Failure::Confused)?),
    })
}

/// At most 64 characters, none of them a control character; may be empty.
pub(crate) fn way_name(text: &str) -> Result<String, Failure> {
    convert::line(text, MAX_WAY_NAME).ok_or(Failure::NameRejected)
}

/// The slot behind a way, which must be live.
pub(crate) fn opener(vault: &OpenVault, id: WayId) -> Result<(SlotId, Wrap), Failure> {
    let slot = SlotId::new(id.0);
    let found = slots(&vault.state, &vault.objects, Scope::Root).find(|(live, _)| *live == slot);
    found.map(|(slot, wrap)| (slot, wrap.clone())).ok_or(Failure::NoSuchRecord)
}
