//! The cookie that holds a session's token, as strict as the origin allows.

use axum::http::header::InvalidHeaderValue;
use axum::http::{HeaderMap, HeaderValue, header};

use crate::app::origin::Origin;

/// How many cookies of this name are read in a request. Browsers send one, unless another server on
/// the same host has set one for a longer path.
const MAX_READ: usize = 4;

/// Browsers send `__Host-` cookies to exactly one host, and accept them only with `Secure`.
const STRICT: SessionCookie = SessionCookie {
    name: "__Host-crystallum",
    attributes: "Path=/; Secure; HttpOnly; SameSite=Strict",
    expired: "__Host-crystallum=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
};
/// Safari drops `Secure` cookies of `http://localhost`, though nothing there leaves the machine.
const LOCAL: SessionCookie = SessionCookie {
    name: "crystallum",
    attributes: "Path=/; HttpOnly; SameSite=Strict",
    expired: "crystallum=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
};

/// The name and the attributes of the session cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionCookie {
    name: &'static str,
    attributes: &'static str,
    /// The header that removes it.
    expired: &'static str,
}

impl SessionCookie {
    /// Returns the cookie for an origin. Only one that is not encrypted and does not leave the
    /// machine gets one without `Secure`.
    pub(crate) fn for_origin(origin: &Origin) -> Self {
        if !origin.is_encrypted() && origin.is_local() { LOCAL } else { STRICT }
    }

    /// Returns the `Set-Cookie` header for a token.
    pub(crate) fn set(self, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
        let Self { name, attributes, .. } = self;
        HeaderValue::try_from(format!("{name}={token}; {attributes}"))
    }

    /// Returns the `Set-Cookie` header that removes the cookie.
    pub(crate) fn expire(self) -> HeaderValue {
        HeaderValue::from_static(self.expired)
    }

    /// Returns the values of the cookie in a request, which are usually one. Other cookies can be
    /// anything: other servers on the same host may have set them, also one of this name.
    pub(crate) fn find(self, headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
        let lines = headers.get_all(header::COOKIE).into_iter();
        let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
        let values = pairs.filter_map(move |pair| {
            let value = pair.trim_ascii().strip_prefix(self.name.as_bytes())?;
            value.trim_ascii_start().strip_prefix(b"=")
        });
        values.take(MAX_READ)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(origin: &str) -> SessionCookie {
        SessionCookie::for_origin(&Origin::parse(origin, 8080).unwrap())
    }

    fn found(cookie: SessionCookie, headers: &HeaderMap) -> Vec<&str> {
        cookie.find(headers).map(|value| std::str::from_utf8(value).unwrap()).collect()
    }

    #[test]
    fn a_few_cookies_of_the_name_are_read() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("crystallum=1; a=b; crystallum=2"));
        assert_eq!(found(LOCAL, &headers), ["1", "2"]);
        for _ in 0..9 {
            headers.append(header::COOKIE, HeaderValue::from_static("crystallum=3"));
        }
        assert_eq!(found(LOCAL, &headers), ["1", "2", "3", "3"]);
    }

    #[test]
    fn every_other_origin_gets_the_strict_cookie() {
        for origin in [
            "https://vault.example.com",
            "https://vault.example.com:8443",
            "https://localhost",
            "https://localhost:8080",
            "https://vault.localhost",
            "https://notlocalhost",
        ] {
            assert_eq!(of(origin), STRICT, "{origin}");
        }
        assert_eq!(
            of("https://vault.example.com").set("token").unwrap(),
            "__Host-crystallum=token; Path=/; Secure; HttpOnly; SameSite=Strict"
        );
    }

    #[test]
    fn on_the_local_machine_the_cookie_is_not_secure_without_tls() {
        for origin in ["http://localhost", "http://localhost:8080", "http://vault.localhost:8080"] {
            assert_eq!(of(origin), LOCAL, "{origin}");
        }
        let set = of("http://localhost:8080").set("token").unwrap();
        assert_eq!(set, "crystallum=token; Path=/; HttpOnly; SameSite=Strict");
    }

    #[test]
    fn the_expired_cookie_has_the_same_attributes() {
        for cookie in [STRICT, LOCAL] {
            let expired = format!("{}=; {}; Max-Age=0", cookie.name, cookie.attributes);
            assert_eq!(cookie.expire(), expired);
        }
    }

    #[test]
    fn a_cookie_of_the_other_name_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("crystallum=weak"));
        assert_eq!((found(STRICT, &headers), found(LOCAL, &headers)), (vec![], vec!["weak"]));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-crystallum=strict"));
        assert_eq!((found(STRICT, &headers), found(LOCAL, &headers)), (vec!["strict"], vec!["weak"]));
    }

    #[test]
    fn other_cookies_are_ignored_whatever_they_are() {
        let others: [&[u8]; 9] = [
            b"name=\xc3\xa9",
            b"\xff\xfe",
            b"\xff=\xfe; x",
            b"=",
            b";;; ;",
            b"crystallum2=other",
            b"xcrystallum=other",
            b"crystallum",
            b"a=\"b; c\"",
        ];
        for other in others {
            for lines in [&[other, b"; crystallum=ours"].concat(), &[b"crystallum=ours; ", other].concat()] {
                let mut headers = HeaderMap::new();
                headers.append(header::COOKIE, HeaderValue::from_bytes(lines).unwrap());
                assert_eq!(found(LOCAL, &headers), ["ours"], "{lines:?}");
            }
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, HeaderValue::from_bytes(other).unwrap());
            headers.append(header::COOKIE, HeaderValue::from_static("crystallum=ours"));
            assert_eq!(found(LOCAL, &headers), ["ours"], "{other:?}");
        }
    }
}
