//! Challenges of the server, each of which is used once.

use std::collections::BTreeSet;

use crystallum_core::{Defence, Entropy};
use crystallum_messages::ServerFailure;

use crate::wire::answer::{CeremonyId, Challenge};

/// The shortest challenge that is accepted, in bytes.
const MIN_CHALLENGE: usize = 16;
/// The longest challenge that is accepted, in bytes.
const MAX_CHALLENGE: usize = 1024;
/// A challenge that expires sooner than this is not used any more, in milliseconds.
const MARGIN: u64 = 30_000;

/// A challenge of the server that has not been used yet.
#[derive(Clone, Debug)]
pub(crate) struct FreshChallenge {
    pub(crate) ceremony: CeremonyId,
    pub(crate) challenge: Vec<u8>,
    expires: u64,
}

impl FreshChallenge {
    pub(crate) fn is_fresh(&self, now: u64) -> bool {
        now < self.expires
    }
}

/// The challenges that this client has accepted, so that none is used twice.
#[derive(Default)]
pub(crate) struct SeenChallenges {
    seen: BTreeSet<Vec<u8>>,
}

impl SeenChallenges {
    /// Accepts a challenge unless it is too short, too long, or was seen before.
    pub(crate) fn accept(&mut self, challenge: Challenge, now: u64) -> Result<FreshChallenge, ServerFailure> {
        let Challenge { ceremony, bytes, expires_in } = challenge;
        let is_fresh =
            (MIN_CHALLENGE..=MAX_CHALLENGE).contains(&bytes.len()) && self.seen.insert(bytes.clone());
        if Defence::FreshChallenge.holds() && !is_fresh {
            return Err(ServerFailure::StrangeAnswer);
        }
        let lifetime = u64::from(expires_in).saturating_mul(1000).saturating_sub(MARGIN);
        Ok(FreshChallenge { ceremony, challenge: bytes, expires: now.saturating_add(lifetime) })
    }
}

/// Generates a challenge for a ceremony whose signature is not sent anywhere.
pub(crate) fn local_challenge(entropy: &mut impl Entropy) -> Vec<u8> {
    let mut challenge = vec![0; 32];
    entropy.fill(&mut challenge);
    challenge
}
