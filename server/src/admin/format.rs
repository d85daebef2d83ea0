//! Formats numbers and times for the operator.

use std::fmt::Display;

use time::OffsetDateTime;

/// Formats a number with its noun in the singular or plural.
pub(super) fn pluralize<N: Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    let ending = if number == N::from(1) { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Formats seconds since the Unix epoch as a date and time in UTC.
pub(super) fn utc_time(seconds: i64) -> String {
    match OffsetDateTime::from_unix_timestamp(seconds) {
        Ok(at) => format!("{} {:02}:{:02}:{:02} UTC", at.date(), at.hour(), at.minute(), at.second()),
        // A manifest may contain any number.
        Err(_) => format!("{} after 1970", pluralize(seconds, "second")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        assert_eq!(pluralize(0_u64, "account"), "0 accounts");
        assert_eq!(pluralize(1_i64, "account"), "1 account");
        assert_eq!(pluralize(2_usize, "account"), "2 accounts");
    }

    #[test]
    fn times_match_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (-1, "1969-12-31 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_795_360_543, "2026-11-22 15:15:43 UTC"),
        ] {
            assert_eq!(utc_time(seconds), text);
        }
    }

    #[test]
    fn any_number_in_a_manifest_can_be_shown() {
        assert_eq!(utc_time(i64::MAX), "9223372036854775807 seconds after 1970");
        assert_eq!(utc_time(i64::MIN), "-9223372036854775808 seconds after 1970");
    }
}
