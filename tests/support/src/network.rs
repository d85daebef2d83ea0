use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::browser::Browser;
use crate::fault::Fault;
use crate::http::{Request, Response};

/// One request, and the answer that the page got.
#[derive(Clone, Debug)]
pub struct Call {
    /// The request of the page.
    pub request: Request,
    /// The answer that the page got, if any.
    pub answer: Option<Response>,
}

/// The network between a page and its server, with faults. Clones share it.
#[derive(Clone)]
pub struct Network(Rc<Inner>);

struct Inner {
    browser: Browser,
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
    pub fn new(browser: Browser) -> Self {
        Self(Rc::new(Inner {
            browser,
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

    /// Returns the browser below the faults, with the same cookies.
    pub fn browser(&self) -> &Browser {
        &self.0.browser
    }

    fn take_fault(&self, path: &str) -> Option<Fault> {
        let mut rules = self.0.rules.borrow_mut();
        let at = rules.iter().position(|rule| path.starts_with(&rule.path))?;
        if rules[at].left.is_some() { Some(rules.remove(at).fault) } else { Some(rules[at].fault.clone()) }
    }

    /// Sends a request of the page. Returns `None` without a complete answer.
    pub async fn send(&self, request: Request) -> Option<Response> {
        match self.0.left.get() {
            Some(0) => self.0.offline.set(true),
            Some(left) => self.0.left.set(Some(left - 1)),
            None => {}
        }
        let answer = if self.0.offline.get() {
            None
        } else {
            let fault = self.take_fault(&request.path);
            self.apply(fault, request.clone()).await
        };
        self.0.calls.borrow_mut().push(Call { request, answer: answer.clone() });
        answer
    }

    async fn forward(&self, request: Request) -> Option<Response> {
        self.0.browser.send(request.method, &request.path, request.body.as_deref()).await
    }

    async fn apply(&self, fault: Option<Fault>, mut request: Request) -> Option<Response> {
        match fault {
            None => self.forward(request).await,
            Some(Fault::NotSent) => None,
            Some(Fault::AnswerLost) => {
                self.forward(request).await;
                None
            }
            Some(Fault::Html) => {
                let body = b"<!doctype html><title>Welcome to our hotel</title>".to_vec();
                Some(Response::forge(200, "text/html", body))
            }
            Some(Fault::Truncated) => {
                let mut answer = self.forward(request).await?;
                answer.body.truncate(answer.body.len() / 2);
                Some(answer)
            }
            Some(Fault::Held(release)) => {
                release.notified().await;
                self.forward(request).await
            }
            Some(Fault::Corrupted(change)) => {
                let mut answer = self.forward(request).await?;
                change(&mut answer.body);
                Some(answer)
            }
            Some(Fault::Tampered(change)) => {
                let mut answer = self.forward(request).await?;
                let mut value =
                    serde_json::from_slice(&answer.body).expect("only answers in JSON are changed");
                change(&mut value);
                answer.body = value.to_string().into_bytes();
                Some(answer)
            }
            Some(Fault::Swapped(change)) => {
                change(&mut request);
                self.forward(request).await
            }
            Some(Fault::Forged(answer)) => Some(answer),
            Some(Fault::Replaced(answer)) => {
                self.forward(request).await;
                Some(answer)
            }
        }
    }
}
