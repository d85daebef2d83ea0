//! Sign-in methods: listing, naming, adding and removing them.

use crystallum_core::{
    Opener, Overview, RecordId, Scope, Secret, SignInMethodOverview, SlotId, VaultKeys, Wrap,
};
use crystallum_messages::{
    MAX_SIGN_IN_METHOD_NAME, SignInMethod, SignInMethodId, SignInMethodKind, VaultFailure, access::Failure,
};

use crate::ports::{Entropy, Ports};
use crate::sync::commit::commit_record;
use crate::sync::plan::RecordPlan;
use crate::sync::preflight::ensure_synced;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::{TooLarge, seal_new_record, seal_overview};
use crate::vault::slots::slots_of_scope;
use crate::vault::text::{self, NameRejected};

/// Lists every sign-in method: passkeys first, then by age, oldest first.
pub(crate) fn list_methods(vault: &OpenVault) -> Vec<SignInMethod> {
    let mut methods: Vec<SignInMethod> = slots_of_scope(&vault.state, &vault.objects, Scope::Root)
        .map(|(slot, wrap)| {
            let overview = method_record(vault, slot).map(|(_, overview)| overview);
            let kind = method_kind(wrap);
            SignInMethod {
                id: SignInMethodId(*slot.as_bytes()),
                kind,
                name: overview.map_or_else(String::new, |overview| overview.name.clone()),
                created: overview.map_or(0, |overview| overview.created),
                counts: is_counted(kind, overview),
                used_now: slot == vault.opened_by,
            }
        })
        .collect();
    methods.sort_by_key(|method| (method.kind == SignInMethodKind::Sheet, method.created, method.id));
    methods
}

/// Counts the sign-in methods that the user can rely on. The vault stays accessible as long as one
/// of them is left.
pub(crate) fn count_methods(vault: &OpenVault) -> u8 {
    let counted = slots_of_scope(&vault.state, &vault.objects, Scope::Root).filter(|(slot, wrap)| {
        let record = method_record(vault, *slot).map(|(_, overview)| overview);
        is_counted(method_kind(wrap), record)
    });
    u8::try_from(counted.count()).unwrap_or(u8::MAX)
}

/// Returns whether a sign-in method counts. A recovery code counts only once the user has shown
/// that they wrote it down.
pub(crate) fn is_counted(kind: SignInMethodKind, overview: Option<&SignInMethodOverview>) -> bool {
    kind == SignInMethodKind::Passkey || overview.is_some_and(|overview| overview.confirmed > 0)
}

pub(crate) fn method_kind(wrap: &Wrap) -> SignInMethodKind {
    match wrap.opener() {
        Opener::Passkey { .. } => SignInMethodKind::Passkey,
        Opener::RecoveryCode { .. } => SignInMethodKind::Sheet,
    }
}

/// Finds the record that names a sign-in method.
pub(crate) fn method_record(vault: &OpenVault, slot: SlotId) -> Option<(RecordId, &SignInMethodOverview)> {
    vault
        .catalogue
        .methods
        .iter()
        .find(|(_, overview)| overview.slot == slot)
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
    let slot = SlotId::new(id.0);
    vault.state.keyslot(slot).ok_or(VaultFailure::NoSuchRecord)?;
    match method_record(vault, slot).map(|(record, _)| record) {
        Some(record) => change_method(ports, vault, record, |method| method.name = name).await,
        None => {
            // A passkey of a vault that was created before sign-in methods had names.
            let connectivity = ensure_synced(ports, vault).await?;
            let record = RecordId::random(ports.entropy());
            let method = SignInMethodOverview { slot, name, created: 0, confirmed: 0 };
            let parts = seal_method_record(ports.entropy(), &vault.keys, record, method)?;
            commit_record(ports, vault, connectivity, RecordPlan::new(record, Some(parts))).await?;
            Ok(())
        }
    }
}

/// Changes the record of a sign-in method.
pub(crate) async fn change_method<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    record: RecordId,
    change: impl FnOnce(&mut SignInMethodOverview),
) -> Result<(), Failure> {
    let connectivity = ensure_synced(ports, vault).await?;
    let old = vault.parts(record).ok_or(VaultFailure::NoSuchRecord)?.clone();
    let Ok(Overview::SignInMethod(mut method)) = vault.open_overview(record, &old) else {
        return Err(VaultFailure::NoSuchRecord.into());
    };
    change(&mut method);
    let version = old.overview.next_version()?;
    let overview =
        seal_overview(ports.entropy(), &vault.keys, record, version, &Overview::SignInMethod(method))?;
    let parts = Parts { overview, secret: old.secret };
    commit_record(ports, vault, connectivity, RecordPlan::new(record, Some(parts))).await?;
    Ok(())
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

/// Finds the root slot of a sign-in method, which must be live.
pub(crate) fn find_method(vault: &OpenVault, id: SignInMethodId) -> Result<(SlotId, Wrap), VaultFailure> {
    let slot = SlotId::new(id.0);
    let found = slots_of_scope(&vault.state, &vault.objects, Scope::Root).find(|(live, _)| *live == slot);
    found.map(|(slot, wrap)| (slot, wrap.clone())).ok_or(VaultFailure::NoSuchRecord)
}
