//! Facts about Bitfinex.

use crate::facts::{Facts, Guide};
use crate::fields;

pub(crate) const FACTS: Facts = Facts {
    name: "Bitfinex",
    article: "a",
    code: "bitfinex",
    fields: fields::KEY_AND_SECRET,
    shapes: None,
    initials: "Bf",
    guide: Guide {
        location: "Account, API keys, Create new key",
        grant: "Reading of Account, Orders and Wallets; for a bot also writing of Orders. Restrict it to IP addresses.",
        withhold: "Withdrawals, and writing on Wallets",
        ..Guide::USUAL
    },
};
