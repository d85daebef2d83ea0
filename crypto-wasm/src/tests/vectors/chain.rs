use serde_json::{Value, json};

use super::json::{array, bytes, change, hex, list};
use super::{Checked, File, Refusal, chain_cases};
use crate::{Change, HeadRefused, Malformed, SignedHead, VaultId, VaultState};

pub(super) const FILE: File = File { name: "chain", section: "7", check, cases: chain_cases::cases };

/// Verifies heads with their changes from the genesis on.
pub(super) fn check(input: &Value) -> Checked {
    let vault = VaultId::new(array(&input["vault"]));
    let mut state: Option<VaultState> = None;
    for (at, step) in list(&input["steps"]).iter().enumerate() {
        follow(&mut state, vault, step).map_err(|_| Refusal(Some(at)))?;
    }
    let state = state.expect("at least one step");
    let body = state.head().body();
    Ok(json!({
        "counter": body.counter, "hash": hex(body.hash()), "history": hex(body.history), "root": hex(body.root), "leaves": body.leaves,
        "live": state.leaves().count(),
    }))
}

pub(super) enum Stopped {
    Malformed,
    Refused,
}

impl From<Malformed> for Stopped {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl From<HeadRefused> for Stopped {
    fn from(_: HeadRefused) -> Self {
        Self::Refused
    }
}

pub(super) fn follow(state: &mut Option<VaultState>, vault: VaultId, step: &Value) -> Result<(), Stopped> {
    let head = SignedHead::from_bytes(&bytes(&step["head"]))?;
    let changes: Vec<Change> = list(&step["changes"]).iter().map(change).collect::<Result<_, _>>()?;
    match state {
        Some(state) => state.advance(head, &changes)?,
        None => *state = Some(VaultState::genesis(vault, head, &changes)?),
    }
    Ok(())
}

#[test]
fn recorded() {
    FILE.run(8, 106);
}
