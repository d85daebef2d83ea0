use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crystallum_engine::Authenticator;
use crystallum_messages::{
    Asserted, Ceremony, CreateOptions, Event, FromEngine, GetOptions, Outcome, Refusal, Registered,
};
use futures_channel::oneshot;

use crate::outbox;

/// Runs ceremonies in the page: posts the options and waits for the answer with the same ticket.
#[derive(Clone, Default)]
pub(crate) struct PageAuthenticator(Rc<Ceremonies>);

#[derive(Default)]
struct Ceremonies {
    last: Cell<u32>,
    waiting: RefCell<HashMap<u32, oneshot::Sender<Outcome>>>,
}

impl PageAuthenticator {
    /// Delivers an answer of the page to the ceremony with this ticket. Drops it if there is none,
    /// because the ceremony was cancelled.
    pub(crate) fn answer(&self, ticket: u32, outcome: Outcome) {
        if let Some(waiting) = self.0.waiting.borrow_mut().remove(&ticket) {
            // The command that waits for it may have ended.
            drop(waiting.send(outcome));
        }
    }

    async fn run(&self, ceremony: Ceremony) -> Result<Outcome, Refusal> {
        let ticket = self.0.last.get().wrapping_add(1);
        self.0.last.set(ticket);
        let (sender, outcome) = oneshot::channel();
        self.0.waiting.borrow_mut().insert(ticket, sender);
        let _unanswered = Unanswered { ceremonies: &self.0, ticket };
        outbox::post(&FromEngine::Event(Event::Ceremony { ticket, ceremony }));
        outcome.await.map_err(|_| Refusal::Cancelled)
    }
}

/// Tells the page that the engine has given up a ceremony, if it is dropped before the answer.
struct Unanswered<'a> {
    ceremonies: &'a Ceremonies,
    ticket: u32,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if self.ceremonies.waiting.borrow_mut().remove(&self.ticket).is_some() {
            outbox::post(&FromEngine::Event(Event::CeremonyEnded { ticket: self.ticket }));
        }
    }
}

impl Authenticator for PageAuthenticator {
    async fn create(&self, options: CreateOptions) -> Result<Registered, Refusal> {
        match self.run(Ceremony::Create(options)).await? {
            Outcome::Registered(registered) => Ok(registered),
            Outcome::Refused(refusal) => Err(refusal),
            Outcome::Asserted(_) => Err(Refusal::Unsupported),
        }
    }

    async fn get(&self, options: GetOptions) -> Result<Asserted, Refusal> {
        match self.run(Ceremony::Get(options)).await? {
            Outcome::Asserted(asserted) => Ok(asserted),
            Outcome::Refused(refusal) => Err(refusal),
            Outcome::Registered(_) => Err(Refusal::Unsupported),
        }
    }
}
