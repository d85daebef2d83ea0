use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use crystallum_engine::CommandQueue;
use crystallum_messages::{Command, Failure, Reply, Request};

/// Commands that arrive while the engine carries out another one. Clones share them.
#[derive(Clone, Default)]
pub struct ArrivingCommands(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    last: u32,
    arrived: VecDeque<Request>,
    postponed: Vec<Request>,
    answers: BTreeMap<u32, Result<Reply, Failure>>,
    wakers: Vec<Waker>,
}

impl Inner {
    fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }
}

impl ArrivingCommands {
    /// Sends a command and waits for its answer, or for `None` if the engine has postponed it.
    pub async fn ask(&self, command: impl Into<Command>) -> Option<Result<Reply, Failure>> {
        let id = {
            let mut inner = self.0.borrow_mut();
            inner.last += 1;
            let id = inner.last;
            inner.arrived.push_back(Request { id, command: command.into() });
            inner.wake();
            id
        };
        poll_fn(|context| {
            let mut inner = self.0.borrow_mut();
            if let Some(answer) = inner.answers.remove(&id) {
                return Poll::Ready(Some(answer));
            }
            if inner.postponed.iter().any(|request| request.id == id) {
                return Poll::Ready(None);
            }
            inner.wakers.push(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

impl CommandQueue for ArrivingCommands {
    async fn next(&self) -> Request {
        poll_fn(|context| {
            let mut inner = self.0.borrow_mut();
            match inner.arrived.pop_front() {
                Some(request) => Poll::Ready(request),
                None => {
                    inner.wakers.push(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    fn respond(&self, id: u32, result: Result<Reply, Failure>) {
        let mut inner = self.0.borrow_mut();
        inner.answers.insert(id, result);
        inner.wake();
    }

    fn postpone(&self, request: Request) {
        let mut inner = self.0.borrow_mut();
        inner.postponed.push(request);
        inner.wake();
    }
}
