use std::collections::HashSet;

use crystallum_api::Committed;

use super::*;

const NOW: Duration = Duration::from_secs(1_000);
const LIFE: Duration = Duration::from_secs(300);
const NETWORK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn answer(ceremonies: &Ceremonies, now: Duration, kind: Kind, id: Id) -> Result<[u8; 32], NotConsidered> {
    ceremonies.answer(now, kind, id, NETWORK, || false)
}

#[test]
fn a_challenge_is_answered_once() {
    let ceremonies = Ceremonies::new();
    let (id, challenge) = ceremonies.start(NOW, Kind::Login).unwrap();
    assert_eq!(ceremonies.find(NOW, Kind::Login, id), Some(Ceremony::Open(challenge)));
    assert_eq!(answer(&ceremonies, NOW, Kind::Login, id), Ok(challenge));
    assert_eq!(answer(&ceremonies, NOW, Kind::Login, id), Err(NotConsidered::Unknown));
    assert_eq!(ceremonies.find(NOW, Kind::Login, id), None);
}

#[test]
fn a_challenge_expires() {
    let ceremonies = Ceremonies::new();
    let (id, challenge) = ceremonies.start(NOW, Kind::Recovery).unwrap();
    let last = NOW + LIFE - Duration::from_secs(1);
    assert_eq!(ceremonies.find(last, Kind::Recovery, id), Some(Ceremony::Open(challenge)));
    assert_eq!(answer(&ceremonies, NOW + LIFE, Kind::Recovery, id), Err(NotConsidered::Unknown));
    assert_eq!(answer(&ceremonies, last, Kind::Recovery, id), Ok(challenge));
    assert_eq!(answer(&ceremonies, last, Kind::Recovery, id), Err(NotConsidered::Unknown));
}

#[test]
fn only_what_was_started_is_known() {
    let ceremonies = Ceremonies::new();
    let (id, _) = ceremonies.start(NOW, Kind::Login).unwrap();
    for kind in [Kind::Registration, Kind::Recovery] {
        assert_eq!(answer(&ceremonies, NOW, kind, id), Err(NotConsidered::Unknown));
    }
    for bit in 0..128 {
        let mut other = id;
        other.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(answer(&ceremonies, NOW, Kind::Login, other), Err(NotConsidered::Unknown), "{bit}");
    }
    // Neither is one of another run of the server.
    assert_eq!(answer(&Ceremonies::new(), NOW, Kind::Login, id), Err(NotConsidered::Unknown));
    assert!(answer(&ceremonies, NOW, Kind::Login, id).is_ok());
}

#[test]
fn open_ceremonies_have_no_limit_and_no_memory() {
    let ceremonies = Ceremonies::new();
    let mut seen = HashSet::new();
    let (first, challenge) = ceremonies.start(NOW, Kind::Login).unwrap();
    for _ in 0..51_000 {
        let (id, challenge) = ceremonies.start(NOW, Kind::Login).unwrap();
        assert!(seen.insert(id) && seen.insert(Id(challenge[..16].try_into().unwrap())));
    }
    assert_eq!(ceremonies.find(NOW, Kind::Login, first), Some(Ceremony::Open(challenge)));
}

#[test]
fn a_completed_registration_is_remembered() {
    let ceremonies = Ceremonies::new();
    let (id, _) = ceremonies.start(NOW, Kind::Registration).unwrap();
    let completed = Completed { account: Id([1; 16]), request: [2; 32], response: Committed { counter: 1 } };
    ceremonies.complete(NOW, id, NETWORK, completed.clone());
    let found = Some(Ceremony::Completed(Box::new(completed)));
    assert_eq!(ceremonies.find(NOW, Kind::Registration, id), found);
    assert_eq!(answer(&ceremonies, NOW, Kind::Registration, id), Err(NotConsidered::Unknown));
    assert_eq!(ceremonies.find(NOW + LIFE, Kind::Registration, id), None);
}
