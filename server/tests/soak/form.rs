use std::env;
use std::time::Duration;

/// How large a soak is.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    /// The number of people.
    pub(crate) people: usize,
    /// How many of them do something at the same time.
    pub(crate) at_once: usize,
    /// What each of them does in a phase.
    pub(crate) actions: usize,
    /// After how many actions of all people the server is killed.
    pub(crate) actions_before_kill: usize,
    /// The size of the disk, in MiB.
    pub(crate) disk: u32,
    /// The number of requests of each flood.
    pub(crate) flood: usize,
    /// The number of connections that each flood keeps open.
    pub(crate) held: usize,
    /// The number of accounts that read nothing of what they ask for.
    pub(crate) unread_accounts: usize,
    /// How often everything happens, at least.
    pub(crate) rounds: usize,
    /// Until when new rounds begin.
    pub(crate) length: Duration,
}

impl Form {
    /// The form of the ordinary run.
    const SMALL: Self = Self {
        people: 20,
        at_once: 8,
        actions: 10,
        actions_before_kill: 100,
        disk: 48,
        flood: 200,
        held: 200,
        unread_accounts: 2,
        rounds: 1,
        length: Duration::ZERO,
    };

    /// Returns the form for `CRYSTALLUM_SOAK_SECONDS`, or the small one if it is not set.
    pub(crate) fn of_this_run() -> Self {
        let Ok(seconds) = env::var("CRYSTALLUM_SOAK_SECONDS") else { return Self::SMALL };
        let seconds = seconds.parse().expect("CRYSTALLUM_SOAK_SECONDS is a number");
        Self {
            people: 200,
            at_once: 16,
            actions: 20,
            actions_before_kill: 1_000,
            disk: 1_024,
            flood: 3_000,
            held: 1_200,
            unread_accounts: 12,
            rounds: 2,
            length: Duration::from_secs(seconds),
        }
    }
}
