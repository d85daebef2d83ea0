//! Everything that is read or heard, in one place: names of controls, sentences, and what each failure means.
//!
//! Failures and alarms are told in three parts: what happened, what was kept, what to do next. The tests below go through every code.

pub(crate) mod about;
pub(crate) mod alarm;
pub(crate) mod common;
pub(crate) mod create;
pub(crate) mod detail;
pub(crate) mod exchange;
mod failure;
pub(crate) mod form;
pub(crate) mod help;
pub(crate) mod notice;
pub(crate) mod recover;
pub(crate) mod settings;
pub(crate) mod sheet;
pub(crate) mod state;
pub(crate) mod touch;
pub(crate) mod trash;
pub(crate) mod unlock;
pub(crate) mod vault;
pub(crate) mod versions;
pub(crate) mod wallet;
pub(crate) mod ways;
pub(crate) mod welcome;

use std::borrow::Cow;

pub(crate) use failure::{code, failure};

/// Something that went wrong, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// What happened.
    pub(crate) what: Cow<'static, str>,
    /// What is safe, or was not done.
    pub(crate) kept: Cow<'static, str>,
    /// What to do.
    pub(crate) next: Cow<'static, str>,
}

impl Told {
    fn new(
        what: impl Into<Cow<'static, str>>,
        kept: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { what: what.into(), kept: kept.into(), next: next.into() }
    }
}

#[cfg(test)]
mod tests;
