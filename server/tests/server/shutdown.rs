use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use crystallum_api::Committed;
use crystallum_server::{Clock, Server, Settings};
use crystallum_test_support::Person;
use crystallum_test_support::commits::new_record;
use http_body_util::StreamBody;
use hyper::body::Frame;
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};

use crate::fixture::Fixture;

#[tokio::test]
async fn a_running_request_is_finished() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let text = serde_json::to_vec(&person.state.commit("new", vec![new_record("key")])).unwrap();
    let (pieces, mut queue) = mpsc::channel::<Bytes>(1);
    let taken = Arc::new(Notify::new());
    let took = Arc::clone(&taken);
    let frames = futures_util::stream::poll_fn(move |context| {
        let next = queue.poll_recv(context);
        if next.is_ready() {
            took.notify_one();
        }
        next.map(|piece| piece.map(|piece| Ok::<_, std::io::Error>(Frame::data(piece))))
    });
    let request = Request::post("/api/commit")
        .header(header::ORIGIN, person.browser.origin().to_owned())
        .header(header::CONTENT_TYPE, "application/json");
    let address = fixture.server.address();
    let (start, rest) = text.split_at(100);
    let (start, rest) = (Bytes::copy_from_slice(start), Bytes::copy_from_slice(rest));
    let sending = tokio::spawn(async move {
        let reply = person.browser.send_request(request, Body::new(StreamBody::new(frames))).await;
        reply.json::<Committed>()
    });
    pieces.send(start).await.unwrap();
    taken.notified().await;
    // The request is in progress when the server is stopped.
    let stopping = tokio::spawn(fixture.server.stop());
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    pieces.send(rest).await.unwrap();
    drop(pieces);
    assert_eq!(sending.await.unwrap(), Committed { counter: 2 });
    stopping.await.unwrap();
}

#[tokio::test]
async fn acknowledged_writes_survive_a_restart() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key")]).await;
    let Fixture { server, folder, .. } = fixture;
    let address = server.address();
    server.stop().await;
    let mut settings = Settings::local(folder.path().join("data"));
    settings.listen = address;
    let server = Server::start(settings, Clock::manual(1_800_000_100)).await.unwrap();
    assert_eq!(person.delta(0).await.entries.len(), 2);
    person.write("more", vec![new_record("other")]).await;
    server.stop().await;
}
