//! The part of the command `wasm-bindgen` that Trunk and our benchmarks use. A Wasm file that says
//! where it is to be split is split first; then the bindings are those of its first part.
//!
//! The library does all the work. The published command includes a test runner with a web server
//! and a client, which take twice as long to compile as everything that is needed here. Its version
//! would also have to be kept equal to the crate's, which `Cargo.lock` does for this one.
#![expect(clippy::print_stdout, reason = "a command speaks on standard output")]

mod split;

use std::{path::PathBuf, process::ExitCode};

use lexopt::{Arg, Parser, ValueExt};
use wasm_bindgen_cli_support::Bindgen;

/// The parsed command line.
struct Job {
    input: PathBuf,
    out_dir: PathBuf,
    out_name: Option<String>,
    target: String,
    typescript: bool,
}

fn main() -> ExitCode {
    let done = parse(Parser::from_env()).and_then(|job| match job {
        Some(job) => generate(&job),
        None => {
            println!("wasm-bindgen {}", wasm_bindgen_shared::version());
            Ok(())
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("error: {words}");
            ExitCode::FAILURE
        }
    }
}

/// Parses the arguments; `None` asks for the version.
fn parse(mut parser: Parser) -> Result<Option<Job>, String> {
    let (mut input, mut out_dir, mut out_name) = (None, None, None);
    let (mut target, mut typescript) = ("bundler".to_owned(), true);
    let text = |parser: &mut Parser| parser.value()?.string();
    let words = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(words)? {
        match argument {
            Arg::Long("version") | Arg::Short('V') => return Ok(None),
            Arg::Long("target") => target = text(&mut parser).map_err(words)?,
            Arg::Long("out-dir") => out_dir = Some(parser.value().map_err(words)?.into()),
            Arg::Long("out-name") => out_name = Some(text(&mut parser).map_err(words)?),
            Arg::Long("no-typescript") => typescript = false,
            Arg::Value(path) if input.is_none() => input = Some(path.into()),
            other => return Err(other.unexpected().to_string()),
        }
    }
    let input = input.ok_or("name the Wasm file")?;
    let out_dir = out_dir.ok_or("name the folder with --out-dir")?;
    Ok(Some(Job { input, out_dir, out_name, target, typescript }))
}

fn generate(job: &Job) -> Result<(), String> {
    let words = |error| format!("{error:#}");
    let mut bindgen = Bindgen::new();
    match job.target.as_str() {
        "bundler" => bindgen.bundler(true),
        "no-modules" => bindgen.no_modules(true),
        "web" => bindgen.web(true),
        other => return Err(format!("the target {other} is not one of bundler, no-modules, web")),
    }
    .map_err(words)?;
    bindgen.input_path(&job.input).typescript(job.typescript);
    if let Some(name) = &job.out_name {
        bindgen.out_name(name);
    }
    let Some(parts) = split::split(&job.input, &job.out_dir, job.out_name.as_deref())? else {
        return bindgen.generate(&job.out_dir).map_err(words);
    };
    // The second part takes the table of functions from among the exports of the first.
    bindgen.input_path(&parts.first).out_name(&parts.name).keep_lld_exports(true);
    bindgen.generate(&job.out_dir).map_err(words)?;
    parts.bind_loader(&job.out_dir)
}
