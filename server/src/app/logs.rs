//! Logging: one JSON object per line on standard error, without any request data.

use std::panic;
use std::sync::{Arc, OnceLock};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::app::clock::Clock;
use crate::app::log_limit::{LogLimit, WithinLimit};

/// The limit of the process's log, if this started it.
static LIMIT: OnceLock<Arc<LogLimit>> = OnceLock::new();

/// Starts logging. Libraries are silenced because they handle credentials and SQL statements.
pub fn log_to_stderr() {
    let limit = LIMIT.get_or_init(|| Arc::new(LogLimit::new(Clock::system())));
    let ours = Targets::new()
        .with_target("crystallum_server", LevelFilter::INFO)
        .with_target("crystallum_share_store", LevelFilter::INFO)
        .with_default(LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        // There is one span per request, so the list of all spans would only repeat it.
        .with_span_list(false)
        .with_writer(std::io::stderr);
    // If the process already has a subscriber, it keeps logging and this one is dropped.
    let within = WithinLimit(Arc::clone(limit));
    if tracing_subscriber::registry().with(lines).with(ours).with(within).try_init().is_err() {
        tracing::debug!("logging was started before");
    }
    // A panic message may contain a value, its source location does not.
    panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(tracing::field::display);
        tracing::error!(at, "panicked");
    }));
}

/// Writes down how many lines were left out. `last` says that the server stops.
pub(crate) fn report_left_out(last: bool) {
    if let Some(limit) = LIMIT.get() {
        limit.report(last);
    }
}
