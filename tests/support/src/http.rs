use crystallum_api::{Code, Failure};
use hyper::HeaderMap;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;

/// A request of a page to its own server.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The path with the query.
    pub path: String,
    /// The JSON body, if there is one.
    pub body: Option<Vec<u8>>,
}

/// A complete HTTP response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// Creates a response that no server has sent.
    pub fn forge(status: u16, media: &'static str, body: Vec<u8>) -> Self {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media))]);
        Self { status, headers, body }
    }

    /// Returns whether its content type is JSON.
    pub fn is_json(&self) -> bool {
        let media = self.headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
        media.is_some_and(|media| media.split(';').next() == Some("application/json"))
    }

    /// Returns the body of a successful response.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.headers[CONTENT_TYPE], "application/json");
        serde_json::from_slice(&self.body).expect("the body is what the server promises")
    }

    /// Returns the body of an error response, whose status must match its code.
    pub fn failure(&self) -> Failure {
        assert_eq!(self.headers[CONTENT_TYPE], "application/json", "status {}", self.status);
        let failure: Failure = serde_json::from_slice(&self.body).expect("a failure has a code");
        assert_eq!(self.status, failure.code.status());
        failure
    }

    /// Returns the code of an error response.
    pub fn code(&self) -> Code {
        self.failure().code
    }
}
