//! The proxies of the operator's page, run as the page says, in front of the real server: Caddy and
//! nginx. Only names, ports and certificates differ. `cargo xtask test --deep proxies` runs this
//! where one of them is installed.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proxy;

use crystallum_api::SignUp;
use crystallum_server::{Clock, Server, Settings};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Browser, Person, Site};
use sqlx::Connection;

use crate::proxy::{Answer, HOST, Kind, Proxy};

const JSON: &str = "content-type: application/json";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_works_as_the_page_says() {
    check(Kind::Caddy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_works_as_the_page_says() {
    check(Kind::Nginx).await;
}

/// A browser that reaches the server past the proxy.
struct Client(Browser);

impl Site for Client {
    fn browser(&self) -> Browser {
        self.0.clone()
    }
}

/// Hints pass the proxy one by one, and are not kept until there are more.
async fn check_hints(proxy: &Proxy, client: Client) {
    let mut person = Person::new(&client, "anna").await;
    let cookie = format!("cookie: {}", person.browser.cookie().unwrap());
    let mut hints = proxy.listen("/api/hints", &["-H", &cookie]);
    assert_eq!(hints.next_data().as_deref(), Some("1"));
    person.write("new", vec![new_record("key")]).await;
    assert_eq!(hints.next_data().as_deref(), Some("2"));
}

async fn check(kind: Kind) {
    let Some(program) = kind.program() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let port = proxy::free_port();
    let origin = format!("https://{HOST}:{port}");
    let mut settings = Settings::local(data.clone());
    settings.origin.clone_from(&origin);
    settings.sign_up = Some(SignUp::Open);
    settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    // The clock stands still, so that limits are exact.
    let server = Server::start(settings, Clock::manual(1_800_000_000)).await.unwrap();
    let proxy = Proxy::start(kind, &program, folder.path(), port, server.address());
    let ours = format!("origin: {origin}");

    // TLS 1.3 and HTTP/2 end at the proxy; a connection is used again.
    let health = proxy.ask("/api/health", &[]);
    assert!(health.is(200, "\"problems\":[]"), "{health:?}");
    assert_eq!(health.version, "2");
    assert_eq!(proxy.ask("/api/health", &["--tls-max", "1.2"]).status, 0);
    let twice = proxy.ask_times(2, "/api/health", &[]);
    assert_eq!(twice.iter().map(|answer| answer.connects).collect::<Vec<_>>(), [1, 0]);

    let post = ["-X", "POST", "-H", &ours, "-H", JSON];
    let challenge = proxy.ask("/api/login/challenge", &post);
    assert!(challenge.is(200, "\"challenge\""), "{challenge:?}");

    // Limits are per client, whatever the client says about itself.
    let sign_up = [&post[..], &["-d", "{}"]].concat();
    let from = |address, times| {
        let options = [&sign_up[..], &["--interface", address, "-H", "x-forwarded-for: 192.0.2.1"]].concat();
        proxy.ask_times(times, "/api/accounts", &options)
    };
    let first = from("127.0.0.7", 61);
    assert!(first[..60].iter().all(|answer| answer.is(400, "bad_request")), "{first:?}");
    assert!(first[60].is(429, "rate_limited"), "{first:?}");
    assert!(from("127.0.0.8", 1)[0].is(400, "bad_request"));
    let health = proxy.ask("/api/health", &[]);
    assert!(health.is(200, "\"conditions\":[\"rate\"]"), "{health:?}");

    let browser = Browser::with_origin(server.address(), &origin).behind_proxy([127, 0, 0, 9].into());
    check_hints(&proxy, Client(browser)).await;

    // Refusals come from the server.
    assert!(proxy.ask("/api/commit", &["-H", &ours]).is(405, "method_not_allowed"));
    let (large, slow) = (folder.path().join("large"), folder.path().join("slow"));
    std::fs::write(&large, vec![b' '; 1 << 20]).unwrap();
    std::fs::write(&slow, vec![b' '; 12 << 10]).unwrap();
    let body = |file: &std::path::Path| format!("@{}", file.display());
    let sent = |file: &std::path::Path, more: &[&str]| {
        proxy.ask("/api/login", &[&post[..], &["--data-binary", &body(file)], more].concat())
    };
    assert!(sent(&large, &[]).is(413, "too_large"));
    // A slow body arrives.
    assert!(sent(&slow, &["--limit-rate", "8k"]).is(400, "bad_request"));
    let headers: Vec<String> = (0..70).map(|number| format!("x-{number}: 1")).collect();
    let many: Vec<&str> = headers.iter().flat_map(|header| ["-H", header]).collect();
    assert_eq!(proxy.ask("/api/health", &many).status, 431);

    let mut database =
        sqlx::SqliteConnection::connect(data.join("vault.db").to_str().unwrap()).await.unwrap();
    sqlx::raw_sql("ALTER TABLE probe RENAME TO away").execute(&mut database).await.unwrap();
    server.check().await;
    server.check().await;
    let health: Answer = proxy.ask("/api/health", &[]);
    assert!(health.is(503, "writes_fail"), "{health:?}");
}
