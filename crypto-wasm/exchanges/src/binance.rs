//! Facts about Binance.

use crate::facts::{Facts, Guide};
use crate::fields;

pub(crate) const FACTS: Facts = Facts {
    name: "Binance",
    article: "a",
    code: "binance",
    // Binance signs with HMAC secrets or with RSA and Ed25519 keys, which are PEM.
    fields: fields::KEY_AND_PEM,
    shapes: None,
    initials: "Bn",
    guide: Guide {
        location: "Account, API Management, Create API",
        grant: "Enable Reading; for a bot also Enable Spot & Margin Trading. Restrict access to trusted IPs.",
        withhold: "Enable Withdrawals, Enable Internal Transfer, Permits Universal Transfer",
        api_secret: "For an HMAC key the secret, shown once. For an Ed25519 or RSA key the private key, all of it.",
        ..Guide::USUAL
    },
};
