pub(crate) mod change;
