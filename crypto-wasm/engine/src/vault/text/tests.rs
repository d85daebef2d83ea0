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
