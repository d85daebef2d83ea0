//! All commands and replies by domain.

use serde::{Deserialize, Serialize};

use crate::{access, entry, keys, session, trash, wallets};

macro_rules! domains {
    ($($(#[$doc:meta])* $name:ident $module:ident,)*) => {
        /// A command of the page.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Command {
            $($(#[$doc])* $name($module::Command),)*
        }

        /// The reply to a command. It always belongs to the command's domain.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reply {
            $($(#[$doc])* $name($module::Reply),)*
        }

        $(
            impl From<$module::Command> for Command {
                fn from(command: $module::Command) -> Self {
                    Self::$name(command)
                }
            }

            impl TryFrom<Reply> for $module::Reply {
                type Error = OtherDomain;

                fn try_from(reply: Reply) -> Result<Self, OtherDomain> {
                    match reply {
                        Reply::$name(reply) => Ok(reply),
                        _ => Err(OtherDomain),
                    }
                }
            }
        )*
    };
}

domains! {
    /// Sign-in methods.
    Access access,
    /// Opening a vault.
    Entry entry,
    /// Exchange keys.
    Keys keys,
    /// The session of an open vault.
    Session session,
    /// The trash.
    Trash trash,
    /// Wallets.
    Wallets wallets,
}

/// The reply belongs to a different domain than the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherDomain;
