//! Corrupts bytes and stores, as a failing disk or a careless forger does.

use std::collections::BTreeMap;

use crate::seeded_rng::SeededRng;

impl SeededRng {
    /// Corrupts bytes and describes how. The bytes always change.
    pub fn corrupt(&mut self, bytes: &mut Vec<u8>) -> String {
        let before = bytes.clone();
        let mut what = String::new();
        while *bytes == before {
            let at = self.below(bytes.len().max(1));
            what = match self.below(6) {
                0 => {
                    bytes.truncate(at);
                    format!("cut to {at}")
                }
                1 => {
                    let end = (at + 1 + self.below(16)).min(bytes.len());
                    bytes.drain(at.min(end)..end);
                    format!("{at} to {end} gone")
                }
                2 => {
                    let end = (at + 1 + self.below(64)).min(bytes.len());
                    let piece = bytes.get(at..end).unwrap_or_default().to_vec();
                    bytes.splice(at.min(before.len())..at.min(before.len()), piece);
                    format!("{at} to {end} twice")
                }
                3 => {
                    bytes.insert(at.min(before.len()), u8::try_from(self.below(256)).expect("a byte"));
                    format!("a byte more at {at}")
                }
                // Letters and digits keep JSON and base64 readable, so these changes get further.
                4 => {
                    let letter = *self.pick(b"0123456789ABCDEFabcdef_-");
                    bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = letter);
                    format!("another letter at {at}")
                }
                _ => {
                    let bit = self.below(8);
                    bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << bit);
                    format!("bit {bit} at {at}")
                }
            };
        }
        what
    }

    /// Corrupts, removes or replaces one value, and describes which and how.
    pub fn corrupt_store(&mut self, values: &mut BTreeMap<String, Vec<u8>>) -> String {
        let keys: Vec<String> = values.keys().cloned().collect();
        let key = self.pick(&keys).clone();
        let how = match self.below(8) {
            0 => {
                values.remove(&key);
                "lost".to_owned()
            }
            1 => {
                let others: Vec<_> = values.iter().filter(|(_, value)| **value != values[&key]).collect();
                let (other, value) = *self.pick(&others);
                let (other, value) = (other.clone(), value.clone());
                values.insert(key.clone(), value);
                format!("has the value of {other}")
            }
            _ => self.corrupt(values.get_mut(&key).expect("a key that is there")),
        };
        format!("{key}: {how}")
    }
}
