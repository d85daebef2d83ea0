//! Formats times, relative to now or exactly.

use std::time::Duration;

use js_sys::{Array, Date, Intl::DateTimeFormat};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

/// How long ago something was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Elapsed {
    /// Less than a minute ago, or in the future because of a wrong clock.
    Now,
    /// Minutes ago.
    Minutes(u64),
    /// Hours ago.
    Hours(u64),
    /// Days ago, up to a month.
    Days(u64),
    /// Longer ago; the date is shown instead.
    Long,
}

/// Converts milliseconds since 1970 to a JavaScript number.
pub(crate) fn to_js_time(time: u64) -> f64 {
    // Times beyond the range are invalid anyway, so they are clamped.
    u32::try_from(time / 1_000).map_or(f64::from(u32::MAX) * 1_000.0, |seconds| f64::from(seconds) * 1_000.0)
}

/// Converts a JavaScript number to milliseconds since 1970, in full seconds.
pub(crate) fn from_js_time(time: f64) -> u64 {
    Duration::try_from_secs_f64(time / 1_000.0).map_or(0, |since| since.as_secs() * 1_000)
}

/// Returns how long ago a time was. Both are in milliseconds since 1970.
pub(crate) fn elapsed(time: f64, now: f64) -> Elapsed {
    // Rounds down to full seconds, so that no fractions are shown.
    let seconds = Duration::try_from_secs_f64((now - time) / 1_000.0).map_or(0, |past| past.as_secs());
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (minutes, hours, days) {
        (0, ..) => Elapsed::Now,
        (_, 0, _) => Elapsed::Minutes(minutes),
        (_, _, 0) => Elapsed::Hours(hours),
        (_, _, 1..31) => Elapsed::Days(days),
        _ => Elapsed::Long,
    }
}

/// Returns the current time, in milliseconds since 1970.
pub(crate) fn now() -> f64 {
    Date::now()
}

/// Formats date and time in the browser's locale.
pub(crate) fn format_exact(time: f64) -> String {
    EXACT.with(|format| call_formatter(format, time))
}

/// Formats the date in the browser's locale.
pub(crate) fn format_date(time: f64) -> String {
    DATE.with(|format| call_formatter(format, time))
}

/// Creates the date formatter in advance, because the first one in a page takes tens of
/// milliseconds.
pub(crate) fn warm_up() {
    DATE.with(|_| ());
}

/// Formats the time of day in the browser's locale.
pub(crate) fn format_time(time: f64) -> String {
    CLOCK.with(|format| call_formatter(format, time))
}

thread_local! {
    // Created once, because creating a formatter is slower than rendering a row of the list.
    static EXACT: DateTimeFormat = make_formatter(Styles { date_style: MEDIUM, time_style: MEDIUM });
    static DATE: DateTimeFormat = make_formatter(Styles { date_style: MEDIUM, time_style: None });
    static CLOCK: DateTimeFormat = make_formatter(Styles { date_style: None, time_style: MEDIUM });
}

const MEDIUM: Option<&str> = Some("medium");

/// The options of a formatter. What is `None` is left out of the text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Styles {
    #[serde(skip_serializing_if = "Option::is_none")]
    date_style: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_style: Option<&'static str>,
}

fn make_formatter(styles: Styles) -> DateTimeFormat {
    let options = serde_wasm_bindgen::to_value(&styles).expect("texts can be represented");
    DateTimeFormat::new(&Array::new(), options.unchecked_ref())
}

fn call_formatter(format: &DateTimeFormat, time: f64) -> String {
    let text = format.format().call1(&JsValue::UNDEFINED, &JsValue::from_f64(time));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Formats a time in ISO 8601, for the `datetime` attribute.
pub(crate) fn format_iso(time: f64) -> String {
    String::from(Date::new(&JsValue::from_f64(time)).to_iso_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: f64 = 60_000.0;
    const HOUR: f64 = 60.0 * MINUTE;
    const DAY: f64 = 24.0 * HOUR;

    #[test]
    fn steps_of_ago() {
        let now = 100.0 * DAY;
        assert_eq!(elapsed(now, now), Elapsed::Now);
        assert_eq!(elapsed(now + HOUR, now), Elapsed::Now);
        assert_eq!(elapsed(now - MINUTE, now), Elapsed::Minutes(1));
        assert_eq!(elapsed(now - HOUR + 1.0, now), Elapsed::Minutes(59));
        assert_eq!(elapsed(now - HOUR, now), Elapsed::Hours(1));
        assert_eq!(elapsed(now - DAY, now), Elapsed::Days(1));
        assert_eq!(elapsed(now - 31.0 * DAY, now), Elapsed::Long);
    }

    #[test]
    fn times_beyond_dates_are_bounded() {
        assert_eq!(to_js_time(1_700_000_000_123), 1_700_000_000_000.0);
        assert_eq!(to_js_time(u64::MAX), 4_294_967_295_000.0);
    }
}
