use std::borrow::Cow;

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
    pub(super) fn new(
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
