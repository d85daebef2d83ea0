//! Clients behind proxies, named and unnamed.

use axum::body::Body;
use axum::http::{Request, header};
use crystallum_api::{Code, Session};
use crystallum_test_support::{Browser, Person, Response};
use serde_json::Value;
use tokio::io::AsyncReadExt;

use crate::fixture::Fixture;
use crate::process::{command, first_line, listening_on, terminate};

async fn behind(proxy: &str) -> Fixture {
    Fixture::with(|settings| settings.trusted_proxies = vec![proxy.parse().unwrap()]).await
}

/// Tries to sign up without a body, which is refused with 400 as long as the client's limit has
/// room, through a proxy that adds these headers.
async fn ask(browser: &Browser, forwarded: &[&str]) -> Response {
    let mut request = Request::post("/api/accounts").header(header::ORIGIN, browser.origin().to_owned());
    for line in forwarded {
        request = request.header("x-forwarded-for", *line);
    }
    browser.send_request(request, Body::empty()).await
}

async fn conditions(browser: &Browser) -> Value {
    let mut health: Value = browser.get("/api/health").await.json();
    health["conditions"].take()
}

#[tokio::test]
async fn a_foreign_cookie_signs_nobody_out() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let ours = person.browser.cookie().unwrap();
    let request = Request::get("/api/session").header(header::COOKIE, "theirs=caf\u{e9}");
    assert_eq!(person.browser.send_request(request, Body::empty()).await.status, 200);
    let request = Request::get("/api/session").header(header::COOKIE, format!("theirs=\u{20ac}; {ours}"));
    assert_eq!(fixture.browser().send_request(request, Body::empty()).await.status, 200);
}

/// Servers on other ports of this machine share its cookies.
#[tokio::test]
async fn a_foreign_cookie_of_our_name_signs_nobody_out() {
    let fixture = Fixture::start().await;
    let (anna, otto) = (Person::new(&fixture, "anna").await, Person::new(&fixture, "otto").await);
    let (ours, planted) = (anna.browser.cookie().unwrap(), otto.browser.cookie().unwrap());
    let ended = fixture.browser();
    ended.set_cookie(Some(planted.clone()));
    let ask = async |cookies: &str| {
        let request = Request::get("/api/session").header(header::COOKIE, cookies);
        fixture.browser().send_request(request, Body::empty()).await
    };
    let forged = format!("crystallum={}", data_encoding::BASE64URL_NOPAD.encode(&[0; 32]));
    for other in ["crystallum=dark", "crystallum=", &forged, &ours] {
        for cookies in [format!("{other}; {ours}"), format!("{ours}; {other}")] {
            assert_eq!(ask(&cookies).await.json::<Session>().account, anna.account, "{cookies}");
        }
    }
    // Nobody works in another's session because it came first.
    assert_eq!(ask(&format!("{planted}; {ours}")).await.code(), Code::SessionExpired);
    assert_eq!(ask(&format!("{ours}; {planted}")).await.code(), Code::SessionExpired);
    // Logging out ends all of them.
    ended.post("/api/logout").await;
    assert_eq!(ask(&format!("{planted}; {ours}")).await.json::<Session>().account, anna.account);
    assert_eq!(ask(&format!("{forged}; {planted}")).await.code(), Code::SessionExpired);
}

#[tokio::test]
async fn clients_with_ports_have_limits_of_their_own() {
    let fixture = behind("127.0.0.0/8").await;
    let browser = fixture.browser();
    for port in 0..60 {
        assert_eq!(ask(&browser, &[&format!("192.0.2.1:{}", 1_000 + port)]).await.status, 400);
        assert_eq!(ask(&browser, &[&format!("[2001:db8:0:1{port:02x}::1]:7")]).await.status, 400);
    }
    assert_eq!(ask(&browser, &["192.0.2.1"]).await.code(), Code::RateLimited);
    assert_eq!(conditions(&browser).await, serde_json::json!(["rate"]));
    assert_eq!(ask(&browser, &["2001:db8:0:1ff::2"]).await.code(), Code::RateLimited);
    assert_eq!(ask(&browser, &["192.0.2.2:1000"]).await.status, 400);
    assert_eq!(ask(&browser, &["2001:db8:0:200::1"]).await.status, 400);
}

