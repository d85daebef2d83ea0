//! The oldest state that a device accepts: the vault when its recovery sheet was made.

use crystallum_core::VaultState;

use crate::ports::Transport;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};

/// The vault when its recovery sheet was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Floor {
    pub(crate) counter: u64,
    /// The hash of the head, if it is known.
    pub(crate) head: Option<[u8; 32]>,
}

impl Floor {
    /// Returns whether a verified state is the floor or comes after it. `known` is the hash of the
    /// head with the floor's counter, if this device has verified that head. If it has not, the
    /// server has to prove that the floor is part of the history.
    pub(crate) async fn is_reached(
        self,
        client: &Client<'_, impl Transport>,
        state: &VaultState,
        known: Option<[u8; 32]>,
    ) -> Result<bool, CallFailed> {
        let body = state.head().body();
        let Some(head) = self.head else { return Ok(self.counter <= body.counter) };
        if self.counter >= body.counter {
            return Ok(self.counter == body.counter && head == body.hash());
        }
        if let Some(known) = known {
            return Ok(known == head);
        }
        match client.head_proof(self.counter, body.counter).await {
            Ok(proof) => Ok(body.has_in_history(self.counter, &head, &proof)),
            Err(CallFailed::Refused(Refusal::NotFound)) => Ok(false),
            Err(failed) => Err(failed),
        }
    }
}
