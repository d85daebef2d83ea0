//! Runs a program whose output matters only when it fails.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use super::status::StatusEntry;
use crate::{
    failure::{Failure, Outcome},
    files,
};

/// The most lines that are printed of a program that failed.
const MAX_LINES: usize = 12;

/// Runs a program to its end with its output in a log. When it fails, the failure has its last
/// lines.
pub(crate) fn run_quietly(command: &mut Command, what: &str) -> Outcome {
    run_with_log(command, what, &log_path(what))
}

fn run_with_log(command: &mut Command, what: &str, log: &Path) -> Outcome {
    if let Some(folder) = log.parent() {
        files::make_dir(folder)?;
    }
    let mut file = File::create(log).map_err(|cause| Failure::file("write", log, &cause))?;
    let (output, input) = std::io::pipe().map_err(|cause| Failure::not_started(command, &cause))?;
    let second = input.try_clone().map_err(|cause| Failure::not_started(command, &cause))?;
    command.stdin(Stdio::null()).stdout(input).stderr(second);
    // A backtrace of a tool does not help someone who builds this project.
    command.env("RUST_BACKTRACE", "0");
    let child = command.spawn().map_err(|cause| Failure::not_started(command, &cause))?;
    // Our copies of the write end are closed here; otherwise the reader would never see the end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = Arc::new(Mutex::new(child));
    let status_entry = StatusEntry::start(what, Arc::clone(&child));
    let mut lines = Vec::new();
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        // A full disk must not fail the build.
        let _ = writeln!(file, "{line}");
        status_entry.set_last_line(&line);
        lines.push(line);
    }
    let status = child.lock().unwrap_or_else(PoisonError::into_inner).wait();
    drop(status_entry);
    let status = status.map_err(|cause| Failure::not_started(command, &cause))?;
    if status.success() {
        return Ok(());
    }
    let last = last_lines(&lines).join("\n  ");
    let path = log.display();
    Err(Failure::new(format!(
        "{what} failed ({status}). Its last lines, all of which are in {path}:\n  {last}"
    )))
}

/// Returns the last lines that are not empty. When one of them is an error of cargo, they begin
/// with the first error instead, since cargo then repeats the same with less detail.
fn last_lines(lines: &[String]) -> Vec<&str> {
    let written: Vec<_> = lines.iter().map(|line| line.trim_end()).filter(|line| !line.is_empty()).collect();
    let error = written.iter().position(|line| line.starts_with("error"));
    let start = error.unwrap_or_else(|| written.len().saturating_sub(MAX_LINES));
    written.get(start..).unwrap_or_default().iter().take(MAX_LINES).copied().collect()
}

/// Returns the path of the log of a program, in the target folder.
fn log_path(what: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let folder = own.ancestors().nth(2).unwrap_or(Path::new("target")).join("logs");
    let name: String = what.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    folder.join(format!("{name}.log"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn a_failure_has_the_last_lines_and_names_the_log() {
        let scratch = Scratch::new();
        let log = scratch.path().join("logs/thing.log");
        let script = "for i in $(seq 40); do echo line $i; done; echo to standard error >&2; exit 3";
        let failure = run_with_log(&mut shell(script), "the thing", &log).unwrap_err();
        assert!(failure.0.starts_with("the thing failed (exit status: 3)"), "{failure}");
        assert!(failure.0.contains("line 40") && failure.0.contains("to standard error"), "{failure}");
        assert!(!failure.0.contains("line 20\n") && failure.0.lines().count() == MAX_LINES + 1, "{failure}");
        assert!(failure.0.contains("thing.log"), "{failure}");
        assert_eq!(files::read_text(&log).unwrap().lines().count(), 41);
    }

    #[test]
    fn a_success_says_nothing_and_is_logged() {
        let scratch = Scratch::new();
        let log = scratch.path().join("log");
        run_with_log(&mut shell("echo fine; echo $RUST_BACKTRACE"), "it", &log).unwrap();
        assert_eq!(files::read_text(&log).unwrap(), "fine\n0\n");
    }

    #[test]
    fn errors_come_before_what_is_told_after_them() {
        let mut lines =
            vec!["Compiling a".to_owned(), "error[E0463]: can't find crate for `core`".to_owned()];
        lines.extend((0..30).map(|i| format!("help: {i}")));
        assert_eq!(last_lines(&lines).first(), Some(&"error[E0463]: can't find crate for `core`"));
        assert_eq!(last_lines(&lines).len(), MAX_LINES);
        assert_eq!(last_lines(&[]), Vec::<&str>::new());
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let scratch = Scratch::new();
        let log = scratch.path().join("log");
        let failure = run_with_log(&mut Command::new("no-such-program-here"), "it", &log).unwrap_err();
        assert!(failure.0.starts_with("cannot start no-such-program-here"), "{failure}");
    }
}
