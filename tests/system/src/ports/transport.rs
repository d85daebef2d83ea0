use crystallum_engine::{HttpAnswer, HttpRequest, Method, Transport, Unreachable};
use crystallum_test_support::{Network, Request};

/// A network with faults as the engine sees it.
#[derive(Clone)]
pub(crate) struct FaultyTransport(pub(crate) Network);

impl Transport for FaultyTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, Unreachable> {
        let HttpRequest { method, path, body, max_answer, .. } = request;
        let method = match method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let answer = self.0.send(Request { method, path, body }).await.ok_or(Unreachable)?;
        if answer.body.len() > max_answer {
            return Err(Unreachable);
        }
        Ok(HttpAnswer { status: answer.status, json: answer.is_json(), body: answer.body })
    }
}
