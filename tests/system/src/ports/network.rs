use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crystallum_engine::{HttpAnswer, HttpRequest, Method, Transport, Unreachable};

use super::Fault;
use crate::raw::{Answer, Raw};

/// One request, and the answer that the engine got.
#[derive(Clone, Debug)]
pub struct Call {
    /// The request of the engine.
    pub request: HttpRequest,
    /// The answer that the engine got, if any.
    pub answer: Option<HttpAnswer>,
}

/// The transport to the server as in a browser, with faults. Clones share it.
#[derive(Clone)]
pub struct Network(Rc<Inner>);

struct Inner {
    raw: Raw,
    offline: Cell<bool>,
    /// The number of requests that still succeed before the network goes offline.
    left: Cell<Option<u32>>,
    rules: RefCell<Vec<Rule>>,
    calls: RefCell<Vec<Call>>,
}

struct Rule {
    path: String,
    left: Option<u32>,
    fault: Fault,
}

impl Network {
    /// Creates a network without faults.
    pub fn new(raw: Raw) -> Self {
        Self(Rc::new(Inner {
            raw,
            offline: Cell::new(false),
            left: Cell::new(None),
            rules: RefCell::default(),
            calls: RefCell::default(),
        }))
    }

    /// Applies `fault` to the next request whose path starts with `path`.
    pub fn once(&self, path: &str, fault: Fault) {
        self.0.rules.borrow_mut().push(Rule { path: path.to_owned(), left: Some(1), fault });
    }

    /// Applies `fault` to every request whose path starts with `path`.
    pub fn always(&self, path: &str, fault: Fault) {
        self.0.rules.borrow_mut().push(Rule { path: path.to_owned(), left: None, fault });
    }

    /// Removes every fault. Returns whether those of [`once`](Self::once) have all been applied.
    pub fn heal(&self) -> bool {
        self.0.rules.borrow_mut().drain(..).all(|rule| rule.left.is_none())
    }

    /// Takes the network offline or online.
    pub fn set_offline(&self, offline: bool) {
        self.0.offline.set(offline);
        self.0.left.set(None);
    }

    /// Takes the network offline after `n` more requests.
    pub fn cut_after(&self, n: u32) {
        self.0.left.set(Some(n));
    }

    /// Returns every request so far, with its answer.
    pub fn calls(&self) -> Vec<Call> {
        self.0.calls.borrow().clone()
    }

    /// Returns the number of requests to paths that start with `path`.
    pub fn count(&self, path: &str) -> usize {
        self.0.calls.borrow().iter().filter(|call| call.request.path.starts_with(path)).count()
    }

    /// Returns the transport below the faults, with the same cookies.
    pub fn raw(&self) -> &Raw {
        &self.0.raw
    }

    fn take_fault(&self, path: &str) -> Option<Fault> {
        let mut rules = self.0.rules.borrow_mut();
        let at = rules.iter().position(|rule| path.starts_with(&rule.path))?;
        if rules[at].left.is_some() { Some(rules.remove(at).fault) } else { Some(rules[at].fault.clone()) }
    }

    async fn forward(&self, request: HttpRequest) -> Result<HttpAnswer, Unreachable> {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let answer =
            self.0.raw.send(method, &request.path, request.body.as_deref()).await.ok_or(Unreachable)?;
        if answer.body.len() > request.max_answer {
            return Err(Unreachable);
        }
        let Answer { status, json, body, .. } = answer;
        Ok(HttpAnswer { status, json, body })
    }

    async fn apply(&self, fault: Option<Fault>, mut request: HttpRequest) -> Result<HttpAnswer, Unreachable> {
        match fault {
            None => self.forward(request).await,
            Some(Fault::NotSent) => Err(Unreachable),
            Some(Fault::AnswerLost) => {
                self.forward(request).await?;
                Err(Unreachable)
            }
            Some(Fault::Html) => {
                let body = b"<!doctype html><title>Welcome to our hotel</title>".to_vec();
                Ok(HttpAnswer { status: 200, json: false, body })
            }
            Some(Fault::Truncated) => {
                let mut answer = self.forward(request).await?;
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
            Some(Fault::Held(release)) => {
                release.notified().await;
                self.forward(request).await
            }
            Some(Fault::Corrupted(change)) => {
                let mut answer = self.forward(request).await?;
                change(&mut answer.body);
                Ok(answer)
            }
            Some(Fault::Tampered(change)) => {
                let mut answer = self.forward(request).await?;
                let mut value =
                    serde_json::from_slice(&answer.body).expect("only answers in JSON are changed");
                change(&mut value);
                answer.body = value.to_string().into_bytes();
                Ok(answer)
            }
            Some(Fault::Swapped(change)) => {
                change(&mut request);
                self.forward(request).await
            }
            Some(Fault::Forged(answer)) => Ok(answer),
        }
    }
}

impl Transport for Network {
    async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, Unreachable> {
        match self.0.left.get() {
            Some(0) => self.0.offline.set(true),
            Some(left) => self.0.left.set(Some(left - 1)),
            None => {}
        }
        let answer = if self.0.offline.get() {
            Err(Unreachable)
        } else {
            let fault = self.take_fault(&request.path);
            self.apply(fault, request.clone()).await
        };
        self.0.calls.borrow_mut().push(Call { request, answer: answer.clone().ok() });
        answer
    }
}
