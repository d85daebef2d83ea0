//! The user interface, compiled to Wasm.
//!
//! The user interface knows the engine only through messages: it sends commands to a worker and
//! shows the replies. `app.rs` maps routes to pages, `pages/` holds one file for each page,
//! `components/` holds what several pages use, and `words.rs` holds all texts.

#![expect(
    unreachable_pub,
    reason = "the component macro of leptos makes the functions that it writes public"
)]
#![expect(
    clippy::redundant_closure,
    reason = "a view shares code between closures of one output only where they are written as closures"
)]

mod app;
mod async_action;
mod ceremony;
mod challenge_prefetch;
mod clipboard;
mod components;
mod download;
mod engine;
mod idle;
mod lock;
mod pages;
mod panic;
mod passkey;
mod paste;
mod preferences;
mod reveal_timer;
mod router;
mod rows;
mod session;
mod shortcuts;
mod storage;
mod time;
mod unsaved_changes;
mod words;

fn main() {
    panic::lock_on_panic();
    leptos::mount::mount_to_body(app::App);
}
