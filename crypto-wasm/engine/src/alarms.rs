//! What the user sees of alarms: the one that this device is in, its evidence, and those that are
//! over.

use std::fmt::Write;

use crystallum_core::SignedHead;
use crystallum_messages::{self as messages, VaultFailure};
use serde::Serialize;

use crate::going_over::report::{acknowledge_gone_over, describe_gone_over};
use crate::local::alarms::{ended_write, write_alarms};
use crate::ports::Ports;
use crate::vault::alarm::{EndedAlarm, Evidence, KeptAlarm};
use crate::vault::open_vault::OpenVault;

pub(crate) fn list_alarms(vault: &OpenVault) -> messages::Alarms {
    let kept = vault.alarm.as_ref().map(|KeptAlarm { alarm, since, evidence }| messages::KeptAlarm {
        alarm: alarm.clone(),
        since: *since,
        has_evidence: evidence.is_some(),
    });
    let note = |note: &EndedAlarm| {
        let EndedAlarm { alarm, since, ended, change } = note.clone();
        messages::EndedAlarm { alarm, since, ended, change }
    };
    let gone_over = describe_gone_over(vault);
    messages::Alarms { kept, ended: vault.ended.iter().map(note).collect(), gone_over }
}

/// Removes the notes of alarms that are over.
pub(crate) async fn acknowledge_ended<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
) -> Result<(), VaultFailure> {
    write_alarms(ports.store(), vault.state.head(), vec![ended_write(vault.id(), &[])]).await?;
    vault.ended = Vec::new();
    acknowledge_gone_over(ports, vault).await
}

/// The form of the file, which `docs/EVIDENCE.md` describes.
const FORM: &str = "crystallum evidence 1";

/// The evidence of an alarm as a file.
#[derive(Serialize)]
struct File {
    form: &'static str,
    alarm: messages::Alarm,
    since: u64,
    vault: String,
    vault_key: String,
    offered: FileHead,
    own: FileHead,
}

#[derive(Serialize)]
struct FileHead {
    change: u64,
    hash: String,
    head: String,
}

/// Returns the two heads that show what happened as the bytes of a file, if the alarm has them, or
/// the one that going over has ended.
pub(crate) fn evidence_file(vault: &OpenVault) -> Option<Vec<u8>> {
    let ended = || vault.gone_over.as_ref().map(|gone| &gone.alarm);
    let KeptAlarm { alarm, since, evidence } = vault.alarm.as_ref().or_else(ended)?;
    let Evidence { offered, own } = evidence.as_deref()?;
    let body = own.body();
    let file = File {
        form: FORM,
        alarm: alarm.clone(),
        since: *since,
        vault: hex(body.vault.as_bytes()),
        vault_key: hex(body.vault_key.as_bytes()),
        offered: describe_head(offered),
        own: describe_head(own),
    };
    let mut bytes = serde_json::to_vec_pretty(&file).expect("texts and numbers");
    bytes.push(b'\n');
    Some(bytes)
}

fn describe_head(head: &SignedHead) -> FileHead {
    let body = head.body();
    FileHead { change: body.counter, hash: hex(&body.hash()), head: hex(&head.to_bytes()) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}
