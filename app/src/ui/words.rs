//! The texts that several features share: controls, states, and explanations of failures. Each
//! feature has its own texts beside its pages.
//!
//! Failures and alarms are explained in three parts: what happened, what is safe, and what to do
//! next. The tests check every variant.

pub(crate) mod alarm;
pub(crate) mod ceremony;
pub(crate) mod clipboard;
pub(crate) mod explanation;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod general;
pub(crate) mod state;

#[cfg(test)]
pub(crate) mod tests;
