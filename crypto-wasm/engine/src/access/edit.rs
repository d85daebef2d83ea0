//! Changes of sign-in methods. A passkey of the vault confirms each change, the server verifies the
//! confirmation, and the signed tree shows it to every device.

use crystallum_core::{MethodId, Op, RecordId, RecoveryCode, SignInMethodOverview, SlotKind};
use crystallum_messages::{
    CeremonyFailure, CeremonyReason, ImpossibleState, SignInMethodId, SyncState, access::Failure,
};

use crate::access::confirmation::{Confirmation, confirm_with_passkey, replaced_methods};
use crate::access::methods::{
    change_method, count_methods, find_method, is_counted, method_record, parse_method_name,
    seal_method_record,
};
use crate::access::roots::{MethodKeys, NewMethod, Roots};
use crate::access::settle::settle_orphans;
use crate::passkeys::ceremony::{assert_passkey, discard_passkey, register_with_outputs};
use crate::passkeys::challenge::FreshChallenge;
use crate::passkeys::options::{NewPasskey, WantedKeys};
use crate::ports::{Clock, Ports};
use crate::sync::commit::commit_atomic;
use crate::sync::plan::AtomicChange;
use crate::sync::preflight::require_online;
use crate::sync::status::set_sync_state;
use crate::vault::change::{SealedChange, tombstone_version};
use crate::vault::fresh_sheet::{ConfirmedSheet, FreshSheet};
use crate::vault::open_vault::OpenVault;
use crate::vault::pending::Work;
use crate::vault::seal::TooLarge;
use crate::vault::slots::{is_readable, methods, own_credential_id, passkey_ids, slots_of_method};
use crate::wire::proof::{NewCredential, RecoveryVerifier};
use crate::wire::request::MethodsChange;

/// Adds a passkey. A passkey of the vault confirms it and opens the roots; then the new one is
/// registered and the roots are wrapped for it.
pub(crate) async fn add_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    (confirmation, register): (Confirmation, FreshChallenge),
    name: &str,
) -> Result<(), Failure> {
    let name = parse_method_name(name)?;
    require_online(ports, vault).await?;
    settle_orphans(ports, vault).await?;
    let (asserted, roots) = confirm_with_passkey(ports, rp_id, vault, &confirmation.login).await?;
    let vault_name = vault.name.clone();
    let replaced = replaced_methods(vault, &asserted.raw_id);
    let mut exclude = passkey_ids(&vault.state, &vault.objects);
    exclude.retain(|id| replaced.is_empty() || *id != asserted.raw_id);
    let new =
        NewPasskey { reason: CeremonyReason::NextPasskey, vault: vault.id(), name: &vault_name, exclude };
    let (registered, outputs) = register_with_outputs(ports, rp_id, Some(vault), &register, new).await?;
    let wrapped = MethodKeys::from_passkey(&outputs, rp_id, &registered.raw_id)
        .and_then(|keys| roots.wrap(&keys, vault.id(), vault.keys.epoch(), ports.entropy()));
    drop(roots);
    let made = wrapped.inspect_err(|_| discard_passkey(ports, &registered))?;

    let id = made.id;
    let proof = confirmation.prove(ports, rp_id, vault, &asserted).await;
    let proof = proof.inspect_err(|_| discard_passkey(ports, &registered))?;
    let request = MethodsChange {
        add_passkey: Some(NewCredential { ceremony: register.ceremony, registered: &registered }),
        ..MethodsChange::new(proof)
    };
    let result = commit_method(ports, vault, (made, &replaced), name, request).await;
    if result.is_ok() && vault.lacking.take().is_some() {
        // The new passkey opens a session that does everything.
        set_sync_state(ports, vault, SyncState::SignedOut);
        if replaced.contains(&vault.opened_by) {
            vault.opened_by = id;
        }
    }
    // A change that waits for its outcome may still be made. A record that waits is none: another
    // command may have written it during the ceremony.
    let may_be_made = vault.pending.as_ref().is_some_and(|pending| matches!(pending.work, Work::Atomic));
    // So may one that the server has refused, until another head takes its number.
    let is_kept = may_be_made || vault.orphans.has_passkey(&registered.raw_id);
    if result.is_err() && !is_kept && !vault.state.has_method(id) {
        discard_passkey(ports, &registered);
    }
    result
}

/// Signs and sends the change that adds a sign-in method, which takes the place of others. A sheet
/// that was confirmed in a session of the vault's key is written to be so in the same change.
async fn commit_method<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    (made, replaced): (NewMethod, &[MethodId]),
    name: String,
    request: MethodsChange<'_>,
) -> Result<(), Failure> {
    require_online(ports, vault).await?;
    let named = name_method(ports, vault, made.id, name)?;
    let mut changes = Vec::from(made.changes);
    changes.push(named);
    changes.extend(replaced.iter().flat_map(|method| method_removal(vault, *method)));
    let sheet = vault.confirmed_sheet.filter(|sheet| vault.state.has_method(sheet.method));
    if let Some(ConfirmedSheet { method, created, confirmed }) = sheet {
        let confirm = |method: &mut SignInMethodOverview| method.confirmed = confirmed;
        let (record, parts) = change_method(ports, vault, method, created, confirm).await?;
        changes.push(parts.change_from(record, vault.state.record(record)));
    }
    let change = AtomicChange { op: Op::SignInMethods, changes, request: Some(request) };
    commit_atomic(ports, vault, change).await?;
    vault.confirmed_sheet = None;
    Ok(())
}

