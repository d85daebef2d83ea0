//! Native adapters for the engine's seven ports. All of them are test doubles.

mod adapters;
mod authenticator;
mod clock;
mod commands;
mod disk;
mod keys;
mod profile;
mod transport;

pub(crate) use adapters::Adapters;
pub use authenticator::ScriptedAuthenticator;
pub use clock::SettableClock;
pub use commands::ArrivingCommands;
pub use disk::Disk;
pub use keys::Keys;
pub use profile::Profile;
pub(crate) use transport::FaultyTransport;
