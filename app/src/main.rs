//! The user interface, compiled to Wasm.
//!
//! The user interface knows the engine only through messages: it sends commands to a worker and
//! shows the replies. `app.rs` maps routes to pages. Below it, each folder may use only those after
//! it: `features/` holds the pages, each feature with its own components, texts and styles; `ui/`
//! what several features use; `state/` what the pages share; `engine/` the handle to the worker and
//! its typed calls; and `browser/` the adapters to the browser.

#![expect(
    unreachable_pub,
    reason = "the component macro of leptos makes the functions that it writes public"
)]
#![expect(
    clippy::redundant_closure,
    reason = "a view shares code between closures of one output only where they are written as closures"
)]

mod app;
mod browser;
mod engine;
mod features;
mod panic;
mod routes;
mod state;
mod ui;
mod vault_part;

fn main() {
    panic::lock_on_panic();
    leptos::mount::mount_to_body(app::App);
}
