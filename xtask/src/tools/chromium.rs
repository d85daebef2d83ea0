//! Chromium for the browser tests.

use std::path::PathBuf;

use super::browser::Browser;
use crate::failure::Outcome;

const CHROMIUM: Browser = Browser {
    name: "Chromium",
    variable: "CHROMIUM",
    package: "chromium",
    locations: &[
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/lib/chromium/chromium",
        "/usr/bin/google-chrome",
        "/usr/bin/google-chrome-stable",
        "/opt/google/chrome/chrome",
        "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
};

/// Returns the path of the program, after installing it if necessary.
pub(crate) fn find() -> Outcome<PathBuf> {
    CHROMIUM.find()
}
