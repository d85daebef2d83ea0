//! Finds or builds the program of the server.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Returns the path of the program: `CRYSTALLUM_SERVER`, or else one that is built at most once in
/// a test process.
pub fn server_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| env::var_os("CRYSTALLUM_SERVER").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let test = env::current_exe().expect("a test program has a path");
    // …/target/PROFILE/deps/test-program
    let folder = test.parent().and_then(Path::parent).expect("cargo puts test programs two folders deep");
    let target = folder.parent().expect("a profile's folder lies in the target folder");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "crystallum-server", "--target-dir"]).arg(target);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    if folder.ends_with("release") {
        command.arg("--release");
    }
    let status = command.status().expect("cargo starts");
    assert!(status.success(), "crystallum-server does not build");
    folder.join("crystallum-server")
}
