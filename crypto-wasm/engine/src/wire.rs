//! The server's API. Only the modules in here name the wire types; everything above speaks of
//! states, changes and signed heads.

pub(crate) mod answer;
pub(crate) mod checkpoint;
pub(crate) mod client;
mod commit;
pub(crate) mod limits;
pub(crate) mod proof;
pub(crate) mod put_back;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod shares;
pub(crate) mod stored;
mod unread;
