//! The command line of `crystallum-server`.

mod cli;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use crystallum_server::{
    Clock, Server, Settings, StartError, acknowledge_stores, backup, confirm_database, create_stores,
    delete_account, doctor, invite, list_accounts, list_stores, log_to_stderr, prune, restore, runtime,
    show_account,
};

use cli::{AccountsCommand, ChosenStores, Cli, Command, StoresCommand};

fn main() -> ExitCode {
    let command = Cli::parse().command;
    match runtime() {
        Ok(runtime) => runtime.block_on(run(command)),
        Err(error) => print_error(&error, 1),
    }
}

async fn run(command: Command) -> ExitCode {
    match command {
        Command::Serve(serve) => serve_until_stopped(serve.into()).await,
        Command::Invite(data) => match invite(&data.data).await {
            Ok(code) => print_line(&code),
            Err(error) => print_error(&error, 1),
        },
        Command::Backup { to, data } => match backup(&to, &data.data).await {
            Ok(made) => incomplete_if(print_line(&made.to_string()), !made.missing.is_empty()),
            Err(error) => print_error(&error, 1),
        },
        Command::Prune { folder, days } => match prune(&folder, days) {
            Ok(done) => print_line(&done),
            Err(error) => print_error(&error, 1),
        },
        Command::Restore { from, data } => match restore(&from, &data.data).await {
            Ok(restored) => incomplete_if(print_line(&restored.to_string()), !restored.missing.is_empty()),
            Err(error) => print_error(&error, 1),
        },
        Command::Doctor { data, json } => match doctor(&data.data).await {
            Ok(report) => {
                let text = if json { report.to_json() } else { report.to_string() };
                failure_if(print_line(&text), !report.is_sound())
            }
            Err(error) => print_error(&error, 1),
        },
        Command::Accounts(command) => run_accounts(command).await,
        Command::Stores(command) => run_stores(command).await,
    }
}

async fn run_stores(command: StoresCommand) -> ExitCode {
    let done = match command {
        StoresCommand::List(data) => match list_stores(&data.data).await {
            Ok(stores) => return failure_if(print_line(&stores.to_string()), !stores.are_sound()),
            Err(error) => Err(error),
        },
        StoresCommand::Create(ChosenStores { numbers, data }) => create_stores(&data.data, &numbers).await,
        StoresCommand::Acknowledge(ChosenStores { numbers, data }) => {
            acknowledge_stores(&data.data, &numbers).await
        }
        StoresCommand::Confirm(data) => confirm_database(&data.data).await,
    };
    match done {
        Ok(line) => print_line(&line),
        Err(error) => print_error(&error, 1),
    }
}

async fn run_accounts(command: AccountsCommand) -> ExitCode {
    let text = match command {
        AccountsCommand::List(data) => list_accounts(&data.data).await.map(|all| all.to_string()),
        AccountsCommand::Show { id, data } => {
            show_account(&data.data, id).await.map(|account| account.to_string())
        }
        AccountsCommand::Delete { id, data } => {
            delete_account(&data.data, id).await.map(|deleted| deleted.to_string())
        }
    };
    match text {
        Ok(text) => print_line(&text),
        Err(error) => print_error(&error, 1),
    }
}

/// Reports that a backup lacks a store. It is useful all the same, which other failures are not.
fn incomplete_if(code: ExitCode, is_incomplete: bool) -> ExitCode {
    if is_incomplete { ExitCode::from(4) } else { code }
}

fn failure_if(code: ExitCode, failed: bool) -> ExitCode {
    if failed { ExitCode::FAILURE } else { code }
}

async fn serve_until_stopped(settings: Settings) -> ExitCode {
    log_to_stderr();
    let shutdown = match shutdown_signal() {
        Ok(shutdown) => shutdown,
        Err(error) => return print_error(&error, 1),
    };
    let server = match Server::start(settings, Clock::system()).await {
        Ok(server) => server,
        Err(error) => return print_error(&error, StartError::exit_code(&error)),
    };
    let mut code = print_line(&format!("ready at {} (listening on {})", server.origin(), server.address()));
    if let Some(metrics) = server.metrics() {
        code = print_line(&format!("metrics on http://{metrics}/metrics"));
    }
    let ended = run_until(server, shutdown).await;
    if ended == ExitCode::SUCCESS { code } else { ended }
}

/// Serves until `shutdown` is over. A server that ends by itself must not leave a process behind
/// that does nothing: whoever watches it would not start it again.
async fn run_until(server: Server, shutdown: impl Future<Output = ()>) -> ExitCode {
    match server.run_until(shutdown).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print_error(&error, 1),
    }
}

/// Registers handlers for SIGINT and SIGTERM. The returned future waits for the first signal.
#[cfg(unix)]
fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}

/// Registers a handler for Ctrl-C. The returned future waits for it.
#[cfg(windows)]
fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// Prints a line to standard output.
fn print_line(line: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print_error(&error, 1),
    }
}

fn print_error(error: &dyn std::error::Error, code: u8) -> ExitCode {
    // If standard error is closed, the error cannot be reported.
    drop(writeln!(io::stderr(), "crystallum-server: {error}"));
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_ends_by_itself_ends_the_process_with_a_failure() {
        let data = tempfile::tempdir().expect("a folder");
        for crashes in [false, true] {
            let settings = Settings::local(data.path().join("data"));
            let server = Server::start(settings, Clock::system()).await.expect("a server");
            let code = if crashes {
                server.crash();
                // Nobody sends a signal.
                run_until(server, std::future::pending()).await
            } else {
                run_until(server, std::future::ready(())).await
            };
            let expected = if crashes { ExitCode::FAILURE } else { ExitCode::SUCCESS };
            assert_eq!(code, expected);
        }
    }
}
