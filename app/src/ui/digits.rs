//! Formats digits so that people can compare them.

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
