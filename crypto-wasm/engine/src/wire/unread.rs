//! A part of an answer that is read only after something else has said what it may be.

use crystallum_core::Malformed;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// JSON of any form, as it came. A later version may have written it, which only the head beside it
/// says.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Unread(Option<Box<RawValue>>);

impl Unread {
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Malformed> {
        let json = self.0.as_ref().ok_or(Malformed)?;
        serde_json::from_str(json.get()).map_err(|_| Malformed)
    }
}
