//! Changes of sign-in methods. A passkey of the vault confirms each change, the server verifies the
//! confirmation, and the signed tree tells every device about it.

use crystallum_api as api;
use crystallum_core::{Op, Opener, RecordId, RecoveryCode, Scope, SignInMethodOverview, SlotId, Wrap};
use crystallum_messages::{Asserted, CeremonyReason, Failure, SignInMethodId, SignInMethodKind};

use crate::access::methods::{
    count_methods, find_method, is_counted, method_kind, method_record, parse_method_name, seal_method_record,
};
use crate::access::roots::{MethodKeys, Roots, find_slots};
use crate::access::sheet::{self, FreshSheet, NamedSlot};
use crate::entry::create;
use crate::entry::unlock;
use crate::passkeys::options::{self as ceremonies, FreshChallenge, NewPasskey};
use crate::ports::{Authenticator, Clock, Ports};
use crate::sync::atomic::{self, AtomicChange};
use crate::vault::objects::Parts;
use crate::vault::open_vault::{OpenVault, passkey_ids, slots_of_scope};

/// Adds a passkey. A passkey of the vault confirms it and opens the roots; then the new one is
/// registered and the roots are wrapped for it.
pub(crate) async fn add_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    (login, register): (FreshChallenge, FreshChallenge),
    name: &str,
) -> Result<(), Failure> {
    let name = parse_method_name(name)?;
    atomic::require_online(ports, vault).await?;
    let (asserted, roots) = confirm_with_passkey(ports, rp_id, vault, &login).await?;
    let new = NewPasskey {
        reason: CeremonyReason::NextPasskey,
        vault: vault.id(),
        name: &vault.name,
        exclude: passkey_ids(&vault.state, &vault.objects),
    };
    let registered = create::register_passkey(ports, rp_id, &register, new).await?;
    let outputs = create::prf_outputs(ports, rp_id, &registered).await?;
    let keys = MethodKeys::from_passkey(&outputs, rp_id, &registered.raw_id)?;
    let made = roots.wrap(&keys, vault.id(), vault.keys.epoch(), ports.entropy())?;
    drop(roots);

    atomic::require_online(ports, vault).await?;
    let (_, named) = name_method(ports, vault, made.slot, name)?;
    let mut changes = Vec::from(made.changes);
    changes.push(named);
    let mut request = unsigned_request(passkey_proof(&login, &asserted));
    let credential = ceremonies::registration_to_wire(&registered);
    request.add_passkey = Some(api::NewPasskey { ceremony: register.ceremony, credential });
    atomic::commit_atomic(
        ports,
        vault,
        AtomicChange { op: Op::SignInMethods, changes, request: Some(request) },
    )
    .await
}

/// Creates a recovery code that replaces the previous one, if there is one.
pub(crate) async fn replace_sheet<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    login: FreshChallenge,
) -> Result<(), Failure> {
    atomic::require_online(ports, vault).await?;
    let (asserted, roots) = confirm_with_passkey(ports, rp_id, vault, &login).await?;
    atomic::require_online(ports, vault).await?;
    let mut changes = Vec::new();
    let (code, of) = replace_code(ports, vault, &roots, &mut changes)?;
    drop(roots);
    let mut request = unsigned_request(passkey_proof(&login, &asserted));
    request.set_recovery = Some(sheet::recovery_verifier(&code));
    // Kept before sending: if the answer is lost, the code can be shown as soon as the outcome is
    // known.
    let now = ports.clock().now();
    vault.sheet = Some(FreshSheet::new(ports.entropy(), code, of, now));
    atomic::commit_atomic(
        ports,
        vault,
        AtomicChange { op: Op::SignInMethods, changes, request: Some(request) },
    )
    .await
}

/// Removes a sign-in method, unless fewer than two that count would be left.
pub(crate) async fn remove_method<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    login: FreshChallenge,
    id: SignInMethodId,
) -> Result<(), Failure> {
    atomic::require_online(ports, vault).await?;
    check_removable(vault, id)?;
    let allow = passkey_ids(&vault.state, &vault.objects);
    let options = ceremonies::without_prf(ceremonies::get_options(
        CeremonyReason::Confirm,
        rp_id,
        &login.challenge,
        allow,
    ));
    let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::map_refusal)?;
    unlock::vault_of_assertion(&mut asserted, Some(vault.id()))?;

    atomic::require_online(ports, vault).await?;
    // Checked again, since another device may have removed one meanwhile.
    let (slot, wrap) = check_removable(vault, id)?;
    let mut changes = slot_removals(vault, wrap.opener());
    changes.extend(record_removal(vault, slot));
    let mut request = unsigned_request(passkey_proof(&login, &asserted));
    match wrap.opener() {
        Opener::Passkey { credential_id } => request.remove_passkey = Some(credential_id.into()),
        Opener::RecoveryCode { .. } => request.remove_recovery = true,
    }
    atomic::commit_atomic(
        ports,
        vault,
        AtomicChange { op: Op::SignInMethods, changes, request: Some(request) },
    )
    .await?;
    if method_kind(&wrap) == SignInMethodKind::Sheet {
        vault.sheet = None;
    }
    Ok(())
}

