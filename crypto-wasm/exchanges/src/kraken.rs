//! Facts about Kraken.

use crate::facts::{Facts, Guide};
use crate::fields;
use crate::shape::{Shape, Shapes};

pub(crate) const FACTS: Facts = Facts {
    name: "Kraken",
    article: "a",
    code: "kraken",
    fields: fields::KEY_AND_SECRET,
    shapes: Some(Shapes { api_key: Shape::Length(56), api_secret: Shape::Padded(88) }),
    initials: "Kr",
    guide: Guide {
        location: "Settings, API, Create API key",
        grant: "Query funds, Query open orders & trades; for a bot also Create & modify orders. Set an IP address restriction.",
        withhold: "Withdraw funds, Withdraw earn allocations",
        api_secret: "Kraken calls it the private key. Shown once.",
        ..Guide::USUAL
    },
};
