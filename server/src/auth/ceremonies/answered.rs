use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use crystallum_api::{Committed, Id};

/// How long a challenge is valid, in seconds.
pub(crate) const LIFETIME_SECONDS: u32 = 300;

/// How many answers are remembered without asking who gave them. One network can give 60 a minute,
/// so that it takes more than 300 networks to come so far.
const MAX_UNASKED: usize = 100_000;
/// How many answers of one network are remembered when there are more. People need one or two.
const MAX_OF_NETWORK: usize = 16;
/// How many answers are remembered in all, apart from those for known credentials. Each takes about
/// 150 bytes.
const MAX_ANSWERED: usize = 200_000;

/// A registration that created an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Completed {
    /// The account's id.
    pub(crate) account: Id,
    /// The SHA-256 of the request.
    pub(crate) request: [u8; 32],
    /// The response that was sent.
    pub(crate) response: Committed,
}

/// Why an answer to a challenge is not considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotConsidered {
    /// The challenge was never issued, was answered before, or has expired.
    Unknown,
    /// Too many challenges were answered, most of them by this network.
    TooMany,
}

/// The challenges that were answered and would otherwise still be valid.
#[derive(Default)]
pub(super) struct Answered {
    entries: HashMap<Id, Entry>,
    /// The ids, the oldest first.
    order: VecDeque<(Duration, Id)>,
    by_network: HashMap<IpAddr, usize>,
    /// The number of entries that are not for known credentials.
    counted: usize,
}

struct Entry {
    /// The network of which this is a part of the share.
    network: Option<IpAddr>,
    completed: Option<Box<Completed>>,
}

impl Answered {
    /// Returns `None` if the challenge was not answered, and otherwise what came of it if that was
    /// an account.
    pub(super) fn find(&mut self, now: Duration, id: Id) -> Option<Option<Box<Completed>>> {
        self.forget(now);
        self.entries.get(&id).map(|entry| entry.completed.clone())
    }

    /// Remembers that a challenge was answered.
    pub(super) fn add(
        &mut self,
        now: Duration,
        id: Id,
        network: IpAddr,
        known: impl FnOnce() -> bool,
    ) -> Result<(), NotConsidered> {
        self.forget(now);
        if self.entries.contains_key(&id) {
            return Err(NotConsidered::Unknown);
        }
        let has_room = self.counted < MAX_UNASKED
            || (self.counted < MAX_ANSWERED && self.of_network(network) < MAX_OF_NETWORK);
        if !has_room && !known() {
            return Err(NotConsidered::TooMany);
        }
        let network = has_room.then_some(network);
        if let Some(network) = network {
            *self.by_network.entry(network).or_insert(0) += 1;
            self.counted += 1;
        }
        self.entries.insert(id, Entry { network, completed: None });
        self.order.push_back((now + Duration::from_secs(LIFETIME_SECONDS.into()), id));
        Ok(())
    }

    /// Remembers what came of an answer.
    pub(super) fn complete(&mut self, id: Id, completed: Completed) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.completed = Some(Box::new(completed));
        }
    }

    fn of_network(&self, network: IpAddr) -> usize {
        self.by_network.get(&network).copied().unwrap_or(0)
    }

    /// Forgets the challenges that have expired.
    fn forget(&mut self, now: Duration) {
        while let Some((_, id)) = self.order.front().copied().filter(|(until, _)| *until <= now) {
            self.order.pop_front();
            let Some(Entry { network: Some(network), .. }) = self.entries.remove(&id) else { continue };
            self.counted = self.counted.saturating_sub(1);
            if let Some(count) = self.by_network.get_mut(&network) {
                *count -= 1;
                if *count == 0 {
                    self.by_network.remove(&network);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const LIFE: Duration = Duration::from_secs(300);

    fn id(number: usize) -> Id {
        Id(u128::try_from(number).unwrap().to_be_bytes())
    }

    /// Returns one of many networks.
    fn network(number: usize) -> IpAddr {
        let number = u128::try_from(number).unwrap();
        IpAddr::V6((0x2001_0db8_u128 << 96 | number << 72).into())
    }

    #[test]
    fn a_flood_uses_up_only_its_own_share() {
        let mut answered = Answered::default();
        // 256 networks answer as much as they can.
        for number in 0..MAX_UNASKED {
            answered.add(SECOND, id(number), network(number % 256), || false).unwrap();
        }
        let mut next = MAX_UNASKED;
        let mut add = |answered: &mut Answered, from: IpAddr, known: bool| {
            next += 1;
            answered.add(SECOND, id(next), from, || known)
        };
        assert_eq!(add(&mut answered, network(7), false), Err(NotConsidered::TooMany));
        // Others have room, and known credentials have it everywhere.
        for _ in 0..MAX_OF_NETWORK {
            add(&mut answered, network(1_000), false).unwrap();
        }
        assert_eq!(add(&mut answered, network(1_000), false), Err(NotConsidered::TooMany));
        add(&mut answered, network(7), true).unwrap();
        // Even if countless networks flood, known credentials have room.
        for number in 2_000.. {
            if add(&mut answered, network(number), false).is_err() {
                break;
            }
        }
        assert_eq!(answered.counted, MAX_ANSWERED);
        add(&mut answered, network(7), true).unwrap();
        assert_eq!(add(&mut answered, network(1), false), Err(NotConsidered::TooMany));
        assert_eq!(answered.entries.len(), MAX_ANSWERED + 2);
    }

    #[test]
    fn what_has_expired_is_forgotten() {
        let mut answered = Answered::default();
        for number in 0..10 {
            answered.add(SECOND, id(number), network(number), || false).unwrap();
        }
        assert_eq!(answered.find(LIFE, id(1)), Some(None));
        assert_eq!(answered.add(LIFE, id(1), network(1), || true), Err(NotConsidered::Unknown));
        assert_eq!(answered.find(LIFE + SECOND, id(1)), None);
        assert!(answered.entries.is_empty() && answered.by_network.is_empty() && answered.order.is_empty());
        assert_eq!(answered.counted, 0);
    }
}
