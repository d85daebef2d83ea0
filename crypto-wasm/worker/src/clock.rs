use crystallum_engine::Clock;

/// The clock of the browser, `Date.now()`.
pub(crate) struct BrowserClock;

impl Clock for BrowserClock {
    #[expect(
        clippy::as_conversions,
        reason = "whole milliseconds of any clock; a float beyond u64 saturates"
    )]
    fn now(&self) -> u64 {
        js_sys::Date::now() as u64
    }
}
