//! strace, with which a test checks that every write is synced before it is answered: the user's
//! own, or the system's package. Linux only.

use std::path::PathBuf;

use crate::{
    failure::{Failure, Outcome},
    run, say,
};

/// Returns the path of the program, or `None` on systems other than Linux.
pub(crate) fn find() -> Outcome<Option<PathBuf>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    if let Some(path) = run::find_on_path("strace") {
        return Ok(Some(path));
    }
    let advice =
        "strace is needed for the tests of durability: install it (Debian: sudo apt-get install strace)";
    if run::find_on_path("apt-get").is_none() || !run::is_root() {
        return Err(Failure::new(advice));
    }
    say::line("installing strace with apt-get");
    run::apt_install("strace")?;
    run::find_on_path("strace").map(Some).ok_or_else(|| Failure::new(advice))
}