#[tokio::test]
async fn a_proxy_that_names_no_client_is_reported() {
    for forwarded in [&[][..], &["nonsense"], &["192.0.2.1, unknown"], &["127.0.0.1"], &[""]] {
        let fixture = behind("127.0.0.1").await;
        let browser = fixture.browser();
        assert_eq!(ask(&browser, &["192.0.2.1"]).await.status, 400);
        assert_eq!(conditions(&browser).await, Value::Null);
        assert_eq!(ask(&browser, forwarded).await.status, 400, "{forwarded:?}");
        assert_eq!(conditions(&browser).await, serde_json::json!(["unknown_clients"]), "{forwarded:?}");
        fixture.clock.advance(10);
        assert_eq!(conditions(&browser).await, Value::Null);
    }
}

#[tokio::test]
async fn an_unnamed_proxy_is_reported_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path())
        .args([
            "--listen",
            "127.0.0.1:0",
            "--origin",
            "http://localhost:0",
            "--trusted-proxy",
            "192.0.2.0/24",
        ])
        .spawn()
        .unwrap();
    let line = first_line(&mut child).await.unwrap();
    let browser = Browser::new(listening_on(&line).unwrap().parse().unwrap());
    for client in 0..5 {
        assert_eq!(ask(&browser, &[&format!("198.51.100.{client}")]).await.status, 400);
    }
    assert_eq!(conditions(&browser).await, serde_json::json!(["unnamed_proxy"]));
    assert!(terminate(&mut child).await.success());
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    let warnings: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["level"] == "WARN")
        .collect();
    assert_eq!(warnings.len(), 1, "{log}");
    assert_eq!(warnings[0]["address"], "127.0.0.1", "{log}");
    assert!(!log.contains("198.51.100"), "{log}");
}

/// Browsers reach an encrypted origin through a proxy, whether it says so or not.
#[tokio::test]
async fn an_unnamed_proxy_that_reports_nobody_is_reported() {
    let fixture = Fixture::with(|settings| settings.origin = "https://vault.example.com".to_owned()).await;
    let browser = fixture.browser();
    // The operator asks without a proxy.
    for _ in 0..3 {
        assert_eq!(conditions(&browser).await, Value::Null);
    }
    for (name, value) in [(header::ORIGIN.as_str(), "https://vault.example.com"), ("sec-fetch-site", "none")]
    {
        let request = Request::get("/api/session").header(name, value);
        assert_eq!(browser.send_request(request, Body::empty()).await.status, 401);
        assert_eq!(conditions(&browser).await, serde_json::json!(["unnamed_proxy"]), "{name}");
        fixture.clock.advance(10);
        assert_eq!(conditions(&browser).await, Value::Null);
    }
    // Nothing is wrong with a proxy that is named and names the client.
    let fixture = Fixture::with(|settings| {
        settings.origin = "https://vault.example.com".to_owned();
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let request = Request::get("/api/session")
        .header(header::ORIGIN, "https://vault.example.com")
        .header("x-forwarded-for", "192.0.2.1");
    assert_eq!(fixture.browser().send_request(request, Body::empty()).await.status, 401);
    assert_eq!(conditions(&fixture.browser()).await, Value::Null);
}

#[tokio::test]
async fn a_refused_proxy_is_a_problem() {
    // Whoever comes from another address of this machine is no named proxy.
    let named = "192.0.2.1".parse().unwrap();
    let fixture = Fixture::with(|settings| {
        settings.listen = ([0, 0, 0, 0], 0).into();
        settings.trusted_proxies = vec![named];
    })
    .await;
    let problems = async || {
        let port = fixture.server.address().port();
        let local = Browser::new(std::net::SocketAddr::from(([127, 0, 0, 1], port)));
        local.get("/api/health").await.json::<Value>()["problems"].clone()
    };
    assert_eq!(problems().await, serde_json::json!([]));
    let Some(address) = own_address() else { return };
    let port = fixture.server.address().port();
    let mut stream = tokio::net::TcpStream::connect((address, port)).await.unwrap();
    // The server closes the connection without reading or sending anything.
    assert_eq!(stream.read(&mut [0; 1]).await.unwrap_or(0), 0);
    assert_eq!(problems().await, serde_json::json!(["proxy_refused"]));
    fixture.clock.advance(600);
    assert_eq!(problems().await, serde_json::json!([]));
}

/// Returns an address of this machine that others can reach, if it has one. Connections to it come
/// from it.
fn own_address() -> Option<std::net::IpAddr> {
    // Nothing is sent: the system only chooses an address.
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|address| !address.is_loopback())
}

#[tokio::test]
async fn trusting_everybody_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (network, says) in [("0.0.0.0/0", "whole Internet"), ("proxy", "neither an address nor a network")] {
        let mut refused = command(folder.path());
        refused.args([
            "--listen",
            "127.0.0.1:0",
            "--origin",
            "http://localhost:0",
            "--trusted-proxy",
            network,
        ]);
        let output = refused.output().await.unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains(says), "{network}");
    }
}
