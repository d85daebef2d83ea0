//! Writes a Brotli copy beside each file, with Node's zlib at its highest quality.

use std::{collections::BTreeSet, path::Path, process::Command};

use crate::{failure::Outcome, files, run, tools::node};

/// The kinds of files that compress well; images do not.
const COMPRESSED_KINDS: [&str; 6] = [".css", ".html", ".js", ".svg", ".wasm", ".webmanifest"];

/// The script for Node, which compresses each argument into a file beside it.
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

/// Compresses the files of these kinds in a folder and returns their names.
pub(super) fn compress_folder(folder: &Path) -> Outcome<BTreeSet<String>> {
    let compresses_well = |name: &String| COMPRESSED_KINDS.iter().any(|kind| name.ends_with(kind));
    let names: BTreeSet<_> = files::file_names(folder)?.into_iter().filter(compresses_well).collect();
    let mut node = Command::new(node::node()?);
    node.args(["-e", SCRIPT, "--"]).args(names.iter().map(|name| folder.join(name)));
    run::run(&mut node, "compressing")?;
    Ok(names)
}