/// Creates a recovery code that replaces the previous one, if there is one.
pub(crate) async fn replace_sheet<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    confirmation: Confirmation,
) -> Result<(), Failure> {
    require_online(ports, vault).await?;
    settle_orphans(ports, vault).await?;
    let (asserted, roots) = confirm_with_passkey(ports, rp_id, vault, &confirmation.login).await?;
    require_online(ports, vault).await?;
    let proof = confirmation.prove(ports, rp_id, vault, &asserted).await?;
    let mut changes = Vec::new();
    let (code, method) = replace_code(ports, vault, &roots, &mut changes)?;
    drop(roots);
    let request =
        MethodsChange { set_recovery: Some(RecoveryVerifier::of_code(&code)), ..MethodsChange::new(proof) };
    // Kept before sending: if the answer is lost, the code can be shown as soon as the outcome is
    // known.
    let now = ports.clock().now();
    vault.sheet = Some(FreshSheet::new(ports.entropy(), code, method, now));
    let change = AtomicChange { op: Op::SignInMethods, changes, request: Some(request) };
    commit_atomic(ports, vault, change).await?;
    Ok(())
}

/// Removes a sign-in method, unless fewer than two that count would be left.
pub(crate) async fn remove_method<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    confirmation: Confirmation,
    id: SignInMethodId,
) -> Result<(), Failure> {
    require_online(ports, vault).await?;
    check_removable(vault, id)?;
    let challenge = &confirmation.login.challenge;
    let asserted =
        assert_passkey(ports, rp_id, vault, challenge, CeremonyReason::Confirm, WantedKeys::None).await?;

    require_online(ports, vault).await?;
    // Checked again, since another device may have removed one in the meantime.
    let (method, kind) = check_removable(vault, id)?;
    let changes = method_removal(vault, method);
    let proof = confirmation.prove(ports, rp_id, vault, &asserted).await?;
    let mut request = MethodsChange::new(proof);
    match kind {
        SlotKind::Passkey => {
            request.remove_passkey = own_credential_id(&vault.state, &vault.objects, method);
        }
        // The server knows one code, which is that of another method if there is one.
        SlotKind::RecoveryCode => request.remove_recovery = is_only_code(vault, method),
    }
    let change = AtomicChange { op: Op::SignInMethods, changes, request: Some(request) };
    commit_atomic(ports, vault, change).await?;
    if vault.sheet.as_ref().is_some_and(|sheet| sheet.method == method) {
        vault.sheet = None;
    }
    Ok(())
}

/// Returns whether a method has the recovery code that the server knows: it can be read, and no
/// other method has a code.
fn is_only_code(vault: &OpenVault, method: MethodId) -> bool {
    is_readable(&vault.state, &vault.objects, method)
        && !methods(&vault.state).any(|(other, kind)| other != method && kind == SlotKind::RecoveryCode)
}

/// Returns a sign-in method, unless fewer than two that count would be left without it.
fn check_removable(vault: &OpenVault, id: SignInMethodId) -> Result<(MethodId, SlotKind), Failure> {
    let (method, kind) = find_method(vault, id)?;
    let counted = is_counted(vault, method, kind);
    if count_methods(vault) < 2 + u8::from(counted) {
        Err(Failure::LastSignInMethods)
    } else {
        Ok((method, kind))
    }
}

/// Adds the slots of a new recovery code to `changes` and removes those of every earlier code.
/// Returns the code and its sign-in method.
pub(crate) fn replace_code<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    roots: &Roots,
    changes: &mut Vec<SealedChange>,
) -> Result<(RecoveryCode, MethodId), CeremonyFailure> {
    let old = methods(&vault.state).filter(|(_, kind)| *kind == SlotKind::RecoveryCode);
    changes.extend(old.flat_map(|(method, _)| method_removal(vault, method)));
    let code = RecoveryCode::random(ports.entropy());
    let made = roots.wrap(&MethodKeys::from_code(&code), vault.id(), vault.keys.epoch(), ports.entropy())?;
    changes.extend(made.changes);
    let named = name_method(ports, vault, made.id, String::new());
    let named = named.map_err(|_: TooLarge| ImpossibleState::RecordTooLarge)?;
    changes.push(named);
    Ok((code, made.id))
}

/// Creates the record that names a new sign-in method.
pub(crate) fn name_method<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    method: MethodId,
    name: String,
) -> Result<SealedChange, TooLarge> {
    let record = RecordId::random(ports.entropy());
    let method = SignInMethodOverview { method, name, created: ports.clock().now(), confirmed: 0 };
    let parts = seal_method_record(ports.entropy(), &vault.keys, record, method)?;
    Ok(parts.change_from(record, None))
}

/// Returns the changes that remove both slots of a sign-in method, and its record if it has one.
fn method_removal(vault: &OpenVault, method: MethodId) -> Vec<SealedChange> {
    let slots = slots_of_method(&vault.state, method);
    let mut changes: Vec<_> = slots.into_iter().map(SealedChange::KeyslotRemoved).collect();
    let record = method_record(vault, method).and_then(|(record, _)| {
        let version = vault.state.record(record).and_then(tombstone_version)?;
        Some(SealedChange::Tombstone(record, version))
    });
    changes.extend(record);
    changes
}
