//! The Prometheus metrics count what happens and reveal nothing about any person.

use std::fs;

use axum::body::Body;
use axum::http::{Request, header};
use crystallum_api::Code;
use crystallum_server::{Clock, Server, Settings, StartError};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Browser, Dealing, Person};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::fixture::Fixture;

async fn fixture() -> Fixture {
    Fixture::with(|settings| settings.metrics = Some(([127, 0, 0, 1], 0).into())).await
}

async fn read_metrics(fixture: &Fixture) -> String {
    let reply = Browser::new(fixture.server.metrics().unwrap()).get("/metrics").await;
    assert_eq!(reply.status, 200);
    assert!(
        reply.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("application/openmetrics-text;")
    );
    String::from_utf8(reply.body).unwrap()
}

/// Returns the value of a metric, given its name with labels.
fn value(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
}

#[tokio::test]
async fn metrics_count_everything_and_name_nobody() {
    let fixture = fixture().await;
    let mut anna = Person::new(&fixture, "anna").await;
    anna.write("one", vec![new_record("canary")]).await;
    let late = anna.state.commit("three", vec![new_record("more")]);
    anna.write("two", vec![new_record("other")]).await;
    assert_eq!(anna.send(&late).await.code(), Code::Conflict);
    let wrong = anna.state.commit("four", Vec::new());
    assert_eq!(anna.browser.post_json("/api/commit", &wrong).await.code(), Code::BadRequest);
    let dealing = Dealing::new(&anna, "wallet", 1).await;
    dealing.put(&anna).await;
    anna.login().await;
    let used = anna.assertion().await;
    assert_eq!(anna.browser.post_json("/api/login", &used).await.status, 200);
    assert_eq!(anna.browser.post_json("/api/login", &used).await.code(), Code::CeremonyUnknown);
    assert_eq!(anna.browser.get("/canary-in-a-path?canary=1").await.status, 404);
    assert_eq!(anna.browser.get("/api/canary-in-a-path").await.status, 404);
    fs::remove_file(fixture.store(4).join("shares.db")).unwrap();

    let text = read_metrics(&fixture).await;
    let request = |method: &str, route: &str, status: u16, code: &str| {
        let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\",code=\"{code}\"");
        value(&text, &format!("crystallum_requests_total{{{labels}}}"))
    };
    for (found, expected) in [
        (request("POST", "/api/accounts", 200, ""), 1.0),
        (request("POST", "/api/commit", 200, ""), 2.0),
        (request("POST", "/api/commit", 409, "conflict"), 1.0),
        (request("POST", "/api/commit", 400, "bad_request"), 1.0),
        (request("POST", "/api/login", 400, "ceremony_unknown"), 1.0),
        (request("POST", "/api/stores/{store}/shares/{share}", 204, ""), 5.0),
        (request("GET", "-", 404, "not_found"), 1.0),
        (request("GET", "-", 404, ""), 1.0),
        (value(&text, "crystallum_request_seconds_count{route=\"/api/commit\"}"), 4.0),
        (value(&text, "crystallum_logins_total{way=\"passkey\",outcome=\"ok\"}"), 2.0),
        (value(&text, "crystallum_logins_total{way=\"passkey\",outcome=\"refused\"}"), 1.0),
        (value(&text, "crystallum_commits_total{outcome=\"done\"}"), 2.0),
        (value(&text, "crystallum_commits_total{outcome=\"conflict\"}"), 1.0),
        (value(&text, "crystallum_commits_total{outcome=\"refused\"}"), 1.0),
        (value(&text, "crystallum_accounts"), 1.0),
        (value(&text, "crystallum_sessions"), 3.0),
        (value(&text, "crystallum_database_available"), 1.0),
        (value(&text, "crystallum_store_available{store=\"3\"}"), 1.0),
        (value(&text, "crystallum_store_available{store=\"4\"}"), 0.0),
        (value(&text, "crystallum_shares_pending{store=\"3\"}"), 1.0),
    ] {
        assert!((found - expected).abs() < f64::EPSILON, "{found} for {expected}\n{text}");
    }
    assert!(value(&text, "crystallum_database_bytes{file=\"vault.db\"}") > 0.0);
    assert!(value(&text, "crystallum_database_seconds{access=\"write\"}") >= 0.0);
    #[cfg(target_os = "linux")]
    assert!(value(&text, "process_resident_memory_bytes") > 1e6);
    for (name, expected) in [
        ("crystallum_condition{condition=\"rate\"}", 0.0),
        ("crystallum_turned_away_total{condition=\"rate\"}", 0.0),
        ("crystallum_reserved_bytes{budget=\"answers\"}", 0.0),
        ("crystallum_requests_running", 0.0),
    ] {
        assert!((value(&text, name) - expected).abs() < f64::EPSILON, "{name}\n{text}");
    }
    while anna.browser.post("/api/accounts").await.status == 400 {}
    let limited = read_metrics(&fixture).await;
    assert!((value(&limited, "crystallum_condition{condition=\"rate\"}") - 1.0).abs() < f64::EPSILON);
    assert!((value(&limited, "crystallum_turned_away_total{condition=\"rate\"}") - 1.0).abs() < f64::EPSILON);
    assert!(text.ends_with("# EOF\n"));

    let mut private = vec!["canary".to_owned(), anna.account.to_string(), "127.0.0.1".to_owned()];
    private.push(anna.browser.cookie().unwrap().split_once('=').unwrap().1.to_owned());
    private.extend(dealing.shares.iter().flat_map(|share| [share.id.to_string(), share.store.to_string()]));
    for needle in private {
        assert!(!text.contains(&needle), "{needle} in\n{text}");
    }
}

#[tokio::test]
async fn metrics_are_off_by_default_and_on_their_own_port() {
    let off = Fixture::start().await;
    assert_eq!(off.server.metrics(), None);
    assert_eq!(off.browser().get("/metrics").await.status, 404);
    let on = fixture().await;
    assert_ne!(on.server.metrics().unwrap(), on.server.address());
    assert_eq!(on.browser().get("/metrics").await.status, 404);
    let numbers = Browser::new(on.server.metrics().unwrap());
    assert_eq!(numbers.get("/metrics").await.status, 200);
    for other in ["/", "/api/health", "/api/delta?since=0"] {
        assert_eq!(numbers.get(other).await.status, 404, "{other}");
    }
    assert_eq!(numbers.post("/metrics").await.status, 405);
}

#[tokio::test]
async fn metrics_are_refused_to_other_machines_and_foreign_pages() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:9090"] {
        let mut settings = Settings::local(folder.path().join("data"));
        settings.metrics = Some(address.parse().unwrap());
        let refused = Server::start(settings, Clock::manual(1)).await.err().unwrap();
        assert!(matches!(refused, StartError::MetricsReachable(_)), "{refused}");
        assert_eq!(refused.exit_code(), 2);
        assert!(refused.to_string().contains("can be reached from other machines"), "{refused}");
    }
    assert!(!folder.path().join("data").exists());

    let fixture = fixture().await;
    let stream = TcpStream::connect(fixture.server.metrics().unwrap()).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get("/metrics").header(header::HOST, "rebound.example.com");
    let reply = sender.send_request(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(reply.status(), 403);
    drop((sender, reply));
    connection.await.unwrap().unwrap();
}
