//! Exchange keys: their list, one key, and the forms that add and edit it.

pub(crate) mod add;
mod credential_fields;
mod credentials_card;
pub(crate) mod detail;
pub(crate) mod edit;
mod exchange_picker;
mod guide;
mod key_list;
mod key_row;
mod key_window;
mod load;
pub(crate) mod nothing_open;
pub(crate) mod page;
mod restore_dialog;
mod row_order;
mod rows;
pub(crate) mod search;
mod search_field;
mod versions_card;
pub(crate) mod words;
