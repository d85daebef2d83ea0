//! Who sent a request, and how that is proved: passkeys, recovery codes, sessions, invitations.

pub(crate) mod attempts;
pub(crate) mod ceremonies;
pub(crate) mod cookie;
pub(crate) mod ended_sessions;
pub(crate) mod invites;
pub(crate) mod lifetime;
pub(crate) mod passkeys;
pub(crate) mod proof;
pub(crate) mod recent_sessions;
pub(crate) mod recovery;
pub(crate) mod session;
pub(crate) mod vault_key;
pub(crate) mod vault_sessions;
