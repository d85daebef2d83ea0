//! WebKitGTK for a part of `test --deep`: its own small browser, and the driver. They are used if
//! the system has them, and never installed.

use std::path::{Path, PathBuf};

use crate::{files, run};

/// The folders in which systems keep libraries, or folders of them for each architecture.
const LIBRARIES: [&str; 4] = ["/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local/lib"];
/// The folders of WebKitGTK among them, the newest first.
const VERSIONS: [&str; 3] = ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"];

/// The programs that the tests need.
pub(crate) struct WebKit {
    /// The WebDriver.
    pub(crate) driver: PathBuf,
    /// The browser.
    pub(crate) browser: PathBuf,
}

/// Returns the programs if all are there, and Xvfb, which the tests start themselves.
pub(crate) fn find() -> Option<WebKit> {
    run::find_on_path("Xvfb")?;
    let driver = run::find_on_path("WebKitWebDriver")?;
    let browser = LIBRARIES.iter().find_map(|folder| find_browser(Path::new(folder)))?;
    Some(WebKit { driver, browser })
}

/// Looks for the browser in a folder of libraries and one level below.
fn find_browser(folder: &Path) -> Option<PathBuf> {
    let mut folders = files::subfolders(folder).ok()?;
    folders.push(folder.to_path_buf());
    let find = |version| {
        folders.iter().map(|folder| folder.join(version).join("MiniBrowser")).find(|path| path.is_file())
    };
    VERSIONS.into_iter().find_map(find)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    #[test]
    fn the_newest_browser_is_found_whatever_the_architecture() {
        let scratch = Scratch::new();
        assert_eq!(find_browser(&scratch.path().join("missing")), None);
        assert_eq!(find_browser(scratch.path()), None);
        let old = scratch.file("webkit2gtk-4.1/MiniBrowser", "");
        assert_eq!(find_browser(scratch.path()), Some(old));
        let new = scratch.file("x86_64-linux-gnu/webkitgtk-6.0/MiniBrowser", "");
        assert_eq!(find_browser(scratch.path()), Some(new));
    }
}
