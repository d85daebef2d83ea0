use std::fmt;
use std::rc::Rc;

use serde_json::Value;
use tokio::sync::Notify;

use crate::http::{Request, Response};

type ChangeJson = Rc<dyn Fn(&mut Value)>;
type ChangeBytes = Rc<dyn Fn(&mut Vec<u8>)>;
type ChangeRequest = Rc<dyn Fn(&mut Request)>;

/// A fault that affects a request.
#[derive(Clone)]
pub enum Fault {
    /// The request does not reach the server.
    NotSent,
    /// The server carries out the request, but its answer is lost.
    AnswerLost,
    /// The request does not reach the server. An HTML page is returned, as from the network of a
    /// hotel.
    Html,
    /// The server carries out the request, but only half of its answer arrives, as if it were
    /// complete.
    Truncated,
    /// The request waits until it is released.
    Held(Rc<Notify>),
    /// The answer's bytes are changed.
    Corrupted(ChangeBytes),
    /// The answer's JSON is changed.
    Tampered(ChangeJson),
    /// The request is replaced by another one.
    Swapped(ChangeRequest),
    /// The request does not reach the server, and this answer is returned.
    Forged(Response),
    /// The server carries out the request, and this answer is returned instead of its own.
    Replaced(Response),
}

impl Fault {
    /// Creates a [`Corrupted`](Self::Corrupted) from a closure.
    pub fn corrupt(change: impl Fn(&mut Vec<u8>) + 'static) -> Self {
        Self::Corrupted(Rc::new(change))
    }

    /// Creates a [`Tampered`](Self::Tampered) from a closure.
    pub fn tamper(change: impl Fn(&mut Value) + 'static) -> Self {
        Self::Tampered(Rc::new(change))
    }

    /// Creates a [`Swapped`](Self::Swapped) from a closure.
    pub fn swap(change: impl Fn(&mut Request) + 'static) -> Self {
        Self::Swapped(Rc::new(change))
    }

    /// Creates a [`Forged`](Self::Forged) answer with this JSON.
    pub fn forge(status: u16, body: &Value) -> Self {
        Self::Forged(Response::forge(status, "application/json", body.to_string().into_bytes()))
    }

    /// Creates a [`Replaced`](Self::Replaced) answer with this JSON.
    pub fn replace(status: u16, body: &Value) -> Self {
        Self::Replaced(Response::forge(status, "application/json", body.to_string().into_bytes()))
    }

    /// Creates a [`Held`](Self::Held), and what releases it.
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
            Self::Corrupted(_) => "Corrupted",
            Self::Tampered(_) => "Tampered",
            Self::Swapped(_) => "Swapped",
            Self::Forged(_) => "Forged",
            Self::Replaced(_) => "Replaced",
        })
    }
}
