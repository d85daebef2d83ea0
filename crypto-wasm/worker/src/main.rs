//! The engine in a web worker: the browser's adapters for the seven ports, and the loop that
//! carries out the page's commands.
//!
//! `public/worker.js` starts it. The bindings run [`main`], which handles every message after the
//! first.

mod adapters;
mod authenticator;
mod clock;
mod command_loop;
mod database;
mod device_key;
mod entropy;
mod inbox;
mod js;
mod local_store;
mod lock_guard;
mod outbox;
mod panic;
mod persisted;
mod queue;
mod transport;
mod wiping;

use adapters::Adapters;
use authenticator::PageAuthenticator;
use crystallum_engine::Engine;
use queue::PageCommands;
use wasm_bindgen_futures::spawn_local;

fn main() {
    panic::install();
    let scope = js::scope();
    // A worker that is started from a `blob:` address has the origin of the page.
    let origin = scope.origin();
    let host = js::host_of(&origin).expect("a page that can start this worker has an origin with a host");
    let authenticator = PageAuthenticator::default();
    let commands = PageCommands::default();
    inbox::listen(authenticator.clone(), commands.clone());
    let engine = Engine::new(Adapters::new(origin, authenticator, commands.clone()), host);
    spawn_local(command_loop::run(engine, commands));
}
