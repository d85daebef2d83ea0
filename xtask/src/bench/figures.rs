//! What the benchmarks told, kept for one summary at the end, with the machine and how busy it was.

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

/// All figures of one run.
pub(super) struct Figures {
    folder: PathBuf,
    load: String,
    told: Vec<(String, Vec<String>)>,
}

impl Figures {
    /// None yet.
    pub(super) fn start(workspace: &Workspace) -> Outcome<Self> {
        let folder = workspace.target.join("bench").join("figures");
        files::remove_dir(&folder)?;
        files::make_dir(&folder)?;
        Ok(Self { folder, load: load(), told: Vec::new() })
    }

    /// Runs a program and keeps what it prints, which is shown as it comes.
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
        self.told.push((title.to_owned(), lines));
        if status.success() { Ok(()) } else { Err(Failure::new(format!("{title} failed ({status})"))) }
    }

    /// Runs something that writes its figures into a file.
    pub(super) fn file(&mut self, title: &str, run: impl FnOnce(&Path) -> Outcome) -> Outcome {
        let file = self.folder.join(format!("{}.txt", self.told.len()));
        files::write(&file, "")?;
        let done = run(&file);
        self.told.push((title.to_owned(), files::read_text(&file)?.lines().map(str::to_owned).collect()));
        done
    }

    /// Prints all of them.
    pub(super) fn print(&self) {
        say::heading("Figures");
        say::line(format_args!("  {}; load before {}, now {}", machine(), self.load, load()));
        for (title, lines) in &self.told {
            say::heading(format_args!("  {title}"));
            for line in lines.iter().filter(|line| !line.trim().is_empty()) {
                say::line(format_args!("    {line}"));
            }
        }
    }
}

/// How many wanted to run, on the mean of 1, 5 and 15 minutes.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let means: Vec<&str> = text.split(' ').take(3).collect();
    if means.len() == 3 { means.join(" ") } else { "unknown".to_owned() }
}

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
        let mut figures = Figures { folder: scratch.path().to_path_buf(), load: load(), told: Vec::new() };
        figures.capture("good", Command::new("printf").arg("one\ntwo\n")).unwrap();
        let failure =
            figures.capture("bad", Command::new("sh").args(["-c", "echo three; exit 3"])).unwrap_err();
        assert!(failure.0.starts_with("bad failed"), "{failure}");
        figures.file("written", |file| files::write(file, "four\n")).unwrap();
        let told: Vec<_> =
            figures.told.iter().map(|(title, lines)| (title.as_str(), lines.join(" "))).collect();
        let expected = [("good", "one two"), ("bad", "three"), ("written", "four")];
        assert_eq!(told, expected.map(|(title, lines)| (title, lines.to_owned())));
    }
}
