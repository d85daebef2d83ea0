//! Floods: clients that cost the server as much as they can.

mod held;
mod requests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crystallum_api::Id;
use crystallum_test_support::SeededRng;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::form::Form;
use crate::meter::Meter;

/// What floods need to know.
#[derive(Clone)]
pub(crate) struct Flood {
    pub(crate) server: SocketAddr,
    pub(crate) meter: Arc<Meter>,
    /// Accounts to which strangers try to sign in.
    pub(crate) victims: Arc<[Id]>,
    /// Cookies of clients that read nothing of what they ask for.
    pub(crate) readers: Arc<[String]>,
    /// Whether it is over.
    over: Arc<AtomicBool>,
}

impl Flood {
    pub(crate) fn new(
        server: SocketAddr,
        meter: &Arc<Meter>,
        victims: Vec<Id>,
        readers: Vec<String>,
    ) -> Self {
        let (victims, readers) = (victims.into(), readers.into());
        Self { server, meter: Arc::clone(meter), victims, readers, over: Arc::default() }
    }

    /// Uses up the rate limit of the shared address, opens connections on which the server waits,
    /// and returns these.
    pub(crate) async fn hold(&self, name: &str, form: &Form) -> Vec<TcpStream> {
        let mut rng = SeededRng::new(&format!("{name} held"));
        requests::use_up_shared_address(self, &mut rng).await;
        let mut open = held::silent(self, form.held / 2).await;
        open.extend(held::slow_bodies(self, &mut rng, form.held / 4).await);
        open.extend(held::unread(self, &mut rng, form.held / 4).await);
        open
    }

    /// Sends requests until each kind has sent its number, or until it is over.
    pub(crate) fn send(&self, name: &str, form: &Form) -> JoinSet<()> {
        let mut sending = JoinSet::new();
        for kind in requests::Kind::ALL {
            let (flood, mut rng) = (self.clone(), SeededRng::new(&format!("{name} {kind:?}")));
            let number = form.flood;
            sending.spawn(async move {
                for _ in 0..number {
                    if flood.over.load(Ordering::Relaxed) {
                        return;
                    }
                    requests::send(&flood, &mut rng, kind).await;
                }
            });
        }
        sending
    }

    /// Ends it.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }
}
