use std::net::SocketAddr;

use crystallum_test_support::{Person, deep};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::flood::Target;

/// Asks for challenges that are never answered.
async fn ask(address: SocketAddr, paths: [&'static str; 3], times: usize) {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let port = address.port();
    for path in paths.iter().cycle().take(times) {
        let request = hyper::Request::post(*path)
            .header("host", format!("localhost:{port}"))
            .header("origin", format!("http://localhost:{port}"))
            .body(Empty::<Bytes>::new())
            .unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), 200);
    }
    drop(sender);
    connection.await.unwrap().unwrap();
}

#[tokio::test]
async fn challenges_that_nobody_answers_keep_nobody_from_signing_in() {
    let (target, times) =
        if deep() { (Target::scaled(10_000), 52_000) } else { (Target::scaled(100), 3_000) };
    let anna = Person::new(&target, "anna").await;
    let started = anna.assertion().await;
    let paths = ["/api/login/challenge", "/api/register/challenge", "/api/recovery/challenge"];
    let before = target.memory();
    let asking = (0..8).map(|_| tokio::spawn(ask(target.process.address(), paths, times / 8)));
    for asked in asking.collect::<Vec<_>>() {
        asked.await.unwrap();
    }
    let grown = target.memory().saturating_sub(before);
    assert!(grown < 16 * 1_048_576, "{grown} bytes");
    // What was started before is still valid, and so is everything that is started now.
    assert_eq!(anna.browser.post_json("/api/login", &started).await.status, 200);
    anna.login().await;
    Person::new(&target, "otto").await;
}
