//! Facts about any other exchange.

use crate::facts::{Facts, Guide};
use crate::fields;

pub(crate) const FACTS: Facts = Facts {
    name: "Other",
    article: "an",
    code: "other",
    fields: fields::ANY,
    shapes: None,
    initials: "··",
    guide: Guide {
        location: "Usually under Account, API, on the exchange's own site",
        grant: "The fewest that do the job, bound to IP addresses where that is offered.",
        withhold: "Withdrawals and transfers",
        api_secret: "A line of text, or a private key with all its lines.",
        passphrase: "Only if the key has one.",
        ..Guide::USUAL
    },
};
