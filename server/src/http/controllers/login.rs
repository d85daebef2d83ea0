pub(crate) mod challenge;
pub(crate) mod finish;
