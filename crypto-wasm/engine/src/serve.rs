//! The commands that need no passkey. They can be carried out at any time, also while another
//! command waits for its ceremony.

mod access;
mod entry;
mod keys;
mod session;
mod trash;
mod wallets;

pub(crate) use access::serve_access;
pub(crate) use entry::{check_code, count_copyable, count_unsaved, load_sign_up};
pub(crate) use keys::serve_keys;
pub(crate) use session::serve_session;
pub(crate) use trash::serve_trash;
pub(crate) use wallets::serve_wallets;

use crystallum_messages::{Command, Failure, Reply, access as access_messages, entry as entry_messages};
use crystallum_messages::{session as session_messages, trash as trash_messages, wallets as wallet_messages};

use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;

/// What happens to a command that arrives while another one waits for a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DuringCeremony {
    /// It is carried out at once.
    Serve,
    /// It waits until the other command is finished.
    Postpone,
    /// It ends the ceremony and is carried out next: the user has turned to something else that
    /// needs a passkey, or locks or forgets the vault.
    EndCeremony,
}

/// Returns what happens to a command during a ceremony. Every command is named, so that a new one
/// has to decide.
pub(crate) fn during_ceremony(command: &Command) -> DuringCeremony {
    use DuringCeremony::{EndCeremony, Postpone, Serve};
    use access_messages::Command as Access;
    use entry_messages::Command as Entry;
    use session_messages::Command as Session;
    use trash_messages::Command as Trash;
    use wallet_messages::Command as Wallets;
    match command {
        Command::Access(command) => match command {
            Access::AcknowledgeJoin { .. }
            | Access::ConfirmSheet { .. }
            | Access::Devices
            | Access::Joins
            | Access::List
            | Access::PutSheetAway
            | Access::RemoveDevices { .. }
            | Access::Rename { .. }
            | Access::RenameDevice { .. }
            | Access::Sheet => Serve,
            Access::AddPasskey { .. } | Access::NewSheet | Access::Remove { .. } => EndCeremony,
        },
        Command::Entry(command) => match command {
            Entry::CheckCode { .. } | Entry::CountCopyable | Entry::SignUp | Entry::Unsaved { .. } => Serve,
            Entry::AcceptNotice | Entry::CopyNext | Entry::Hello | Entry::Prepare(_) => Postpone,
            Entry::Create { .. }
            | Entry::CreateFromCopy { .. }
            | Entry::FinishRecovery { .. }
            | Entry::Forget { .. }
            | Entry::Recover { .. }
            | Entry::Unlock { .. } => EndCeremony,
        },
        Command::Keys(_) => Serve,
        Command::Session(command) => match command {
            Session::AcknowledgeAlarms
            | Session::Alarms
            | Session::Aside
            | Session::Differences
            | Session::DiscardAside { .. }
            | Session::Draft
            | Session::DraftForm
            | Session::Evidence
            | Session::GoOver { .. }
            | Session::PutBack
            | Session::SaveAside { .. }
            | Session::SaveDraft { .. }
            | Session::SetAside
            | Session::Sync => Serve,
            Session::DeleteVault | Session::Lock | Session::LogOut | Session::Renew => EndCeremony,
        },
        Command::Trash(command) => match command {
            Trash::Delete { .. } | Trash::List | Trash::Restore { .. } => Serve,
            // A wallet is purged with a passkey.
            Trash::Purge { .. } => EndCeremony,
        },
        Command::Wallets(command) => match command {
            Wallets::Check { .. }
            | Wallets::CheckPhrase { .. }
            | Wallets::Edit(_)
            | Wallets::GeneratePhrase { .. }
            | Wallets::List
            | Wallets::Open { .. }
            | Wallets::Stores
            | Wallets::SuggestWords { .. } => Serve,
            Wallets::Add(_) | Wallets::Rebuild { .. } | Wallets::Reshare { .. } => EndCeremony,
        },
    }
}

/// Carries out a command that can be [served](DuringCeremony::Serve) at any time.
pub(crate) async fn serve<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    match command {
        Command::Access(command) => Ok(Reply::Access(serve_access(ports, vault, command).await?)),
        Command::Entry(command) => {
            Ok(Reply::Entry(entry::serve_entry(ports, vault.as_deref(), command).await?))
        }
        Command::Keys(command) => Ok(Reply::Keys(serve_keys(ports, vault, command).await?)),
        Command::Session(command) => Ok(Reply::Session(serve_session(ports, vault, command).await?)),
        Command::Trash(command) => Ok(Reply::Trash(serve_trash(ports, vault, command).await?)),
        Command::Wallets(command) => Ok(Reply::Wallets(serve_wallets(ports, vault, command).await?)),
    }
}
