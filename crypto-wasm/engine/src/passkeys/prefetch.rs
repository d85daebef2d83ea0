//! Challenges that are fetched before they are needed, so that a click does not wait for the
//! network.

use crystallum_messages::{Purpose, ServerFailure};

use crate::passkeys::challenge::{FreshChallenge, SeenChallenges};
use crate::ports::{Clock, Ports};
use crate::wire::client::Client;

/// Holds at most one unused challenge of each kind, and every challenge that was ever accepted.
#[derive(Default)]
pub(crate) struct ChallengePrefetch {
    pub(crate) seen: SeenChallenges,
    create: Option<FreshChallenge>,
    unlock: Option<FreshChallenge>,
}

impl ChallengePrefetch {
    /// Fetches a challenge for the next ceremony.
    pub(crate) async fn prepare(
        &mut self,
        ports: &impl Ports,
        purpose: Purpose,
    ) -> Result<(), ServerFailure> {
        match purpose {
            Purpose::Create => self.create = Some(self.take_for_create(ports).await?),
            Purpose::Unlock => self.unlock = Some(self.take_for_unlock(ports).await?),
        }
        Ok(())
    }

    /// Returns a challenge for registering a passkey, the prefetched one if it is fresh.
    pub(crate) async fn take_for_create(
        &mut self,
        ports: &impl Ports,
    ) -> Result<FreshChallenge, ServerFailure> {
        let now = ports.clock().now();
        match self.create.take().filter(|ready| ready.is_fresh(now)) {
            Some(ready) => Ok(ready),
            None => self.seen.accept(Client(ports.transport()).register_challenge().await?, now),
        }
    }

    /// Returns a challenge for a passkey of a vault, the prefetched one if it is fresh.
    pub(crate) async fn take_for_unlock(
        &mut self,
        ports: &impl Ports,
    ) -> Result<FreshChallenge, ServerFailure> {
        let now = ports.clock().now();
        match self.unlock.take().filter(|ready| ready.is_fresh(now)) {
            Some(ready) => Ok(ready),
            None => self.seen.accept(Client(ports.transport()).login_challenge().await?, now),
        }
    }

    /// Returns a nonce for the vault's key to sign. It is fetched when it is needed.
    pub(crate) async fn take_for_vault(
        &mut self,
        ports: &impl Ports,
    ) -> Result<FreshChallenge, ServerFailure> {
        let now = ports.clock().now();
        self.seen.accept(Client(ports.transport()).vault_challenge().await?, now)
    }
}
