use crystallum_api::{Code, Committed, CreateAccount, Health, SignUp};
use crystallum_server::invite;
use crystallum_test_support::{Person, Response};

use crate::fixture::Fixture;

async fn apply(person: &mut Person, request: &CreateAccount) -> Response {
    person.browser.post_json("/api/accounts", request).await
}

#[tokio::test]
async fn a_code_makes_one_account() {
    let fixture = Fixture::with(|settings| settings.sign_up = Some(SignUp::Invite)).await;
    let code = invite(&fixture.folder.path().join("data")).await.unwrap();
    let mut person = Person::without_account(&fixture, "anna");
    assert_eq!(person.browser.get("/api/health").await.json::<Health>().sign_up, SignUp::Invite);
    let mut request = person.sign_up_request().await;
    assert_eq!(apply(&mut person, &request).await.code(), Code::InviteRejected);
    request.invite = Some("0000-0000-0000-0000-0000".to_owned());
    assert_eq!(apply(&mut person, &request).await.code(), Code::InviteRejected);
    request.invite = Some(String::new());
    assert_eq!(apply(&mut person, &request).await.code(), Code::InviteRejected);
    // A mistyped code consumes neither the ceremony nor the passkey.
    request.invite = Some(code.to_lowercase().replace('-', " "));
    apply(&mut person, &request).await.json::<Committed>();
    apply(&mut person, &request).await.json::<Committed>();

    let mut other = Person::without_account(&fixture, "otto");
    let mut request = other.sign_up_request().await;
    request.invite = Some(code);
    assert_eq!(apply(&mut other, &request).await.code(), Code::InviteRejected);
    assert_eq!(other.browser.cookie(), None);
}

#[tokio::test]
async fn a_refused_account_leaves_the_code() {
    let fixture = Fixture::with(|settings| settings.sign_up = Some(SignUp::Invite)).await;
    let data = fixture.folder.path().join("data");
    let (first, second) = (invite(&data).await.unwrap(), invite(&data).await.unwrap());
    let mut anna = Person::without_account(&fixture, "anna");
    let request = CreateAccount { invite: Some(first), ..anna.sign_up_request().await };
    apply(&mut anna, &request).await.json::<Committed>();
    let mut twin = Person::without_account(&fixture, "anna");
    let request = CreateAccount { invite: Some(second.clone()), ..twin.sign_up_request().await };
    assert_eq!(apply(&mut twin, &request).await.code(), Code::AccountExists);
    let mut otto = Person::without_account(&fixture, "otto");
    let request = CreateAccount { invite: Some(second), ..otto.sign_up_request().await };
    apply(&mut otto, &request).await.json::<Committed>();
}

#[tokio::test]
async fn a_closed_server_takes_nobody() {
    let open = Fixture::start().await;
    let request = Person::without_account(&open, "anna").sign_up_request().await;
    let fixture = Fixture::with(|settings| settings.sign_up = Some(SignUp::Closed)).await;
    let browser = fixture.browser();
    assert_eq!(browser.post("/api/register/challenge").await.code(), Code::SignUpClosed);
    assert_eq!(browser.post_json("/api/accounts", &request).await.code(), Code::SignUpClosed);
    assert_eq!(browser.get("/api/health").await.json::<Health>().sign_up, SignUp::Closed);
}

#[tokio::test]
async fn the_usual_policy_depends_on_who_can_reach_the_server() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.browser().get("/api/health").await.json::<Health>().sign_up, SignUp::Open);
    let fixture = Fixture::with(|settings| settings.origin = "https://vault.example.com".to_owned()).await;
    assert_eq!(fixture.browser().get("/api/health").await.json::<Health>().sign_up, SignUp::Invite);
}
