//! Native adapters for the engine's six ports.

mod authenticator;
mod clock;
mod disk;
mod entropy;
mod fault;
mod keys;
mod network;
mod wallet;

use std::cell::RefCell;
use std::rc::Rc;

use crystallum_engine::Ports;
use crystallum_messages::Event;

pub use authenticator::{PrfMode, SoftAuthenticator};
pub use clock::SettableClock;
pub use disk::{Disk, Profile};
pub use entropy::SeededEntropy;
pub use fault::Fault;
pub use keys::Keys;
pub use network::{Call, Network};
pub use wallet::Wallet;

/// The native adapters of one engine.
pub(crate) struct Adapters {
    pub(crate) network: Network,
    pub(crate) profile: Profile,
    pub(crate) authenticator: SoftAuthenticator,
    pub(crate) clock: SettableClock,
    pub(crate) entropy: SeededEntropy,
    pub(crate) events: Rc<RefCell<Vec<Event>>>,
}

impl Ports for Adapters {
    type Transport = Network;
    type LocalStore = Disk;
    type Authenticator = SoftAuthenticator;
    type DeviceKey = Keys;
    type Clock = SettableClock;
    type Entropy = SeededEntropy;

    fn transport(&self) -> &Network {
        &self.network
    }

    fn store(&self) -> &Disk {
        &self.profile.disk
    }

    fn authenticator(&self) -> &SoftAuthenticator {
        &self.authenticator
    }

    fn device_key(&self) -> &Keys {
        &self.profile.keys
    }

    fn clock(&self) -> &SettableClock {
        &self.clock
    }

    fn entropy(&mut self) -> &mut SeededEntropy {
        &mut self.entropy
    }

    fn emit(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }
}
