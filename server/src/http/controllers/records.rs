pub(crate) mod secret;
