//! Compares what the browser downloads, in Brotli bytes, with the budgets.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    files,
    finish::{MANIFEST, page},
    say, workspace,
    workspace::Workspace,
};

/// The budget of everything that is loaded with a cold cache until the unlock button works, without
/// the worker.
const MAX_FIRST_VIEW: u64 = 250_000;
/// The budget of what is loaded after that, and only an open vault needs.
const MAX_OPEN_VAULT: u64 = 300_000;
/// The budget of the worker's script and Wasm.
const MAX_WORKER: u64 = 450_000;

/// The size of a file of the built app, plain and compressed.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct FileSize {
    name: String,
    bytes: u64,
    brotli: u64,
}

/// Prints every size and fails when a budget is exceeded.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let dist = workspace.dist();
    let all = parse_manifest(&files::read_text(&dist.join(MANIFEST))?)?;
    let text = |name: &str| files::read_text(&dist.join(name)).unwrap_or_default();
    let files = split_by_use(&all, text);
    let over: Vec<_> = [
        print_table("first view", &files.first_view, MAX_FIRST_VIEW),
        print_table("open vault", &files.open_vault, MAX_OPEN_VAULT),
        print_table("worker", &files.worker, MAX_WORKER),
    ]
    .into_iter()
    .flatten()
    .collect();
    if over.is_empty() { Ok(()) } else { Err(Failure::new(over.join("; "))) }
}

/// Reads the sizes from `build.json`.
fn parse_manifest(list: &str) -> Outcome<Vec<FileSize>> {
    let list = workspace::parse_json(list)?;
    let entries = list.get("files").and_then(Value::as_object);
    let sized = |(name, entry): (&String, &Value)| {
        let number = |key| entry.get(key).and_then(Value::as_u64);
        Some(FileSize { name: name.clone(), bytes: number("bytes")?, brotli: number("brotli")? })
    };
    entries
        .and_then(|entries| entries.iter().map(sized).collect())
        .ok_or_else(|| Failure::new(format!("{MANIFEST} has another shape than expected")))
}

/// Files by when they are loaded.
struct Files<'a> {
    first_view: Vec<&'a FileSize>,
    open_vault: Vec<&'a FileSize>,
    worker: Vec<&'a FileSize>,
}

/// Returns the files of the first view, found by following names from `index.html`, those of an
/// open vault, which are loaded after it, and those of the worker.
fn split_by_use(all: &[FileSize], text: impl Fn(&str) -> String) -> Files<'_> {
    let later = page::lines_about_open_vault(&text("index.html"), true);
    // `boot.js` registers the service worker once the page works.
    let is_later = |name: &str| name == "sw.js";
    let is_worker = |name: &str| name.starts_with("worker-");
    let mut seen = BTreeSet::from(["index.html"]);
    let mut queue = vec!["index.html"];
    while let Some(name) = queue.pop() {
        let text = if may_name_others(name) { text(name) } else { String::new() };
        let text = page::lines_about_open_vault(&text, false);
        for file in all {
            if text.contains(&file.name)
                && !is_worker(&file.name)
                && !is_later(&file.name)
                && seen.insert(&file.name)
            {
                queue.push(&file.name);
            }
        }
    }
    Files {
        first_view: all.iter().filter(|file| seen.contains(file.name.as_str())).collect(),
        open_vault: all.iter().filter(|file| later.contains(&file.name)).collect(),
        worker: all.iter().filter(|file| is_worker(&file.name)).collect(),
    }
}

/// Returns whether a file is of a kind that makes the browser fetch others.
fn may_name_others(name: &str) -> bool {
    [".html", ".css", ".js"].iter().any(|kind| name.ends_with(kind))
}

/// Prints one table. Returns a message when it is over its budget.
fn print_table(title: &str, files: &[&FileSize], budget: u64) -> Option<String> {
    say::heading(format_args!("{:<44} {:>9} {:>9}", title, "bytes", "brotli"));
    for file in files {
        say::line(format_args!("  {:<42} {:>9} {:>9}", file.name, file.bytes, file.brotli));
    }
    let total: u64 = files.iter().map(|file| file.brotli).sum();
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    say::line(format_args!("  {:<42} {bytes:>9} {total:>9} of {budget}", "together"));
    if files.is_empty() {
        return Some(format!("no file of the {title} was found"));
    }
    (total > budget).then(|| format!("the {title} is {total} brotli bytes, over its budget of {budget}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST_TEXT: &str = r#"{"files": {
        "app-1.wasm": {"bytes": 9, "brotli": 3}, "boot-1.js": {"bytes": 5, "brotli": 2},
        "font.woff2": {"bytes": 8, "brotli": 8}, "index.html": {"bytes": 4, "brotli": 1},
        "later.svg": {"bytes": 7, "brotli": 7}, "look.css": {"bytes": 6, "brotli": 4},
        "vault-1.wasm": {"bytes": 9, "brotli": 5},
        "worker-1.js": {"bytes": 2, "brotli": 2}, "worker-1.wasm": {"bytes": 2, "brotli": 2}}}"#;

    fn text(name: &str) -> String {
        match name {
            "index.html" => "/boot-1.js /app-1.wasm /worker-1.js /worker-1.wasm /look.css\n\
                 <meta name=\"crystallum-vault-wasm\" content=\"/vault-1.wasm x\">"
                .to_owned(),
            "look.css" => "url(/font.woff2)".to_owned(),
            _ => String::new(),
        }
    }

    #[test]
    fn the_first_view_is_what_the_page_leads_to() {
        let all = parse_manifest(MANIFEST_TEXT).unwrap();
        let Files { first_view: first, open_vault, worker } = split_by_use(&all, text);
        let names = |files: &[&FileSize]| files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&first), ["app-1.wasm", "boot-1.js", "font.woff2", "index.html", "look.css"]);
        assert_eq!(names(&open_vault), ["vault-1.wasm"]);
        assert_eq!(names(&worker), ["worker-1.js", "worker-1.wasm"]);
    }

    #[test]
    fn a_byte_over_the_budget_fails() {
        let all = parse_manifest(MANIFEST_TEXT).unwrap();
        let first = split_by_use(&all, text).first_view;
        assert_eq!(print_table("first view", &first, 18), None);
        assert!(print_table("first view", &first, 17).unwrap().contains("18 brotli bytes"));
        assert!(print_table("first view", &[], 17).is_some());
    }

    #[test]
    fn a_list_of_another_shape_is_refused() {
        assert!(parse_manifest("{}").is_err());
        assert!(parse_manifest(r#"{"files": {"a": {"bytes": 1}}}"#).is_err());
    }
}
