//! Firefox for the browser tests.

use std::path::PathBuf;

use super::browser::Browser;
use crate::failure::Outcome;

const FIREFOX: Browser = Browser {
    name: "Firefox",
    variable: "FIREFOX",
    package: "firefox-esr",
    locations: &[
        "/usr/bin/firefox-esr",
        "/usr/lib/firefox-esr/firefox-esr",
        "/usr/bin/firefox",
        "/usr/lib/firefox/firefox",
        "/Applications/Firefox.app/Contents/MacOS/firefox",
    ],
};

/// Returns the path of the program, after installing it if necessary.
pub(crate) fn find() -> Outcome<PathBuf> {
    FIREFOX.find()
}
