/// The lifetime of a session, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    pub(crate) idle: i64,
    pub(crate) max_age: i64,
}
