//! The environment of a record: real money or practice (FORMAT.md, section 5).

/// Whether a record is about real money. A client works in one environment at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real accounts.
    Real,
    /// Demo accounts and test networks.
    Practice,
}

impl Environment {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Real => 1,
            Self::Practice => 2,
        }
    }
}
