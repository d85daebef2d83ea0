use crystallum_engine::Ports;
use crystallum_messages::{Event, FromEngine};

use crate::authenticator::PageAuthenticator;
use crate::clock::BrowserClock;
use crate::database::Database;
use crate::device_key::WebCryptoKey;
use crate::entropy::BrowserEntropy;
use crate::js;
use crate::local_store::KeyValueStore;
use crate::outbox;
use crate::queue::PageCommands;
use crate::transport::Fetch;

/// The browser's adapters for the ports of the engine.
pub(crate) struct Adapters {
    transport: Fetch,
    store: KeyValueStore,
    authenticator: PageAuthenticator,
    commands: PageCommands,
    device_key: WebCryptoKey,
    clock: BrowserClock,
    entropy: BrowserEntropy,
}

impl Adapters {
    /// Creates adapters for the server at `origin`.
    pub(crate) fn new(origin: String, authenticator: PageAuthenticator, commands: PageCommands) -> Self {
        let database = Database::default();
        Self {
            transport: Fetch::new(origin, commands.clone()),
            store: KeyValueStore::new(database.clone()),
            authenticator,
            commands,
            device_key: WebCryptoKey::new(database),
            clock: BrowserClock,
            entropy: BrowserEntropy,
        }
    }
}

impl Ports for Adapters {
    type Transport = Fetch;
    type LocalStore = KeyValueStore;
    type Authenticator = PageAuthenticator;
    type CommandQueue = PageCommands;
    type DeviceKey = WebCryptoKey;
    type Clock = BrowserClock;
    type Entropy = BrowserEntropy;

    fn transport(&self) -> &Fetch {
        &self.transport
    }

    fn store(&self) -> &KeyValueStore {
        &self.store
    }

    fn authenticator(&self) -> &PageAuthenticator {
        &self.authenticator
    }

    fn commands(&self) -> &PageCommands {
        &self.commands
    }

    fn device_key(&self) -> &WebCryptoKey {
        &self.device_key
    }

    fn clock(&self) -> &BrowserClock {
        &self.clock
    }

    fn entropy(&mut self) -> &mut BrowserEntropy {
        &mut self.entropy
    }

    fn user_agent(&self) -> String {
        js::scope().navigator().user_agent().unwrap_or_default()
    }

    fn emit(&self, event: Event) {
        outbox::post(&FromEngine::Event(event));
    }
}
