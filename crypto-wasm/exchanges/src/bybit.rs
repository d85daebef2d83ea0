//! Facts about Bybit.

use crate::facts::{Facts, Guide};
use crate::fields;
use crate::shape::{Shape, Shapes};

pub(crate) const FACTS: Facts = Facts {
    name: "Bybit",
    article: "a",
    code: "bybit",
    fields: fields::KEY_AND_PEM,
    shapes: Some(Shapes { api_key: Shape::Length(18), api_secret: Shape::Length(36) }),
    initials: "By",
    guide: Guide {
        location: "Account, API, Create New Key",
        grant: "Read-only, or Read-Write with Orders and Positions. Bind an IP address: keys without one expire.",
        withhold: "Assets: Withdrawal, Account Transfer, Subaccount Transfer",
        api_secret: "The secret, shown once; for a self-generated RSA key the private key, all of it.",
        ..Guide::USUAL
    },
};
