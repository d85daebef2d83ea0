//! All texts of the user interface: names of controls, sentences, and explanations of failures.
//!
//! Failures and alarms are explained in three parts: what happened, what is safe, and what to do
//! next. The tests check every variant.

pub(crate) mod about;
pub(crate) mod alarm;
pub(crate) mod ceremony;
pub(crate) mod common;
pub(crate) mod create;
pub(crate) mod detail;
mod failure;
pub(crate) mod form;
pub(crate) mod help;
pub(crate) mod notice;
pub(crate) mod recover;
pub(crate) mod settings;
pub(crate) mod sheet;
pub(crate) mod sign_in_methods;
pub(crate) mod state;
pub(crate) mod trash;
pub(crate) mod unlock;
pub(crate) mod vault;
pub(crate) mod versions;
pub(crate) mod wallet;
pub(crate) mod welcome;

use std::borrow::Cow;

pub(crate) use failure::{explain_code_problem, explain_failure};

/// The explanation of a failure or an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// What happened.
    pub(crate) what_happened: Cow<'static, str>,
    /// What is safe, or what was not done.
    pub(crate) what_is_safe: Cow<'static, str>,
    /// What to do next.
    pub(crate) what_to_do: Cow<'static, str>,
}

impl Explanation {
    fn new(
        what_happened: impl Into<Cow<'static, str>>,
        what_is_safe: impl Into<Cow<'static, str>>,
        what_to_do: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            what_happened: what_happened.into(),
            what_is_safe: what_is_safe.into(),
            what_to_do: what_to_do.into(),
        }
    }
}

#[cfg(test)]
mod tests;
