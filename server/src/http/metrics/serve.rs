use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;

use crate::app::state::App;

const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Returns the router of the metrics port.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new().route("/metrics", get(show)).layer(from_fn(local_only)).with_state(app)
}

async fn show(State(app): State<Arc<App>>) -> Response {
    let Some(metrics) = &app.metrics else { return StatusCode::NOT_FOUND.into_response() };
    metrics.refresh(&app).await;
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Rejects requests under another host name, such as those of a DNS rebinding attack.
async fn local_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(is_local) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for local in ["localhost", "localhost:9090", "127.0.0.1:9090", "127.0.0.1", "[::1]:9090", "[::1]"] {
            assert!(is_local(local), "{local}");
        }
        for other in
            ["", ":9090", "example.com", "localhost.example.com", "10.0.0.1:9090", "[fe80::1]:1", "["]
        {
            assert!(!is_local(other), "{other}");
        }
    }
}
