//! Somebody uses a stolen session as much as the limits let them. The owner still signs in, changes
//! the sign-in methods, which ends the stolen session, and deletes the account.

use crystallum_api::{ChangeSignInMethods, Code, DeleteAccount, Proof, Session};
use crystallum_test_support::commits::{keyslot, new_record};
use crystallum_test_support::{Browser, Person, Sheet};

use crate::fixture::Fixture;
use crate::sign_in_methods::replace;

/// More requests than any session may send in a minute. The clock stands still.
const FLOOD: usize = 2_000;

/// Returns a person with a recovery code, which can be replaced.
async fn person(fixture: &Fixture) -> Person {
    let mut anna = Person::new(fixture, "anna").await;
    let request = ChangeSignInMethods {
        set_recovery: Some(Sheet::new("first").verifier()),
        ..anna.change_request("set", vec![keyslot("first root", 1), keyslot("first cold", 2)]).await
    };
    anna.change_sign_in_methods(&request).await;
    anna
}

/// Returns another browser with the person's cookie.
fn steal(fixture: &Fixture, person: &Person) -> Browser {
    let thief = fixture.browser();
    thief.set_cookie(person.browser.cookie());
    thief
}

/// Sends requests of a kind until there is no room for more.
async fn exhaust(thief: &Browser, method: &str, path: &str) {
    for _ in 0..FLOOD {
        let body = (method == "POST").then_some(b"{}".as_slice());
        if thief.send(method, path, body).await.unwrap().status == 429 {
            return;
        }
    }
    panic!("{path} has no limit");
}

/// Replaces the recovery code, which ends all other sessions.
async fn revoke(person: &mut Person) {
    let request = ChangeSignInMethods {
        set_recovery: Some(Sheet::new("second").verifier()),
        ..person.change_request("replace", replace("first", "second")).await
    };
    person.change_sign_in_methods(&request).await;
}

#[tokio::test]
async fn the_owner_ends_a_session_that_has_used_up_its_limits() {
    let fixture = Fixture::start().await;
    let mut anna = person(&fixture).await;
    let thief = steal(&fixture, &anna);
    for (method, path) in
        [("GET", "/api/session"), ("POST", "/api/sign-in-methods"), ("POST", "/api/account/delete")]
    {
        exhaust(&thief, method, path).await;
    }
    // The owner signs in in another browser, and works there as usual.
    anna.browser = fixture.browser();
    anna.login().await;
    assert_eq!(anna.delta(0).await.counter, 2);
    anna.write("meanwhile", vec![new_record("key")]).await;
    revoke(&mut anna).await;
    fixture.clock.advance(60);
    assert_eq!(thief.get("/api/session").await.code(), Code::SessionExpired);
    anna.browser.get("/api/session").await.json::<Session>();
}

#[tokio::test]
async fn a_proof_is_not_counted_towards_the_session_that_sends_it() {
    let fixture = Fixture::start().await;
    let mut anna = person(&fixture).await;
    // The owner has no other session than the stolen one.
    let thief = steal(&fixture, &anna);
    exhaust(&thief, "GET", "/api/session").await;
    revoke(&mut anna).await;
    let request = DeleteAccount { proof: Proof::Passkey(anna.assertion().await) };
    assert_eq!(anna.browser.post_json("/api/account/delete", &request).await.status, 204);
}

#[tokio::test]
async fn a_session_without_room_can_be_ended() {
    let fixture = Fixture::start().await;
    let anna = person(&fixture).await;
    let thief = steal(&fixture, &anna);
    exhaust(&thief, "GET", "/api/session").await;
    assert_eq!(anna.browser.post("/api/logout").await.status, 204);
    fixture.clock.advance(60);
    assert_eq!(thief.get("/api/session").await.code(), Code::SessionExpired);
}

#[tokio::test]
async fn shares_can_be_read_while_another_session_has_used_up_its_limit() {
    let fixture = Fixture::start().await;
    let anna = person(&fixture).await;
    let thief = steal(&fixture, &anna);
    let path = crystallum_api::Endpoint::read_share_path(anna.account, anna.account);
    exhaust(&thief, "POST", &path).await;
    anna.login().await;
    assert_eq!(anna.browser.post_text(&path, "{}").await.code(), Code::BadRequest);
}

/// Many stolen sessions together use up what the account has, and a proof still counts.
#[tokio::test]
async fn an_account_without_room_takes_proofs() {
    let fixture = Fixture::start().await;
    let mut anna = person(&fixture).await;
    for _ in 0..4 {
        let thief = steal(&fixture, &anna);
        anna.login().await;
        exhaust(&thief, "GET", "/api/session").await;
    }
    assert_eq!(anna.browser.get("/api/session").await.code(), Code::RateLimited);
    revoke(&mut anna).await;
}
