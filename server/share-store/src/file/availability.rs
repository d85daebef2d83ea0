use std::sync::atomic::{AtomicU8, Ordering};

/// What a call does to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

const READS_FAIL: u8 = 1;
const WRITES_FAIL: u8 = 2;

/// Whether the last attempts to read and to write a store succeeded.
#[derive(Debug, Default)]
pub(super) struct Availability(AtomicU8);

impl Availability {
    /// Records a failure. Returns whether it is the first one.
    pub(super) fn note_failure(&self, access: Access) -> bool {
        let flag = match access {
            Access::Read => READS_FAIL,
            Access::Write => WRITES_FAIL,
        };
        self.0.fetch_or(flag, Ordering::Relaxed) & flag == 0
    }

    /// Records a success. Returns whether the store works again because of it.
    pub(super) fn note_success(&self, access: Access) -> bool {
        let flags = match access {
            Access::Read => READS_FAIL,
            Access::Write => READS_FAIL | WRITES_FAIL,
        };
        let before = self.0.fetch_and(!flags, Ordering::Relaxed);
        before != 0 && before & !flags == 0
    }

    pub(super) fn can_write(&self) -> bool {
        self.0.load(Ordering::Relaxed) & WRITES_FAIL == 0
    }

    pub(super) fn works(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_does_not_show_that_writes_work() {
        let store = Availability::default();
        assert!(store.works() && !store.note_success(Access::Read));
        assert!(store.note_failure(Access::Write) && !store.note_failure(Access::Write));
        assert!(!store.note_success(Access::Read) && !store.can_write());
        assert!(store.note_failure(Access::Read));
        assert!(store.note_success(Access::Write) && store.works());
    }
}
