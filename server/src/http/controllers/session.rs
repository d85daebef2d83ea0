pub(crate) mod logout;
pub(crate) mod show;
