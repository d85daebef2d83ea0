//! Handle to the engine in its worker: commands go in, answers and events come out.

mod boot;
pub(crate) mod calls;
mod wire;

use std::{cell::OnceCell, collections::HashMap};

use crystallum_messages::{Command, Event, Failure, FromEngine, Reply, Request, Unreadable};
use futures_channel::oneshot;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{MessageEvent, Worker};

pub(crate) use boot::NotStarted;

thread_local! {
    /// The worker for a hook that may not touch the shared state.
    static RUNNING: OnceCell<Worker> = const { OnceCell::new() };
}

type Answer = Result<Reply, Failure>;

/// The way to the engine; a copy is the same way.
#[derive(Clone, Copy)]
pub(crate) struct Engine(StoredValue<Link, LocalStorage>);

#[derive(Default)]
struct Link {
    worker: Option<Worker>,
    ended: bool,
    /// Commands that were given before the worker ran.
    early: Vec<Request>,
    last: u32,
    waiting: HashMap<u32, oneshot::Sender<Answer>>,
}

impl Engine {
    /// Puts a handle that is not started yet into the context.
    pub(crate) fn provide() -> Self {
        let engine = Self(StoredValue::new_local(Link::default()));
        provide_context(engine);
        engine
    }

    /// The handle that the app provides.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Starts the worker. `ended` is called when it dies or says what cannot be read.
    pub(crate) async fn start(
        self,
        heard: impl Fn(Event) + 'static,
        ended: impl Fn() + Clone + 'static,
    ) -> Result<(), NotStarted> {
        let worker = boot::worker().await.inspect_err(|_| self.terminate())?;
        let died = ended.clone();
        let on_message =
            Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                match wire::read(message.data()) {
                    Ok(FromEngine::Event(event)) => heard(event),
                    Ok(FromEngine::Response(response)) => self.settle(response.id, response.result),
                    Err(Unreadable) => ended(),
                }
            });
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| died());
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // Both live as long as the page: a lock replaces the page.
        on_message.forget();
        on_error.forget();
        // A page starts one worker in its life.
        drop(RUNNING.with(|running| running.set(worker.clone())));
        let unread = self.0.try_update_value(|link| {
            let early = std::mem::take(&mut link.early).into_iter();
            let unread: Vec<u32> = early
                .filter_map(|request| wire::post(&worker, &request).is_err().then_some(request.id))
                .collect();
            link.worker = Some(worker);
            unread
        });
        for id in unread.into_iter().flatten() {
            self.settle(id, Err(Failure::Confused));
        }
        Ok(())
    }

    /// Gives a command and waits for its answer; one that is given before the engine has started is carried out once it has.
    pub(crate) async fn send(self, command: Command) -> Answer {
        let (sender, answer) = oneshot::channel();
        let posted = self.0.try_update_value(|link| {
            link.last = link.last.wrapping_add(1);
            let request = Request { id: link.last, command };
            match &link.worker {
                Some(worker) => wire::post(worker, &request).ok()?,
                None if link.ended => return None,
                None => link.early.push(request),
            }
            link.waiting.insert(link.last, sender);
            Some(())
        });
        if posted.flatten().is_none() {
            return Err(Failure::Confused);
        }
        // A sender that is dropped belongs to a worker that was ended.
        answer.await.unwrap_or(Err(Failure::Locked))
    }

    /// Ends the worker and whatever it holds; every command that waits gets [`Failure::Locked`].
    pub(crate) fn terminate(self) {
        self.0.update_value(|link| {
            if let Some(worker) = link.worker.take() {
                worker.terminate();
            }
            link.ended = true;
            link.early.clear();
            link.waiting.clear();
        });
    }

    fn settle(self, id: u32, result: Answer) {
        let sender = self.0.try_update_value(|link| link.waiting.remove(&id)).flatten();
        if let Some(sender) = sender {
            // Who asked may be gone with its page; then nobody wants the answer.
            drop(sender.send(result));
        }
    }
}

/// Ends the worker at once, without the shared state: after a panic that may be in any condition.
pub(crate) fn end_now() {
    RUNNING.with(|running| {
        if let Some(worker) = running.get() {
            worker.terminate();
        }
    });
}
