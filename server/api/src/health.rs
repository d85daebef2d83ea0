use serde::{Deserialize, Serialize};

use crate::account::SignUp;
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
    pub troubles: Vec<String>,
    /// `unavailable` while the server cannot write, which makes this a [`Failure`](crate::Failure)
    /// too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
}
