//! Logging: one JSON object per line on standard error, without any request data.

use std::panic;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging. Libraries are silenced because they handle credentials and SQL statements.
pub fn log_to_stderr() {
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
    if tracing_subscriber::registry().with(lines).with(ours).try_init().is_err() {
        tracing::debug!("logging was started before");
    }
    // A panic message may contain a value, its source location does not.
    panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(tracing::field::display);
        tracing::error!(at, "panicked");
    }));
}
