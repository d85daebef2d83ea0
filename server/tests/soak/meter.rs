use std::collections::BTreeMap;
use std::mem;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crystallum_test_support::{Observer, Response};
use serde_json::Value;

/// Counts and times the requests of people, or of floods.
#[derive(Default)]
pub(crate) struct Meter(Mutex<Readings>);

/// What was measured.
#[derive(Default)]
pub(crate) struct Readings {
    /// How long every request took.
    pub(crate) durations: Vec<Duration>,
    /// The path of the slowest request, and how long it took.
    pub(crate) slowest: (Duration, String),
    /// Requests without a complete response.
    pub(crate) cut: usize,
    /// The numbers of refusals, by path, status and code.
    pub(crate) refused: BTreeMap<Refusal, usize>,
    /// Refusals for lack of room that do not say when to come back.
    pub(crate) without_retry: usize,
}

/// A kind of refusal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) path: String,
}

impl Refusal {
    /// Returns whether this is what a full disk leads to, as the API describes it.
    pub(crate) fn is_for_lack_of_space(&self) -> bool {
        self.status == 503 && matches!(&*self.code, "unavailable" | "store_unavailable")
    }

    /// Returns whether somebody was told that they are not signed in, when they asked.
    pub(crate) fn is_signed_out(&self) -> bool {
        self.code == "session_expired" && self.path == "/api/session"
    }
}

impl Meter {
    /// Returns what was measured since the last call.
    pub(crate) fn take(&self) -> Readings {
        mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Readings> {
        self.0.lock().unwrap()
    }
}

impl Observer for Meter {
    fn observe(&self, path: &str, took: Duration, response: Option<&Response>) {
        let mut readings = self.lock();
        let Some(response) = response else {
            readings.cut += 1;
            return;
        };
        readings.durations.push(took);
        // Without ids.
        let path = path.split('/').take(3).collect::<Vec<_>>().join("/");
        if took > readings.slowest.0 {
            readings.slowest = (took, path.clone());
        }
        if response.status < 400 {
            return;
        }
        let failure: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let code = failure["code"].as_str().unwrap_or_default().to_owned();
        *readings.refused.entry(Refusal { status: response.status, code, path }).or_insert(0) += 1;
        readings.without_retry +=
            usize::from(response.status == 429 && !response.headers.contains_key("retry-after"));
    }
}

impl Readings {
    /// Returns the duration that this percentage of all requests did not exceed.
    pub(crate) fn percentile(&mut self, percent: usize) -> Duration {
        self.durations.sort_unstable();
        let at = (self.durations.len() * percent).div_ceil(100);
        self.durations.get(at.saturating_sub(1)).copied().unwrap_or_default()
    }
}
