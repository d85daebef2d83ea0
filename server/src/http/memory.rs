//! How much memory the bodies of requests and unread answers may use. Together with all else that
//! the server may use, this has to fit into the unit's `MemoryMax`; `app/capacity.rs` has the sum.

use std::sync::Arc;

use crate::http::budget::Budget;

const KIB: usize = 1_024;
const MIB: usize = 1_024 * KIB;

/// The beginning of a body, which needs no room in a budget. All that signing in and most commits
/// send is smaller, so that these are taken whatever others do.
pub(crate) const FREE_OF_BODY: usize = 16 * KIB;
/// Bodies of requests with a session, in all, beyond their beginnings: 32 of the largest at a time.
pub(crate) const SESSION_BODIES: usize = 32 * MIB;
/// Bodies of one account: eight of the largest. A device sends one at a time, most of a few kB.
const BODIES_OF_ACCOUNT: usize = 8 * MIB;
/// Bodies of requests without a session, beyond their beginnings: signing in and signing up. They
/// have a budget of their own, so that strangers cannot keep people from writing.
pub(crate) const ANONYMOUS_BODIES: usize = 16 * MIB;
/// Bodies of one network without a session: 32 of the largest. A proof has a few kB, a new vault
/// some ten, so that a whole office can sign up at once.
const BODIES_OF_NETWORK: usize = 4 * MIB;
/// How much memory a byte of a body may cost while it is handled: the text, the values decoded from
/// it, and the form in which they are stored or hashed.
pub(crate) const COPIES_OF_BODY: usize = 3;
/// Answers that are in memory until clients have read them. A page of a delta has up to 2 MiB while
/// it is made, and mostly half a MiB after, which an honest client reads within seconds.
pub(crate) const ANSWERS: usize = 96 * MIB;
/// Answers of one account: ten pages that are made. Devices that open the vault at the same moment
/// wait for each other.
pub(crate) const ANSWERS_OF_ACCOUNT: usize = 20 * MIB;
/// How much memory a reserved byte of an answer may cost while it is made: the ciphertexts as they
/// are stored, and the text in a buffer that grows by doubling.
pub(crate) const COPIES_OF_ANSWER: usize = 2;

/// The budgets of the server.
pub(crate) struct Memory {
    pub(crate) session_bodies: Arc<Budget>,
    pub(crate) anonymous_bodies: Arc<Budget>,
    pub(crate) answers: Arc<Budget>,
}

impl Memory {
    /// Returns the budgets, of which nothing is used.
    pub(crate) fn new() -> Self {
        Self {
            session_bodies: Budget::new(SESSION_BODIES, BODIES_OF_ACCOUNT),
            anonymous_bodies: Budget::new(ANONYMOUS_BODIES, BODIES_OF_NETWORK),
            answers: Budget::new(ANSWERS, ANSWERS_OF_ACCOUNT),
        }
    }
}
