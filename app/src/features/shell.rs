//! Everything that surrounds the pages: the layout of an open vault, and messages that cover the
//! whole screen.

pub(crate) mod alarm;
mod awaited_secrets;
mod banner;
pub(crate) mod blocked;
mod draft_offer;
pub(crate) mod going_over;
mod gone_over_note;
mod help_dialog;
pub(crate) mod idle_dialog;
mod nav_bar;
pub(crate) mod not_found;
mod notices;
mod renew_dialog;
mod shortcuts;
mod sign_in_methods_changed;
mod single_method_warning;
pub(crate) mod skip_link;
pub(crate) mod unsaved_changes_dialog;
pub(crate) mod vault_door;
pub(crate) mod vault_layout;
pub(crate) mod words;
