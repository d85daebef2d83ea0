//! Wallets: their list, one wallet, and the forms that add, edit and reshare it.

pub(crate) mod add;
pub(crate) mod detail;
pub(crate) mod edit;
mod load;
mod new_phrase;
pub(crate) mod page;
mod phrase_card;
mod phrase_field;
mod phrase_input;
mod phrase_words;
mod share_list;
pub(crate) mod shares;
mod split_fields;
mod split_picture;
mod step_heading;
pub(crate) mod words;
