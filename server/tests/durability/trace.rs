//! Parses the output of `strace` as far as needed to see whether each response came after the sync
//! of its write.

use std::collections::HashMap;

/// The outcome of the writes in a trace.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Responses that acknowledge a write.
    pub(crate) answers: usize,
    /// Those of them that were sent before everything written was synced, or before anything was
    /// written.
    pub(crate) too_early: usize,
}

/// The number of writes to a write-ahead log, and how many of them are synced.
#[derive(Clone, Copy, Default)]
struct Log {
    written: usize,
    synced: usize,
}

#[derive(Default)]
struct Reader {
    logs: HashMap<String, Log>,
    /// Syncs in progress, by thread: the file, and the number of writes to it when the sync began.
    syncs: HashMap<String, (String, usize)>,
    /// Reads in progress, by thread: the connection.
    reads: HashMap<String, String>,
    /// Write requests in progress, by connection: the state of the logs when they arrived.
    requests: HashMap<String, HashMap<String, Log>>,
    verdict: Verdict,
}

/// Parses the trace of a client that waits for each response. Only requests whose method and path
/// start with one of these strings are considered.
pub(crate) fn judge(trace: &str, writes: &[&str]) -> Verdict {
    let mut reader = Reader::default();
    for line in trace.lines() {
        reader.line(line, writes);
    }
    reader.verdict
}

impl Reader {
    fn line(&mut self, line: &str, writes: &[&str]) {
        // 4711 fdatasync(12</data/vault.db-wal>) = 0
        let Some((thread, call)) = line.split_once(' ') else { return };
        let call = call.trim_start();
        if let Some(rest) = call.strip_prefix("<... ") {
            if is_sync(rest) && rest.ends_with("= 0") {
                self.sync_ends(thread);
            } else if let Some(connection) = self.reads.remove(thread) {
                self.read(connection, rest, writes);
            }
            return;
        }
        let Some((name, arguments)) = call.split_once('(') else { return };
        let Some((target, data)) = arguments.split_once('<').and_then(|(_, rest)| rest.split_once('>'))
        else {
            return;
        };
        let is_log = target.ends_with("-wal");
        match name {
            "pwrite64" | "write" if is_log => self.logs.entry(target.to_owned()).or_default().written += 1,
            "fsync" | "fdatasync" if is_log => {
                let written = self.logs.entry(target.to_owned()).or_default().written;
                self.syncs.insert(thread.to_owned(), (target.to_owned(), written));
                if call.ends_with("= 0") {
                    self.sync_ends(thread);
                }
            }
            // The address of a connection contains a `>` itself:
            // <TCP:[127.0.0.1:80->127.0.0.1:4711]>
            "recvfrom" | "read" => {
                let connection = connection(target, data);
                if call.ends_with("<unfinished ...>") {
                    self.reads.insert(thread.to_owned(), connection);
                } else {
                    self.read(connection, data, writes);
                }
            }
            "sendto" | "write" | "writev" | "sendmsg" if data.contains("\"HTTP/1.1 2") => {
                if let Some(before) = self.requests.remove(&connection(target, data)) {
                    let mut since = self.logs.iter().filter(|(file, log)| {
                        before.get(*file).is_none_or(|before| before.written < log.written)
                    });
                    let written = since.clone().next().is_some();
                    let synced = since.all(|(_, log)| log.synced == log.written);
                    self.verdict.answers += 1;
                    self.verdict.too_early += usize::from(!(written && synced));
                }
            }
            _ => (),
        }
    }

    /// Handles received data, whose beginning is in quotation marks.
    fn read(&mut self, connection: String, data: &str, writes: &[&str]) {
        if writes.iter().any(|write| data.contains(&format!("\"{write}"))) {
            self.requests.insert(connection, self.logs.clone());
        }
    }

    fn sync_ends(&mut self, thread: &str) {
        if let Some((file, written)) = self.syncs.remove(thread)
            && let Some(log) = self.logs.get_mut(&file)
        {
            log.synced = log.synced.max(written);
        }
    }
}

fn is_sync(rest: &str) -> bool {
    rest.starts_with("fsync ") || rest.starts_with("fdatasync ")
}

fn connection(target: &str, data: &str) -> String {
    format!("{target}>{}", data.split(']').next().unwrap_or_default())
}

#[test]
fn a_trace_is_judged_by_what_was_synced_when_the_answer_went() {
    let request = r#"7 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:4711]>, "POST /api/commit HTTP/1.1\r\n"..., 8192, 0, NULL, NULL) = 900"#;
    let waits = "7 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:4711]>,  <unfinished ...>";
    let comes = r#"7 <... recvfrom resumed>"POST /api/commit HTTP/1.1\r\n"..., 8192, 0, NULL, NULL) = 900"#;
    let write = r#"8 pwrite64(5</d/vault.db-wal>, "abc"..., 4096, 32) = 4096"#;
    let stray = r#"8 pwrite64(6</d/stores/1.new/shares.db-wal>, "abc"..., 4096, 32) = 4096"#;
    let sync = "8 fdatasync(5</d/vault.db-wal>) = 0";
    let begins = "8 fdatasync(5</d/vault.db-wal> <unfinished ...>";
    let ends = "8 <... fdatasync resumed>) = 0";
    let other = "8 fdatasync(6</d/vault.db>) = 0";
    let broken = "8 fdatasync(5</d/vault.db-wal>) = -1 EIO (Input/output error)";
    let answer = r#"7 sendto(9<TCP:[127.0.0.1:80->127.0.0.1:4711]>, "HTTP/1.1 200 OK\r\n"..., 300, MSG_NOSIGNAL, NULL, 0) = 300"#;
    let refusal = r#"7 sendto(9<TCP:[127.0.0.1:80->127.0.0.1:4711]>, "HTTP/1.1 409 Conflict\r\n"..., 300, 0, NULL, 0) = 300"#;
    let elsewhere =
        r#"7 sendto(9<TCP:[127.0.0.1:80->127.0.0.1:4712]>, "HTTP/1.1 200 OK\r\n"..., 300, 0, NULL, 0) = 300"#;
    for (lines, answers, too_early) in [
        (vec![request, write, sync, answer], 1, 0),
        (vec![request, write, begins, ends, answer], 1, 0),
        (vec![waits, comes, write, sync, answer], 1, 0),
        (vec![waits, write, comes, answer], 1, 1),
        (vec![request, write, sync, answer, request, write, sync, answer], 2, 0),
        (vec![request, write, answer], 1, 1),
        (vec![request, write, begins, answer, ends], 1, 1),
        (vec![request, write, begins, write, ends, answer], 1, 1),
        (vec![request, write, other, answer], 1, 1),
        (vec![request, write, broken, answer], 1, 1),
        (vec![request, write, sync, write, answer], 1, 1),
        (vec![write, sync, request, answer], 1, 1),
        (vec![write, request, answer], 1, 1),
        (vec![write, request, write, sync, answer], 1, 0),
        (vec![stray, request, write, sync, answer], 1, 0),
        (vec![request, stray, write, sync, answer], 1, 1),
        (vec![request, write, refusal], 0, 0),
        (vec![request, write, elsewhere], 0, 0),
        (vec![answer], 0, 0),
    ] {
        assert_eq!(
            judge(&lines.join("\n"), &["POST /api/commit "]),
            Verdict { answers, too_early },
            "{lines:#?}"
        );
    }
}
