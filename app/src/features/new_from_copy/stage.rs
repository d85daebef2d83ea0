use crystallum_messages::Copied;

/// How far a new vault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is not created yet.
    Asking,
    /// It is created and takes the keys.
    Copying(Copied),
}
