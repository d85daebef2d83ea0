use std::fmt;
use std::rc::Rc;

use crystallum_engine::{HttpAnswer, HttpRequest};
use serde_json::Value;
use tokio::sync::Notify;

type ChangeJson = Rc<dyn Fn(&mut Value)>;
type ChangeBytes = Rc<dyn Fn(&mut Vec<u8>)>;
type ChangeRequest = Rc<dyn Fn(&mut HttpRequest)>;

/// What happens to one request.
#[derive(Clone)]
pub enum Fault {
    /// The server never sees it.
    NotSent,
    /// The server carries it out, its answer is lost.
    AnswerLost,
    /// The server never sees it; a page in HTML comes back, as from a hotel's network.
    Html,
    /// The server carries it out; half of its answer arrives as if it were all.
    Truncated,
    /// It waits until it is released.
    Held(Rc<Notify>),
    /// The answer's bytes are changed.
    Spoilt(ChangeBytes),
    /// The answer's JSON is changed.
    Tampered(ChangeJson),
    /// The server sees another request.
    Swapped(ChangeRequest),
    /// The server never sees it; this comes back.
    Forged(HttpAnswer),
}

impl Fault {
    /// [`Spoilt`](Self::Spoilt) by a closure.
    pub fn spoil(change: impl Fn(&mut Vec<u8>) + 'static) -> Self {
        Self::Spoilt(Rc::new(change))
    }

    /// [`Tampered`](Self::Tampered) by a closure.
    pub fn tamper(change: impl Fn(&mut Value) + 'static) -> Self {
        Self::Tampered(Rc::new(change))
    }

    /// [`Swapped`](Self::Swapped) by a closure.
    pub fn swap(change: impl Fn(&mut HttpRequest) + 'static) -> Self {
        Self::Swapped(Rc::new(change))
    }

    /// [`Forged`](Self::Forged) with JSON.
    pub fn forge(status: u16, body: &Value) -> Self {
        Self::Forged(HttpAnswer { status, json: true, body: body.to_string().into_bytes() })
    }

    /// [`Held`](Self::Held), with what releases it.
    pub fn hold() -> (Self, Rc<Notify>) {
        let release = Rc::new(Notify::new());
        (Self::Held(Rc::clone(&release)), release)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "NotSent",
            Self::AnswerLost => "AnswerLost",
            Self::Html => "Html",
            Self::Truncated => "Truncated",
            Self::Held(_) => "Held",
            Self::Spoilt(_) => "Spoilt",
            Self::Tampered(_) => "Tampered",
            Self::Swapped(_) => "Swapped",
            Self::Forged(_) => "Forged",
        })
    }
}
