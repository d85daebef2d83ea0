//! Facts about Bitget.

use crate::facts::{Facts, Guide};
use crate::fields;
use crate::shape::{Shape, Shapes};

pub(crate) const FACTS: Facts = Facts {
    name: "Bitget",
    article: "a",
    code: "bitget",
    fields: fields::KEY_SECRET_AND_PASSPHRASE,
    shapes: Some(Shapes { api_key: Shape::Prefix("bg_"), api_secret: Shape::Hex(64) }),
    initials: "Bg",
    guide: Guide {
        location: "Settings, API Keys, Create API key",
        grant: "Read-only, or Read-write with Spot trade. Bind an IP address.",
        withhold: "Withdraw, Transfer",
        ..Guide::USUAL
    },
};
