//! The process: settings, data folder, start and stop, listening, logging.

pub(crate) mod activity;
pub(crate) mod build;
pub(crate) mod capacity;
pub(crate) mod clock;
pub(crate) mod crowd;
pub(crate) mod data_folder;
pub(crate) mod error;
pub(crate) mod handle;
pub(crate) mod hints;
mod hooks;
mod listener;
pub(crate) mod lock;
mod log_clearing;
mod log_limit;
pub(crate) mod logs;
mod monitor;
pub(crate) mod network;
pub(crate) mod open_files;
pub(crate) mod origin;
pub(crate) mod pressure;
pub(crate) mod problems;
pub(crate) mod proxy_reports;
mod pseudonyms;
pub(crate) mod runtime;
pub(crate) mod settings;
pub(crate) mod start;
pub(crate) mod state;
