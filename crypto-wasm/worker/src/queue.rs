//! The page's commands that have arrived, and whether the vault is about to lock.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use crystallum_engine::CommandQueue;
use crystallum_messages::{Command, Failure, Reply, Request, session};

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
    /// Whether a command that locks the vault, or comes right before that, has arrived and is not
    /// carried out yet.
    is_locking: bool,
    /// What waits for `is_locking`.
    requests: Vec<Waker>,
}

impl PageCommands {
    /// Adds a command that has just arrived.
    pub(crate) fn push(&self, request: Request) {
        let mut waiting = self.0.borrow_mut();
        if locks_vault(&request.command) || keeps_draft(&request.command) {
            waiting.is_locking = true;
            waiting.requests.drain(..).for_each(Waker::wake);
        }
        waiting.arrived.push_back(request);
        if let Some(waker) = waiting.waker.take() {
            waker.wake();
        }
    }

    /// Waits until the vault is about to lock. What is under way then must not keep it waiting.
    pub(crate) async fn locking(&self) {
        poll_fn(|context| {
            let mut waiting = self.0.borrow_mut();
            if waiting.is_locking {
                return Poll::Ready(());
            }
            if !waiting.requests.iter().any(|waker| waker.will_wake(context.waker())) {
                waiting.requests.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    /// Waits for the next command after the running one is finished.
    pub(crate) async fn take(&self) -> Request {
        let postponed = self.0.borrow_mut().postponed.pop_front();
        let request = match postponed {
            Some(request) => request,
            None => self.next().await,
        };
        if locks_vault(&request.command) {
            // Logging out sends a request itself.
            self.0.borrow_mut().is_locking = false;
        }
        request
    }
}

fn locks_vault(command: &Command) -> bool {
    matches!(command, Command::Session(session::Command::Lock | session::Command::LogOut))
}

/// Returns whether a draft is to be kept, which the page asks for only before it locks the vault.
fn keeps_draft(command: &Command) -> bool {
    matches!(command, Command::Session(session::Command::SaveDraft { draft: Some(_) }))
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
