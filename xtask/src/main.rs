//! The commands of this project: `cargo xtask COMMAND`.
//!
//! Each command installs what it needs, reports what it does, and can be interrupted and repeated
//! at any time.

mod arguments;
mod attack;
mod bench;
mod build;
mod check;
mod container;
mod environment;
mod failure;
mod files;
mod finish;
mod graph;
mod hash;
mod inputs;
mod plan;
mod run;
mod say;
mod serve;
mod setup;
mod sizes;
mod sources;
mod steps;
mod switches;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use arguments::Task;
use failure::Outcome;
use workspace::Workspace;

fn main() -> ExitCode {
    match arguments::parse(lexopt::Parser::from_env()).and_then(run_task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::line(format_args!("error: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn run_task(task: Task) -> Outcome {
    match task {
        Task::Attack(options) => attack::attack(&Workspace::find()?, &options),
        Task::Bench(part) => bench::bench(&Workspace::find()?, part.as_deref()),
        Task::Build => build::build_app(&Workspace::find()?),
        Task::Check => check::check(&Workspace::find()?),
        Task::Finish => finish::finish(&Workspace::find()?),
        Task::Help(text) => {
            say::line(text.trim_end());
            Ok(())
        }
        Task::Serve(options) => serve::serve(&Workspace::find()?, options),
        Task::Setup => setup::setup(&Workspace::find()?),
        Task::Test(options) => test::test(&Workspace::find()?, &options),
    }
}
