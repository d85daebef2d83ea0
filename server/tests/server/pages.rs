use std::fs;

use axum::body::Body;
use axum::http::{Request, header};
use crystallum_api::Code;
use crystallum_test_support::Response;
use serde_json::Value;
use tempfile::TempDir;

use crate::fixture::Fixture;

const HASHED: &str = "app-0123456789abcdef";

/// Returns a server with an app, and a folder that has a file outside the app's folder.
pub(crate) async fn fixture() -> (Fixture, TempDir) {
    let files = tempfile::tempdir().unwrap();
    let folder = files.path().join("app");
    fs::create_dir(&folder).unwrap();
    for (name, text) in [
        ("index.html", "<!doctype html>start"),
        ("sw.js", "worker"),
        (&format!("{HASHED}.js"), "script"),
        (&format!("{HASHED}_bg.wasm"), "wasm"),
        (&format!("{HASHED}_bg.wasm.br"), "brotli"),
        ("manifest.webmanifest", "{}"),
        ("style.css", "css"),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    fs::write(files.path().join("outside.txt"), "outside").unwrap();
    (Fixture::with(|settings| settings.app = Some(folder)).await, files)
}

pub(crate) fn header_of<'a>(reply: &'a Response, name: &str) -> &'a str {
    reply.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn screens_are_served_the_start_page() {
    let (fixture, _files) = fixture().await;
    let browser = fixture.browser();
    for path in ["/", "/unlock", "/vault/keys/new", "/?x=1.js", "/apis", "/index.html"] {
        let reply = browser.get(path).await;
        assert_eq!((reply.status, reply.body.as_ref()), (200, &b"<!doctype html>start"[..]), "{path}");
        assert_eq!(header_of(&reply, "cache-control"), "no-cache");
        assert_eq!(header_of(&reply, "content-type"), "text/html");
    }
    let head = browser.send_request(Request::head("/"), Body::empty()).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn files_have_their_type_and_age() {
    let (fixture, _files) = fixture().await;
    let browser = fixture.browser();
    let forever = "public, max-age=31536000, immutable";
    for (path, media, cache) in [
        (&format!("/{HASHED}.js"), "text/javascript", forever),
        (&format!("/{HASHED}_bg.wasm"), "application/wasm", forever),
        (&"/sw.js".to_owned(), "text/javascript", "no-cache"),
        (&"/style.css".to_owned(), "text/css", "no-cache"),
        (&"/manifest.webmanifest".to_owned(), "application/manifest+json", "no-cache"),
    ] {
        let reply = browser.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(header_of(&reply, "content-type"), media, "{path}");
        assert_eq!(header_of(&reply, "cache-control"), cache, "{path}");
    }
}

#[tokio::test]
async fn brotli_is_sent_to_clients_that_accept_it() {
    let (fixture, _files) = fixture().await;
    let browser = fixture.browser();
    let path = format!("/{HASHED}_bg.wasm");
    let plain = browser.get(&path).await;
    assert_eq!((plain.body.as_ref(), header_of(&plain, "content-encoding")), (&b"wasm"[..], ""));
    let request = Request::get(&path).header(header::ACCEPT_ENCODING, "gzip, deflate, br");
    let packed = browser.send_request(request, Body::empty()).await;
    assert_eq!((packed.body.as_ref(), header_of(&packed, "content-encoding")), (&b"brotli"[..], "br"));
    assert_eq!(header_of(&packed, "content-type"), "application/wasm");
    for reply in [plain, packed] {
        assert_eq!(header_of(&reply, "vary").to_ascii_lowercase(), "accept-encoding");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let (fixture, _files) = fixture().await;
    let browser = fixture.browser();
    for path in [
        "/nothing.js",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/x/../../outside.txt",
        "//etc/passwd.x",
        "/%00.js",
        "/.%2e/outside.txt",
        "/..%5coutside.txt",
        "/vault.db",
        "/index.html/x.js",
    ] {
        let reply = browser.get(path).await;
        assert_eq!((reply.status, reply.body.as_ref()), (404, &b"not found\n"[..]), "{path}");
    }
    let request = Request::post("/").header(header::ORIGIN, browser.origin().to_owned());
    assert_eq!(browser.send_request(request, Body::empty()).await.status, 404);
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    let (fixture, _files) = fixture().await;
    let browser = fixture.browser();
    let replies = [
        browser.get("/").await,
        browser.get("/sw.js").await,
        browser.get("/nothing.js").await,
        browser.get("/api/health").await,
        browser.get("/api/session").await,
        browser.get("/api/nothing").await,
        browser.send_request(Request::post("/api/commit"), Body::empty()).await,
    ];
    for reply in &replies {
        assert_eq!(
            header_of(reply, "content-security-policy"),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
             font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"
        );
        assert_eq!(header_of(reply, "cross-origin-opener-policy"), "same-origin");
        assert_eq!(header_of(reply, "cross-origin-embedder-policy"), "require-corp");
        assert_eq!(header_of(reply, "cross-origin-resource-policy"), "same-origin");
        assert_eq!(header_of(reply, "referrer-policy"), "no-referrer");
        assert_eq!(header_of(reply, "x-content-type-options"), "nosniff");
        let permissions = header_of(reply, "permissions-policy");
        assert!(
            permissions
                .starts_with("publickey-credentials-create=(self), publickey-credentials-get=(self), ")
        );
        for denied in ["camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()"] {
            assert!(permissions.contains(denied), "{denied}");
        }
        assert_eq!(header_of(reply, "strict-transport-security"), "");
        assert_eq!(header_of(reply, "server"), "");
    }
    for reply in &replies[3..] {
        assert_eq!(header_of(reply, "cache-control"), "no-store");
    }
}

#[tokio::test]
async fn an_https_origin_sends_strict_transport_security() {
    let fixture = Fixture::with(|settings| settings.origin = "https://vault.example.com".to_owned()).await;
    let reply = fixture.browser().get("/").await;
    assert_eq!(reply.status, 404);
    assert_eq!(header_of(&reply, "strict-transport-security"), "max-age=63072000; includeSubDomains");
}

#[tokio::test]
async fn the_document_has_every_call_and_no_other() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 10).await;
    let browser = fixture.browser();
    let document: Value = browser.get("/api/openapi.json").await.json();
    let mut calls: Vec<String> = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            calls.push(format!("{method} {path}"));
            let method = method.to_ascii_uppercase();
            let request = Request::builder()
                .method(method.as_str())
                .uri(path)
                .header(header::ORIGIN, browser.origin().to_owned());
            let reply = browser.send_request(request, Body::empty()).await;
            if reply.status >= 400 {
                assert_ne!(reply.code(), Code::NotFound, "{method} {path}");
            }
        }
    }
    calls.sort();
    assert_eq!(
        calls,
        [
            "get /api/delta",
            "get /api/health",
            "get /api/hints",
            "get /api/history",
            "get /api/records/{id}/secrets/{version}",
            "get /api/session",
            "get /api/state",
            "get /api/stores",
            "get /api/stores/{store}/shares/{share}",
            "post /api/account/delete",
            "post /api/accounts",
            "post /api/commit",
            "post /api/login",
            "post /api/login/challenge",
            "post /api/login/vault",
            "post /api/login/vault/challenge",
            "post /api/logout",
            "post /api/put-back",
            "post /api/recovery",
            "post /api/recovery/challenge",
            "post /api/register/challenge",
            "post /api/sign-in-methods",
            "post /api/stores/{store}/shares/{share}",
            "post /api/stores/{store}/shares/{share}/delete",
            "post /api/stores/{store}/shares/{share}/read",
        ]
    );
    let recorded: Value = serde_json::from_str(include_str!("openapi.json")).unwrap();
    assert!(document == recorded, "the document differs from tests/server/openapi.json:\n{document:#}");
    // Every referenced type is described, and binary values are strings.
    let schemas = &document["components"]["schemas"];
    for name in ["Bytes", "Id"] {
        assert_eq!(schemas[name]["type"], "string", "{name}");
    }
    let text = document.to_string();
    for piece in text.split("#/components/schemas/").skip(1) {
        let name = piece.split('"').next().unwrap();
        assert!(schemas.get(name).is_some(), "{name}");
    }
}
