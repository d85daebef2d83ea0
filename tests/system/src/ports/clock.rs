use std::cell::Cell;
use std::rc::Rc;

use crystallum_engine::Clock;

/// A clock that stands still until it is told; clones show the same time.
#[derive(Clone, Debug)]
pub struct SettableClock(Rc<Cell<u64>>);

impl SettableClock {
    /// Some moment of 2026.
    pub fn start() -> Self {
        Self(Rc::new(Cell::new(1_790_000_000_000)))
    }

    /// Goes on by so many milliseconds.
    pub fn advance(&self, milliseconds: u64) {
        self.0.set(self.0.get() + milliseconds);
    }
}

impl Clock for SettableClock {
    fn now(&self) -> u64 {
        self.0.get()
    }
}
