//! The API, the app's files and the metrics over HTTP: routes, middleware, handlers, errors.

pub(crate) mod controllers;
pub(crate) mod error;
pub(crate) mod extract;
pub(crate) mod layers;
pub(crate) mod limits;
pub(crate) mod metrics;
mod openapi;
pub(crate) mod router;
pub(crate) mod statics;
