//! Logs: one JSON object per line on standard error, without anything a request carried.

use std::panic;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging. Libraries stay silent: they handle credentials and statements.
pub fn log_to_stderr() {
    let ours =
        Targets::new().with_target("crystallum_server", LevelFilter::INFO).with_default(LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    // A second subscriber in one process is not worth failing for: the first keeps logging.
    if tracing_subscriber::registry().with(lines).with(ours).try_init().is_err() {
        tracing::debug!("logging was started before");
    }
    // The message of a panic may repeat a value; its place does not.
    panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(tracing::field::display);
        tracing::error!(at, "panicked");
    }));
}
