use std::cell::RefCell;
use std::rc::Rc;

use crystallum_engine::Engine;
use crystallum_messages::{
    Command, Credentials, Event, Exchange, Failure, KeyDetail, KeyDraft, KeyEdit, KeyRow, Notice, Opened,
    Page, RecordId, Reply, Saved, SecretText, SignUp, Welcome, access, entry, keys, session, trash, wallets,
};
use crystallum_test_support::{Network, Passkeys, PrfMode, RecordedRng, SeededRng, Server, Site};

use crate::ports::{
    Adapters, ArrivingCommands, FaultyTransport, Profile, ScriptedAuthenticator, SettableClock,
};

/// One browser profile with the app running.
pub struct Device {
    engine: Engine<Adapters>,
    events: Rc<RefCell<Vec<Event>>>,
    draws: Rc<RefCell<Vec<[u8; 32]>>>,
    /// The network between app and server.
    pub network: Network,
    /// The authenticator.
    pub authenticator: ScriptedAuthenticator,
    /// The commands that arrive while another one is carried out.
    pub commands: ArrivingCommands,
    /// The wall clock.
    pub clock: SettableClock,
    /// What remains when the app ends: storage and device keys.
    pub profile: Profile,
}

pub(super) const RP_ID: &str = "localhost";

impl Device {
    /// Creates a clean profile for a server, with an authenticator that holds these passkeys.
    pub fn new(server: &Server, passkeys: &Passkeys) -> Self {
        Self::with(server, passkeys, PrfMode::AtCreate)
    }

    /// Creates a clean profile whose authenticator supports `prf` in this mode.
    pub fn with(server: &Server, passkeys: &Passkeys, mode: PrfMode) -> Self {
        let network = Network::new(server.browser());
        let authenticator = ScriptedAuthenticator::new(&server.origin(), passkeys, mode);
        Self::start(network, authenticator, SettableClock::start(), Profile::default())
    }

    /// Restarts the app in the same profile. Cookies, storage and keys remain; everything in memory
    /// is lost.
    pub fn reopened(self) -> Self {
        Self::start(self.network, self.authenticator, self.clock, self.profile)
    }

    /// Starts the app in another tab of the same browser.
    pub fn in_another_tab(&self) -> Self {
        let (network, authenticator) = (self.network.clone(), self.authenticator.clone());
        Self::start(network, authenticator, self.clock.clone(), self.profile.clone())
    }

    fn start(
        network: Network,
        authenticator: ScriptedAuthenticator,
        clock: SettableClock,
        profile: Profile,
    ) -> Self {
        let events = Rc::default();
        let commands = ArrivingCommands::default();
        let entropy = RecordedRng::new(SeededRng::next_stream());
        let draws = entropy.draws();
        let adapters = Adapters {
            transport: FaultyTransport(network.clone()),
            profile: profile.clone(),
            authenticator: authenticator.clone(),
            commands: commands.clone(),
            clock: clock.clone(),
            entropy,
            events: Rc::clone(&events),
        };
        Self {
            engine: Engine::new(adapters, RP_ID.to_owned()),
            events,
            draws,
            network,
            authenticator,
            commands,
            clock,
            profile,
        }
    }

    /// Runs a command, one second after the previous one.
    pub async fn run(&mut self, command: impl Into<Command>) -> Result<Reply, Failure> {
        self.clock.advance(1_000);
        // Boxed, so that a test that runs many commands needs little stack.
        Box::pin(self.engine.run(command.into())).await
    }

    /// Does what the app does when no command has come for a while.
    pub async fn tidy(&mut self) {
        self.engine.tidy().await;
    }

    /// Fetches one page of the secrets that this device awaits. Returns whether it was to fetch
    /// any.
    pub async fn fetch_secrets(&mut self) -> bool {
        let is_due = self.engine.awaits_secrets();
        if is_due {
            self.wait_for_secrets().await;
            self.store_secrets().await;
        }
        is_due
    }

    /// Asks for a page of secrets and waits for it.
    pub async fn wait_for_secrets(&mut self) {
        self.engine.wait_for_secrets().await;
    }

    /// Stores the page of secrets that has arrived.
    pub async fn store_secrets(&mut self) {
        self.engine.store_secrets().await;
    }

    /// Does what the app does while the unlock page waits for the user.
    pub async fn preload(&mut self) {
        if self.engine.can_preload() {
            self.engine.preload().await;
        }
    }

    /// Returns all random values of 32 bytes that the engine has drawn, in order.
    pub fn draws(&self) -> Vec<[u8; 32]> {
        self.draws.borrow().clone()
    }

    /// Returns the events since the last call.
    pub fn events(&self) -> Vec<Event> {
        self.events.take()
    }

    /// Runs `Hello`.
    pub async fn hello(&mut self) -> Result<Welcome, Failure> {
        match self.run(entry::Command::Hello).await? {
            Reply::Entry(entry::Reply::Welcome(welcome)) => Ok(welcome),
            other => panic!("not a welcome: {other:?}"),
        }
    }

    /// Runs `SignUp`.
    pub async fn sign_up(&mut self) -> Result<Option<SignUp>, Failure> {
        match self.run(entry::Command::SignUp).await? {
            Reply::Entry(entry::Reply::SignUp(sign_up)) => Ok(sign_up),
            other => panic!("not about new vaults: {other:?}"),
        }
    }

