//! Times as they are shown: how long ago, and exactly.

use js_sys::{Array, Date, Intl::DateTimeFormat, Object, Reflect};
use wasm_bindgen::JsValue;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// How long ago something was, as far as anybody cares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ago {
    /// Less than a minute, or in a future that only clocks explain.
    Now,
    /// Minutes.
    Minutes(f64),
    /// Hours.
    Hours(f64),
    /// Days, up to a month.
    Days(f64),
    /// Longer; the date says it better.
    Long,
}

/// Milliseconds since 1970 as JavaScript counts them.
pub(crate) fn js(time: u64) -> f64 {
    // Beyond the range of dates every time is as wrong as any other.
    u32::try_from(time / 1_000).map_or(f64::from(u32::MAX) * 1_000.0, |seconds| f64::from(seconds) * 1_000.0)
}

pub(crate) fn ago(time: f64, now: f64) -> Ago {
    let past = now - time;
    if past < MINUTE {
        Ago::Now
    } else if past < HOUR {
        Ago::Minutes((past / MINUTE).floor())
    } else if past < DAY {
        Ago::Hours((past / HOUR).floor())
    } else if past < 31.0 * DAY {
        Ago::Days((past / DAY).floor())
    } else {
        Ago::Long
    }
}

/// Now, in milliseconds since 1970.
pub(crate) fn now() -> f64 {
    Date::now()
}

/// Date and time in the browser's own way of writing.
pub(crate) fn exact(time: f64) -> String {
    EXACT.with(|format| formatted(format, time))
}

/// The date alone.
pub(crate) fn date(time: f64) -> String {
    DATE.with(|format| formatted(format, time))
}

/// The time of day.
pub(crate) fn clock(time: f64) -> String {
    CLOCK.with(|format| formatted(format, time))
}

thread_local! {
    // Made once: making one costs more than a row of the list.
    static EXACT: DateTimeFormat = format(&[("dateStyle", "medium"), ("timeStyle", "medium")]);
    static DATE: DateTimeFormat = format(&[("dateStyle", "medium")]);
    static CLOCK: DateTimeFormat = format(&[("timeStyle", "medium")]);
}

fn format(options: &[(&str, &str)]) -> DateTimeFormat {
    let wanted = Object::new();
    for (name, value) in options {
        Reflect::set(&wanted, &(*name).into(), &(*value).into()).expect("a plain object takes any property");
    }
    DateTimeFormat::new(&Array::new(), &wanted)
}

fn formatted(format: &DateTimeFormat, time: f64) -> String {
    let text = format.format().call1(&JsValue::UNDEFINED, &JsValue::from_f64(time));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// For the `datetime` attribute.
pub(crate) fn machine(time: f64) -> String {
    String::from(Date::new(&JsValue::from_f64(time)).to_iso_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_ago() {
        let now = 100.0 * DAY;
        assert_eq!(ago(now, now), Ago::Now);
        assert_eq!(ago(now + HOUR, now), Ago::Now);
        assert_eq!(ago(now - MINUTE, now), Ago::Minutes(1.0));
        assert_eq!(ago(now - HOUR + 1.0, now), Ago::Minutes(59.0));
        assert_eq!(ago(now - HOUR, now), Ago::Hours(1.0));
        assert_eq!(ago(now - DAY, now), Ago::Days(1.0));
        assert_eq!(ago(now - 31.0 * DAY, now), Ago::Long);
    }

    #[test]
    fn times_beyond_dates_are_bounded() {
        assert_eq!(js(1_700_000_000_123), 1_700_000_000_000.0);
        assert_eq!(js(u64::MAX), 4_294_967_295_000.0);
    }
}
