use crystallum_core::limits;
use crystallum_messages::{MAX_SHARES, MAX_SIGN_IN_METHOD_NAME};

use super::*;

#[test]
fn names_labels_and_notes_have_limits() {
    assert_eq!(parse_label("  Binance main "), Ok("Binance main".to_owned()));
    for wrong in ["", "   ", "two\nlines", &"x".repeat(MAX_LABEL + 1)] {
        assert_eq!(parse_label(wrong), Err(LabelRejected), "{wrong}");
        assert_eq!(parse_name(wrong), Err(NameRejected), "{wrong}");
    }
    assert_eq!(parse_note(&"x".repeat(MAX_NOTE)), Ok("x".repeat(MAX_NOTE)));
    assert_eq!(parse_note(&"x".repeat(MAX_NOTE + 1)), Err(NoteRejected));
}

/// The page cannot reach the format, so its limits are in the messages. This test sees both.
#[test]
fn what_fits_the_form_fits_the_format() {
    assert_eq!(MAX_NOTE, limits::MAX_NOTE);
    assert_eq!(MAX_SHARES, usize::from(limits::MAX_SHARES));
    let longest = char::MAX.len_utf8();
    for characters in [MAX_LABEL, MAX_NAME, MAX_SIGN_IN_METHOD_NAME] {
        assert!(characters * longest <= limits::MAX_LABEL, "{characters}");
    }
}
