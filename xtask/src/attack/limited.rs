//! Runs a program that may never end.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::failure::{Failure, Outcome};

/// How long to wait before looking again whether a program has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// What a program printed, and whether it came to its end in time.
pub(super) struct Printed {
    pub(super) text: String,
    pub(super) ended: bool,
}

/// Runs a program without its errors. One that has not ended in time is killed, together with what
/// it has started.
pub(super) fn run(command: &mut Command, limit: Duration) -> Outcome<Printed> {
    lead_group(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|cause| Failure::not_started(command, &cause))?;
    let mut stdout = child.stdout.take().expect("it is piped");
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error counts.
        let _read = stdout.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let ended = ends_within(&mut child, limit)?;
    if !ended {
        kill_group(&mut child);
    }
    let text = reader.join().map_err(|_| Failure::new("what a test program printed was not read"))?;
    Ok(Printed { text, ended })
}

fn ends_within(child: &mut Child, limit: Duration) -> Outcome<bool> {
    let start = Instant::now();
    loop {
        let status =
            child.try_wait().map_err(|cause| Failure::new(format!("cannot wait for a program: {cause}")))?;
        if status.is_some() {
            return Ok(true);
        }
        if start.elapsed() > limit {
            return Ok(false);
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(unix)]
fn lead_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn lead_group(_: &mut Command) {}

/// Kills a program with its children. Whatever fails here, it has ended by itself.
fn kill_group(child: &mut Child) {
    if cfg!(unix) {
        let _status = Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status();
    }
    let _killed = child.kill();
    let _status = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_never_ends_is_killed_and_what_it_printed_counts() {
        // The second process keeps the pipe open, as a server would that a test has started.
        let endless = "echo begun; sleep 1000 & sleep 1000";
        let printed =
            run(Command::new("sh").args(["-c", endless]), Duration::from_millis(300)).expect("sh is there");
        assert_eq!((printed.text.as_str(), printed.ended), ("begun\n", false));
        let printed = run(Command::new("sh").args(["-c", "echo all"]), Duration::from_secs(60));
        let printed = printed.expect("sh is there");
        assert_eq!((printed.text.as_str(), printed.ended), ("all\n", true));
    }
}
