use super::*;
use crate::wire::refusal::Refusal;

fn answer(status: u16, json: bool, body: &str) -> HttpAnswer {
    HttpAnswer { status, json, body: body.as_bytes().to_vec() }
}

/// Attack T76 of `tests/ATTACKS.md`.
#[test]
fn a_refusal_counts_only_with_its_status_and_type() {
    let body = r#"{"code":"session_expired"}"#;
    assert_eq!(refusal(&answer(401, true, body)), CallFailed::Refused(Refusal::SessionExpired));
    for strange in [
        answer(403, true, body),
        answer(401, false, body),
        answer(401, true, "<html>"),
        answer(500, true, ""),
    ] {
        assert_eq!(refusal(&strange), CallFailed::InvalidAnswer);
    }
}

/// Attack T76 of `tests/ATTACKS.md`.
#[test]
fn an_answer_counts_only_as_json_of_the_right_shape() {
    assert_eq!(parse_answer(&answer(200, true, r#"{"counter":7}"#)), Ok(api::Committed { counter: 7 }));
    let strange = [
        answer(200, false, r#"{"counter":7}"#),
        answer(200, true, "<!doctype html>"),
        answer(200, true, r#"{"counter":-1}"#),
        answer(204, true, r#"{"counter":7}"#),
        answer(302, true, r#"{"counter":7}"#),
    ];
    for answer in strange {
        assert_eq!(parse_answer::<api::Committed>(&answer), Err(CallFailed::InvalidAnswer), "{answer:?}");
    }
}
