use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crystallum_api::Session;
use crystallum_test_support::{Browser, SeededRng, Site, Witness, work};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::meter::Meter;

/// The site as one client sees it, through the proxy.
pub(crate) struct Visit {
    pub(crate) server: SocketAddr,
    pub(crate) client: IpAddr,
    pub(crate) meter: Arc<Meter>,
}

impl Site for Visit {
    fn browser(&self) -> Browser {
        let meter = Arc::clone(&self.meter);
        Browser::new(self.server).behind_proxy(self.client).observed_by(meter)
    }
}

/// An address that several people share with a flood that reaches its rate limit.
pub(crate) const SHARED: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
/// Every tenth person is behind the shared address.
const SHARING: usize = 10;

/// When somebody stops working.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    /// After so many actions, whether they succeed or not.
    Actions(usize),
    /// When the server does not do what it should.
    Failure,
}

/// Returns the address of a person. Most have one of their own.
fn address_of(person: usize) -> IpAddr {
    let [high, low] = u16::try_from(person).unwrap().to_be_bytes();
    if person.is_multiple_of(SHARING) { SHARED } else { Ipv4Addr::new(192, 0, high, low).into() }
}

/// Lets many people sign up.
pub(crate) async fn sign_up(
    number: usize,
    at_once: usize,
    server: SocketAddr,
    meter: &Arc<Meter>,
) -> Vec<Witness> {
    let turns = Arc::new(Semaphore::new(at_once));
    let mut signing_up = JoinSet::new();
    for person in 0..number {
        let client = address_of(person);
        let visit = Visit { server, client, meter: Arc::clone(meter) };
        let turns = Arc::clone(&turns);
        signing_up.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            Witness::new(&visit, &format!("person {person}")).await
        });
    }
    signing_up.join_all().await
}

/// Lets people work, so many at once. Tells after every action whether it was done.
pub(crate) fn start_work(
    people: Vec<Witness>,
    at_once: usize,
    until: Until,
    tell: &mpsc::UnboundedSender<bool>,
) -> JoinSet<Witness> {
    let turns = Arc::new(Semaphore::new(at_once));
    let mut working = JoinSet::new();
    for mut person in people {
        let (turns, tell) = (Arc::clone(&turns), tell.clone());
        working.spawn(async move {
            let mut left = match until {
                Until::Actions(number) => number,
                Until::Failure => usize::MAX,
            };
            while left > 0 {
                let _turn = turns.acquire().await.unwrap();
                let done = act(&mut person).await;
                tell.send(done).unwrap();
                left = if matches!(until, Until::Failure) && !done { 0 } else { left - 1 };
            }
            person
        });
    }
    working
}

/// Does one thing. Returns whether the server did all of it.
async fn act(person: &mut Witness) -> bool {
    if !person.signed_in && !person.try_login().await {
        return false;
    }
    match person.rng.below(16) {
        0..4 => person.read_changes().await,
        4 => is_signed_in(person).await == Some(true),
        5 => person.logout().await && person.try_login().await,
        // A write that was not acknowledged comes first.
        _ if !person.resend().await => false,
        6 => {
            let number = 1 + person.rng.below(8);
            work::add_large_records(person, number).await
        }
        _ => work::random_action(person).await,
    }
}

/// Asks whether the person has a session. Returns `None` without an answer.
pub(crate) async fn is_signed_in(person: &Witness) -> Option<bool> {
    let answer = person.person.browser.send("GET", "/api/session", None).await?;
    match answer.status {
        200 => {
            let session: Session = answer.json();
            assert!(session.account == person.state.vault && session.counter >= person.state.counter);
            Some(true)
        }
        401 => Some(false),
        _ => None,
    }
}

/// Returns an address that a flood comes from: one of countless networks.
pub(crate) fn stranger(rng: &mut SeededRng) -> IpAddr {
    if rng.below(2) == 0 {
        let [a, b, c] = rng.bytes();
        return Ipv4Addr::new(198, a, b, c).into();
    }
    let mut address = [0; 16];
    address[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
    address[4..].copy_from_slice(&rng.bytes::<12>());
    IpAddr::from(address)
}
