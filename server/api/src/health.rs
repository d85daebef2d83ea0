use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use crate::account::SignUp;
use crate::condition::Condition;
use crate::failure::Code;

/// The response to `GET /api/health`. Its status is 503 while the server cannot write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// Who may create a vault on this server.
    pub sign_up: SignUp,
    /// The origin at which browsers must open this server, such as `https://vault.example.com`.
    pub origin: String,
    /// What is wrong at the moment, by the names that the server's log and metrics use. A later
    /// version may know others.
    #[serde(default)]
    pub problems: Vec<String>,
    /// Limits that turn work away at the moment. The field is absent if there are none. Clients
    /// skip it.
    #[serde(default, deserialize_with = "skip", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// `unavailable` while the server cannot write, which makes this a [`Failure`](crate::Failure)
    /// too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
}

/// Skips a list, so that the code that would read it is not part of the app.
fn skip<'a, T, D: Deserializer<'a>>(value: D) -> Result<Vec<T>, D::Error> {
    IgnoredAny::deserialize(value).map(|_| Vec::new())
}
