pub(crate) mod challenge;
