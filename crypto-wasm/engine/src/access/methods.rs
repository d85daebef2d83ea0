//! Sign-in methods: listing, naming, adding and removing them.

use crystallum_core::{MethodId, Overview, RecordId, Secret, SignInMethodOverview, SlotKind, VaultKeys};
use crystallum_messages::{
    MAX_SIGN_IN_METHOD_NAME, SignInMethod, SignInMethodId, SignInMethodKind, VaultFailure, access::Failure,
};

use crate::ports::{Entropy, Ports};
use crate::sync::commit::commit_record;
use crate::sync::plan::RecordPlan;
use crate::sync::preflight::ensure_synced;
use crate::sync::secrets::require_secret;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::{TooLarge, seal_new_record, seal_overview};
use crate::vault::slots;
use crate::vault::text::{self, NameRejected};

/// Lists every sign-in method: passkeys first, then by age, oldest first.
pub(crate) fn list_methods(vault: &OpenVault) -> Vec<SignInMethod> {
    let mut methods: Vec<SignInMethod> = slots::methods(&vault.state)
        .map(|(method, kind)| {
            let overview = method_record(vault, method).map(|(_, overview)| overview);
            SignInMethod {
                id: SignInMethodId(*method.as_bytes()),
                kind: method_kind(kind),
                name: overview.map_or_else(String::new, |overview| overview.name.clone()),
                created: overview.map_or(0, |overview| overview.created),
                readable: slots::is_readable(&vault.state, &vault.objects, method),
                counts: is_counted(vault, method, kind),
                used_now: method == vault.opened_by,
            }
        })
        .collect();
    methods.sort_by_key(|method| (method.kind == SignInMethodKind::Sheet, method.created, method.id));
    methods
}

/// Counts the sign-in methods that the user can rely on. The vault stays accessible as long as one
/// of them is left.
pub(crate) fn count_methods(vault: &OpenVault) -> u8 {
    let counted = slots::methods(&vault.state).filter(|(method, kind)| is_counted(vault, *method, *kind));
    u8::try_from(counted.count()).unwrap_or(u8::MAX)
}

/// Returns whether a sign-in method counts. A recovery code counts only once the user has shown
/// that they wrote it down, and no method counts whose keyslots cannot be read.
pub(crate) fn is_counted(vault: &OpenVault, method: MethodId, kind: SlotKind) -> bool {
    let is_confirmed = || {
        vault.confirmed_sheet.is_some_and(|sheet| sheet.method == method)
            || method_record(vault, method).is_some_and(|(_, overview)| overview.confirmed > 0)
    };
    slots::is_readable(&vault.state, &vault.objects, method) && (kind == SlotKind::Passkey || is_confirmed())
}

pub(crate) fn method_kind(kind: SlotKind) -> SignInMethodKind {
    match kind {
        SlotKind::Passkey => SignInMethodKind::Passkey,
        SlotKind::RecoveryCode => SignInMethodKind::Sheet,
    }
}

/// Finds the record that names a sign-in method.
pub(crate) fn method_record(
    vault: &OpenVault,
    method: MethodId,
) -> Option<(RecordId, &SignInMethodOverview)> {
    vault
        .catalogue
        .methods
        .iter()
        .find(|(_, overview)| overview.method == method)
        .map(|(id, overview)| (*id, overview))
}

/// Renames a sign-in method.
pub(crate) async fn rename_method<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: SignInMethodId,
    name: &str,
) -> Result<(), Failure> {
    let name = parse_method_name(name)?;
    let (method, _) = find_method(vault, id)?;
    // The passkey that a vault began with has no record before it is named. When it was added is
    // not known any more.
    write_method(ports, vault, method, 0, |method| method.name = name).await
}

/// Changes the record of a sign-in method, or adds one if it has none. `created` is when the method
/// was added, for a new record.
pub(crate) async fn write_method<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    method: MethodId,
    created: u64,
    change: impl FnOnce(&mut SignInMethodOverview),
) -> Result<(), Failure> {
    let connectivity = ensure_synced(ports, vault).await?;
    let (record, parts) = change_method(ports, vault, method, created, change).await?;
    commit_record(ports, vault, connectivity, RecordPlan::new(record, Some(parts))).await?;
    Ok(())
}

/// Seals the changed record of a sign-in method, or a new one if it has none, and returns it.
pub(crate) async fn change_method<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    method: MethodId,
    created: u64,
    change: impl FnOnce(&mut SignInMethodOverview),
) -> Result<(RecordId, Parts), Failure> {
    let known = method_record(vault, method).map(|(record, overview)| (record, overview.clone()));
    Ok(match known {
        Some((record, mut overview)) => {
            require_secret(ports, vault, record).await?;
            let old = vault.parts(record).ok_or(VaultFailure::NoSuchRecord)?.clone();
            vault.open_record(record, &old)?;
            change(&mut overview);
            let (version, overview) = (old.overview.next_version()?, Overview::SignInMethod(overview));
            let overview = seal_overview(ports.entropy(), &vault.keys, record, version, &overview)?;
            (record, Parts { overview, secret: old.secret })
        }
        None => {
            let record = RecordId::random(ports.entropy());
            let mut overview = SignInMethodOverview { method, name: String::new(), created, confirmed: 0 };
            change(&mut overview);
            (record, seal_method_record(ports.entropy(), &vault.keys, record, overview)?)
        }
    })
}

/// Seals the record of a new sign-in method.
pub(crate) fn seal_method_record(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    record: RecordId,
    method: SignInMethodOverview,
) -> Result<Parts, TooLarge> {
    seal_new_record(entropy, keys, record, &Overview::SignInMethod(method), &Secret::SignInMethod)
}

/// Parses the name of a sign-in method: at most 64 characters without control characters, possibly
/// empty.
pub(crate) fn parse_method_name(text: &str) -> Result<String, NameRejected> {
    text::parse_line(text, MAX_SIGN_IN_METHOD_NAME).ok_or(NameRejected)
}

/// Finds a live sign-in method, with its kind.
pub(crate) fn find_method(
    vault: &OpenVault,
    id: SignInMethodId,
) -> Result<(MethodId, SlotKind), VaultFailure> {
    let id = MethodId::new(id.0);
    let kind = vault.state.kind_of_method(id).ok_or(VaultFailure::NoSuchRecord)?;
    Ok((id, kind))
}