/// Returns the slot of a sign-in method, unless fewer than two that count would be left without it.
fn check_removable(vault: &OpenVault, id: SignInMethodId) -> Result<(SlotId, Wrap), Failure> {
    let (slot, wrap) = find_method(vault, id)?;
    let counted = is_counted(method_kind(&wrap), method_record(vault, slot).map(|(_, overview)| overview));
    if count_methods(vault) < 2 + u8::from(counted) {
        Err(Failure::LastSignInMethods)
    } else {
        Ok((slot, wrap))
    }
}

/// Adds the slots of a new recovery code to `changes` and removes those of every earlier code.
/// Returns the code, its slot and the record that names it.
pub(crate) fn replace_code<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    roots: &Roots,
    changes: &mut Vec<api::Change>,
) -> Result<(RecoveryCode, NamedSlot), Failure> {
    let old = slots_of_scope(&vault.state, &vault.objects, Scope::Root)
        .filter(|(_, wrap)| method_kind(wrap) == SignInMethodKind::Sheet);
    for (slot, wrap) in old {
        changes.extend(slot_removals(vault, wrap.opener()));
        changes.extend(record_removal(vault, slot));
    }
    let code = RecoveryCode::random(ports.entropy());
    let made = roots.wrap(&MethodKeys::from_code(&code), vault.id(), vault.keys.epoch(), ports.entropy())?;
    changes.extend(made.changes);
    let (record, named) = name_method(ports, vault, made.slot, String::new())?;
    changes.push(named);
    Ok((code, NamedSlot { slot: made.slot, record }))
}

/// Creates the record that names a new sign-in method.
pub(crate) fn name_method<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    slot: SlotId,
    name: String,
) -> Result<(RecordId, api::Change), Failure> {
    let record = RecordId::random(ports.entropy());
    let method = SignInMethodOverview { slot, name, created: ports.clock().now(), confirmed: 0 };
    let parts: Parts = seal_method_record(ports.entropy(), &vault.keys, record, method)?;
    Ok((record, parts.change_from(record, None)))
}

/// Creates a request with a placeholder for the commit, which is signed later.
pub(crate) fn unsigned_request(proof: api::Proof) -> Box<api::ChangeSignInMethods> {
    let commit = api::Commit {
        commit_id: api::Id([0; 16]),
        expected_counter: 0,
        changes: Vec::new(),
        head: Vec::new().into(),
    };
    Box::new(api::ChangeSignInMethods {
        proof,
        add_passkey: None,
        remove_passkey: None,
        set_recovery: None,
        remove_recovery: false,
        commit,
    })
}

/// Converts an assertion to the proof that the server verifies.
pub(crate) fn passkey_proof(login: &FreshChallenge, asserted: &Asserted) -> api::Proof {
    api::Proof::Passkey(api::Login {
        ceremony: login.ceremony,
        credential: ceremonies::assertion_to_wire(asserted),
    })
}

/// Asks for a passkey of the vault and opens both roots with it.
async fn confirm_with_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &OpenVault,
    login: &FreshChallenge,
) -> Result<(Asserted, Roots), Failure> {
    let allow = passkey_ids(&vault.state, &vault.objects);
    let options = ceremonies::get_options(CeremonyReason::Confirm, rp_id, &login.challenge, allow);
    let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::map_refusal)?;
    unlock::vault_of_assertion(&mut asserted, Some(vault.id()))?;
    let outputs = create::parse_prf(&asserted.prf)?;
    let keys = MethodKeys::from_passkey(&outputs, rp_id, &asserted.raw_id)?;
    let opener = Opener::Passkey { credential_id: &asserted.raw_id };
    let roots = Roots::open(&vault.state, &vault.objects, opener, &keys)?;
    Ok((asserted, roots))
}

/// Returns the changes that remove the slots of a sign-in method.
fn slot_removals(vault: &OpenVault, opener: Opener<'_>) -> Vec<api::Change> {
    let slots = find_slots(&vault.state, &vault.objects, opener);
    slots.into_iter().map(|slot| api::Change::KeyslotGone { id: api::Id(*slot.as_bytes()) }).collect()
}

/// Returns the change that deletes the record of a sign-in method, if it has one.
fn record_removal(vault: &OpenVault, slot: SlotId) -> Option<api::Change> {
    let (record, _) = method_record(vault, slot)?;
    let leaf = vault.state.record(record)?;
    let version = leaf.overview_version.max(leaf.secret_version).checked_add(1)?;
    Some(api::Change::Tombstone { id: api::Id(*record.as_bytes()), version })
}
