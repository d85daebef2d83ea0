//! Components that several features use to build their pages. Each component has a file, and its
//! CSS classes have the file's name.

pub(crate) mod action_button;
pub(crate) mod announcer;
pub(crate) mod async_action;
pub(crate) mod ceremony_prompt;
pub(crate) mod copy_status;
pub(crate) mod delete_section;
pub(crate) mod dialog;
pub(crate) mod digits;
pub(crate) mod empty_list;
pub(crate) mod exchange_tile;
pub(crate) mod failure_note;
pub(crate) mod field;
pub(crate) mod flash_message;
pub(crate) mod icon;
pub(crate) mod loading;
pub(crate) mod mark;
pub(crate) mod one_pane;
pub(crate) mod page_heading;
pub(crate) mod paste;
pub(crate) mod plain_page;
pub(crate) mod reveal_timer;
pub(crate) mod time_ago;
pub(crate) mod wallet_tile;
pub(crate) mod words;
