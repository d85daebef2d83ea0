use super::*;
use crate::tests::support::{Fixed, VAULT};

fn code() -> RecoveryCode {
    RecoveryCode::random(&mut Fixed::new(1))
}

const FLOOR: SheetFloor = SheetFloor { vault: VAULT, counter: 42, head: [0xa7; 32] };

fn rejected(text: &str) -> Option<CodeRejected> {
    parse_sheet(text).err()
}

#[test]
fn a_sheet_goes_around() {
    for counter in [1, 9, 10, 42, u64::MAX] {
        let floor = SheetFloor { counter, ..FLOOR };
        let text = sheet_text(&code(), &floor);
        let (read, found) = parse_sheet(&text).expect("its own text");
        assert_eq!(read.text(), code().text());
        assert_eq!(found, Some(floor));
    }
    let text = sheet_text(&code(), &FLOOR);
    let parts: Vec<&str> = text.split(':').collect();
    assert_eq!([parts[0], parts[1], parts[2], parts[4]], ["CRYSTALLUM", "1", code().text().as_str(), "42"]);
    assert_eq!((parts[3].len(), parts[5].len(), parts.len()), (26, 52, 6));
    let alphanumeric = |one: char| one.is_ascii_digit() || one.is_ascii_uppercase() || one == ':';
    assert!(text.chars().all(alphanumeric), "a QR code holds it in its small mode");
}

#[test]
fn a_code_alone_is_taken_as_it_is_typed() {
    let typed = code().groups().each_ref().map(|group| group.to_lowercase()).join(" ");
    let (read, floor) = parse_sheet(&typed).expect("a code");
    assert_eq!(read.text(), code().text());
    assert_eq!(floor, None);
    assert_eq!(rejected(""), Some(CodeRejected::Length { found: 0 }));
    assert_eq!(rejected(&typed.replacen('r', "a", 1)), Some(CodeRejected::AccountKey));
}

#[test]
fn sheets_that_are_not_ours_are_refused() {
    let text = sheet_text(&code(), &FLOOR);
    let with = |at: usize, part: &str| {
        let mut parts: Vec<&str> = text.split(':').collect();
        parts[at] = part;
        parts.join(":")
    };
    let parts: Vec<&str> = text.split(':').collect();
    assert!(rejected(&with(4, "43")).is_none(), "another counter is another floor");
    for other in [
        with(0, "crystallum"),
        with(0, "CRYSTAL"),
        with(0, ""),
        with(1, ""),
        with(1, "11"),
        with(2, &parts[2].to_lowercase()),
        with(2, &code().groups().each_ref().map(|group| group.as_str()).join("-")),
        with(3, &parts[3].to_lowercase()),
        with(3, &format!("{}0", parts[3])),
        with(3, ""),
        with(3, &format!("{}1", parts[3].split_at(25).0)),
        with(5, &parts[5].to_lowercase()),
        with(5, parts[3]),
        with(5, &format!("{}1", parts[5].split_at(51).0)),
        with(4, ""),
        with(4, "0"),
        with(4, "042"),
        with(4, "+42"),
        with(4, "-42"),
        with(4, " 42"),
        with(4, "4२"),
        with(4, "18446744073709551616"),
        format!("{}:", *text),
        format!(":{}", *text),
        format!(" {}", *text),
        format!("{}\n", *text),
        parts[..5].join(":"),
        ":".to_owned(),
        ":::::::".to_owned(),
        "https://example.org/".to_owned(),
    ] {
        assert_eq!(rejected(&other), Some(CodeRejected::Sheet), "{other}");
    }
    assert_eq!(rejected(&with(1, "2")), Some(CodeRejected::OtherVersion('2')));
    assert_eq!(rejected(&with(2, &parts[2].replacen('R', "A", 1))), Some(CodeRejected::AccountKey));
    assert_eq!(rejected(&with(2, "")), Some(CodeRejected::Length { found: 0 }));
    assert_eq!(rejected(&with(2, &parts[2].replacen('R', "B", 1))), Some(CodeRejected::OtherKind('B')));
}
