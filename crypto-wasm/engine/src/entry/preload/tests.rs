use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::ports::{Batch, StoreFailed, WriteFailed};

/// A store that knows no vault, and answers at the second question only.
#[derive(Clone, Default)]
struct Slow(Rc<Counts>);

#[derive(Default)]
struct Counts {
    begun: Cell<u32>,
    ended: Cell<u32>,
}

impl LocalStore for Slow {
    async fn get(&self, _: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        self.0.begun.set(self.0.begun.get() + 1);
        let mut was_asked = false;
        poll_fn(|_| if mem::replace(&mut was_asked, true) { Poll::Ready(()) } else { Poll::Pending }).await;
        self.0.ended.set(self.0.ended.get() + 1);
        Ok(None)
    }

    async fn scan(&self, _: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFailed> {
        unreachable!("an unknown vault has nothing to scan")
    }

    async fn write(&self, _: Batch) -> Result<(), WriteFailed> {
        unreachable!("nothing is written")
    }
}

fn poll(preload: &mut Preload, store: &Slow) -> Poll<()> {
    pin!(preload.load(store)).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_request_that_was_begun_is_waited_for() {
    let (vault, other) = (VaultId::new([1; 16]), VaultId::new([2; 16]));
    let store = Slow::default();
    let mut preload = Preload::default();
    preload.plan(vault);
    assert!(poll(&mut preload, &store).is_pending(), "and the future is dropped");
    preload.plan(other);
    assert!(preload.take(vault).is_none());
    assert!(preload.is_due(), "neither drops what was begun");
    assert!(poll(&mut preload, &store).is_ready());
    assert_eq!((store.0.begun.get(), store.0.ended.get()), (1, 1));
    assert!(!preload.is_due());
}
