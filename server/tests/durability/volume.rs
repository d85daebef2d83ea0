//! Data folders and backups on volumes of their own: a mount point cannot be replaced, a new file
//! system is not quite empty, and a volume may belong to somebody else.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use crystallum_test_support::{SmallDisk, Witness, deep};

use crate::program::{assert_sound, run_command, start_server, start_server_under};

/// Makes a backup of a new server in `to`.
async fn make_backup(data: &Path, to: &Path) {
    let mut server = start_server(data, None);
    Witness::new(&server, "anna").await;
    assert!(server.stop().success());
    let made = run_command(&["backup"], Some(to), data).await;
    assert!(made.status.success(), "{made:?}");
}

/// Restores a backup and starts a server on it.
async fn restore(from: &Path, data: &Path) {
    let restored = run_command(&["restore"], Some(from), data).await;
    assert!(restored.status.success(), "{restored:?}");
    assert_eq!(assert_sound(data).await["accounts"], 1);
    assert!(start_server(data, None).stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn new_volumes_take_data_and_backups() {
    let folder = tempfile::tempdir().unwrap();
    let [data, backup, restored] = ["data", "backup", "restored"].map(|name| folder.path().join(name));
    for volume in [&data, &backup, &restored] {
        fs::create_dir_all(volume.join("lost+found")).unwrap();
        fs::set_permissions(volume, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let inodes = || [&data, &backup, &restored].map(|volume| fs::metadata(volume).unwrap().ino());
    let before = inodes();
    make_backup(&data, &backup).await;
    restore(&backup, &restored).await;
    assert_eq!(inodes(), before, "no folder was replaced");
    for volume in [&data, &backup, &restored] {
        assert_eq!(fs::metadata(volume).unwrap().permissions().mode() & 0o777, 0o700);
    }
    // What is there is never written over.
    let again = run_command(&["restore"], Some(&backup), &restored).await;
    assert_eq!(again.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn mount_points_take_data_and_backups() {
    if !deep() {
        return;
    }
    let (Some(data), Some(backup), Some(restored)) =
        (SmallDisk::mount(12), SmallDisk::mount(12), SmallDisk::mount(12))
    else {
        return;
    };
    make_backup(data.path(), backup.path()).await;
    restore(backup.path(), restored.path()).await;
}

/// A volume of root that the server's group may write.
#[tokio::test(flavor = "multi_thread")]
async fn a_volume_of_somebody_else_is_used_and_the_files_are_private() {
    const NOBODY: u32 = 65_534;
    let disk = if deep() { SmallDisk::mount(12) } else { None };
    let Some(disk) = disk else { return };
    std::os::unix::fs::chown(disk.path(), None, Some(NOBODY)).unwrap();
    fs::set_permissions(disk.path(), fs::Permissions::from_mode(0o2770)).unwrap();
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    let mut server = start_server_under(command, disk.path());
    Witness::new(&server, "anna").await;
    let main = fs::metadata(disk.path().join("vault.db")).unwrap();
    assert_eq!((main.uid(), main.permissions().mode() & 0o777), (NOBODY, 0o600));
    let stores = fs::metadata(disk.path().join("stores")).unwrap();
    assert_eq!(stores.permissions().mode() & 0o777, 0o700);
    assert!(server.stop().success());
    let report = assert_sound(disk.path()).await;
    assert!(report["notes"].to_string().contains("its files are private"), "{report:#}");
}
