//! The state that the pages share, and what changes it.

pub(crate) mod alarms;
pub(crate) mod app_state;
pub(crate) mod ceremony;
pub(crate) mod challenge_prefetch;
pub(crate) mod clipboard;
pub(crate) mod drafts;
mod hint_progress;
pub(crate) mod hints;
pub(crate) mod idle;
pub(crate) mod lock;
pub(crate) mod navigation;
pub(crate) mod other_tabs;
pub(crate) mod preferences;
pub(crate) mod resend;
pub(crate) mod sync;
pub(crate) mod unsaved_changes;
pub(crate) mod vault;
pub(crate) mod vault_part;
pub(crate) mod waiting_notes;
