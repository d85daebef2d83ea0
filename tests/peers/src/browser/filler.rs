use crystallum_api::{Delta, Entry};
use wasm_bindgen::prelude::wasm_bindgen;

use super::entropy::BrowserEntropy;
use crate::Writer;

/// A second device of a vault, which adds many records with few heads.
#[wasm_bindgen]
pub struct Filler {
    writer: Writer,
    join: Option<String>,
}

#[wasm_bindgen]
impl Filler {
    /// Joins a vault. `delta` is a response of the server with the complete history, and `output`
    /// the passkey's output for the root. Returns `None` when they do not belong together.
    pub fn join(delta: &str, output: &[u8]) -> Option<Self> {
        let delta: Delta = serde_json::from_str(delta).ok()?;
        let entries: &[Entry] = &delta.entries;
        let (writer, commit) = Writer::join(entries, output, &mut BrowserEntropy).ok()?;
        Some(Self { writer, join: serde_json::to_string(&commit).ok() })
    }

    /// Takes the commit with which it joins; `None` after the first call.
    pub fn joining(&mut self) -> Option<String> {
        self.join.take()
    }

    /// Returns a commit that adds `count` exchange keys.
    pub fn add(&mut self, count: u32) -> Option<String> {
        serde_json::to_string(&self.writer.add(count, &mut BrowserEntropy)).ok()
    }

    /// Returns a commit that gives the vault another name.
    pub fn rename(&mut self) -> Option<String> {
        serde_json::to_string(&self.writer.rename(&mut BrowserEntropy)).ok()
    }

    /// Returns the number of the last change.
    pub fn counter(&self) -> u32 {
        u32::try_from(self.writer.counter()).unwrap_or(u32::MAX)
    }

    /// Follows what other devices have changed. `delta` is a response of the server with every
    /// change since its own last one. Returns whether they could be followed.
    pub fn follow(&mut self, delta: &str) -> bool {
        serde_json::from_str::<Delta>(delta).is_ok_and(|delta| self.writer.follow(&delta.entries).is_ok())
    }
}
