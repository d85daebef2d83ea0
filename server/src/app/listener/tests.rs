use axum::routing::post;
use crystallum_api::Condition;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::*;
use crate::app::clock::Clock;
use crate::app::crowd::CrowdLimits;

const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn gate(proxies_only: bool, limits: CrowdLimits) -> Gate {
    let pressure = Arc::new(Pressure::new(Clock::manual(1_000)));
    Gate {
        connections: Crowd::new(limits, Condition::Connections, &pressure),
        proxies: vec![PROXY.into()],
        proxies_only,
        reports: Arc::new(ProxyReports::new(Clock::manual(1_000))),
        pressure,
        problems: Arc::default(),
    }
}

#[test]
fn with_proxies_nobody_else_connects() {
    let other = IpAddr::from([10, 0, 0, 2]);
    assert!(gate(false, CrowdLimits::CONNECTIONS).may_connect(other));
    let gate = gate(true, CrowdLimits::CONNECTIONS);
    assert!(gate.may_connect(PROXY) && gate.may_connect(LOCAL));
    assert!(!gate.may_connect(other) && gate.admit(other, &Handle::new()).is_none());
}

/// Starts a server on which `POST /` takes a body, and returns its address and how it is stopped.
async fn start(gate: Gate) -> (std::net::SocketAddr, watch::Sender<bool>, tokio::task::JoinHandle<()>) {
    let router = Router::new().route("/", post(|body: String| async move { body }).get(|| async { "here" }));
    let listener = TcpListener::bind((LOCAL, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    (address, stop, tokio::spawn(serve(listener, router, gate, stopped)))
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn silent_connections_keep_nobody_out() {
    let gate = gate(false, CrowdLimits { total: 8, share: 4 });
    let pressure = Arc::clone(&gate.pressure);
    let (address, stop, serving) = start(gate).await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    let mut honest = TcpStream::connect(address).await.unwrap();
    honest.write_all(GET).await.unwrap();
    assert!(answer(&mut honest).await.ends_with("here"));
    assert_eq!(pressure.present(), [Condition::Connections]);
    // The oldest were closed.
    assert_eq!(answer(&mut silent[0]).await, "");
    drop(silent);
    stop.send_replace(true);
    serving.await.unwrap();
}

#[tokio::test]
async fn http_2_is_not_spoken() {
    let (address, stop, serving) = start(gate(false, CrowdLimits::CONNECTIONS)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    let mut reply = Vec::new();
    drop(stream.read_to_end(&mut reply).await);
    assert!(reply.is_empty() || reply.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&reply));
    stop.send_replace(true);
    serving.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_does_not_wait_for_slow_clients() {
    let (address, stop, serving) = start(gate(false, CrowdLimits::CONNECTIONS)).await;
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(
        b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n",
    )
    .await
    .unwrap();
    // The handler waits for the body.
    let mut go_on = [0; 25];
    slow.read_exact(&mut go_on).await.unwrap();
    slow.write_all(b"half").await.unwrap();
    let start = Instant::now();
    stop.send_replace(true);
    serving.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), CLIENT_GRACE.as_secs());
}
