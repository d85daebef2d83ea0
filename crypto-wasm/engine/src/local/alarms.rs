//! Storage of the alarm that the device is in, and of the notes of those that are over.

use crystallum_core::{Malformed, SignedHead, VaultId};
use crystallum_messages::Alarm;

use crate::local::schema::storage_key;
use crate::ports::{Batch, LocalStore, WriteFailed};
use crate::vault::alarm::{EndedAlarm, Evidence, KeptAlarm};

/// Below the key of a vault: the alarm.
pub(super) const ALARM: &str = "alarm";

/// Below the key of a vault: the alarms that are over.
pub(super) const ENDED: &str = "ended";

type Write = (String, Option<Vec<u8>>);

/// Returns the write that stores the alarm, or removes it.
pub(crate) fn alarm_write(vault: VaultId, alarm: Option<&KeptAlarm>) -> Write {
    (storage_key(vault, ALARM), alarm.map(alarm_to_bytes))
}

/// Returns the write that stores the notes of ended alarms, or removes the last of them.
pub(crate) fn ended_write(vault: VaultId, ended: &[EndedAlarm]) -> Write {
    (storage_key(vault, ENDED), (!ended.is_empty()).then(|| ended_to_bytes(ended)))
}

/// Writes these, if `head` is still what is stored.
pub(crate) async fn write_alarms(
    store: &impl LocalStore,
    head: &SignedHead,
    writes: Vec<Write>,
) -> Result<(), WriteFailed> {
    let expect = Some((storage_key(head.body().vault, "head"), Some(head.to_bytes())));
    store.write(Batch { expect, writes }).await
}

/// `u64 since ‖ u32 length ‖ JSON of the alarm`, and with evidence `u32 length ‖ offered head ‖ own
/// head`.
pub(super) fn alarm_to_bytes(kept: &KeptAlarm) -> Vec<u8> {
    let mut bytes = kept.since.to_be_bytes().to_vec();
    push_sized(&mut bytes, &alarm_json(&kept.alarm));
    if let Some(evidence) = &kept.evidence {
        push_sized(&mut bytes, &evidence.offered.to_bytes());
        bytes.extend(evidence.own.to_bytes());
    }
    bytes
}

pub(super) fn alarm_from_bytes(bytes: &[u8]) -> Result<KeptAlarm, Malformed> {
    let (since, rest) = bytes.split_first_chunk().ok_or(Malformed)?;
    let (alarm, rest) = split_sized(rest)?;
    let alarm = serde_json::from_slice(alarm).map_err(|_| Malformed)?;
    let evidence = match rest {
        [] => None,
        rest => {
            let (offered, own) = split_sized(rest)?;
            let (offered, own) = (SignedHead::from_bytes(offered)?, SignedHead::from_bytes(own)?);
            Some(Box::new(Evidence { offered, own }))
        }
    };
    Ok(KeptAlarm { alarm, since: u64::from_be_bytes(*since), evidence })
}

/// For each: `u64 since ‖ u64 ended ‖ u64 change ‖ u32 length ‖ JSON of the alarm`.
fn ended_to_bytes(notes: &[EndedAlarm]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for EndedAlarm { alarm, since, ended, change } in notes {
        bytes.extend([since, ended, change].map(|number| number.to_be_bytes()).as_flattened());
        push_sized(&mut bytes, &alarm_json(alarm));
    }
    bytes
}

pub(super) fn ended_from_bytes(mut bytes: &[u8]) -> Result<Vec<EndedAlarm>, Malformed> {
    let mut notes = Vec::new();
    while !bytes.is_empty() {
        let (numbers, rest) = bytes.split_first_chunk::<24>().ok_or(Malformed)?;
        let (alarm, rest) = split_sized(rest)?;
        let mut numbers = numbers.as_chunks::<8>().0.iter().map(|number| u64::from_be_bytes(*number));
        let mut next = || numbers.next().ok_or(Malformed);
        let (since, ended, change) = (next()?, next()?, next()?);
        let alarm = serde_json::from_slice(alarm).map_err(|_| Malformed)?;
        notes.push(EndedAlarm { alarm, since, ended, change });
        bytes = rest;
    }
    Ok(notes)
}

fn alarm_json(alarm: &Alarm) -> Vec<u8> {
    serde_json::to_vec(alarm).expect("a name and numbers")
}

fn push_sized(bytes: &mut Vec<u8>, value: &[u8]) {
    let length = u32::try_from(value.len()).expect("an alarm and a head are short");
    bytes.extend(length.to_be_bytes());
    bytes.extend(value);
}

fn split_sized(bytes: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let (length, rest) = bytes.split_first_chunk().ok_or(Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Malformed)?;
    rest.split_at_checked(length).ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use crystallum_format::samples;

    use super::*;

    #[test]
    fn what_is_stored_is_read_as_it_was() {
        let head = *samples::written().head();
        for evidence in [None, Some(Box::new(Evidence { offered: head, own: head }))] {
            let kept = KeptAlarm { alarm: Alarm::Fork { mine: 2, offered: 3 }, since: 7, evidence };
            let bytes = alarm_to_bytes(&kept);
            assert_eq!(alarm_from_bytes(&bytes), Ok(kept));
            // One that was cut off is read as damaged, or as the alarm without its evidence.
            for length in 0..bytes.len() {
                let read = alarm_from_bytes(&bytes[..length]);
                assert!(read.is_err() || read.is_ok_and(|kept| kept.evidence.is_none()), "{length}");
            }
        }
        let note = |since| EndedAlarm { alarm: Alarm::Tampered { offered: 3 }, since, ended: 8, change: 9 };
        let notes = vec![note(1), note(2)];
        let bytes = ended_to_bytes(&notes);
        assert_eq!(ended_from_bytes(&bytes), Ok(notes));
        assert_eq!(ended_from_bytes(&bytes[1..]), Err(Malformed));
        assert_eq!(ended_from_bytes(&[]), Ok(Vec::new()));
    }
}
