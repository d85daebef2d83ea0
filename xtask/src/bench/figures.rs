//! Collects what the benchmarks print for one summary at the end, with the machine and its load.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    failure::{Failure, Outcome},
    files, say,
    workspace::Workspace,
};

/// The figures of one run.
pub(super) struct Figures {
    /// Where benchmarks that write files put them.
    folder: PathBuf,
    /// The load average when the run started.
    load: String,
    /// Titles with the lines that were printed or written under them.
    captured: Vec<(String, Vec<String>)>,
}

impl Figures {
    /// Starts a run, with no figures yet.
    pub(super) fn start(workspace: &Workspace) -> Outcome<Self> {
        let folder = workspace.target.join("bench").join("figures");
        files::remove_dir(&folder)?;
        files::make_dir(&folder)?;
        Ok(Self { folder, load: load_average(), captured: Vec::new() })
    }

    /// Runs a program, prints its output as it arrives and keeps it.
    pub(super) fn capture(&mut self, title: &str, command: &mut Command) -> Outcome {
        let not_started = |cause| Failure::new(format!("cannot start {title}: {cause}"));
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(not_started)?;
        let mut lines = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                say::line(&line);
                lines.push(line);
            }
        }
        let status = child.wait().map_err(not_started)?;
        self.captured.push((title.to_owned(), lines));
        if status.success() { Ok(()) } else { Err(Failure::new(format!("{title} failed ({status})"))) }
    }

    /// Runs something that writes its figures into a file, and keeps them.
    pub(super) fn capture_file(&mut self, title: &str, run: impl FnOnce(&Path) -> Outcome) -> Outcome {
        let file = self.folder.join(format!("{}.txt", self.captured.len()));
        files::write(&file, "")?;
        let done = run(&file);
        self.captured.push((title.to_owned(), files::read_text(&file)?.lines().map(str::to_owned).collect()));
        done
    }

    /// Prints the summary.
    pub(super) fn print(&self) {
        say::heading("Figures");
        say::line(format_args!("  {}; load before {}, now {}", machine(), self.load, load_average()));
        for (title, lines) in &self.captured {
            say::heading(format_args!("  {title}"));
            for line in lines.iter().filter(|line| !line.trim().is_empty()) {
                say::line(format_args!("    {line}"));
            }
        }
    }
}

/// Returns the load averages over 1, 5 and 15 minutes.
fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let means: Vec<&str> = text.split(' ').take(3).collect();
    if means.len() == 3 { means.join(" ") } else { "unknown".to_owned() }
}

/// Describes the processor of this machine.
fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    format!("{processors} processors, {}", model.map_or("model unknown", |(_, model)| model))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    #[test]
    fn what_was_printed_and_written_is_kept_even_of_a_failure() {
        let scratch = Scratch::new();
        let mut figures =
            Figures { folder: scratch.path().to_path_buf(), load: load_average(), captured: Vec::new() };
        figures.capture("good", Command::new("printf").arg("one\ntwo\n")).unwrap();
        let failure =
            figures.capture("bad", Command::new("sh").args(["-c", "echo three; exit 3"])).unwrap_err();
        assert!(failure.0.starts_with("bad failed"), "{failure}");
        figures.capture_file("written", |file| files::write(file, "four\n")).unwrap();
        let captured: Vec<_> =
            figures.captured.iter().map(|(title, lines)| (title.as_str(), lines.join(" "))).collect();
        let expected = [("good", "one two"), ("bad", "three"), ("written", "four")];
        assert_eq!(captured, expected.map(|(title, lines)| (title, lines.to_owned())));
    }
}
