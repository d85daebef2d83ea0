//! Prometheus metrics for the operator: requests, durations, and the state of the stores. They
//! reveal nothing about any user.
//!
//! Every label has a closed set of values: a route template, a status, a code, or a store number.
//! The metrics are served on a separate port that only the local machine can reach.

pub(crate) mod layer;
mod load;
mod probe;
pub(crate) mod registry;
pub(crate) mod serve;
