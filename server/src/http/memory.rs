//! How much memory the bodies of requests and unread answers may use.
//!
//! A byte of a body costs up to three while it is handled: the text, the values decoded from it,
//! and the form in which they are stored or hashed. All budgets together therefore use at most 450
//! MiB, which leaves half of the unit's `MemoryMax=1G` to the database, the connections and
//! everything else.

use std::sync::Arc;

use crate::http::budget::Budget;

const KIB: usize = 1_024;
const MIB: usize = 1_024 * KIB;

/// Bodies of requests with a session, in all.
const SESSION_BODIES: usize = 64 * MIB;
/// Bodies of one account: eight of the largest. A device sends one at a time, most of a few kB.
const BODIES_OF_ACCOUNT: usize = 8 * MIB;
/// Bodies of requests without a session: signing in and signing up. They have a budget of their
/// own, so that strangers cannot keep people from writing.
const ANONYMOUS_BODIES: usize = 32 * MIB;
/// Bodies of one network without a session. A proof has a few kB, a new vault some ten, so that a
/// whole office can sign in at once.
const BODIES_OF_NETWORK: usize = 4 * MIB;
/// Answers that are in memory until clients have read them. A page of a delta has up to 2 MiB, and
/// is read within seconds by an honest client.
pub(crate) const ANSWERS: usize = 160 * MIB;
/// Answers of one account: ten pages. Devices that open the vault at the same moment wait for each
/// other.
pub(crate) const ANSWERS_OF_ACCOUNT: usize = 20 * MIB;

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
