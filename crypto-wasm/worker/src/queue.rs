//! The page's commands that have arrived.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use crystallum_engine::CommandQueue;
use crystallum_messages::{Failure, Reply, Request};

use crate::outbox;

/// The commands that have arrived, in their order. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct PageCommands(Rc<RefCell<Waiting>>);

#[derive(Default)]
struct Waiting {
    arrived: VecDeque<Request>,
    /// Commands that waited for the running one. They came before those that have arrived since.
    postponed: VecDeque<Request>,
    waker: Option<Waker>,
}

impl PageCommands {
    /// Adds a command that has just arrived.
    pub(crate) fn push(&self, request: Request) {
        let mut waiting = self.0.borrow_mut();
        waiting.arrived.push_back(request);
        if let Some(waker) = waiting.waker.take() {
            waker.wake();
        }
    }

    /// Waits for the next command after the running one is finished.
    pub(crate) async fn take(&self) -> Request {
        let postponed = self.0.borrow_mut().postponed.pop_front();
        match postponed {
            Some(request) => request,
            None => self.next().await,
        }
    }
}

impl CommandQueue for PageCommands {
    async fn next(&self) -> Request {
        poll_fn(|context| {
            let mut waiting = self.0.borrow_mut();
            match waiting.arrived.pop_front() {
                Some(request) => Poll::Ready(request),
                None => {
                    waiting.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    fn respond(&self, id: u32, result: Result<Reply, Failure>) {
        outbox::respond(id, result);
    }

    fn postpone(&self, request: Request) {
        self.0.borrow_mut().postponed.push_back(request);
    }
}
