//! Builds and runs the test programs that carry out attacks.

use std::{
    collections::BTreeMap,
    iter,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use super::libtest::{Outcome as Ran, Results};
use super::limited;
use super::seen::Without;
use super::table::Test;
use crate::{
    failure::{Failure, Outcome},
    run, say,
    workspace::{self, Workspace},
};

/// A test program before it is built: a target of a package.
struct Target {
    /// The name of an integration test, or `None` for the tests inside a library.
    name: Option<String>,
    /// The first source file, in the folder of all others unless the target is a single file.
    source: PathBuf,
    /// The folder of the package, in which its tests run.
    folder: PathBuf,
}

/// Where each test program is, by its first source file.
pub(super) type Built = BTreeMap<PathBuf, PathBuf>;

/// Builds the test program of a source file and returns where it is.
pub(crate) fn program_of(workspace: &Workspace, file: &str) -> Outcome<PathBuf> {
    let test = Test { number: "", name: "", file, without: Without(""), words: "" };
    let programs = Programs::find(workspace, iter::once(test))?;
    let mut built = programs.build()?;
    let program = programs.found.keys().find_map(|source| built.remove(source));
    program.ok_or_else(|| Failure::new(format!("the tests of {file} were not built")))
}

/// The test programs that are needed, each with its tests.
pub(super) struct Programs<'a> {
    found: BTreeMap<PathBuf, (Target, Vec<Test<'a>>)>,
    root: PathBuf,
}

impl<'a> Programs<'a> {
    /// Finds the programs to which these tests belong.
    pub(super) fn find(workspace: &Workspace, tests: impl Iterator<Item = Test<'a>>) -> Outcome<Self> {
        let mut metadata = run::cargo(&workspace.root);
        metadata.args(["metadata", "--format-version", "1", "--no-deps"]);
        let metadata = workspace::parse_json(&run::capture(&mut metadata, "cargo metadata")?)?;
        let mut found = BTreeMap::new();
        for test in tests {
            let file = workspace.path(test.file);
            let target = target_of(&metadata, &file);
            let target =
                target.ok_or_else(|| Failure::new(format!("{} belongs to no test program", test.file)))?;
            found.entry(target.source.clone()).or_insert((target, Vec::new())).1.push(test);
        }
        Ok(Self { found, root: workspace.root.clone() })
    }

    /// Builds them. The command covers all default members, so that nothing is built again with
    /// other features. Returns where each program is, by its first source file.
    pub(super) fn build(&self) -> Outcome<Built> {
        let mut cargo = run::cargo(&self.root);
        cargo.args(["test", "--locked", "--no-run", "--message-format", "json-render-diagnostics"]);
        let names: Vec<_> = self.found.values().map(|(target, _)| &target.name).collect();
        if names.iter().any(|name| name.is_none()) {
            cargo.arg("--lib");
        }
        for name in names.into_iter().flatten() {
            cargo.args(["--test", name]);
        }
        let messages = run::capture(cargo.stderr(Stdio::inherit()), "building the tests")?;
        Ok(messages.lines().filter_map(built).collect())
    }

    /// Runs those of their tests that carry out attacks, and calls `note` with each and what became
    /// of it.
    pub(super) fn run(
        &self,
        built: &Built,
        prepare: impl Fn(&mut Command),
        mut note: impl FnMut(Test<'a>, Ran),
    ) -> Outcome {
        for (source, (target, tests)) in &self.found {
            let shown = source.strip_prefix(&self.root).unwrap_or(source).display();
            let mut command = command_of(built, source, target)?;
            prepare(&mut command);
            let output = command.args(tests.iter().map(|test| test.name)).stdin(Stdio::null()).output();
            let output = output.map_err(|cause| Failure::not_started(&command, &cause))?;
            let printed = String::from_utf8_lossy(&output.stdout);
            if !output.status.success() {
                say::line(format_args!("{printed}{}", String::from_utf8_lossy(&output.stderr)));
            }
            let results = Results::read(&printed);
            for test in tests {
                let module = module_of(source, &self.root.join(test.file));
                note(*test, results.of(&module, test.name));
            }
            say::line(format_args!("  {shown}: {}", last_line(&printed)));
        }
        Ok(())
    }

    /// Runs these tests and no others, and calls `note` with each, what became of it, and whether
    /// its program came to its end within the limit. What the programs print is added to the log.
    pub(super) fn run_exactly(
        &self,
        built: &Built,
        wanted: &[Test<'a>],
        limit: Duration,
        prepare: impl Fn(&mut Command),
        log: &mut String,
        mut note: impl FnMut(Test<'a>, Ran, bool),
    ) -> Outcome {
        for (source, (target, all)) in &self.found {
            let is_here = |test: &&Test<'_>| all.iter().any(|one| one.file == test.file);
            let tests: Vec<_> = wanted.iter().filter(is_here).collect();
            if tests.is_empty() {
                continue;
            }
            let mut command = command_of(built, source, target)?;
            prepare(&mut command);
            command.arg("--exact");
            for test in &tests {
                command.args(paths(&module_of(source, &self.root.join(test.file)), test.name));
            }
            let printed = limited::run(&mut command, limit)?;
            log.push_str(&printed.text);
            let results = Results::read(&printed.text);
            for test in tests {
                let module = module_of(source, &self.root.join(test.file));
                note(*test, results.of(&module, test.name), printed.ended);
            }
        }
        Ok(())
    }
}

/// Returns the command of a test program, which runs in the folder of its package.
fn command_of(built: &Built, source: &Path, target: &Target) -> Outcome<Command> {
    let program = built.get(source);
    let program =
        program.ok_or_else(|| Failure::new(format!("the tests of {} were not built", source.display())))?;
    let mut command = Command::new(program);
    command.current_dir(&target.folder).env("CARGO_MANIFEST_DIR", &target.folder);
    Ok(command)
}

/// Returns the paths that a test of a module may have: there, or in the `tests` inside it.
fn paths(module: &str, name: &str) -> [String; 2] {
    let inside = if module.is_empty() { String::new() } else { format!("{module}::") };
    [format!("{inside}{name}"), format!("{inside}tests::{name}")]
}

/// Returns the target to which a source file belongs: the one that is this file, or the one whose
/// first file is deepest in the folders above it.
fn target_of(metadata: &Value, file: &Path) -> Option<Target> {
    let mut best: Option<Target> = None;
    for package in metadata.get("packages")?.as_array()? {
        let folder = Path::new(package.get("manifest_path")?.as_str()?).parent()?;
        for target in package.get("targets")?.as_array()? {
            let kinds: Vec<_> = target.get("kind")?.as_array()?.iter().filter_map(Value::as_str).collect();
            let name = if kinds.contains(&"test") {
                Some(target.get("name")?.as_str()?.to_owned())
            } else if kinds.iter().any(|kind| kind.ends_with("lib")) {
                None
            } else {
                continue;
            };
            let source = PathBuf::from(target.get("src_path")?.as_str()?);
            let is_folder = source.ends_with("lib.rs") || source.ends_with("main.rs");
            let has =
                source == file || (is_folder && source.parent().is_some_and(|top| file.starts_with(top)));
            let depth = |target: &Target| target.source.components().count();
            let found = Target { name, source, folder: folder.to_path_buf() };
            if has && best.as_ref().is_none_or(|best| depth(best) < depth(&found)) {
                best = Some(found);
            }
        }
    }
    best
}

/// Returns the path of the module that is a source file of a program.
fn module_of(source: &Path, file: &Path) -> String {
    let inside = source.parent().filter(|_| source != file).and_then(|top| file.strip_prefix(top).ok());
    let Some(inside) = inside else { return String::new() };
    let names: Vec<_> =
        inside.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    names.join("::")
}

/// Reads one of cargo's messages: the first source file of a test program, and where it is.
fn built(message: &str) -> Option<(PathBuf, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_test = message.get("profile")?.get("test")?.as_bool()?;
    let source = message.get("target")?.get("src_path")?.as_str().filter(|_| is_test)?;
    Some((source.into(), message.get("executable")?.as_str()?.into()))
}

/// Returns the counts from the last line of a test program.
fn last_line(printed: &str) -> &str {
    let line = printed.lines().rev().find_map(|line| line.strip_prefix("test result: "));
    line.map_or("ended before its end", |line| line.split("; finished").next().unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Value {
        serde_json::json!({"packages": [
            {"manifest_path": "/c/core/Cargo.toml", "targets": [
                {"name": "core", "kind": ["cdylib", "rlib"], "src_path": "/c/core/src/lib.rs"}]},
            {"manifest_path": "/c/Cargo.toml", "targets": [
                {"name": "xtask", "kind": ["bin"], "src_path": "/c/core/src/main.rs"}]},
            {"manifest_path": "/c/server/Cargo.toml", "targets": [
                {"name": "server", "kind": ["lib"], "src_path": "/c/server/src/lib.rs"},
                {"name": "api", "kind": ["test"], "src_path": "/c/server/tests/api/main.rs"},
                {"name": "one", "kind": ["test"], "src_path": "/c/server/tests/one.rs"}]}]})
    }

    #[test]
    fn a_file_belongs_to_one_program_and_is_a_module_of_it() {
        for (file, source, name, module) in [
            ("/c/core/src/seal/tests.rs", "/c/core/src/lib.rs", None, "seal::tests"),
            ("/c/server/src/vault/rules.rs", "/c/server/src/lib.rs", None, "vault::rules"),
            ("/c/server/tests/api/login.rs", "/c/server/tests/api/main.rs", Some("api"), "login"),
            ("/c/server/tests/one.rs", "/c/server/tests/one.rs", Some("one"), ""),
        ] {
            let file = Path::new(file);
            let target = target_of(&metadata(), file).unwrap();
            assert_eq!((target.source.as_path(), target.name.as_deref()), (Path::new(source), name));
            assert_eq!(module_of(&target.source, file), module);
        }
        assert!(target_of(&metadata(), Path::new("/c/server/tests/two.rs")).is_none());
        assert_eq!(paths("login", "a_test"), ["login::a_test", "login::tests::a_test"]);
        assert_eq!(paths("", "a_test"), ["a_test", "tests::a_test"]);
    }

    #[test]
    fn only_test_programs_are_taken_from_what_cargo_built() {
        let message = |test: bool, executable: &str| {
            format!(
                r#"{{"profile":{{"test":{test}}},"target":{{"src_path":"/c/a.rs"}},"executable":{executable}}}"#
            )
        };
        assert_eq!(built(&message(true, r#""/t/a""#)), Some(("/c/a.rs".into(), "/t/a".into())));
        assert_eq!(built(&message(false, r#""/t/a""#)), None);
        assert_eq!(built(&message(true, "null")), None);
        assert_eq!(built("warning: something"), None);
        let printed = "running 1 test\ntest result: ok. 1 passed; 0 failed; finished in 1.00s\n\n";
        assert_eq!(last_line(printed), "ok. 1 passed; 0 failed");
    }
}
