use crate::browser::Browser;

/// A running server.
pub trait Site {
    /// Returns a new browser on a page of the server, without a session.
    fn browser(&self) -> Browser;
}
