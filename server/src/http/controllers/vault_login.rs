pub(crate) mod challenge;
pub(crate) mod login;
