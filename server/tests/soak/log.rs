use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, pipe};
use std::thread::{self, JoinHandle};

use serde_json::Value;

/// Counts the warnings and errors in a server's log.
pub(crate) struct Log(JoinHandle<Warnings>);

/// The numbers of warnings and errors, by level and message.
pub(crate) type Warnings = BTreeMap<String, usize>;

impl Log {
    /// Returns a new log and what the server writes into.
    pub(crate) fn new() -> (Self, PipeWriter) {
        let (reader, writer) = pipe().unwrap();
        (Self(thread::spawn(|| read(reader))), writer)
    }

    /// Returns what was logged. The server must have ended.
    pub(crate) fn finish(self) -> Warnings {
        self.0.join().unwrap()
    }
}

fn read(reader: PipeReader) -> Warnings {
    let mut warnings = Warnings::new();
    for line in BufReader::new(reader).lines() {
        let line = line.unwrap();
        if line.contains("\"level\":\"INFO\"") {
            continue;
        }
        let parsed: Value = serde_json::from_str(&line).unwrap_or_default();
        let message = match (&parsed["level"], &parsed["message"]) {
            (Value::String(level), Value::String(message)) => format!("{level} {message}"),
            // A line that is no log line is shown as it is.
            _ => line,
        };
        *warnings.entry(message).or_insert(0) += 1;
    }
    warnings
}
