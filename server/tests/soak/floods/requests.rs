//! Requests that come to nothing.

use std::net::IpAddr;
use std::sync::Arc;

use crystallum_api::{Assertion, AssertionResponse, Challenge, CredentialType, Endpoint, Login};
use crystallum_test_support::{SeededRng, Site};
use data_encoding::BASE64URL_NOPAD;

use crate::floods::{Flood, held};
use crate::people::{SHARED, Visit, stranger};

/// How many ceremonies the server lets one network begin or finish in a minute.
const CEREMONIES_PER_MINUTE: usize = 60;

/// A kind of request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A challenge that is not answered.
    Challenge,
    /// A challenge that is answered wrongly.
    Assertion,
    /// Something that is not understood.
    Junk,
    /// Bytes that are not even HTTP.
    Noise,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Challenge, Self::Assertion, Self::Junk, Self::Noise];
}

/// Answers challenges wrongly from the shared address, so often that it reaches its rate limit.
pub(super) async fn use_up_shared_address(flood: &Flood, rng: &mut SeededRng) {
    for _ in 0..=CEREMONIES_PER_MINUTE {
        send_from(SHARED, flood, rng, Kind::Assertion).await;
    }
}

/// Sends one request of this kind, mostly from another network each time.
pub(super) async fn send(flood: &Flood, rng: &mut SeededRng, kind: Kind) {
    let client = if rng.below(4) == 0 { SHARED } else { stranger(rng) };
    send_from(client, flood, rng, kind).await;
}

async fn send_from(client: IpAddr, flood: &Flood, rng: &mut SeededRng, kind: Kind) {
    let visit = Visit { server: flood.server, client, meter: Arc::clone(&flood.meter) };
    let browser = visit.browser();
    match kind {
        Kind::Challenge => {
            let path =
                rng.pick(&["/api/login/challenge", "/api/register/challenge", "/api/recovery/challenge"]);
            browser.send("POST", path, None).await;
        }
        Kind::Assertion => {
            let challenge = browser.send("POST", "/api/login/challenge", None).await;
            if let Some(challenge) = challenge.filter(|answer| answer.status == 200) {
                let login = forge(flood, rng, &challenge.json(), browser.origin());
                browser.try_post_json("/api/login", &login).await;
            }
        }
        Kind::Junk => {
            let path = rng.pick(Endpoint::ALL).path().replace(['{', '}'], "~");
            let method = *rng.pick(&["GET", "POST", "PUT", "DELETE", "OPTIONS"]);
            let length = rng.below(2_000);
            let body = *rng.pick(&[&b"{}"[..], b"[1,2", b"{\"ceremony\":7}", b"\xff\xfe", b""]);
            let body = body.iter().copied().cycle().take(length).collect::<Vec<u8>>();
            browser.send(method, &path, Some(&body)).await;
        }
        Kind::Noise => {
            let length = 1 + rng.below(4_000);
            let mut noise = rng.blob(length);
            if rng.below(2) == 0 {
                let header = format!("x-noise: {}\r\n", "n".repeat(length)).repeat(1 + rng.below(70));
                noise = held::head(flood, visit.client, "GET", "/%00/../\u{fe}", &header);
            }
            drop(held::connect(flood, &noise).await);
        }
    }
}

/// Returns an assertion that nobody has signed.
fn forge(flood: &Flood, rng: &mut SeededRng, challenge: &Challenge, origin: &str) -> Login {
    let text = BASE64URL_NOPAD.encode(challenge.challenge.as_slice());
    let client_data = format!(
        "{{\"type\":\"webauthn.get\",\"challenge\":\"{text}\",\"origin\":\"{origin}\",\"crossOrigin\":false}}"
    );
    Login {
        ceremony: challenge.ceremony,
        credential: Assertion {
            raw_id: rng.blob(16).into(),
            response: AssertionResponse {
                authenticator_data: rng.blob(37).into(),
                client_data_json: client_data.into_bytes().into(),
                signature: rng.blob(71).into(),
                user_handle: rng.pick(&flood.victims).0.to_vec().into(),
            },
            r#type: CredentialType::PublicKey,
        },
    }
}
