//! Tests that go through the table of endpoints.

use axum::body::Body;
use axum::http::{Request, header};
use crystallum_api::{Code, Endpoint, Id, LimitClass, Method};
use crystallum_test_support::{Browser, Person, Response};

use crate::fixture::Fixture;

async fn call(browser: &Browser, endpoint: Endpoint) -> Response {
    let method = match endpoint.facts().method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let id = Id([7; 16]);
    let path = match endpoint {
        Endpoint::SecretVersion => Endpoint::secret_version_path(id, 1),
        Endpoint::Delta => format!("{}?since=0", endpoint.path()),
        Endpoint::History => format!("{}?counter=1&of=2", endpoint.path()),
        Endpoint::ShareState => Endpoint::share_state_path(id, id),
        Endpoint::PutShare => Endpoint::put_share_path(id, id),
        Endpoint::ReadShare => Endpoint::read_share_path(id, id),
        Endpoint::DeleteShare => Endpoint::delete_share_path(id, id),
        _ => endpoint.path().to_owned(),
    };
    let request =
        Request::builder().method(method).uri(path).header(header::ORIGIN, browser.origin().to_owned());
    browser.send_request(request, Body::empty()).await
}

/// Returns the code of a refusal.
fn refusal(reply: &Response) -> Option<Code> {
    (reply.status >= 400).then(|| reply.code())
}

#[tokio::test]
async fn sessions_are_required_as_the_table_says() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 10).await;
    let person = Person::new(&fixture, "anna").await;
    for endpoint in Endpoint::ALL {
        let without = refusal(&call(&fixture.browser(), *endpoint).await);
        let needed = endpoint.facts().auth.needs_session();
        assert_eq!(without == Some(Code::SessionExpired), needed, "{endpoint:?}");
        // Logging out ends the session, so that is not tried with one.
        // Hints do not end.
        if !matches!(endpoint, Endpoint::Logout | Endpoint::Hints) {
            let with = refusal(&call(&person.browser, *endpoint).await);
            assert_ne!(with, Some(Code::SessionExpired), "{endpoint:?}");
        }
    }
}

#[tokio::test]
async fn requests_are_rate_limited_as_the_table_says() {
    // Hints do not end.
    for endpoint in Endpoint::ALL.iter().filter(|endpoint| **endpoint != Endpoint::Hints) {
        let fixture = Fixture::start().await;
        let person = Person::new(&fixture, "anna").await;
        // What the account's creation has used is given back.
        fixture.clock.advance(60);
        let allowed = match endpoint.facts().limit {
            // A request without a proof does not count as a false one.
            LimitClass::Ordinary | LimitClass::Free | LimitClass::Proof | LimitClass::SignOut => None,
            LimitClass::SignUp => Some(60),
            LimitClass::StoreCredential => Some(120),
        };
        // Hints do not end.
        if *endpoint == Endpoint::Hints {
            continue;
        }
        for _ in 0..allowed.unwrap_or(130) {
            let refusal = refusal(&call(&person.browser, *endpoint).await);
            assert_ne!(refusal, Some(Code::RateLimited), "{endpoint:?}");
        }
        let limited = refusal(&call(&person.browser, *endpoint).await) == Some(Code::RateLimited);
        assert_eq!(limited, allowed.is_some(), "{endpoint:?}");
    }
}
