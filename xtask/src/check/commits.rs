//! The step that warns about long commit subjects. It never fails: a commit can be reworded later,
//! and history that is already shared cannot.

use std::process::Command;

use crate::{failure::Outcome, run, say, workspace::Workspace};

/// The most characters that a subject should have.
const MAX_SUBJECT: usize = 72;

/// Warns about every commit since `origin/main` whose subject is too long. Without git, or without
/// that branch, there is nothing to compare with and nothing is printed.
pub(super) fn check(workspace: &Workspace) -> Outcome {
    let mut git = Command::new("git");
    git.current_dir(&workspace.root).args(["log", "--format=%h %s", "origin/main..HEAD", "--"]);
    let log = run::capture(&mut git, "git log").unwrap_or_default();
    warnings(&log).iter().for_each(say::line);
    Ok(())
}

/// Returns a warning for each line `HASH SUBJECT` whose subject is too long.
fn warnings(log: &str) -> Vec<String> {
    let commits = log.lines().filter_map(|line| line.split_once(' '));
    commits
        .filter_map(|(hash, subject)| {
            let length = subject.chars().count();
            (length > MAX_SUBJECT).then(|| {
                format!(
                    "note: the subject of {hash} has {length} characters, more than {MAX_SUBJECT}: {subject}"
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_subjects_over_the_limit_are_warned_about() {
        let fits = "é".repeat(MAX_SUBJECT);
        let warnings = warnings(&format!("abc {fits}\ndef {fits}!\n"));
        assert!(
            matches!(warnings.as_slice(), [one] if one.contains("def has 73 characters")),
            "{warnings:?}"
        );
    }

    #[test]
    fn no_commits_are_no_warnings() {
        assert_eq!(warnings(""), Vec::<String>::new());
    }
}
