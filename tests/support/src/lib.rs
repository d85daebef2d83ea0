//! What the tests of several crates share. There is one of each: one kind of person, one software
//! authenticator, one source of randomness, one network with faults.
//!
//! A [`Person`] has a [`Browser`] and a [`SoftwareAuthenticator`] and makes requests to a [`Site`],
//! which is the server in the test's own process or as a [`Server`] process. Nothing here uses the
//! engine. What has to follow `FORMAT.md` is written from it again in [`mod@format`], so that the
//! server is not tested against the code that it shares with its clients.

mod authenticator;
mod browser;
pub mod commits;
mod corruption;
mod dealing;
mod event_stream;
mod fault;
pub mod format;
mod http;
mod network;
mod passkeys;
mod person;
mod process;
mod program;
mod recording;
mod seeded_rng;
mod server;
mod sheet;
pub mod signer;
mod site;
#[cfg(target_os = "linux")]
mod small_disk;
mod tree;
mod witness;
pub mod work;

pub use authenticator::{CreateRequest, GetRequest, PrfMode, SoftwareAuthenticator};
pub use browser::{Browser, Observer};
pub use dealing::{Dealing, Share, stores};
pub use event_stream::EventStream;
pub use fault::Fault;
pub use http::{Request, Response};
pub use network::{Call, Network};
pub use passkeys::Passkeys;
pub use person::{PHRASE, Person};
pub use process::{ServerProcess, terminate};
#[cfg(target_os = "linux")]
pub use process::{allow_many_files, limit_open_files};
pub use program::server_program;
pub use seeded_rng::{RecordedRng, SeededRng, deep, seed};
pub use server::Server;
pub use sheet::{CHANGE_SIGN_IN_METHODS, DELETE, SIGN_IN, Sheet};
pub use site::Site;
#[cfg(target_os = "linux")]
pub use small_disk::SmallDisk;
pub use witness::Witness;
