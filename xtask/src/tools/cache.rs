//! The folder of the installed tools: `$XDG_CACHE_HOME/crystallum/tools/NAME-VERSION`.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{
    failure::{Failure, Outcome},
    files, say,
};

/// Returns the folder of a tool in one version.
pub(super) fn folder(name: &str, version: &str) -> Outcome<PathBuf> {
    Ok(tools_folder(std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME"))?
        .join(format!("{name}-{version}")))
}

fn tools_folder(cache: Option<OsString>, home: Option<OsString>) -> Outcome<PathBuf> {
    let absolute = |value: OsString| Some(PathBuf::from(value)).filter(|path| path.is_absolute());
    let cache = cache
        .and_then(absolute)
        .or_else(|| home.and_then(absolute).map(|home| home.join(".cache")))
        .ok_or_else(|| Failure::new("neither XDG_CACHE_HOME nor HOME names a folder for the tools"))?;
    Ok(cache.join("crystallum").join("tools"))
}

/// Installs a tool into a temporary folder and moves that to its final name when it is complete, so
/// that an interrupted or parallel installation never leaves half a tool.
pub(super) fn install(name: &str, version: &str, how: impl FnOnce(&Path) -> Outcome) -> Outcome<PathBuf> {
    let target = folder(name, version)?;
    let parent = target.parent().expect("a tool's folder has a parent");
    let fresh = parent.join(format!(".{name}-{version}-{}", std::process::id()));
    say::line(format_args!("installing {name} {version} into {} (once)", target.display()));
    let start = Instant::now();
    files::make_dir(parent)?;
    remove_abandoned(parent, &format!(".{name}-{version}-"))?;
    files::remove_dir(&fresh)?;
    files::make_dir(&fresh)?;
    let done = how(&fresh).and_then(|()| {
        files::remove_dir(&target)?;
        files::rename(&fresh, &target)
    });
    if done.is_err() {
        files::remove_dir(&fresh)?;
    }
    done?;
    say::line(format_args!("installed {name} {version} in {} s", start.elapsed().as_secs()));
    Ok(target)
}

/// Removes what interrupted installations left: folders named after processes that no longer run.
/// Does nothing on systems without `/proc`.
fn remove_abandoned(parent: &Path, prefix: &str) -> Outcome {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return Ok(());
    }
    for path in files::subfolders(parent)? {
        let process = path.file_name().and_then(|name| name.to_str()?.strip_prefix(prefix));
        if process.is_some_and(|process| !processes.join(process).exists()) {
            files::remove_dir(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    #[test]
    #[cfg(target_os = "linux")]
    fn what_interrupted_installations_left_is_removed() {
        let scratch = Scratch::new();
        let running = format!(".tool-1.0.0-{}", std::process::id());
        for name in [".tool-1.0.0-no-process", ".other-1.0.0-no-process", "tool-1.0.0", &running] {
            scratch.file(&format!("{name}/bin/tool"), "");
        }
        remove_abandoned(scratch.path(), ".tool-1.0.0-").unwrap();
        let mut left: Vec<_> = files::subfolders(scratch.path()).unwrap();
        left.sort();
        let expected =
            [".other-1.0.0-no-process", &running, "tool-1.0.0"].map(|name| scratch.path().join(name));
        assert_eq!(left, expected);
    }

    #[test]
    fn the_cache_follows_the_users_settings() {
        let folder = |cache: &str, home: &str| {
            tools_folder(Some(cache.into()), Some(home.into())).map(|path| path.display().to_string())
        };
        assert_eq!(folder("/my cache", "/home/me").unwrap(), "/my cache/crystallum/tools");
        assert_eq!(folder("", "/home/me").unwrap(), "/home/me/.cache/crystallum/tools");
        assert_eq!(folder("relative", "/home/me").unwrap(), "/home/me/.cache/crystallum/tools");
        assert!(folder("", "").is_err());
        assert!(tools_folder(None, None).is_err());
    }
}
