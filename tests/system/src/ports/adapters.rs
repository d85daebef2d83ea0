use std::cell::RefCell;
use std::rc::Rc;

use crystallum_engine::Ports;
use crystallum_messages::Event;
use crystallum_test_support::RecordedRng;

use crate::ports::authenticator::ScriptedAuthenticator;
use crate::ports::clock::SettableClock;
use crate::ports::commands::ArrivingCommands;
use crate::ports::disk::Disk;
use crate::ports::keys::Keys;
use crate::ports::profile::Profile;
use crate::ports::transport::FaultyTransport;

/// The native adapters of one engine.
pub(crate) struct Adapters {
    pub(crate) transport: FaultyTransport,
    pub(crate) profile: Profile,
    pub(crate) authenticator: ScriptedAuthenticator,
    pub(crate) commands: ArrivingCommands,
    pub(crate) clock: SettableClock,
    pub(crate) entropy: RecordedRng,
    pub(crate) events: Rc<RefCell<Vec<Event>>>,
}

impl Ports for Adapters {
    type Transport = FaultyTransport;
    type LocalStore = Disk;
    type Authenticator = ScriptedAuthenticator;
    type CommandQueue = ArrivingCommands;
    type DeviceKey = Keys;
    type Clock = SettableClock;
    type Entropy = RecordedRng;

    fn transport(&self) -> &FaultyTransport {
        &self.transport
    }

    fn store(&self) -> &Disk {
        &self.profile.disk
    }

    fn authenticator(&self) -> &ScriptedAuthenticator {
        &self.authenticator
    }

    fn commands(&self) -> &ArrivingCommands {
        &self.commands
    }

    fn device_key(&self) -> &Keys {
        &self.profile.keys
    }

    fn clock(&self) -> &SettableClock {
        &self.clock
    }

    fn entropy(&mut self) -> &mut RecordedRng {
        &mut self.entropy
    }

    fn user_agent(&self) -> String {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()
    }

    fn emit(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }
}
