//! All routes and the middleware around them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use crystallum_api::{Endpoint, Method};

use crate::app::state::App;
use crate::http::controllers::{
    accounts, commit, delta, health, hints, history, login, put_back, records, recovery, register, session,
    sign_in_methods, state, stores, vault_login,
};
use crate::http::layers::{
    self, answer, body, client, drain, headers, log, panic, rate_limit, requests, route, same_origin, timeout,
};
use crate::http::{metrics, openapi, statics};

/// Returns the whole server as one service.
pub(crate) fn router(app: Arc<App>) -> Router {
    let endpoints = Endpoint::ALL.iter();
    let routes =
        endpoints.fold(Router::new(), |routes, endpoint| routes.route(endpoint.path(), handler(*endpoint)));
    // Everything else is served from the app.
    with_layers(routes.fallback(serve_app), app)
}

/// Returns the handler of an endpoint, for the endpoint's method.
fn handler(endpoint: Endpoint) -> MethodRouter<Arc<App>> {
    let method = match endpoint.facts().method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
    };
    match endpoint {
        Endpoint::Health => on(method, health::health),
        Endpoint::OpenApi => on(method, openapi::show),
        Endpoint::RegisterChallenge => on(method, register::challenge::challenge),
        Endpoint::CreateAccount => on(method, accounts::create::create),
        Endpoint::LoginChallenge => on(method, login::challenge::challenge),
        Endpoint::Login => on(method, login::finish::login),
        Endpoint::RecoveryChallenge => on(method, recovery::challenge::challenge),
        Endpoint::RecoveryLogin => on(method, recovery::login::login),
        Endpoint::VaultChallenge => on(method, vault_login::challenge::challenge),
        Endpoint::VaultLogin => on(method, vault_login::login::login),
        Endpoint::Logout => on(method, session::logout::logout),
        Endpoint::Session => on(method, session::show::show),
        Endpoint::Delta => on(method, delta::delta),
        Endpoint::State => on(method, state::state),
        Endpoint::History => on(method, history::history),
        Endpoint::Hints => on(method, hints::hints),
        Endpoint::Commit => on(method, commit::commit),
        Endpoint::PutBack => on(method, put_back::put_back),
        Endpoint::SecretVersion => on(method, records::secret::show),
        Endpoint::ChangeSignInMethods => on(method, sign_in_methods::change::change),
        Endpoint::DeleteAccount => on(method, accounts::delete::delete),
        Endpoint::Stores => on(method, stores::list::list),
        Endpoint::ShareState => on(method, stores::state::state),
        Endpoint::PutShare => on(method, stores::put::put),
        Endpoint::ReadShare => on(method, stores::read::read),
        Endpoint::DeleteShare => on(method, stores::delete::delete),
    }
}

/// Adds the middleware. The layer added last handles a request first. Routes that are not in the
/// table of endpoints cannot be reached through it.
fn with_layers(routes: Router<Arc<App>>, app: Arc<App>) -> Router {
    routes
        .layer(from_fn(timeout::limit))
        .layer(from_fn_with_state(app.clone(), body::read))
        .layer(from_fn_with_state(app.clone(), answer::reserve))
        .layer(from_fn_with_state(app.clone(), layers::session::check))
        .layer(from_fn(route::check_method))
        .layer(from_fn_with_state(app.clone(), rate_limit::limit))
        .layer(from_fn_with_state(app.clone(), same_origin::check))
        .layer(from_fn_with_state(app.clone(), layers::database::note))
        .layer(from_fn(drain::rest))
        .layer(from_fn_with_state(app.clone(), requests::limit))
        .layer(from_fn_with_state(app.clone(), client::identify))
        .layer(panic::catch())
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn(log::request))
        .layer(from_fn_with_state(app.clone(), metrics::layer::count))
        .with_state(app)
}

