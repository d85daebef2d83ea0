//! What going over has done, as the user sees it.

use crystallum_core::RecordId;
use crystallum_messages::{self as messages, MakeAgain, VaultFailure};

use crate::local::gone_over::{removal_writes, write_gone_over};
use crate::ports::Ports;
use crate::vault::describe::describe_record;
use crate::vault::gone_over::{Again, GoneOver, Outcome};
use crate::vault::open_vault::OpenVault;

/// Describes what this device has done since it went over, until somebody has looked at it.
pub(crate) fn describe_gone_over(vault: &OpenVault) -> Option<messages::GoneOver> {
    let gone = vault.gone_over.as_ref()?;
    let label = |id: RecordId| vault.parts(id).map(|parts| describe_record(vault, id, parts).1);
    let written = |outcomes: fn(Outcome, RecordId) -> Option<RecordId>| {
        let ids = gone.items.iter().filter_map(|item| outcomes(item.outcome, item.record));
        in_order(ids.filter_map(label))
    };
    let kept = gone.items.iter().filter(|item| item.outcome == Outcome::Kept);
    let kept = kept.filter_map(|item| vault.aside.iter().find(|aside| aside.id == item.aside));
    let waiting = gone.items.iter().filter(|item| item.outcome == Outcome::Due).count();
    Some(messages::GoneOver {
        alarm: gone.alarm.alarm.clone(),
        since: gone.alarm.since,
        ended: gone.ended,
        change: gone.change,
        carried: written(|outcome, id| (outcome == Outcome::Carried).then_some(id)),
        copied: written(|outcome, _| match outcome {
            Outcome::Copied(id) => Some(id),
            _ => None,
        }),
        set_aside: in_order(kept.map(|aside| describe_record(vault, aside.record, &aside.parts).1)),
        waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        again: gone.again.iter().map(|again| describe_again(vault, again)).collect(),
        has_evidence: gone.alarm.evidence.is_some(),
        is_finished: gone.is_finished,
    })
}

fn in_order(labels: impl Iterator<Item = String>) -> Vec<String> {
    let mut labels: Vec<_> = labels.collect();
    labels.sort_by_cached_key(|label| label.to_lowercase());
    labels
}

fn describe_again(vault: &OpenVault, Again { kind, is_removal, named }: &Again) -> MakeAgain {
    let name = named.as_ref().map(|(id, parts)| describe_record(vault, *id, parts).1);
    MakeAgain { kind: *kind, name: name.unwrap_or_default(), is_removal: *is_removal }
}

/// Forgets what going over has done, after somebody has looked at it. What is not finished stays.
pub(crate) async fn acknowledge_gone_over<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
) -> Result<(), VaultFailure> {
    let finished = |gone: &&GoneOver| gone.is_finished;
    let Some(writes) = vault.gone_over.as_ref().filter(finished).map(|gone| removal_writes(vault.id(), gone))
    else {
        return Ok(());
    };
    write_gone_over(ports.store(), vault.state.head(), writes).await?;
    vault.gone_over = None;
    Ok(())
}
