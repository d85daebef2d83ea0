//! The ciphertext of a vault: the sealed parts of records and the wraps of keyslots.

use std::collections::BTreeMap;

use crystallum_core::{RecordId, SlotId};

use crate::vault::history::SecretVersion;
use crate::vault::part::Parts;
use crate::vault::wrap_bytes::WrapBytes;

/// The parts of every live record, the wrap of every keyslot, and the known versions of secrets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objects {
    pub(crate) records: BTreeMap<RecordId, Parts>,
    pub(crate) wraps: BTreeMap<SlotId, WrapBytes>,
    pub(crate) history: BTreeMap<RecordId, Vec<SecretVersion>>,
}

/// An update of the objects: new values, and `None` for those that are removed. Each list is in the
/// order of its ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Update {
    pub(crate) records: Vec<(RecordId, Option<Parts>)>,
    pub(crate) wraps: Vec<(SlotId, Option<WrapBytes>)>,
    pub(crate) history: Vec<(RecordId, Option<Vec<SecretVersion>>)>,
}

impl Objects {
    pub(crate) fn apply(&mut self, update: Update) {
        set_values(&mut self.records, update.records);
        set_values(&mut self.wraps, update.wraps);
        set_values(&mut self.history, update.history);
    }

    /// Returns a view of these objects as they will be after an update.
    pub(crate) fn after<'a>(&'a self, update: &'a Update) -> ObjectsAfter<'a> {
        ObjectsAfter { objects: self, update }
    }
}

/// The objects as they will be after an update that is not applied yet. This is what the device
/// stores before the update changes anything in memory.
#[derive(Clone, Copy)]
pub(crate) struct ObjectsAfter<'a> {
    objects: &'a Objects,
    update: &'a Update,
}

impl<'a> ObjectsAfter<'a> {
    pub(crate) fn record(self, id: RecordId) -> Option<&'a Parts> {
        value_after(&self.update.records, &self.objects.records, id)
    }

    pub(crate) fn wrap(self, id: SlotId) -> Option<&'a WrapBytes> {
        value_after(&self.update.wraps, &self.objects.wraps, id)
    }

    pub(crate) fn history(self, id: RecordId) -> Option<&'a Vec<SecretVersion>> {
        value_after(&self.update.history, &self.objects.history, id)
    }
}

fn value_after<'a, K: Copy + Ord, V>(
    update: &'a [(K, Option<V>)],
    values: &'a BTreeMap<K, V>,
    key: K,
) -> Option<&'a V> {
    match update.binary_search_by_key(&key, |(key, _)| *key) {
        Ok(found) => update.get(found).and_then(|(_, value)| value.as_ref()),
        Err(_) => values.get(&key),
    }
}

fn set_values<K: Ord, V>(map: &mut BTreeMap<K, V>, values: Vec<(K, Option<V>)>) {
    for (key, value) in values {
        match value {
            Some(value) => map.insert(key, value),
            None => map.remove(&key),
        };
    }
}

#[cfg(test)]
mod tests;
