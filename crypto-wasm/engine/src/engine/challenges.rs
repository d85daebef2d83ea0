//! Challenges that are fetched before they are needed, so that a click needs no network.

use crystallum_messages::{Failure, Purpose};

use crate::ceremonies::{Challenges, Ready};
use crate::client::Client;
use crate::ports::{Clock, Ports};

/// At most one challenge of each kind, and every one that was ever used.
#[derive(Default)]
pub(super) struct ReadyChallenges {
    pub(super) seen: Challenges,
    create: Option<Ready>,
    unlock: Option<Ready>,
}

impl ReadyChallenges {
    pub(super) async fn prepare(&mut self, ports: &impl Ports, purpose: Purpose) -> Result<(), Failure> {
        match purpose {
            Purpose::Create => self.create = Some(self.take_for_create(ports).await?),
            Purpose::Unlock => self.unlock = Some(self.take_for_unlock(ports).await?),
        }
        Ok(())
    }

    /// A challenge for a new passkey.
    pub(super) async fn take_for_create(&mut self, ports: &impl Ports) -> Result<Ready, Failure> {
        let now = ports.clock().now();
        match self.create.take().filter(|ready| ready.is_fresh(now)) {
            Some(ready) => Ok(ready),
            None => self.seen.accept(Client(ports.transport()).register_challenge().await?, now),
        }
    }

    /// A challenge for a passkey of a vault.
    pub(super) async fn take_for_unlock(&mut self, ports: &impl Ports) -> Result<Ready, Failure> {
        let now = ports.clock().now();
        match self.unlock.take().filter(|ready| ready.is_fresh(now)) {
            Some(ready) => Ok(ready),
            None => self.seen.accept(Client(ports.transport()).login_challenge().await?, now),
        }
    }
}
