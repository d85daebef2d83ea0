//! Facts about Coinbase Advanced.

use crate::facts::{Facts, Guide};
use crate::fields;
use crate::shape::{Shape, Shapes};

pub(crate) const FACTS: Facts = Facts {
    name: "Coinbase",
    article: "a",
    code: "coinbase",
    fields: fields::KEY_AND_PEM,
    shapes: Some(Shapes { api_key: Shape::Prefix("organizations/"), api_secret: Shape::Pem }),
    initials: "Cb",
    guide: Guide {
        location: "Coinbase Developer Platform, API keys, Secret API keys",
        grant: "View; for a bot also Trade. Set an IP allowlist.",
        withhold: "Transfer",
        api_key: "The key name: organizations/…/apiKeys/…",
        api_secret: "The private key, all of it, from BEGIN to END. It is in the file you downloaded.",
        ..Guide::USUAL
    },
};
