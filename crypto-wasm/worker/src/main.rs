//! The engine in a web worker: the browser's adapters for the six ports, and the loop that carries
//! out the page's commands.
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
mod transport;

use adapters::Adapters;
use authenticator::PageAuthenticator;
use crystallum_engine::Engine;
use futures_channel::mpsc;
use wasm_bindgen_futures::spawn_local;

fn main() {
    panic::install();
    let scope = js::scope();
    // A worker that is started from a `blob:` address has the origin of the page.
    let origin = scope.origin();
    let host = js::host_of(&origin).expect("a page that can start this worker has an origin with a host");
    let authenticator = PageAuthenticator::default();
    let (commands, queue) = mpsc::unbounded();
    inbox::listen(authenticator.clone(), commands);
    let engine = Engine::new(Adapters::new(origin, authenticator), host);
    spawn_local(command_loop::run(engine, queue));
}
