//! Formats digits so that people can read and compare them.

/// Groups digits in fours, separated by spaces.
pub(crate) fn group_digits(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 5 / 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// Formats a number with thousands separators: 10,000 rather than 10000.
pub(crate) fn group_thousands(number: u32) -> String {
    match (number / 1_000, number % 1_000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{},{rest:03}", group_thousands(thousands)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_fours() {
        assert_eq!(group_digits("0123456789abcdef"), "0123 4567 89ab cdef");
        assert_eq!(group_digits("01234"), "0123 4");
        assert_eq!(group_digits(""), "");
    }
}
