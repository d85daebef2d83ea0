//! `bench`: runs the benchmarks of the product and of the npm packages it is compared with, and
//! prints one summary of all figures.

mod figures;
mod native;
mod peers;
mod product;

use crate::{build, failure::Outcome, steps::Steps, workspace::Workspace};
use figures::Figures;

/// Runs the command.
pub(crate) fn bench(workspace: &Workspace) -> Outcome {
    // The load test of the server runs last; it needs the server as it ships.
    let (load, native): (Vec<_>, Vec<_>) =
        native::find_benches(workspace)?.into_iter().partition(|(package, _)| package == peers::PACKAGE);
    let mut figures = Figures::start(workspace)?;
    let mut steps = Steps::new(native.len() + load.len() + 5);
    for (package, bench) in &native {
        let name = format!("{package}: {bench}");
        steps.run(&name, || figures.capture(&name, &mut native::bench_command(workspace, package, bench)));
    }
    let server = steps.run("the server", || product::build_server(workspace));
    let wasm = steps.run("Wasm for the peers", || peers::build_wasm(workspace));
    let both = server.as_ref().zip(wasm.as_ref());
    steps.run_with("cryptography beside npm packages, in Chromium", both, |(server, wasm)| {
        figures.capture_file("cryptography beside npm packages, in Chromium", |file| {
            product::run_in_chromium(workspace, "peers", server, wasm, file)
        })
    });
    let app = steps.run("the app", || build::build_app(workspace));
    let all = app.and(both);
    steps.run_with("the product in Chromium", all, |(server, wasm)| {
        figures.capture_file("the product in Chromium", |file| {
            product::run_in_chromium(workspace, "product", server, wasm, file)
        })
    });
    for (package, bench) in &load {
        let name = format!("{package}: {bench}");
        steps.run_with(&name, server.as_ref(), |server| {
            let mut command = native::bench_command(workspace, package, bench);
            figures.capture(&name, command.env("CRYSTALLUM_SERVER", server))
        });
    }
    figures.print();
    steps.finish()
}
