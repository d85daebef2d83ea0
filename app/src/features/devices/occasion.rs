/// Why devices are to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The user chose all devices but this one.
    AllOthers,
    /// The sign-in method that brought them in was just removed.
    MethodRemoved,
    /// The user chose one.
    One,
}
