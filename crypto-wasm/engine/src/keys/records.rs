//! Exchange keys: adding, editing, revealing, listing and opening them.

use crystallum_core::{
    EarlierSecret, Exchange, KeyOverview, KeySecret, Overview, RecordId, Secret, Tags, limits,
};
use crystallum_messages::{
    self as messages, Credentials, ImpossibleState, KeyDetail, KeyDraft, KeyEdit, Page, Saved, VaultFailure,
    keys::Failure,
};

use crate::keys::convert;
use crate::opaque::read_to_edit;
use crate::ports::{Clock, Ports};
use crate::sync::commit::commit_record;
use crate::sync::plan::RecordPlan;
use crate::sync::preflight::ensure_synced;
use crate::sync::secrets::require_secret;
use crate::vault::copy::copy_beside;
use crate::vault::open_vault::{OpenVault, SecretUnavailable};
use crate::vault::part::Parts;
use crate::vault::seal::{seal_new_record, seal_overview, seal_secret};
use crate::vault::text;

/// The most rows in one page.
const MAX_ROWS: usize = 200;

pub(crate) async fn add_key<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    draft: KeyDraft,
) -> Result<Saved, Failure> {
    let now = ports.clock().now();
    let secret = convert::parse_credentials(draft.exchange, &draft.credentials)?;
    let overview = Overview::Key(KeyOverview {
        exchange: draft.exchange.into(),
        label: text::parse_label(&draft.label)?,
        // EXPOSE: the list shows the first and last four characters.
        masked: convert::mask_api_key(&secret.api_key),
        note: text::parse_note(&draft.note)?,
        created: now,
        updated: now,
        has_passphrase: secret.passphrase.is_some(),
        deleted: None,
        favourite: false,
        tags: Tags::default(),
        copy_of: None,
    });
    let connectivity = ensure_synced(ports, vault).await?;
    let id = RecordId::random(ports.entropy());
    let parts = seal_new_record(ports.entropy(), &vault.keys, id, &overview, &Secret::Key(secret))?;
    let id = commit_record(ports, vault, connectivity, RecordPlan::new(id, Some(parts))).await?;
    Ok(vault.saved(id))
}

pub(crate) async fn edit_key<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    edit: KeyEdit,
) -> Result<Saved, Failure> {
    let id = RecordId::new(edit.id.0);
    let connectivity = ensure_synced(ports, vault).await?;
    require_secret(ports, vault, id).await?;
    let old = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?.clone();
    vault.index.get(id).ok_or(VaultFailure::NoSuchRecord)?;
    let (Overview::Key(mut overview), _) = read_to_edit(ports, vault, id, &old)? else {
        return Err(VaultFailure::NoSuchRecord.into());
    };
    if let Some(label) = &edit.label {
        overview.label = text::parse_label(label)?;
    }
    if let Some(note) = &edit.note {
        overview.note = text::parse_note(note)?;
    }
    // Keys of an exchange that this version does not know have the fields of any other exchange.
    let exchange = overview.exchange.known().unwrap_or(Exchange::Other);
    let mut secret =
        edit.credentials.map(|credentials| convert::parse_credentials(exchange, &credentials)).transpose()?;
    if let Some(secret) = &mut secret {
        secret.earlier = earlier_secrets(vault, id, &old)?;
        overview.masked = convert::mask_api_key(&secret.api_key);
        overview.has_passphrase = secret.passphrase.is_some();
    }
    overview.updated = ports.clock().now();

    let overview = seal_overview(
        ports.entropy(),
        &vault.keys,
        id,
        old.overview.next_version()?,
        &Overview::Key(overview),
    )?;
    let changed_elsewhere = edit.base != old.overview.overview_version();
    let secret = match secret {
        Some(secret) => {
            seal_secret(ports.entropy(), &vault.keys, id, old.secret.next_version()?, &Secret::Key(secret))?
        }
        None => old.secret,
    };
    let parts = Parts { overview, secret };
    // If the form was filled from an older version, the edit is kept beside the newer one, not over
    // it.
    let (id, parts) = if changed_elsewhere {
        copy_beside(ports.entropy(), vault, id, &parts)?.ok_or(VaultFailure::Changed)?
    } else {
        (id, parts)
    };
    let plan = RecordPlan::new(id, Some(parts));
    let id = commit_record(ports, vault, connectivity, plan).await?;
    Ok(vault.saved(id))
}

/// Returns what the next secret of a record says about the ones before it: that of these parts, and
/// those that it names itself.
fn earlier_secrets(
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Vec<EarlierSecret>, SecretUnavailable> {
    let newest = EarlierSecret { version: parts.secret.version(), hash: parts.secret.hash() };
    // Versions fall. A secret that names one above its own was written against the rules.
    let before = named_secrets(vault, id, parts)?.into_iter().filter(|named| named.version < newest.version);
    Ok(std::iter::once(newest).chain(before).take(limits::MAX_EARLIER_SECRETS).collect())
}

/// Returns the earlier secrets that the live secret of a record names, newest first. One that
/// cannot be read names none.
pub(super) fn named_secrets(
    vault: &OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<Vec<EarlierSecret>, SecretUnavailable> {
    match vault.open_secret(id, parts) {
        Ok(Secret::Key(KeySecret { earlier, .. })) => Ok(earlier),
        Err(SecretUnavailable::Awaited) => Err(SecretUnavailable::Awaited),
        Ok(_) | Err(SecretUnavailable::Unreadable(_)) => Ok(Vec::new()),
    }
}

pub(crate) fn reveal_key(vault: &OpenVault, id: messages::RecordId) -> Result<Credentials, Failure> {
    let id = RecordId::new(id.0);
    // Both parts of a record have the same type, which the overview states.
    vault.index.get(id).ok_or(VaultFailure::NoSuchRecord)?;
    let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?;
    match vault.open_secret(id, parts)? {
        Secret::Key(secret) => Ok(convert::credentials(&secret)),
        _ => Err(ImpossibleState::SecretOfOtherKind.into()),
    }
}

pub(crate) fn open_key(vault: &OpenVault, id: messages::RecordId) -> Result<KeyDetail, Failure> {
    let id = RecordId::new(id.0);
    let overview = vault.index.get(id).ok_or(VaultFailure::NoSuchRecord)?;
    let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?;
    Ok(convert::key_detail(id, overview, parts.overview.overview_version()))
}

pub(crate) fn list_keys(vault: &OpenVault, query: &str, offset: u32, limit: u32) -> Page {
    let (skip, take) =
        (usize::try_from(offset).unwrap_or(usize::MAX), usize::try_from(limit).unwrap_or(MAX_ROWS));
    let mut total = 0;
    let mut rows = Vec::new();
    for row in vault.index.search(query) {
        if total >= skip && rows.len() < take.min(MAX_ROWS) {
            rows.push(convert::key_row(row.id, &row.overview));
        }
        total += 1;
    }
    Page { total: u32::try_from(total).unwrap_or(u32::MAX), offset, rows }
}