async fn serve_app(State(app): State<Arc<App>>, request: Request) -> Response {
    statics::serve(app.statics.as_ref(), request).await
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header;
    use axum::routing::{get, post};
    use crystallum_api::{Bytes, Challenge, Code, Id, Login, RecoveryLogin};
    use crystallum_test_support::SoftwareAuthenticator;
    use tower::ServiceExt;

    use super::*;
    use crate::app::build::build_app;
    use crate::app::clock::Clock;
    use crate::app::origin::Origin;
    use crate::app::settings::Settings;
    use crate::auth::ceremonies::Kind;

    const ORIGIN: &str = "http://localhost:8080";

    async fn status(router: &Router, method: &str, path: &str) -> u16 {
        let request = Request::builder().method(method).uri(path).header(header::ORIGIN, ORIGIN);
        let request = request.body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap().status().as_u16()
    }

    /// Posts a value to an endpoint and returns the answer's code.
    async fn code(router: &Router, path: &str, value: &impl serde::Serialize) -> Option<Code> {
        let request = Request::post(path).header(header::ORIGIN, ORIGIN);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(serde_json::to_vec(value).unwrap())).unwrap();
        router.clone().oneshot(request).await.unwrap().extensions().get().copied()
    }

    #[tokio::test]
    async fn proofs_that_do_not_hold_need_no_write() {
        let data = tempfile::tempdir().unwrap();
        let origin = Origin::parse(ORIGIN, 8080).unwrap();
        let app = build_app(&Settings::local(data.path()), origin, Clock::manual(1_000)).await.unwrap();
        let app = Arc::new(app);
        let router = router(Arc::clone(&app));
        let start = |kind| app.ceremonies.start(app.clock.monotonic(), kind).unwrap();
        // Somebody is writing, and goes on doing so.
        let _write = app.database.begin_write().await.unwrap();
        let (ceremony, challenge) = start(Kind::Login);
        let asked = Challenge { ceremony, challenge: Bytes(challenge.to_vec()), expires_in: 300 };
        let stranger = SoftwareAuthenticator::for_origin(ORIGIN);
        stranger.register(&asked, Id([1; 16])).await;
        let login = Login { ceremony, credential: stranger.sign(&asked).await };
        for expected in [Code::CredentialRejected, Code::CeremonyUnknown] {
            assert_eq!(code(&router, Endpoint::Login.path(), &login).await, Some(expected));
        }
        let (ceremony, _) = start(Kind::Recovery);
        let [lookup, nonce, key, signature] = [16, 32, 32, 64].map(|size| Bytes(vec![7; size]));
        let recovery =
            RecoveryLogin { ceremony, lookup, client_nonce: nonce, device_key_hash: key, signature };
        for expected in [Code::ProofRejected, Code::CeremonyUnknown] {
            assert_eq!(code(&router, Endpoint::RecoveryLogin.path(), &recovery).await, Some(expected));
        }
    }

    #[tokio::test]
    async fn a_route_outside_the_table_is_not_reached() {
        let data = tempfile::tempdir().unwrap();
        let origin = Origin::parse(ORIGIN, 8080).unwrap();
        let app = build_app(&Settings::local(data.path()), origin, Clock::manual(1_000)).await.unwrap();
        let planted = Router::new()
            .route(Endpoint::Health.path(), get(health::health).post(|| async { "planted" }))
            .route("/api/planted", post(|| async { "planted" }))
            .route("/planted", get(|| async { "planted" }))
            .fallback(|| async { "the app" });
        let router = with_layers(planted, Arc::new(app));
        assert_eq!(status(&router, "GET", "/api/health").await, 200);
        assert_eq!(status(&router, "POST", "/api/health").await, 405);
        assert_eq!(status(&router, "POST", "/api/planted").await, 404);
        assert_eq!(status(&router, "GET", "/planted").await, 404);
        assert_eq!(status(&router, "GET", "/unlock").await, 200);
    }
}
