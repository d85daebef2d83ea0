use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use sqlx::migrate::MigrateError;
use thiserror::Error;

use crate::app::data_folder::DataError;
use crate::app::origin::OriginError;
use crate::shares::identity::IdentityError;

/// The server's main task ended although nobody stopped the server.
#[derive(Debug, Error)]
#[error("The server ended by itself, which is a bug. The line \"panicked\" in its log says where.")]
pub struct Crashed;

/// Why the server did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is reachable from other machines, and nothing encrypts the connection.
    #[error(
        "{0} can be reached from other machines, but this server does not encrypt by itself. Listen on 127.0.0.1, or put a \
         proxy that ends TLS before it and name the proxy's address with --trusted-proxy."
    )]
    Unencrypted(SocketAddr),
    /// The origin is not valid.
    #[error("--origin {0} cannot be used: {1}.")]
    Origin(String, OriginError),
    /// The app folder contains no app.
    #[error("{0} has no index.html: build the app first, or name the folder it was built to with --app.")]
    NoApp(PathBuf),
    /// Another process listens on the port.
    #[error("Port {0} is in use; stop what uses it, or choose another with --listen.")]
    PortInUse(u16),
    /// The server cannot listen on the address.
    #[error("{0} cannot be listened on: {1}")]
    Listen(SocketAddr, io::Error),
    /// The metrics would be readable from other machines.
    #[error("--metrics {0} can be reached from other machines; use 127.0.0.1, or [::1].")]
    MetricsReachable(SocketAddr),
    /// Another server uses the data folder.
    #[error(
        "The data folder {0} is in use by another server; stop that one, or choose another folder with --data."
    )]
    DataInUse(PathBuf),
    /// The data folder cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The database is not the one that the share stores belong to, or an older one.
    #[error(
        "The main database in {0} is not used: {1}. Nothing was changed. Put the right file back, or move the whole folder \
         away and restore a backup into a new one; only a restore may go back to an older state. If you know that it is the \
         right one, say so with 'crystallum-server stores confirm'."
    )]
    Identity(PathBuf, IdentityError),
    /// The main database knows share stores, and none of them is there.
    #[error(
        "{} holds none of this server's share stores, as if a disk was not mounted. Nothing was changed. Mount it, or put \
         the stores back. If they are lost, make them again without their shares: crystallum-server stores create 1 2 3 4 5.",
        .0.display()
    )]
    StoresGone(PathBuf),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] MigrateError),
}

impl StartError {
    /// Returns the exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unencrypted(_) | Self::Origin(..) | Self::NoApp(_) | Self::MetricsReachable(_) => 2,
            Self::PortInUse(_) | Self::DataInUse(_) => 3,
            Self::Listen(..)
            | Self::Data(_)
            | Self::Identity(..)
            | Self::StoresGone(_)
            | Self::Database(_) => 1,
        }
    }
}
