use crate::ports::disk::Disk;
use crate::ports::keys::Keys;

/// What remains in a browser profile when its worker ends. Clones share the profile.
#[derive(Clone, Default)]
pub struct Profile {
    /// The database.
    pub disk: Disk,
    /// The device keys.
    pub keys: Keys,
}
