//! Changing the ways in: a passkey of the vault confirms it, the server verifies it, and the signed tree says the same to every device.

use crystallum_api as api;
use crystallum_core::{Op, Opener, RecordId, RecoveryCode, Scope, SignInMethodOverview, SlotId, Wrap};
use crystallum_messages::{Asserted, Failure, Touch, WayId, WayKind};

use super::{counting, counts, kind, named, new_record, opener, way_name};
use crate::ceremonies::{self, NewPasskey, Ready};
use crate::create;
use crate::objects::Parts;
use crate::ports::{Authenticator, Clock, Ports};
use crate::roots::{Keys, Roots, slots_of};
use crate::sheet::{self, FreshSheet, NamedSlot};
use crate::unlock;
use crate::vault::{OpenVault, passkeys, slots};
use crate::write::{self, Whole};

/// Adds a passkey: one of the vault confirms it and gives the roots, then the new one is made and gets them.
pub(crate) async fn add_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    (login, register): (Ready, Ready),
    name: &str,
) -> Result<(), Failure> {
    let name = way_name(name)?;
    write::ready(ports, vault).await?;
    let (asserted, roots) = confirm(ports, rp_id, vault, &login).await?;
    let new = NewPasskey {
        touch: Touch::NextPasskey,
        vault: vault.id(),
        name: &vault.name,
        exclude: passkeys(&vault.state, &vault.objects),
    };
    let registered = create::passkey(ports, rp_id, &register, new).await?;
    let outputs = create::outputs(ports, rp_id, &registered).await?;
    let keys = Keys::of_passkey(&outputs, rp_id, &registered.raw_id)?;
    let made = roots.wrap(&keys, vault.id(), vault.keys.epoch(), ports.entropy())?;
    drop(roots);

    write::ready(ports, vault).await?;
    let (_, named) = name_way(ports, vault, made.slot, name)?;
    let mut changes = Vec::from(made.changes);
    changes.push(named);
    let mut request = request(passkey_proof(&login, &asserted));
    let credential = ceremonies::registration(&registered);
    request.add_passkey = Some(api::NewPasskey { ceremony: register.ceremony, credential });
    write::whole(ports, vault, Whole { op: Op::SignInMethods, changes, ways: Some(request) }).await
}

/// Makes a recovery code in the place of the one before, if there was one.
pub(crate) async fn new_sheet<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    login: Ready,
) -> Result<(), Failure> {
    write::ready(ports, vault).await?;
    let (asserted, roots) = confirm(ports, rp_id, vault, &login).await?;
    write::ready(ports, vault).await?;
    let mut changes = Vec::new();
    let (code, of) = replace_code(ports, vault, &roots, &mut changes)?;
    drop(roots);
    let mut request = request(passkey_proof(&login, &asserted));
    request.set_recovery = Some(sheet::verifier(&code));
    // Kept before it is sent: if the answer is lost, the code is there to be shown as soon as its fate is known.
    let now = ports.clock().now();
    vault.sheet = Some(FreshSheet::new(ports.entropy(), code, of, now));
    write::whole(ports, vault, Whole { op: Op::SignInMethods, changes, ways: Some(request) }).await
}

/// Removes a way in, unless fewer than two that count would be left.
pub(crate) async fn remove<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    login: Ready,
    id: WayId,
) -> Result<(), Failure> {
    write::ready(ports, vault).await?;
    removable(vault, id)?;
    let allow = passkeys(&vault.state, &vault.objects);
    let options =
        ceremonies::without_prf(ceremonies::get_options(Touch::Confirm, rp_id, &login.challenge, allow));
    let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::refusal)?;
    unlock::named(&mut asserted, Some(vault.id()))?;

    write::ready(ports, vault).await?;
    // Another device may have removed one meanwhile.
    let (slot, wrap) = removable(vault, id)?;
    let mut changes = removal(vault, wrap.opener());
    changes.extend(unnamed(vault, slot));
    let mut request = request(passkey_proof(&login, &asserted));
    match wrap.opener() {
        Opener::Passkey { credential_id } => request.remove_passkey = Some(credential_id.into()),
        Opener::RecoveryCode { .. } => request.remove_recovery = true,
    }
    write::whole(ports, vault, Whole { op: Op::SignInMethods, changes, ways: Some(request) }).await?;
    if kind(&wrap) == WayKind::Sheet {
        vault.sheet = None;
    }
    Ok(())
}

