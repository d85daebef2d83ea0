//! Times as they are shown: how long ago, and exactly.

use std::time::Duration;

use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
use wasm_bindgen::JsValue;

/// How long ago something was, as far as anybody cares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Elapsed {
    /// Less than a minute, or in a future that only clocks explain.
    Now,
    /// Minutes.
    Minutes(u64),
    /// Hours.
    Hours(u64),
    /// Days, up to a month.
    Days(u64),
    /// Longer; the date says it better.
    Long,
}

/// Milliseconds since 1970 as JavaScript counts them.
pub(crate) fn to_js_time(time: u64) -> f64 {
    // Beyond the range of dates every time is as wrong as any other.
    u32::try_from(time / 1_000).map_or(f64::from(u32::MAX) * 1_000.0, |seconds| f64::from(seconds) * 1_000.0)
}

pub(crate) fn elapsed(time: f64, now: f64) -> Elapsed {
    // Whole seconds: numbers with a point are not written anywhere.
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

/// Now, in milliseconds since 1970.
pub(crate) fn now() -> f64 {
    Date::now()
}

/// Date and time in the browser's own way of writing.
pub(crate) fn format_exact(time: f64) -> String {
    EXACT.with(|format| call_formatter(format, time))
}

/// The date alone.
pub(crate) fn format_date(time: f64) -> String {
    DATE.with(|format| call_formatter(format, time))
}

/// Makes the formatter of dates while nobody waits: the first one of a page takes tens of milliseconds.
pub(crate) fn warm_up() {
    DATE.with(|_| ());
}

/// The time of day.
pub(crate) fn format_time(time: f64) -> String {
    CLOCK.with(|format| call_formatter(format, time))
}

thread_local! {
    // Made once: making one costs more than a row of the list.
    static EXACT: DateTimeFormat = make_formatter(&[("dateStyle", "medium"), ("timeStyle", "medium")]);
    static DATE: DateTimeFormat = make_formatter(&[("dateStyle", "medium")]);
    static CLOCK: DateTimeFormat = make_formatter(&[("timeStyle", "medium")]);
}

fn make_formatter(options: &[(&str, &str)]) -> DateTimeFormat {
    let wanted = Object::new();
    for (name, value) in options {
        Reflect::set(&wanted, &(*name).into(), &(*value).into()).expect("a plain object takes any property");
    }
    DateTimeFormat::new(&Array::new(), &wanted)
}

fn call_formatter(format: &DateTimeFormat, time: f64) -> String {
    let text = format.format().call1(&JsValue::UNDEFINED, &JsValue::from_f64(time));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// For the `datetime` attribute.
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
