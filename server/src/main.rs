//! The command line of `crystallum-server`.

mod cli;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use crystallum_server::{
    Clock, Server, Settings, StartError, backup, delete_account, doctor, invite, list_accounts,
    log_to_stderr, restore, runtime, show_account,
};

use cli::{AccountsCommand, Cli, Command};

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
            // A backup without a missing store is still useful, but the exit code must report it.
            Ok(made) => failure_if(print_line(&made.to_string()), !made.missing.is_empty()),
            Err(error) => print_error(&error, 1),
        },
        Command::Restore { from, data } => match restore(&from, &data.data).await {
            Ok(restored) => print_line(&restored.to_string()),
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
    shutdown.await;
    server.stop().await;
    code
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
