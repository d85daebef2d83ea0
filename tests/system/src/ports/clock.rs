use std::cell::Cell;
use std::rc::Rc;

use crystallum_engine::Clock;

/// A clock that moves only when it is told to. Clones share the time.
#[derive(Clone, Debug)]
pub struct SettableClock(Rc<Cell<u64>>);

impl SettableClock {
    /// Creates a clock that is at some moment in 2026.
    pub fn start() -> Self {
        Self(Rc::new(Cell::new(1_790_000_000_000)))
    }

    /// Advances the clock by a number of milliseconds.
    pub fn advance(&self, milliseconds: u64) {
        self.0.set(self.0.get() + milliseconds);
    }

    /// Returns the time, in milliseconds since the Unix epoch.
    pub fn time(&self) -> u64 {
        self.0.get()
    }

    /// Sets the time, in milliseconds since the Unix epoch, as a person may set a device's clock.
    pub fn set(&self, milliseconds: u64) {
        self.0.set(milliseconds);
    }
}

impl Clock for SettableClock {
    fn now(&self) -> u64 {
        self.0.get()
    }
}
