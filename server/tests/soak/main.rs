//! A soak: people work on a server while others flood it, its disk is filled and freed, and it is
//! killed and started again. Every acknowledged write must be there at the end.
//!
//! The server runs in its own process, with the limits that it has by default, behind a proxy that
//! it trusts: the test itself, which names another client for every person and flood. Everything
//! is counted by operations, so that nothing depends on how fast the machine is; durations are
//! only reported. The ordinary run is small. `cargo xtask test --deep soak` has 200 people, and
//! starts another round until `CRYSTALLUM_SOAK_SECONDS` have passed.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;
mod floods;
mod form;
mod host;
mod judge;
mod log;
mod meter;
mod people;
mod report;

use crystallum_test_support::seed;

use crate::course::Course;
use crate::form::Form;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_while_everything_goes_wrong() {
    report::print(format_args!("seed {}", seed()));
    Course::start(Form::of_this_run()).await.run().await;
}
