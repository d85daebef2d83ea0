use serde::{Deserialize, Serialize};

/// Makes the enum, the list of all conditions, and their names.
macro_rules! conditions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A limit that turns work away, or a setting that makes it do so. It is reported for ten
        /// seconds after it was last noticed. For operators: clients do not read it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Condition {
            $($(#[$doc])* $variant,)*
        }

        impl Condition {
            /// All conditions.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the condition's name in JSON, metrics and log.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

conditions! {
    /// A network, a session or an account sends more requests than its rate limit allows.
    Rate = "rate",
    /// A network has too many requests under way at the same time.
    Requests = "requests",
    /// Connections are closed or refused because there are too many.
    Connections = "connections",
    /// Connections are closed because the client sends or reads too slowly.
    Slow = "slow",
    /// The memory for the bodies of requests is in use.
    Bodies = "bodies",
    /// The memory for answers that clients have not read is in use.
    Answers = "answers",
    /// All connections that read the database are in use for longer than anybody waits.
    Reads = "reads",
    /// Too many writes wait for their turn: those of a session or an account, or of all.
    Writes = "writes",
    /// Too many challenges were answered, by many networks. Known credentials still have room.
    Ceremonies = "ceremonies",
    /// A trusted proxy does not report for whom it sends requests, so all its clients share one
    /// limit.
    UnknownClients = "unknown_clients",
    /// A proxy that is not trusted sends requests, so all its clients share one limit.
    UnnamedProxy = "unnamed_proxy",
}
