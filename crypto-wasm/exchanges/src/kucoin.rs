//! Facts about KuCoin.

use crate::facts::{Facts, Guide};
use crate::fields;
use crate::shape::{Shape, Shapes};

pub(crate) const FACTS: Facts = Facts {
    name: "KuCoin",
    article: "a",
    code: "kucoin",
    fields: fields::KEY_SECRET_AND_PASSPHRASE,
    shapes: Some(Shapes { api_key: Shape::Hex(24), api_secret: Shape::Uuid }),
    initials: "Ku",
    guide: Guide {
        location: "API Management, Create API",
        grant: "General; for a bot also Spot. Restrict it to IP addresses.",
        withhold: "Withdrawal, Transfer, FlexTransfers",
        ..Guide::USUAL
    },
};
