//! The programs that run quietly: their status line on a terminal, and their termination when one
//! of them fails.

use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _},
    process::Child,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// The time between two redraws of the status line.
const REDRAW_INTERVAL: Duration = Duration::from_millis(500);
/// The time between two lines about what still runs, where there is no terminal.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// The most columns that the status line takes.
const MAX_WIDTH: usize = 79;
/// Moves to the first column and erases the line.
const ERASE: &str = "\r\x1b[2K";

static BOARD: LazyLock<Mutex<Board>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Board {
    running: Vec<Running>,
    /// Whether the status line is on the terminal at the moment.
    drawn: bool,
    /// Set once a program has failed: no other is started.
    stopped: bool,
    /// Whether the thread that shows what runs was started.
    shows: bool,
}

struct Running {
    what: String,
    start: Instant,
    last: String,
    child: Arc<Mutex<Child>>,
}

/// Locks the board. It is consistent even after a panic of another thread.
fn board() -> MutexGuard<'static, Board> {
    BOARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A program in the status line; dropping this removes it.
pub(super) struct StatusEntry(Arc<Mutex<Child>>);

impl StatusEntry {
    /// Adds a program to the status line, or kills it after `stop_all`.
    pub(super) fn start(what: &str, child: Arc<Mutex<Child>>) -> Self {
        let mut board = board();
        if board.stopped {
            kill(&child);
        }
        let entry = Self(Arc::clone(&child));
        board.running.push(Running {
            what: what.to_owned(),
            start: Instant::now(),
            last: String::new(),
            child,
        });
        if !board.shows {
            board.shows = true;
            thread::spawn(if std::io::stdout().is_terminal() { redraw_line } else { print_heartbeats });
        }
        entry
    }

    /// Sets the last line that the program wrote.
    pub(super) fn set_last_line(&self, line: &str) {
        let mut board = board();
        let mine = board.running.iter_mut().find(|running| Arc::ptr_eq(&running.child, &self.0));
        if let Some(running) = mine {
            line.trim().clone_into(&mut running.last);
        }
    }
}

fn redraw_line() {
    loop {
        thread::sleep(REDRAW_INTERVAL);
        board().draw();
    }
}

fn print_heartbeats() {
    loop {
        thread::sleep(HEARTBEAT);
        let line = board().line();
        if !line.is_empty() {
            let mut out = std::io::stdout().lock();
            let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    }
}

impl Drop for StatusEntry {
    fn drop(&mut self) {
        let mut board = board();
        board.running.retain(|running| !Arc::ptr_eq(&running.child, &self.0));
        board.erase();
    }
}

impl Board {
    fn erase(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(ERASE.as_bytes()).and_then(|()| out.flush());
        }
    }

    fn draw(&mut self) {
        self.erase();
        let line = self.line();
        if line.is_empty() {
            return;
        }
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        self.drawn = true;
    }

    fn line(&self) -> String {
        let width = MAX_WIDTH / self.running.len().max(1);
        let mut line = String::new();
        for Running { what, start, last, .. } in &self.running {
            let mut one = String::new();
            let _ = write!(one, "  {what} {} s: {last}", start.elapsed().as_secs());
            line.extend(one.chars().take(width));
        }
        line
    }
}

/// Erases the status line before something else is printed.
pub(crate) fn print_above_status(print: impl FnOnce()) {
    let mut board = board();
    board.erase();
    print();
}

/// Kills every program that runs quietly and prevents others from starting.
pub(crate) fn stop_all() {
    let mut board = board();
    board.stopped = true;
    board.running.iter().for_each(|running| kill(&running.child));
}

fn kill(child: &Mutex<Child>) {
    // It fails when the program has already exited.
    let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
}

/// Lets programs start again, for a new run of steps.
pub(crate) fn allow_start() {
    board().stopped = false;
}