/// The way, unless fewer than two that count would be left without it.
fn removable(vault: &OpenVault, id: WayId) -> Result<(SlotId, Wrap), Failure> {
    let (slot, wrap) = opener(vault, id)?;
    let counted = counts(kind(&wrap), named(vault, slot).map(|(_, way)| way));
    if counting(vault) < 2 + u8::from(counted) { Err(Failure::LastWays) } else { Ok((slot, wrap)) }
}

/// Adds the slots of a new code to `changes` and takes away those of every code before. Returns the code, its slot and the record that names it.
pub(crate) fn replace_code<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    roots: &Roots,
    changes: &mut Vec<api::Change>,
) -> Result<(RecoveryCode, NamedSlot), Failure> {
    let old =
        slots(&vault.state, &vault.objects, Scope::Root).filter(|(_, wrap)| kind(wrap) == WayKind::Sheet);
    for (slot, wrap) in old {
        changes.extend(removal(vault, wrap.opener()));
        changes.extend(unnamed(vault, slot));
    }
    let code = RecoveryCode::random(ports.entropy());
    let made = roots.wrap(&Keys::of_code(&code), vault.id(), vault.keys.epoch(), ports.entropy())?;
    changes.extend(made.changes);
    let (record, named) = name_way(ports, vault, made.slot, String::new())?;
    changes.push(named);
    Ok((code, NamedSlot { slot: made.slot, record }))
}

/// A record that names a new way in.
pub(crate) fn name_way<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    slot: SlotId,
    name: String,
) -> Result<(RecordId, api::Change), Failure> {
    let record = RecordId::random(ports.entropy());
    let way = SignInMethodOverview { slot, name, created: ports.clock().now(), confirmed: 0 };
    let parts: Parts = new_record(ports.entropy(), &vault.keys, record, way)?;
    Ok((record, parts.change_from(record, None)))
}

/// A request whose commit is still to be signed.
pub(crate) fn request(proof: api::Proof) -> Box<api::ChangeWays> {
    let commit = api::Commit {
        commit_id: api::Id([0; 16]),
        expected_counter: 0,
        changes: Vec::new(),
        head: Vec::new().into(),
    };
    Box::new(api::ChangeWays {
        proof,
        add_passkey: None,
        remove_passkey: None,
        set_recovery: None,
        remove_recovery: false,
        commit,
    })
}

/// A touch as the server verifies it.
pub(crate) fn passkey_proof(login: &Ready, asserted: &Asserted) -> api::Proof {
    api::Proof::Passkey(api::Login { ceremony: login.ceremony, credential: ceremonies::assertion(asserted) })
}

/// A passkey of the vault is touched and gives both roots.
async fn confirm<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &OpenVault,
    login: &Ready,
) -> Result<(Asserted, Roots), Failure> {
    let allow = passkeys(&vault.state, &vault.objects);
    let options = ceremonies::get_options(Touch::Confirm, rp_id, &login.challenge, allow);
    let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::refusal)?;
    unlock::named(&mut asserted, Some(vault.id()))?;
    let outputs = create::parse(&asserted.prf)?;
    let keys = Keys::of_passkey(&outputs, rp_id, &asserted.raw_id)?;
    let opener = Opener::Passkey { credential_id: &asserted.raw_id };
    let roots = Roots::open(&vault.state, &vault.objects, opener, &keys)?;
    Ok((asserted, roots))
}

/// The slots of a way in go.
fn removal(vault: &OpenVault, opener: Opener<'_>) -> Vec<api::Change> {
    let slots = slots_of(&vault.state, &vault.objects, opener);
    slots.into_iter().map(|slot| api::Change::KeyslotGone { id: api::Id(*slot.as_bytes()) }).collect()
}

/// The record that names a way in goes.
fn unnamed(vault: &OpenVault, slot: SlotId) -> Option<api::Change> {
    let (record, _) = named(vault, slot)?;
    let leaf = vault.state.record(record)?;
    let version = leaf.overview_version.max(leaf.secret_version).checked_add(1)?;
    Some(api::Change::Tombstone { id: api::Id(*record.as_bytes()), version })
}
