//! The programs that run quietly: what is seen of them on a terminal, and their end when one of them fails.

use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _},
    process::Child,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// How often the line on the terminal is drawn again.
const TICK: Duration = Duration::from_millis(500);
/// Columns that the line may use.
const WIDTH: usize = 100;
/// Back to the first column, and everything to its right erased.
const ERASE: &str = "\r\x1b[2K";

static BOARD: LazyLock<Mutex<Board>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Board {
    running: Vec<Running>,
    /// Whether the line on the terminal is drawn.
    drawn: bool,
    /// Set once a program failed for good: no other starts.
    stopped: bool,
    ticks: bool,
}

struct Running {
    what: String,
    start: Instant,
    last: String,
    child: Arc<Mutex<Child>>,
}

/// A panic elsewhere leaves nothing here half done.
fn board() -> MutexGuard<'static, Board> {
    BOARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A program that is shown as long as this lives.
pub(super) struct Shown(Arc<Mutex<Child>>);

impl Shown {
    /// Shows a program from now on.
    pub(super) fn start(what: &str, child: Arc<Mutex<Child>>) -> Self {
        let mut board = board();
        if board.stopped {
            kill(&child);
        }
        let shown = Self(Arc::clone(&child));
        board.running.push(Running {
            what: what.to_owned(),
            start: Instant::now(),
            last: String::new(),
            child,
        });
        if !board.ticks && std::io::stdout().is_terminal() {
            board.ticks = true;
            thread::spawn(|| {
                loop {
                    thread::sleep(TICK);
                    self::board().draw();
                }
            });
        }
        shown
    }

    /// Keeps the last line that the program wrote.
    pub(super) fn wrote(&self, line: &str) {
        let mut board = board();
        let mine = board.running.iter_mut().find(|running| Arc::ptr_eq(&running.child, &self.0));
        if let Some(running) = mine {
            line.trim().clone_into(&mut running.last);
        }
    }
}

impl Drop for Shown {
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
        let room = WIDTH / self.running.len().max(1);
        let mut line = String::new();
        for Running { what, start, last, .. } in &self.running {
            let mut one = String::new();
            let _ = write!(one, "  {what} {} s: {last}", start.elapsed().as_secs());
            line.extend(one.chars().take(room));
        }
        line
    }
}

/// Prints something without mixing it with the line on the terminal.
pub(crate) fn above(print: impl FnOnce()) {
    let mut board = board();
    board.erase();
    print();
}

/// Ends every program that runs quietly and lets no other start.
pub(crate) fn stop() {
    let mut board = board();
    board.stopped = true;
    board.running.iter().for_each(|running| kill(&running.child));
}

fn kill(child: &Mutex<Child>) {
    // One that has ended already needs no end.
    let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
}
