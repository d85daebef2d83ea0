//! Brotli copies beside the files, made by Node's zlib at its strongest.

use std::{collections::BTreeSet, path::Path, process::Command};

use crate::{failure::Outcome, files, run, tools::node};

/// What compresses well; pictures do not.
const KINDS: [&str; 6] = [".css", ".html", ".js", ".svg", ".wasm", ".webmanifest"];

/// Compresses each argument into a file beside it.
const SCRIPT: &str = "
const { readFileSync, writeFileSync } = require('node:fs');
const { brotliCompressSync, constants } = require('node:zlib');
for (const path of process.argv.slice(1)) {
  const bytes = readFileSync(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(path + '.br', brotliCompressSync(bytes, { params }));
}
";

/// Compresses what is worth it in a folder and returns the names.
pub(super) fn all(folder: &Path) -> Outcome<BTreeSet<String>> {
    let worth = |name: &String| KINDS.iter().any(|kind| name.ends_with(kind));
    let names: BTreeSet<_> = files::names(folder)?.into_iter().filter(worth).collect();
    let mut node = Command::new(node::node()?);
    node.args(["-e", SCRIPT, "--"]).args(names.iter().map(|name| folder.join(name)));
    run::run(&mut node, "compressing")?;
    Ok(names)
}
