//! The Rust toolchain: its version, and the targets and components that rustup can add to it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{process, Outcome};

/// The toolchain that runs this program.
pub(crate) struct Rust {
    root: PathBuf,
    version: String,
    /// The folder that holds its compiler and libraries.
    sysroot: PathBuf,
    /// The toolchain's name, where rustup manages it.
    toolchain: Option<String>,
}

impl Rust {
    /// Finds the toolchain. Fails when it is older than the channel.
    pub(crate) fn find(root: &Path, channel: &str) -> Outcome<Self> {
        let ask = |arguments: &[&str]| {
            let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
            process::answer(Command::new(rustc).args(arguments).current_dir(root)).map_err(|cause| {
                format!("rustc does not answer ({cause}). Install Rust with rustup: https://rustup.rs")
            })
        };
        let version = ask(&["--version"])?.trim().to_owned();
        if process::version(&version) < process::version(channel) {
            return Err(format!(
                "Rust {channel} is needed; this is {version}. Install rustup (https://rustup.rs), run `rustup toolchain \
                 install` in this folder, then repeat"
            ));
        }
        let sysroot = PathBuf::from(ask(&["--print", "sysroot"])?.trim());
        // The programs in rustup's bin folder name the toolchain that they chose.
        let toolchain = env::var("RUSTUP_TOOLCHAIN").ok().filter(|_| process::on_path("rustup").is_some());
        Ok(Self { root: root.to_owned(), version, sysroot, toolchain })
    }

    /// Adds the targets that are missing.
    pub(crate) fn ensure_targets(&self, targets: &[String]) -> Outcome {
        self.ensure("target", targets, |target| has_target(&self.sysroot, target))
    }

    /// Adds the components that are missing.
    pub(crate) fn ensure_components(&self, components: &[String]) -> Outcome {
        self.ensure("component", components, |component| has_component(&self.sysroot, component))
    }

    fn ensure(&self, kind: &str, wanted: &[String], is_there: impl Fn(&str) -> bool) -> Outcome {
        let missing: Vec<_> = wanted.iter().filter(|name| !is_there(name)).map(String::as_str).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let names = missing.join(" ");
        let toolchain = self.toolchain.as_ref().ok_or_else(|| {
            format!(
                "the {kind} {names} is missing, and this Rust ({}) was not installed by rustup, which could add it. Install \
                 rustup (https://rustup.rs), or your distribution's package for it, then repeat",
                self.version
            )
        })?;
        eprintln!("adding the {kind} {names} to Rust {toolchain} with rustup");
        let mut rustup = Command::new("rustup");
        rustup.args([kind, "add", "--toolchain", toolchain]).args(&missing).current_dir(&self.root);
        process::answer(&mut rustup).map_err(|cause| {
            format!(
                "rustup could not add the {kind} {names} ({}). Connect this machine to the network, or run `rustup {kind} \
                 add --toolchain {toolchain} {names}` yourself, then repeat",
                innermost(&cause)
            )
        })?;
        if missing.iter().all(|name| is_there(name)) {
            return Ok(());
        }
        Err(format!(
            "rustup takes the {kind} {names} for installed, but its files are missing. Run `rustup toolchain uninstall \
             {toolchain}` and `rustup toolchain install` in this folder, then repeat"
        ))
    }
}

/// Returns the end of a chain of causes such as `cannot add: cannot download: no network: no such
/// host`.
fn innermost(cause: &str) -> String {
    let mut last: Vec<_> = cause.rsplit(": ").take(2).collect();
    last.reverse();
    last.join(": ")
}

/// Returns whether the standard library of a target is installed.
fn has_target(sysroot: &Path, target: &str) -> bool {
    let folder = sysroot.join("lib").join("rustlib").join(target).join("lib");
    std::fs::read_dir(folder).map_or(false, |entries| entries.flatten().any(|entry| is_core(&entry)))
}

fn is_core(entry: &std::fs::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy().into_owned();
    name.starts_with("libcore-") && name.ends_with(".rlib")
}

/// Returns whether the program of a component is installed, under its own name (`rustfmt`) or as a
/// command of cargo (`cargo-clippy`).
fn has_component(sysroot: &Path, component: &str) -> bool {
    let suffix = env::consts::EXE_SUFFIX;
    let there = |name: String| sysroot.join("bin").join(name).is_file();
    there(format!("{component}{suffix}")) || there(format!("cargo-{component}{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that looks like an installed toolchain, removed when dropped.
    struct Sysroot(PathBuf);

    impl Sysroot {
        fn new(name: &str, files: &[&str]) -> Self {
            let folder = env::temp_dir().join(format!("crystallum bootstrap {name} {}", std::process::id()));
            for file in files {
                let path = folder.join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, "").unwrap();
            }
            Self(folder)
        }
    }

    impl Drop for Sysroot {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }

    fn rust(sysroot: &Sysroot) -> Rust {
        let (root, version) = (sysroot.0.clone(), "rustc 1.95.0".to_owned());
        Rust { root, version, sysroot: sysroot.0.clone(), toolchain: None }
    }

    #[test]
    fn a_target_is_there_when_its_library_is() {
        let here = "lib/rustlib/here/lib/libcore-0123.rlib";
        let sysroot = Sysroot::new("targets", &[here, "lib/rustlib/empty/lib/other.rlib"]);
        assert!(has_target(&sysroot.0, "here"));
        assert!(!has_target(&sysroot.0, "empty"));
        assert!(!has_target(&sysroot.0, "nowhere"));
        assert_eq!(rust(&sysroot).ensure_targets(&["here".to_owned()]), Ok(()));
    }

    #[test]
    fn a_component_is_there_when_its_program_is() {
        let [formatter, linter] =
            ["rustfmt", "cargo-clippy"].map(|name| format!("bin/{name}{}", env::consts::EXE_SUFFIX));
        let sysroot = Sysroot::new("components", &[&formatter, &linter]);
        assert!(has_component(&sysroot.0, "rustfmt") && has_component(&sysroot.0, "clippy"));
        assert!(!has_component(&sysroot.0, "miri"));
    }

    #[test]
    fn without_rustup_one_line_says_what_to_do() {
        let line = rust(&Sysroot::new("alone", &[]))
            .ensure_targets(&["wasm32-unknown-unknown".to_owned()])
            .unwrap_err();
        assert!(line.contains("https://rustup.rs") && line.contains("wasm32-unknown-unknown"), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
    }

    #[test]
    fn of_a_chain_of_causes_the_innermost_is_told() {
        assert_eq!(innermost("a: b: dns error: no such host"), "dns error: no such host");
        assert_eq!(innermost("no such host"), "no such host");
    }

    #[test]
    fn an_older_rust_is_refused_and_the_running_one_is_not() {
        let line = Rust::find(&crate::root(), "99.0.0").err().unwrap();
        assert!(line.starts_with("Rust 99.0.0 is needed; this is rustc "), "{line}");
        assert!(Rust::find(&crate::root(), "1.0.0").is_ok());
    }
}
