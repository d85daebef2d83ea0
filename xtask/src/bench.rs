//! `bench`: what the product costs, beside its peers, and one summary of all figures.

mod figures;
mod native;
mod peers;
mod product;

use crate::{build, failure::Outcome, steps::Steps, workspace::Workspace};
use figures::Figures;

/// The crate that holds the product beside its peers.
const PEERS: &str = "crystallum-peers";

/// The command.
pub(crate) fn bench(workspace: &Workspace) -> Outcome {
    // The load of the server comes last; it needs the server as it ships.
    let (load, native): (Vec<_>, Vec<_>) =
        native::find(workspace)?.into_iter().partition(|(package, _)| package == PEERS);
    let mut figures = Figures::start(workspace)?;
    let mut steps = Steps::new(native.len() + load.len() + 5);
    for (package, bench) in &native {
        let name = format!("{package}: {bench}");
        steps.run(&name, || figures.capture(&name, &mut native::command(workspace, package, bench)));
    }
    let server = steps.run("the server", || product::server(workspace));
    let wasm = steps.run("Wasm for the peers", || peers::build(workspace));
    let both = server.as_ref().zip(wasm.as_ref());
    steps.run_with("cryptography beside npm packages, in Chromium", both, |(server, wasm)| {
        figures.file("cryptography beside npm packages, in Chromium", |file| {
            product::chromium(workspace, "peers", server, wasm, file)
        })
    });
    let app = steps.run("the app", || build::app(workspace));
    let all = app.and(both);
    steps.run_with("the product in Chromium", all, |(server, wasm)| {
        figures.file("the product in Chromium", |file| {
            product::chromium(workspace, "product", server, wasm, file)
        })
    });
    for (package, bench) in &load {
        let name = format!("{package}: {bench}");
        steps.run_with(&name, server.as_ref(), |server| {
            let mut command = native::command(workspace, package, bench);
            figures.capture(&name, command.env("CRYSTALLUM_SERVER", server))
        });
    }
    figures.print();
    steps.finish()
}
