use std::pin::pin;

use crystallum_engine::{HttpAnswer, HttpRequest, Method, Transport, Unreachable};
use futures_util::future::{Either, select};
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStream, ReadableStreamDefaultReader, Request, RequestCache,
    RequestCredentials, RequestInit, RequestMode, RequestRedirect, Response,
};

use crate::js;
use crate::queue::PageCommands;

/// How long a request may make no progress, in milliseconds: until the answer begins, and then
/// until each next piece of it. A large answer over a slow line takes longer in all.
const IDLE_TIMEOUT: i32 = 20_000;
/// The slowest line over which a request is still sent in time, in bytes a millisecond.
const SLOWEST_UPLOAD: usize = 16;
const JSON: &str = "application/json";

/// The transport over `fetch()`, to the page's own origin only. While the vault is about to lock,
/// it reaches nothing: every write is stored before it is sent.
#[derive(Clone)]
pub(crate) struct Fetch {
    origin: String,
    commands: PageCommands,
}

impl Fetch {
    pub(crate) fn new(origin: String, commands: PageCommands) -> Self {
        Self { origin, commands }
    }

    async fn fetch(&self, request: HttpRequest) -> Result<HttpAnswer, JsValue> {
        // A worker that is started from a `blob:` address has no base for relative paths.
        let address = format!("{}{}", self.origin, request.path);
        let abort = AbortOnDrop(AbortController::new()?);
        let options = options(request.method, request.body.as_deref(), &abort.0)?;
        let request_object = Request::new_with_str_and_init(&address, &options)?;
        let sending = request.body.map_or(0, |body| body.len() / SLOWEST_UPLOAD);
        let sending = i32::try_from(sending).unwrap_or(i32::MAX - IDLE_TIMEOUT);
        let answer = js::scope().fetch_with_request(&request_object);
        let response: Response = within(IDLE_TIMEOUT.saturating_add(sending), answer).await?.dyn_into()?;
        let json = response.headers().get("content-type")?.is_some_and(|media| is_json(&media));
        let body = match response.body() {
            Some(stream) => read(&stream, request.max_answer).await?,
            None => Vec::new(),
        };
        Ok(HttpAnswer { status: response.status(), json, body })
    }
}

/// Ends a request that is given up. Afterwards it has no effect.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits for a promise for at most this many milliseconds.
async fn within(milliseconds: i32, promise: Promise) -> Result<JsValue, JsValue> {
    let scope = js::scope();
    let mut timer = None;
    let timeout = Promise::new(&mut |_, reject| {
        timer = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&reject, milliseconds).ok();
    });
    let result = JsFuture::from(Promise::race(&Array::of2(&promise, &timeout))).await;
    if let Some(timer) = timer {
        scope.clear_timeout_with_handle(timer);
    }
    result
}

impl Transport for Fetch {
    async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, Unreachable> {
        match select(pin!(self.commands.locking()), pin!(self.fetch(request))).await {
            Either::Left(_) => Err(Unreachable),
            Either::Right((answer, _)) => answer.map_err(|_| Unreachable),
        }
    }
}

fn options(method: Method, body: Option<&[u8]>, abort: &AbortController) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", JSON)?;
    let options = RequestInit::new();
    options.set_method(match method {
        Method::Get => "GET",
        Method::Post => "POST",
    });
    if let Some(body) = body {
        headers.set("content-type", JSON)?;
        options.set_body(&Uint8Array::from(body));
    }
    options.set_headers(&headers);
    options.set_cache(RequestCache::NoStore);
    options.set_credentials(RequestCredentials::SameOrigin);
    // With the page's `no-referrer` policy, Firefox and WebKit send `Origin: null` in every other
    // mode. The mode does not allow more: the address is always the page's own origin, and the
    // content security policy allows no other.
    options.set_mode(RequestMode::Cors);
    options.set_redirect(RequestRedirect::Error);
    options.set_signal(Some(&abort.signal()));
    Ok(options)
}

/// Reads a body of at most `limit` bytes. A longer one is not read to its end.
async fn read(stream: &ReadableStream, limit: usize) -> Result<Vec<u8>, JsValue> {
    let reader = ReadableStreamDefaultReader::new(stream)?;
    let mut body = Vec::new();
    loop {
        let piece = within(IDLE_TIMEOUT, reader.read()).await?;
        if js::property(&piece, "done")?.is_truthy() {
            return Ok(body);
        }
        let bytes: Uint8Array = js::property(&piece, "value")?.dyn_into()?;
        let length = usize::try_from(bytes.length()).map_err(|_| JsValue::NULL)?;
        if length > limit - body.len() {
            drop(reader.cancel());
            return Err(JsValue::NULL);
        }
        body.extend_from_slice(&bytes.to_vec());
    }
}

fn is_json(media: &str) -> bool {
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case(JSON))
}
