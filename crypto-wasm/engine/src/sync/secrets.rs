//! Fetching the secrets that a device does not have yet because it has just entered the vault. Its
//! state says what each of them is, so that nothing has to vouch for them.

use std::mem;

use crystallum_core::{Defence, RecordId, SignedHead};
use crystallum_messages::{Alarm, Event, SyncState, VaultFailure};
use futures_util::future::{FutureExt, LocalBoxFuture};

use crate::local::batch::secrets_batch;
use crate::ports::{LocalStore, Ports, Transport};
use crate::sync::alarms::{end_alarm, raise_and_keep};
use crate::sync::catch_up::catch_up;
use crate::sync::status::check_alarm;
use crate::vault::alarm::KeptAlarm;
use crate::vault::change::{PartChange, SealedChange};
use crate::vault::objects::Update;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::{Part, Parts, SecretPart};
use crate::wire::checkpoint::{CheckpointPage, ObjectPlace};
use crate::wire::client::Client;
use crate::wire::refusal::CallFailed;

/// How often the vault may change between two requests before a command that needs a secret gives
/// up.
const MAX_ROUNDS: usize = 4;

/// What an attempt to fetch secrets brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fetched {
    /// Some secrets.
    Secrets,
    /// The server had a newer state than the one with which this device asked.
    NewerState,
    /// Nothing: the server shows another state than the one that it lets this device follow.
    Nothing,
}

/// Returns whether secrets are to be fetched while no command has to be carried out.
pub(crate) fn is_due(vault: &OpenVault) -> bool {
    !vault.awaited.is_empty()
        && !vault.waits_for_sync
        && vault.alarm.as_ref().is_none_or(KeptAlarm::ends_by_secrets)
        && vault.sync == SyncState::Synced
}

/// A request for a page of secrets, which goes on while commands are carried out.
#[derive(Default)]
pub(crate) enum SecretsRequest {
    #[default]
    Nothing,
    Sent(Question, LocalBoxFuture<'static, Answer>),
    Answered(Question, Answer),
}

/// What a page was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Question {
    /// The record whose secret comes first.
    first: RecordId,
    /// The hash of the head that this device had.
    head: [u8; 32],
}

/// The answer to a request for a page of secrets.
type Answer = Result<Box<CheckpointPage>, CallFailed>;

impl SecretsRequest {
    /// Asks for the first secrets that this device awaits, and waits for the answer. If the future
    /// is dropped, the next call goes on.
    pub(crate) async fn wait(&mut self, transport: &impl Transport, vault: &OpenVault) {
        if let (Self::Nothing, Some(first)) = (&self, vault.awaited.first().copied()) {
            let question = Question { first, head: vault.state.head().body().hash() };
            let transport = transport.clone();
            let page = async move { ask_from(&transport, first).await };
            *self = Self::Sent(question, page.boxed_local());
        }
        if let Self::Sent(question, page) = self {
            let page = page.await;
            *self = Self::Answered(*question, page);
        }
    }

    /// Stores what was answered.
    pub(crate) async fn store<P: Ports>(&mut self, ports: &mut P, vault: &mut OpenVault) {
        let Self::Answered(question, page) = mem::take(self) else { return };
        if !is_due(vault) {
            return;
        }
        let stored = match page {
            Ok(page) => store_page(ports, vault, question, *page).await,
            Err(failed) => Err(failed.into()),
        };
        // An alarm has been raised, and the next sync finds out about everything else.
        vault.waits_for_sync = matches!(stored, Ok(Fetched::Nothing) | Err(_));
    }
}

/// Ensures that the secret of a record is on this device, if the vault has one.
pub(crate) async fn require_secret<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<(), VaultFailure> {
    for _ in 0..MAX_ROUNDS {
        if !vault.awaited.contains(&id) {
            return Ok(());
        }
        check_alarm(vault)?;
        let question = Question { first: id, head: vault.state.head().body().hash() };
        let page = match ask_from(ports.transport(), id).await {
            Ok(page) => page,
            Err(CallFailed::Unreachable) => break,
            Err(failed) => return Err(failed.into()),
        };
        if store_page(ports, vault, question, *page).await? == Fetched::Nothing {
            break;
        }
    }
    Err(VaultFailure::SecretNotHere)
}

/// Asks for the page of secrets that begins with the one of a record.
async fn ask_from(transport: &impl Transport, first: RecordId) -> Answer {
    Client(transport).state(Some(ObjectPlace::before_secret(first))).await.map(Box::new)
}

/// Stores the secrets of a page. If the page has another head than this device, it catches up
/// instead, unless it has gone on by itself since it asked.
async fn store_page<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    Question { first, head }: Question,
    page: CheckpointPage,
) -> Result<Fetched, VaultFailure> {
    let mine = *vault.state.head().body();
    if page.head.as_ref().map(SignedHead::body) != Ok(&mine) {
        if mine.hash() == head {
            catch_up(ports, vault).await?;
        }
        let is_newer = vault.state.head().body().hash() != head;
        return Ok(if is_newer { Fetched::NewerState } else { Fetched::Nothing });
    }
    let Some(arrived) = select_awaited(vault, page, first) else {
        let alarm = Alarm::SecretsTampered { offered: mine.counter };
        return Err(raise_and_keep(ports, vault, alarm, None).await);
    };
    ports.store().write(secrets_batch(&vault.state, &arrived)).await?;
    let records = arrived.into_iter().map(|(id, parts)| (id, Some(parts))).collect();
    vault.take_secrets(Update { records, ..Update::default() });
    ports.emit(Event::SecretsAwaited(vault.count_awaited()));
    end_alarm(ports, vault).await?;
    Ok(Fetched::Secrets)
}

/// Returns the records of a page whose secrets this device awaits. The page has this device's
/// state, so `first` must be among them unless it has arrived since, and no secret may differ from
/// what the state says. Returns `None` if that is not so.
fn select_awaited(
    vault: &OpenVault,
    page: CheckpointPage,
    first: RecordId,
) -> Option<Vec<(RecordId, Parts)>> {
    let mut arrived = Vec::new();
    for (_, object) in page.objects {
        let SealedChange::Record { id, overview: None, secret: Some(secret) } = object else { return None };
        let known = vault.objects.records.get(&id)?;
        let PartChange { version, blob: Some(blob), .. } = secret else { return None };
        let here = SecretPart::Here(Part { version, blob });
        if Defence::AwaitedSecrets.holds() && here != known.secret {
            return None;
        }
        if vault.awaited.contains(&id) {
            arrived.push((id, Parts { overview: known.overview.clone(), secret: here }));
        }
    }
    let has_first = arrived.iter().any(|(id, _)| *id == first);
    (has_first || !vault.awaited.contains(&first)).then_some(arrived)
}
