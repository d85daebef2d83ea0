//! Firefox for the browser tests.

use std::path::PathBuf;

use super::browser::Browser;
use crate::failure::Outcome;

const FIREFOX: Browser = Browser {
    name: "Firefox",
    variable: "FIREFOX",
    package: "firefox-esr",
    known: &[
        "/usr/bin/firefox-esr",
        "/usr/lib/firefox-esr/firefox-esr",
        "/usr/bin/firefox",
        "/usr/lib/firefox/firefox",
        "/Applications/Firefox.app/Contents/MacOS/firefox",
    ],
};

/// The program.
pub(crate) fn find() -> Outcome<PathBuf> {
    FIREFOX.find()
}
