//! Draws a QR code as one SVG path.

/// Returns the dark modules as horizontal runs, offset by a quiet zone of `quiet` modules. Any
/// character but `1` is light.
pub(super) fn path(size: u8, squares: &str, quiet: u32) -> String {
    let side = usize::from(size).max(1);
    let mut path = String::with_capacity(squares.len() * 4);
    for (row, line) in (quiet..).zip(squares.as_bytes().chunks(side)) {
        let (mut column, mut rest) = (quiet, line);
        while let Some(&first) = rest.first() {
            let length = rest.iter().take_while(|&&square| square == first).count();
            let run = u32::try_from(length).unwrap_or_default();
            if first == b'1' {
                path.push_str(&format!("M{column} {row}h{run}v1h-{run}z"));
            }
            column += run;
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_squares_become_runs() {
        assert_eq!(path(3, "110000011", 1), "M1 1h2v1h-2zM2 3h2v1h-2z");
        assert_eq!(path(2, "0000", 4), "");
        assert_eq!(path(0, "1", 0), "M0 0h1v1h-1z", "a wrong size ends nothing");
    }
}
