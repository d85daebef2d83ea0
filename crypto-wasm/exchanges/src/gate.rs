//! Facts about Gate.

use crate::facts::{Facts, Guide};
use crate::fields;
use crate::shape::{Shape, Shapes};

pub(crate) const FACTS: Facts = Facts {
    name: "Gate",
    article: "a",
    code: "gate",
    fields: fields::KEY_AND_SECRET,
    shapes: Some(Shapes { api_key: Shape::Hex(32), api_secret: Shape::Hex(64) }),
    initials: "Ga",
    guide: Guide {
        location: "Account, API Management, Create API key (v4)",
        grant: "Spot and Account, read only or, for a bot, Spot with writing. Set the IP whitelist.",
        withhold: "Withdraw, and writing on Wallet",
        ..Guide::USUAL
    },
};