    /// Runs `Create` without an invitation.
    pub async fn create(&mut self, name: &str) -> Result<Opened, Failure> {
        opened(self.run(entry::Command::Create { name: name.to_owned(), invite: None }).await)
    }

    /// Runs `Unlock` for whichever vault the passkey opens, on a device that knows it.
    pub async fn unlock(&mut self) -> Result<Opened, Failure> {
        opened(self.run(entry::Command::Unlock { vault: None }).await)
    }

    /// Runs `Unlock` on a device that does not know the vault.
    pub async fn meet(&mut self) -> Result<Notice, Failure> {
        match self.run(entry::Command::Unlock { vault: None }).await? {
            Reply::Entry(entry::Reply::Notice(notice)) => Ok(notice),
            other => panic!("not a notice: {other:?}"),
        }
    }

    /// Runs `Unlock`, and `AcceptNotice` if this device does not know the vault.
    pub async fn unlock_any(&mut self) -> Result<Opened, Failure> {
        match self.run(entry::Command::Unlock { vault: None }).await? {
            Reply::Entry(entry::Reply::Notice(_)) => self.accept().await,
            reply => opened(Ok(reply)),
        }
    }

    /// Runs `AcceptNotice`.
    pub async fn accept(&mut self) -> Result<Opened, Failure> {
        opened(self.run(entry::Command::AcceptNotice).await)
    }

    /// Runs `Add`.
    pub async fn add(&mut self, draft: KeyDraft) -> Result<Saved, Failure> {
        saved(self.run(keys::Command::Add(draft)).await)
    }

    /// Runs `Edit`.
    pub async fn edit(&mut self, edit: KeyEdit) -> Result<Saved, Failure> {
        saved(self.run(keys::Command::Edit(edit)).await)
    }

    /// Runs `Edit` for the label alone, from the newest version.
    pub async fn rename(&mut self, id: RecordId, label: &str) -> Result<Saved, Failure> {
        let base = self.open(id).await?.version;
        self.edit(KeyEdit { id, base, label: Some(label.to_owned()), note: None, credentials: None }).await
    }

    /// Runs `Delete`.
    pub async fn delete(&mut self, id: RecordId) -> Result<Saved, Failure> {
        saved(self.run(trash::Command::Delete { id }).await)
    }

    /// Runs `Open`.
    pub async fn open(&mut self, id: RecordId) -> Result<KeyDetail, Failure> {
        match self.run(keys::Command::Open { id }).await? {
            Reply::Keys(keys::Reply::Detail(detail)) => Ok(detail),
            other => panic!("not a detail: {other:?}"),
        }
    }

    /// Runs `Reveal`.
    pub async fn reveal(&mut self, id: RecordId) -> Result<Credentials, Failure> {
        match self.run(keys::Command::Reveal { id }).await? {
            Reply::Keys(keys::Reply::Revealed(credentials)) => Ok(credentials),
            other => panic!("not credentials: {other:?}"),
        }
    }

    /// Runs `List` for the first 200 rows that match a query.
    pub async fn search(&mut self, query: &str) -> Result<Page, Failure> {
        match self.run(keys::Command::List { query: query.to_owned(), offset: 0, limit: 200 }).await? {
            Reply::Keys(keys::Reply::Page(page)) => Ok(page),
            other => panic!("not a page: {other:?}"),
        }
    }

    /// Runs `List` for the first 200 rows.
    pub async fn list(&mut self) -> Result<Vec<KeyRow>, Failure> {
        self.search("").await.map(|page| page.rows)
    }

    /// Runs a command whose reply is `Done`.
    pub async fn done(&mut self, command: impl Into<Command>) -> Result<(), Failure> {
        match self.run(command).await? {
            Reply::Access(access::Reply::Done)
            | Reply::Entry(entry::Reply::Done)
            | Reply::Session(session::Reply::Done) => Ok(()),
            other => panic!("not done: {other:?}"),
        }
    }

    /// Runs `Sync`.
    pub async fn sync(&mut self) -> Result<(), Failure> {
        self.done(session::Command::Sync).await
    }

    /// Runs `Lock` and restarts the app.
    pub async fn lock(mut self) -> Self {
        self.done(session::Command::Lock).await.expect("an open vault locks");
        self.reopened()
    }
}

/// Creates the draft of an exchange key.
pub fn draft(exchange: Exchange, label: &str, note: &str, credentials: Credentials) -> KeyDraft {
    KeyDraft { exchange, label: label.to_owned(), note: note.to_owned(), credentials }
}

/// Creates credentials without a passphrase.
pub fn credentials(api_key: &str, api_secret: &str) -> Credentials {
    Credentials {
        api_key: SecretText::new(api_key.to_owned()),
        api_secret: SecretText::new(api_secret.to_owned()),
        passphrase: None,
    }
}

pub(super) fn opened(result: Result<Reply, Failure>) -> Result<Opened, Failure> {
    match result? {
        Reply::Entry(entry::Reply::Opened(opened)) => Ok(opened),
        other => panic!("not opened: {other:?}"),
    }
}

pub(super) fn saved(result: Result<Reply, Failure>) -> Result<Saved, Failure> {
    match result? {
        Reply::Keys(keys::Reply::Saved(saved))
        | Reply::Trash(trash::Reply::Saved(saved))
        | Reply::Wallets(wallets::Reply::Saved(saved)) => Ok(saved),
        other => panic!("not saved: {other:?}"),
    }
}
