use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crystallum_engine::{HttpAnswer, HttpRequest, Method, Transport, Unreachable};

use super::Fault;
use crate::raw::{Answer, Raw};

/// One request and what the engine got for it.
#[derive(Clone, Debug)]
pub struct Call {
    /// What the engine asked.
    pub request: HttpRequest,
    /// What it was told.
    pub answer: Option<HttpAnswer>,
}

/// The way to the server as a browser goes it, with faults; clones are the same way.
#[derive(Clone)]
pub struct Network(Rc<Inner>);

struct Inner {
    raw: Raw,
    offline: Cell<bool>,
    /// Requests that still go through before every connection is cut.
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
    /// A way without faults, with an empty cookie jar.
    pub fn new(raw: Raw) -> Self {
        Self(Rc::new(Inner {
            raw,
            offline: Cell::new(false),
            left: Cell::new(None),
            rules: RefCell::default(),
            calls: RefCell::default(),
        }))
    }

    /// Lets the next request whose path starts with `path` meet `fault`.
    pub fn once(&self, path: &str, fault: Fault) {
        self.0.rules.borrow_mut().push(Rule { path: path.to_owned(), left: Some(1), fault });
    }

    /// Lets every request whose path starts with `path` meet `fault`.
    pub fn always(&self, path: &str, fault: Fault) {
        self.0.rules.borrow_mut().push(Rule { path: path.to_owned(), left: None, fault });
    }

    /// Takes every fault away. Whether those of [`once`](Self::once) have all been met.
    pub fn heal(&self) -> bool {
        self.0.rules.borrow_mut().drain(..).all(|rule| rule.left.is_none())
    }

    /// Cuts every connection, or mends it.
    pub fn set_offline(&self, offline: bool) {
        self.0.offline.set(offline);
        self.0.left.set(None);
    }

    /// Cuts every connection after `n` more requests.
    pub fn cut_after(&self, n: u32) {
        self.0.left.set(Some(n));
    }

    /// Every request so far, with what the engine got.
    pub fn calls(&self) -> Vec<Call> {
        self.0.calls.borrow().clone()
    }

    /// How many requests to paths that start with `path` there were.
    pub fn count(&self, path: &str) -> usize {
        self.0.calls.borrow().iter().filter(|call| call.request.path.starts_with(path)).count()
    }

    /// The same way below the faults, with the same cookies.
    pub fn raw(&self) -> &Raw {
        &self.0.raw
    }

    fn fault(&self, path: &str) -> Option<Fault> {
        let mut rules = self.0.rules.borrow_mut();
        let at = rules.iter().position(|rule| path.starts_with(&rule.path))?;
        if rules[at].left.is_some() { Some(rules.remove(at).fault) } else { Some(rules[at].fault.clone()) }
    }

    async fn pass(&self, request: HttpRequest) -> Result<HttpAnswer, Unreachable> {
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

    async fn meet(&self, fault: Option<Fault>, mut request: HttpRequest) -> Result<HttpAnswer, Unreachable> {
        match fault {
            None => self.pass(request).await,
            Some(Fault::NotSent) => Err(Unreachable),
            Some(Fault::AnswerLost) => {
                self.pass(request).await?;
                Err(Unreachable)
            }
            Some(Fault::Html) => {
                let body = b"<!doctype html><title>Welcome to our hotel</title>".to_vec();
                Ok(HttpAnswer { status: 200, json: false, body })
            }
            Some(Fault::Truncated) => {
                let mut answer = self.pass(request).await?;
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
            Some(Fault::Held(release)) => {
                release.notified().await;
                self.pass(request).await
            }
            Some(Fault::Spoilt(change)) => {
                let mut answer = self.pass(request).await?;
                change(&mut answer.body);
                Ok(answer)
            }
            Some(Fault::Tampered(change)) => {
                let mut answer = self.pass(request).await?;
                let mut value =
                    serde_json::from_slice(&answer.body).expect("only answers in JSON are changed");
                change(&mut value);
                answer.body = value.to_string().into_bytes();
                Ok(answer)
            }
            Some(Fault::Swapped(change)) => {
                change(&mut request);
                self.pass(request).await
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
            let fault = self.fault(&request.path);
            self.meet(fault, request.clone()).await
        };
        self.0.calls.borrow_mut().push(Call { request, answer: answer.clone().ok() });
        answer
    }
}
