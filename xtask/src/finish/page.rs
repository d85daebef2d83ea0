//! Reads and fills in the element of `index.html` through which Trunk hands over file names.

use crate::failure::{Failure, Outcome};

/// The element with the names of the app's files (`pattern_script` in `Trunk.toml`).
const BEFORE: &str = "<meta name=\"trunk-app\" content=\"";
const AFTER: &str = "\">";

/// The style sheets of an open vault, by the first part of their names. `boot.js` loads them once
/// the page works.
const VAULT_STYLES: [&str; 6] = ["keys", "wallets", "shares", "history", "ways", "print"];
/// The beginning of the elements that name them.
const VAULT_STYLE_META: &str = "<meta name=\"crystallum-vault-style\" content=\"";

/// The beginning of the element that names the part of the app's Wasm that only an open vault
/// needs.
const VAULT_WASM_META: &str = "<meta name=\"crystallum-vault-wasm\" content=\"";

/// The files that the page starts, under their final names.
pub(super) struct EntryFiles {
    pub(super) boot: HashedFile,
    pub(super) app_wasm: HashedFile,
    pub(super) vault_wasm: HashedFile,
    pub(super) worker: HashedFile,
    pub(super) worker_wasm: HashedFile,
}

/// A file name with the hash of the file.
pub(super) struct HashedFile {
    pub(super) name: String,
    pub(super) integrity: String,
}

/// Returns the names that Trunk gave to the app's bindings and its Wasm file.
pub(super) fn trunk_files(page: &str) -> Outcome<(&str, &str)> {
    element(page).and_then(|(_, content, _)| content.split_once(' ')).ok_or_else(|| {
        Failure::new("index.html does not name the app's files; see pattern_script in Trunk.toml")
    })
}

/// Returns the page with the names and hashes of its entry files.
pub(super) fn fill_in(page: &str, entry_files: &EntryFiles) -> Outcome<String> {
    let (before, _, after) =
        element(page).ok_or_else(|| Failure::new("index.html does not name the app's files"))?;
    let EntryFiles { boot, app_wasm, vault_wasm, worker, worker_wasm } = entry_files;
    let lines = [
        meta("crystallum-app-wasm", app_wasm),
        meta("crystallum-vault-wasm", vault_wasm),
        meta("crystallum-worker", worker),
        meta("crystallum-worker-wasm", worker_wasm),
        format!(
            "<link rel=\"preload\" href=\"/{}\" as=\"fetch\" type=\"application/wasm\" crossorigin integrity=\"{}\">",
            app_wasm.name, app_wasm.integrity
        ),
        format!(
            "<script type=\"module\" blocking=\"render\" src=\"/{}\" crossorigin integrity=\"{}\"></script>",
            boot.name, boot.integrity
        ),
    ];
    Ok(format!("{before}{}{after}", lines.join("\n  ")))
}

/// Returns the page with the style sheets of an open vault named in `meta` elements, which the
/// browser does not load.
pub(super) fn defer_vault_styles(page: &str) -> Outcome<String> {
    let mut deferred = 0;
    let mut lines = Vec::new();
    for line in page.lines() {
        match vault_style(line) {
            Some(file) => {
                deferred += 1;
                lines.push(format!("  {VAULT_STYLE_META}{file}\">"));
            }
            None => lines.push(line.to_owned()),
        }
    }
    if deferred != VAULT_STYLES.len() {
        return Err(Failure::new(format!("index.html names {deferred} style sheets of an open vault")));
    }
    Ok(lines.join("\n") + "\n")
}

/// Returns the address and the hash of the style sheet that a line loads, if it is one of an open
/// vault.
fn vault_style(line: &str) -> Option<String> {
    let (_, link) = line.split_once("<link rel=\"stylesheet\" href=\"/")?;
    let (name, rest) = link.split_once('"')?;
    let (_, rest) = rest.split_once("integrity=\"")?;
    let (integrity, _) = rest.split_once('"')?;
    let is_deferred = VAULT_STYLES.iter().any(|stem| {
        name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('-') && rest.ends_with(".css"))
    });
    is_deferred.then(|| format!("/{name} {integrity}"))
}

/// Returns the lines of the page that name files of an open vault, or those that do not. `boot.js`
/// loads these files once the page works.
pub(crate) fn lines_about_open_vault(page: &str, wanted: bool) -> String {
    let names_one = |line: &&str| line.contains(VAULT_STYLE_META) || line.contains(VAULT_WASM_META);
    page.lines().filter(|line| names_one(line) == wanted).collect::<Vec<_>>().join("\n")
}

/// Returns what is before the element, its content, and what is after it.
fn element(page: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = page.split_once(BEFORE)?;
    let (content, after) = rest.split_once(AFTER)?;
    Some((before, content, after))
}

fn meta(name: &str, file: &HashedFile) -> String {
    format!("<meta name=\"{name}\" content=\"/{} {}\">", file.name, file.integrity)
}
