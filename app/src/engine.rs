//! The handle to the engine, which runs in a worker: it sends commands and receives replies and
//! events.

pub(crate) mod boot;
mod boundary;
pub(crate) mod calls;

use std::{cell::OnceCell, collections::HashMap};

use crystallum_messages::{
    Command, Event, Failure, FromEngine, ImpossibleState, Outcome, Reply, Request, ToEngine, Unreadable,
};
use futures_channel::oneshot;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{MessageEvent, Worker};

use boot::StartError;

thread_local! {
    /// The worker, for the panic hook, which must not use the shared state.
    static RUNNING: OnceCell<Worker> = const { OnceCell::new() };
}

type EngineResult = Result<Reply, Failure>;

/// The handle to the engine. Copies share the same connection.
#[derive(Clone, Copy)]
pub(crate) struct Engine(StoredValue<Connection, LocalStorage>);

#[derive(Default)]
struct Connection {
    worker: Option<Worker>,
    is_terminated: bool,
    /// Commands that were sent before the worker was running.
    queued: Vec<Request>,
    last_id: u32,
    pending: HashMap<u32, oneshot::Sender<EngineResult>>,
}

impl Engine {
    /// Creates a handle that is not started yet and puts it into the context.
    pub(crate) fn provide() -> Self {
        let engine = Self(StoredValue::new_local(Connection::default()));
        provide_context(engine);
        engine
    }

    /// Returns the handle from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Starts the worker. `on_end` is called when the worker dies or sends an unreadable message.
    pub(crate) async fn start(
        self,
        on_event: impl Fn(Event) + 'static,
        on_end: impl Fn() + Clone + 'static,
    ) -> Result<(), StartError> {
        let worker = boot::start_worker().await.inspect_err(|_| self.terminate())?;
        let on_worker_error = on_end.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            match boundary::decode(message.data()) {
                Ok(FromEngine::Event(event)) => on_event(event),
                Ok(FromEngine::Response(response)) => self.resolve(response.id, response.result),
                Err(Unreadable) => on_end(),
            }
        });
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| on_worker_error());
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // Both live as long as the page, which locking replaces.
        on_message.forget();
        on_error.forget();
        // A page starts only one worker, so the cell is empty.
        drop(RUNNING.with(|running| running.set(worker.clone())));
        let failed_ids = self.0.try_update_value(|connection| {
            let queued = std::mem::take(&mut connection.queued).into_iter();
            let failed_ids: Vec<u32> = queued
                .filter_map(|request| {
                    let id = request.id;
                    boundary::post(&worker, &ToEngine::Request(request)).is_err().then_some(id)
                })
                .collect();
            connection.worker = Some(worker);
            failed_ids
        });
        for id in failed_ids.into_iter().flatten() {
            self.resolve(id, Err(ImpossibleState::MessageNotSent.into()));
        }
        Ok(())
    }

    /// Sends a command and waits for its reply. A command that is sent before the engine has
    /// started is executed once it has.
    pub(crate) async fn send(self, command: Command) -> EngineResult {
        let (sender, reply) = oneshot::channel();
        let posted = self.0.try_update_value(|connection| {
            connection.last_id = connection.last_id.wrapping_add(1);
            let request = Request { id: connection.last_id, command };
            match &connection.worker {
                Some(worker) => boundary::post(worker, &ToEngine::Request(request)).ok()?,
                None if connection.is_terminated => return None,
                None => connection.queued.push(request),
            }
            connection.pending.insert(connection.last_id, sender);
            Some(())
        });
        if posted.flatten().is_none() {
            return Err(ImpossibleState::MessageNotSent.into());
        }
        // The sender is dropped only when the worker was terminated.
        reply.await.unwrap_or(Err(Failure::Locked))
    }

    /// Answers a ceremony event. The command that waits for it reports a failure, if there is one.
    pub(crate) fn answer(self, ticket: u32, outcome: Outcome) {
        self.0.with_value(|connection| {
            if let Some(worker) = &connection.worker {
                // Posting bytes does not fail.
                let _posted = boundary::post(worker, &ToEngine::Answer { ticket, outcome });
            }
        });
    }

    /// Terminates the worker and everything that it holds. Every waiting command fails with
    /// [`Failure::Locked`].
    pub(crate) fn terminate(self) {
        self.0.update_value(|connection| {
            if let Some(worker) = connection.worker.take() {
                worker.terminate();
            }
            connection.is_terminated = true;
            connection.queued.clear();
            connection.pending.clear();
        });
    }

    fn resolve(self, id: u32, result: EngineResult) {
        let sender = self.0.try_update_value(|connection| connection.pending.remove(&id)).flatten();
        if let Some(sender) = sender {
            // The receiver may have been dropped together with its page.
            drop(sender.send(result));
        }
    }
}

/// Terminates the worker without the shared state, which may be in any condition after a panic.
pub(crate) fn terminate_now() {
    RUNNING.with(|running| {
        if let Some(worker) = running.get() {
            worker.terminate();
        }
    });
}
