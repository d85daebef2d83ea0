//! `bench`: runs the benchmarks of the product and of the npm packages it is compared with, and
//! prints one summary of all figures.

mod figures;
mod native;
mod peers;
mod product;

use std::path::PathBuf;

use crate::{
    build,
    failure::{Failure, Outcome},
    steps::Steps,
    workspace::Workspace,
};
use figures::Figures;

/// The part that runs in Chromium.
const CHROMIUM: &str = "chromium";

/// A benchmark of a native crate: its package and its name.
type Native = (String, String);

/// Runs the command: all of it, or only one part.
pub(crate) fn bench(workspace: &Workspace, part: Option<&str>) -> Outcome {
    let is_wanted = |name: &str| part.is_none_or(|part| part == name);
    let mut native = native::find_benches(workspace)?;
    native.retain(|(_, name)| is_wanted(name));
    let in_chromium = is_wanted(CHROMIUM);
    if native.is_empty() && !in_chromium {
        return Err(Failure::new("there is no such benchmark. See: cargo xtask help bench"));
    }
    // The load test of the server runs last; it needs the server as it ships.
    let (load, native): (Vec<_>, Vec<_>) =
        native.into_iter().partition(|(package, _)| package == peers::PACKAGE);
    let needs_server = in_chromium || !load.is_empty();
    let chromium_steps = if in_chromium { 5 } else { 0 };
    let mut steps = Steps::new(native.len() + load.len() + usize::from(needs_server) + chromium_steps);
    let mut figures = Figures::start(workspace)?;
    for (package, bench) in &native {
        let name = format!("{package}: {bench}");
        steps.run(&name, || figures.capture(&name, &mut native::bench_command(workspace, package, bench)));
    }
    let server =
        if needs_server { steps.run("the server", || product::build_server(workspace)) } else { None };
    if in_chromium {
        bench_in_chromium(workspace, &mut steps, &mut figures, server.as_ref());
    }
    bench_server(workspace, &mut steps, &mut figures, server.as_ref(), &load);
    figures.print();
    steps.finish()
}

fn bench_in_chromium(
    workspace: &Workspace,
    steps: &mut Steps,
    figures: &mut Figures,
    server: Option<&PathBuf>,
) {
    let wasm = steps.run("Wasm for the peers", || peers::build_wasm(workspace));
    let both = server.zip(wasm.as_ref());
    steps.run_with("cryptography beside npm packages, in Chromium", both, |(server, wasm)| {
        figures.capture_file("cryptography beside npm packages, in Chromium", |file| {
            product::run_in_chromium(workspace, "peers", server, wasm, file)
        })
    });
    let app = steps.run("the app", || build::build_app(workspace));
    for (title, file) in [("the product in Chromium", "product"), ("large vaults in Chromium", "sync")] {
        steps.run_with(title, app.and(both), |(server, wasm)| {
            figures.capture_file(title, |figures| {
                product::run_in_chromium(workspace, file, server, wasm, figures)
            })
        });
    }
}

fn bench_server(
    workspace: &Workspace,
    steps: &mut Steps,
    figures: &mut Figures,
    server: Option<&PathBuf>,
    load: &[Native],
) {
    for (package, bench) in load {
        let name = format!("{package}: {bench}");
        steps.run_with(&name, server, |server| {
            let mut command = native::bench_command(workspace, package, bench);
            figures.capture(&name, command.env("CRYSTALLUM_SERVER", server))
        });
    }
}
