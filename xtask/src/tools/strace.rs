//! strace for the test that sees every write synced before its answer: the user's, or the system's package. Linux only.

use std::path::PathBuf;

use crate::{
    failure::{Failure, Outcome},
    run, say,
};

/// The program; none on systems that have no such thing.
pub(crate) fn find() -> Outcome<Option<PathBuf>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    if let Some(path) = run::on_path("strace") {
        return Ok(Some(path));
    }
    let advice =
        "strace is needed for the tests of durability: install it (Debian: sudo apt-get install strace)";
    if run::on_path("apt-get").is_none() || !run::is_root() {
        return Err(Failure::new(advice));
    }
    say::line("installing strace with apt-get");
    run::apt_install("strace")?;
    run::on_path("strace").map(Some).ok_or_else(|| Failure::new(advice))
}
