use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A small file system in memory, which only root can mount.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// Mounts one of this many MiB, or returns `None` where that is not allowed.
    pub fn mount(mib: u32) -> Option<Self> {
        let folder = TempDir::new().expect("the system has room for temporary files");
        let options = format!("size={mib}m,mode=700");
        run("mount", &["-t", "tmpfs", "-o", &options, "tmpfs"], folder.path()).then(|| Self(folder))
    }

    /// Returns its top folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Returns a folder for the data of a server.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Uses up all space.
    pub fn fill(&self) {
        let mut ballast = File::create(self.ballast()).expect("a file fits until the disk is full");
        while ballast.write_all(&[1; 4_096]).is_ok() {}
    }

    /// Gives the space back that [`fill`](Self::fill) used up.
    pub fn free(&self) {
        fs::remove_file(self.ballast()).expect("the disk was filled");
    }

    /// Makes it read-only, or writable again.
    pub fn set_writable(&self, writable: bool) {
        let options = if writable { "remount,rw" } else { "remount,ro" };
        assert!(run("mount", &["-o", options], self.path()));
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        assert!(run("umount", &["--lazy"], self.path()));
    }
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).arg(folder).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
