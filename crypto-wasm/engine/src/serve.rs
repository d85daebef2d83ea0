//! The commands that need no passkey. They can be carried out at any time, also while another command
//! waits for its ceremony.

mod access;
mod entry;
mod keys;
mod session;
mod trash;
mod wallets;

pub(crate) use access::serve_access;
pub(crate) use entry::{check_code, load_sign_up};
pub(crate) use keys::serve_keys;
pub(crate) use session::serve_session;
pub(crate) use trash::serve_trash;
pub(crate) use wallets::serve_wallets;

use crystallum_messages::{Command, Failure, Reply, access as access_messages, entry as entry_messages};
use crystallum_messages::{session as session_messages, trash as trash_messages, wallets as wallet_messages};

use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;

/// Returns whether a command can be carried out while another one waits for a passkey. Every command
/// is named, so that a new one has to decide.
pub(crate) fn needs_no_passkey(command: &Command) -> bool {
    use access_messages::Command as Access;
    use entry_messages::Command as Entry;
    use session_messages::Command as Session;
    use trash_messages::Command as Trash;
    use wallet_messages::Command as Wallets;
    match command {
        Command::Access(command) => match command {
            Access::ConfirmSheet { .. }
            | Access::List
            | Access::PutSheetAway
            | Access::Rename { .. }
            | Access::Sheet => true,
            Access::AddPasskey { .. } | Access::NewSheet | Access::Remove { .. } => false,
        },
        Command::Entry(command) => match command {
            Entry::CheckCode { .. } | Entry::SignUp => true,
            // These belong to the way into a vault, which is one at a time.
            Entry::AcceptNotice
            | Entry::Create { .. }
            | Entry::FinishRecovery { .. }
            | Entry::Forget { .. }
            | Entry::Hello
            | Entry::Prepare(_)
            | Entry::Recover { .. }
            | Entry::Unlock { .. } => false,
        },
        Command::Keys(_) => true,
        Command::Session(command) => match command {
            Session::Draft | Session::SaveDraft { .. } | Session::Sync => true,
            Session::DeleteVault | Session::Lock | Session::LogOut | Session::Renew => false,
        },
        Command::Trash(command) => match command {
            Trash::Delete { .. } | Trash::List | Trash::Restore { .. } => true,
            // A wallet is purged with a passkey.
            Trash::Purge { .. } => false,
        },
        Command::Wallets(command) => match command {
            Wallets::Check { .. }
            | Wallets::CheckPhrase { .. }
            | Wallets::Edit(_)
            | Wallets::GeneratePhrase { .. }
            | Wallets::List
            | Wallets::Open { .. }
            | Wallets::Stores
            | Wallets::SuggestWords { .. } => true,
            Wallets::Add(_) | Wallets::Rebuild { .. } | Wallets::Reshare { .. } => false,
        },
    }
}

/// Carries out a command that [needs no passkey](needs_no_passkey).
pub(crate) async fn serve<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    match command {
        Command::Access(command) => Ok(Reply::Access(serve_access(ports, vault, command).await?)),
        Command::Entry(command) => Ok(Reply::Entry(entry::serve_entry(ports, command).await?)),
        Command::Keys(command) => Ok(Reply::Keys(serve_keys(ports, vault, command).await?)),
        Command::Session(command) => Ok(Reply::Session(serve_session(ports, vault, command).await?)),
        Command::Trash(command) => Ok(Reply::Trash(serve_trash(ports, vault, command).await?)),
        Command::Wallets(command) => Ok(Reply::Wallets(serve_wallets(ports, vault, command).await?)),
    }
}
