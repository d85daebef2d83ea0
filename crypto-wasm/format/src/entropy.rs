//! The source of random bytes, which every caller provides.

/// A source of random bytes: the generator of the operating system or the browser.
pub trait Entropy {
    /// Fills `out` with random bytes. Does not return if it cannot.
    fn fill(&mut self, out: &mut [u8]);
}
