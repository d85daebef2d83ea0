//! Facts about OKX.

use crate::facts::{Facts, Guide};
use crate::fields;
use crate::shape::{Shape, Shapes};

pub(crate) const FACTS: Facts = Facts {
    name: "OKX",
    article: "an",
    code: "okx",
    fields: fields::KEY_SECRET_AND_PASSPHRASE,
    shapes: Some(Shapes { api_key: Shape::Uuid, api_secret: Shape::Hex(32) }),
    initials: "Ok",
    guide: Guide {
        location: "Profile, API, Create V5 API key",
        grant: "Read; for a bot also Trade. Bind an IP address.",
        withhold: "Withdraw",
        ..Guide::USUAL
    },
};
