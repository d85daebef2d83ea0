//! Storage of what a device has to do after it went over to another history. The records that it
//! carries over are stored as changes that were set aside (`local::aside`).

use crystallum_core::{DeviceId, Malformed, RecordId, SignedHead, VaultId};
use crystallum_messages::{AsideId, AsideKind};
use serde::{Deserialize, Serialize};

use crate::local::alarms::{alarm_from_bytes, alarm_to_bytes};
use crate::local::schema::{parts_from_bytes, parts_to_bytes, storage_key};
use crate::ports::{Batch, LocalStore, WriteFailed};
use crate::vault::gone_over::{Again, GoneOver, Item, JoinAgain, Outcome};
use crate::wire::stored::{change_from_json, change_to_json};

/// Below the key of a vault: everything but the records.
pub(super) const GONE_OVER: &str = "over/note";

/// Below the key of a vault: what became of each record, by the id under which it is set aside.
pub(super) const ITEMS: &str = "over/item/";

type Write = (String, Option<Vec<u8>>);

#[derive(Serialize, Deserialize)]
struct Stored {
    alarm: Vec<u8>,
    ended: u64,
    change: u64,
    join: Option<StoredJoin>,
    removals: Vec<[u8; 16]>,
    again: Vec<StoredAgain>,
    is_finished: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredJoin {
    key: Vec<u8>,
    described: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct StoredAgain {
    kind: AsideKind,
    is_removal: bool,
    /// The record and its parts.
    named: Option<([u8; 16], Vec<u8>)>,
}

/// Returns the write that stores everything but the records.
pub(crate) fn gone_over_write(vault: VaultId, gone: &GoneOver) -> Write {
    let join = gone.join.as_ref().map(|JoinAgain { key, described }| StoredJoin {
        key: key.to_vec(),
        described: described.as_ref().map(change_to_json),
    });
    let again = gone.again.iter().map(|again| StoredAgain {
        kind: again.kind,
        is_removal: again.is_removal,
        named: again.named.as_ref().map(|(id, parts)| (*id.as_bytes(), parts_to_bytes(parts))),
    });
    let stored = Stored {
        alarm: alarm_to_bytes(&gone.alarm),
        ended: gone.ended,
        change: gone.change,
        join,
        removals: gone.removals.iter().map(|id| *id.as_bytes()).collect(),
        again: again.collect(),
        is_finished: gone.is_finished,
    };
    (storage_key(vault, GONE_OVER), Some(serde_json::to_vec(&stored).expect("bytes and numbers")))
}

/// Returns the write that stores what became of a record.
pub(crate) fn item_write(vault: VaultId, item: &Item) -> Write {
    let (outcome, copy) = match item.outcome {
        Outcome::Due => (0, None),
        Outcome::Carried => (1, None),
        Outcome::Copied(id) => (2, Some(id)),
        Outcome::Known => (3, None),
        Outcome::Kept => (4, None),
    };
    let copy = copy.map_or([0; 16], |id| *id.as_bytes());
    let value = [item.record.as_bytes().as_slice(), &[outcome], &copy].concat();
    (storage_key(vault, &format!("{ITEMS}{}", item.aside)), Some(value))
}

/// Returns the writes that remove all of it.
pub(crate) fn removal_writes(vault: VaultId, gone: &GoneOver) -> Vec<Write> {
    let items = gone.items.iter().map(|item| (item_write(vault, item).0, None));
    items.chain([(storage_key(vault, GONE_OVER), None)]).collect()
}

/// Writes these, if `head` is still what is stored.
pub(crate) async fn write_gone_over(
    store: &impl LocalStore,
    head: &SignedHead,
    writes: Vec<Write>,
) -> Result<(), WriteFailed> {
    let expect = Some((storage_key(head.body().vault, "head"), Some(head.to_bytes())));
    store.write(Batch { expect, writes }).await
}

/// Reads what is stored. `items` come with the last parts of their keys.
pub(super) fn gone_over_from_bytes(bytes: &[u8], items: &[(String, Vec<u8>)]) -> Result<GoneOver, Malformed> {
    let stored: Stored = serde_json::from_slice(bytes).map_err(|_| Malformed)?;
    let join = stored.join.map(|join| {
        let described = join.described.map(|change| change_from_json(&change)).transpose()?;
        Ok(JoinAgain { key: join.key.as_slice().try_into().map_err(|_| Malformed)?, described })
    });
    let again = stored.again.into_iter().map(|StoredAgain { kind, is_removal, named }| {
        let named = named.map(|(id, parts)| Ok((RecordId::new(id), parts_from_bytes(&parts)?)));
        Ok(Again { kind, is_removal, named: named.transpose()? })
    });
    Ok(GoneOver {
        alarm: alarm_from_bytes(&stored.alarm)?,
        ended: stored.ended,
        change: stored.change,
        join: join.transpose()?,
        removals: stored.removals.into_iter().map(DeviceId::new).collect(),
        items: items.iter().map(|(id, value)| item_from_bytes(id, value)).collect::<Result<_, _>>()?,
        again: again.collect::<Result<_, _>>()?,
        is_finished: stored.is_finished,
    })
}

fn item_from_bytes(id: &str, bytes: &[u8]) -> Result<Item, Malformed> {
    let aside: AsideId = id.parse().map_err(|_| Malformed)?;
    let (record, rest) = bytes.split_first_chunk::<16>().ok_or(Malformed)?;
    let (outcome, copy) = rest.split_first().ok_or(Malformed)?;
    let copy = RecordId::new(copy.try_into().map_err(|_| Malformed)?);
    let outcome = match outcome {
        0 => Outcome::Due,
        1 => Outcome::Carried,
        2 => Outcome::Copied(copy),
        3 => Outcome::Known,
        4 => Outcome::Kept,
        _ => return Err(Malformed),
    };
    Ok(Item { aside, record: RecordId::new(*record), outcome })
}

#[cfg(test)]
mod tests {
    use crystallum_core::Blob;
    use crystallum_format::samples;
    use crystallum_messages::Alarm;

    use super::*;
    use crate::vault::alarm::{Evidence, KeptAlarm};
    use crate::vault::change::SealedChange;
    use crate::vault::part::{Part, Parts, SecretPart};

    #[test]
    fn what_is_stored_is_read_as_it_was() {
        let head = *samples::written().head();
        let part = |version| Part { version, blob: Blob::from_bytes(vec![7; 512]) };
        let parts = Parts { overview: part(2), secret: SecretPart::Here(part(1)) };
        let record = RecordId::new([4; 16]);
        let items = [Outcome::Due, Outcome::Carried, Outcome::Copied(record), Outcome::Known, Outcome::Kept];
        let item = |(number, outcome)| Item { aside: AsideId([number; 16]), record, outcome };
        let described: SealedChange = parts.change_from(record, None);
        let gone = GoneOver {
            alarm: KeptAlarm {
                alarm: Alarm::Fork { mine: 2, offered: 3 },
                since: 7,
                evidence: Some(Box::new(Evidence { offered: head, own: head })),
            },
            ended: 8,
            change: 9,
            join: Some(JoinAgain { key: [5; 65], described: Some(described) }),
            removals: vec![DeviceId::new([6; 16])],
            items: (1..).zip(items).map(item).collect(),
            again: vec![Again { kind: AsideKind::Key, is_removal: true, named: Some((record, parts)) }],
            is_finished: false,
        };
        let vault = VaultId::new([1; 16]);
        let (_, note) = gone_over_write(vault, &gone);
        let written = gone.items.iter().map(|item| {
            let (key, value) = item_write(vault, item);
            (
                key.strip_prefix(&storage_key(vault, ITEMS)).expect("its room").to_owned(),
                value.expect("a value"),
            )
        });
        let mut written: Vec<_> = written.collect();
        let note = note.expect("a note");
        assert_eq!(gone_over_from_bytes(&note, &written), Ok(gone.clone()));
        assert_eq!(removal_writes(vault, &gone).len(), 6);
        assert_eq!(gone_over_from_bytes(&note[1..], &written), Err(Malformed));
        written[0].1[16] = 9;
        assert_eq!(gone_over_from_bytes(&note, &written), Err(Malformed));
    }
}
