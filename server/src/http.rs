//! The API, the app's files and the metrics over HTTP: routes, middleware, handlers, errors.

pub(crate) mod budget;
pub(crate) mod controllers;
pub(crate) mod error;
pub(crate) mod extract;
mod held;
pub(crate) mod layers;
pub(crate) mod limits;
pub(crate) mod memory;
pub(crate) mod metrics;
mod openapi;
mod pace;
pub(crate) mod router;
pub(crate) mod statics;
