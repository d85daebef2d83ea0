use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use crystallum_api::{Code, Committed, MAX_BODY, MAX_SMALL_BODY};
use crystallum_test_support::Person;
use crystallum_test_support::commits::{new_record, tombstone};
use http_body_util::StreamBody;
use serde_json::{Value, json};

use crate::fixture::Fixture;

#[tokio::test]
async fn bodies_that_are_not_json_are_refused() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let deep = "[".repeat(100_000);
    for text in [
        "",
        " ",
        "null",
        "[]",
        "{",
        "{}",
        "\"",
        "1",
        "\u{feff}{}",
        "{}{}",
        deep.as_str(),
        "{\"commit_id\":\"\\ud800\"}",
    ] {
        for path in ["/api/commit", "/api/login", "/api/accounts"] {
            let reply = person.browser.post_text(path, text.to_owned()).await;
            assert_eq!(reply.code(), Code::BadRequest, "{path} {}", text.get(..20).unwrap_or(text));
        }
    }
    let reply = person.browser.post_text("/api/commit", vec![0xff, 0xfe, 0x00]).await;
    assert_eq!(reply.code(), Code::BadRequest);
}

/// Attack T60 of `tests/ATTACKS.md`.
#[tokio::test]
async fn every_damaged_field_of_a_commit_is_refused() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("first", vec![new_record("old")]).await;
    let good = person.state.commit("new", vec![new_record("key"), tombstone("old", 2)]);
    let good = serde_json::to_value(good).unwrap();
    let pointers = [
        "/commit_id",
        "/expected_counter",
        "/changes",
        "/head",
        "/changes/0",
        "/changes/0/kind",
        "/changes/0/id",
        "/changes/0/overview/version",
        "/changes/0/overview/hash",
        "/changes/0/overview/blob",
        "/changes/1/id",
        "/changes/1/version",
    ];
    let damages = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!("="),
        json!("AA=="),
        json!("AB"),
        json!("é"),
        json!([]),
        json!({}),
        json!({"x": 1}),
        json!("A".repeat(21)),
        json!("A".repeat(23)),
    ];
    for pointer in pointers {
        for damage in &damages {
            let mut wrong = good.clone();
            *wrong.pointer_mut(pointer).unwrap() = damage.clone();
            let reply = person.browser.post_json("/api/commit", &wrong).await;
            assert_eq!(reply.code(), Code::BadRequest, "{pointer} {damage}");
        }
    }
    for pointer in ["", "/changes/0", "/changes/0/overview", "/changes/1"] {
        let mut wrong = good.clone();
        let object = wrong.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
        object.insert("unknown".to_owned(), json!(1));
        assert_eq!(
            person.browser.post_json("/api/commit", &wrong).await.code(),
            Code::BadRequest,
            "{pointer}"
        );
    }
    for field in ["commit_id", "expected_counter", "changes", "head"] {
        let mut wrong = good.clone();
        wrong.as_object_mut().unwrap().remove(field);
        assert_eq!(person.browser.post_json("/api/commit", &wrong).await.code(), Code::BadRequest, "{field}");
    }
    person.browser.post_json("/api/commit", &good).await.json::<Committed>();
}

/// Attack T60 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_repeated_json_key_is_refused() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let good = serde_json::to_string(&person.state.commit("new", vec![new_record("key")])).unwrap();
    for (once, twice) in [
        ("\"expected_counter\":1", "\"expected_counter\":1,\"expected_counter\":1"),
        ("\"kind\":\"record\"", "\"kind\":\"record\",\"kind\":\"record\""),
        ("\"version\":1", "\"version\":1,\"version\":1"),
    ] {
        assert!(good.contains(once));
        let reply = person.browser.post_text("/api/commit", good.replace(once, twice)).await;
        assert_eq!(reply.code(), Code::BadRequest, "{once}");
    }
}

#[tokio::test]
async fn extension_results_are_refused() {
    let fixture = Fixture::start().await;
    let person = Person::without_account(&fixture, "anna");
    let request = person.sign_up_request().await;
    let good = serde_json::to_value(&request).unwrap();
    for (pointer, field) in [
        ("", "prf"),
        ("/credential", "clientExtensionResults"),
        ("/credential", "extensions"),
        ("/credential", "id"),
        ("/credential/response", "transports"),
    ] {
        let mut wrong = good.clone();
        let object = wrong.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
        object.insert(field.to_owned(), json!({"prf": {"results": {"first": "AAAA"}}}));
        assert_eq!(
            person.browser.post_json("/api/accounts", &wrong).await.code(),
            Code::BadRequest,
            "{field}"
        );
    }
    person.browser.post_json("/api/accounts", &good).await.json::<Committed>();
    let login = serde_json::to_value(person.assertion().await).unwrap();
    for pointer in ["", "/credential", "/credential/response"] {
        let mut wrong = login.clone();
        let object = wrong.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
        object.insert("clientExtensionResults".to_owned(), json!({}));
        assert_eq!(
            person.browser.post_json("/api/login", &wrong).await.code(),
            Code::BadRequest,
            "{pointer}"
        );
    }
    assert_eq!(person.browser.post_json("/api/login", &login).await.status, 200);
}

#[tokio::test]
async fn bodies_need_the_content_type_of_json() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let good = serde_json::to_vec(&person.state.commit("new", vec![new_record("key")])).unwrap();
    for media in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/json, text/plain"),
    ] {
        let mut request =
            Request::post("/api/commit").header(header::ORIGIN, person.browser.origin().to_owned());
        if let Some(media) = media {
            request = request.header(header::CONTENT_TYPE, media);
        }
        let reply = person.browser.send_request(request, Body::from(good.clone())).await;
        assert_eq!(reply.code(), Code::BadRequest, "{media:?}");
    }
    person.browser.post_text("/api/commit", good).await.json::<Committed>();
}

#[tokio::test]
async fn requests_without_a_body_refuse_one() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    for path in ["/api/register/challenge", "/api/login/challenge", "/api/logout"] {
        assert_eq!(browser.post_text(path, "{}").await.code(), Code::BadRequest, "{path}");
    }
}

/// Attack T24 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_body_has_a_limit() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let mut text = serde_json::to_vec(&person.state.commit("new", vec![new_record("key")])).unwrap();
    text.resize(MAX_BODY + 1, b' ');
    for path in ["/api/commit", "/api/accounts", "/api/login", "/api/login/challenge"] {
        assert_eq!(person.browser.post_text(path, text.clone()).await.code(), Code::TooLarge, "{path}");
    }
    for path in ["/api/accounts", "/api/login", "/api/recovery", "/api/account/delete"] {
        let small = text[..=MAX_SMALL_BODY].to_vec();
        assert_eq!(person.browser.post_text(path, small).await.code(), Code::TooLarge, "{path}");
    }
    // A chunked body without a length.
    let pieces: Vec<_> = text.chunks(60_000).map(Bytes::copy_from_slice).collect();
    let frames = pieces.into_iter().map(|piece| Ok::<_, std::io::Error>(hyper::body::Frame::data(piece)));
    let body = Body::new(StreamBody::new(futures_util::stream::iter(frames)));
    let request = Request::post("/api/commit")
        .header(header::ORIGIN, person.browser.origin())
        .header(header::CONTENT_TYPE, "application/json");
    assert_eq!(person.browser.send_request(request, body).await.code(), Code::TooLarge);
    text.truncate(MAX_BODY);
    person.browser.post_text("/api/commit", text).await.json::<Committed>();
}
