//! `doctor` reports every problem, and nothing if there is none.

use std::fs;
use std::path::Path;

use crystallum_test_support::signer::WRITE;
use crystallum_test_support::{Witness, work};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

use crate::program::{assert_sound, run_command, run_doctor, start_server};

const MAIN: &str = "vault.db";

/// Returns a data folder with the vaults of two people that contain every kind of object. The
/// server has stopped.
async fn populated_folder() -> (TempDir, Witness) {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start_server(&folder.path().join("data"), None);
    let mut people = Vec::new();
    for name in ["anna", "bernd"] {
        let mut person = Witness::new(&server, name).await;
        let (record, other) = (person.rng.id(), person.rng.id());
        let add = [record, other].map(|id| person.state.add(id, &mut person.rng, 1_024));
        assert!(person.write(WRITE, add.to_vec()).await);
        for _ in 0..12 {
            let edit = person.state.edit(record, true, true, &mut person.rng);
            assert!(person.write(WRITE, vec![edit]).await);
        }
        assert!(person.write(WRITE, vec![person.state.delete(other)]).await);
        assert!(work::deal_wallet(&mut person).await && work::deal_wallet(&mut person).await);
        person.put(person.stores[0], record).await;
        people.push(person);
    }
    assert!(server.stop().success());
    (folder, people.remove(0))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn alter(file: &Path, sql: String) {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
    let mut conn = options.connect().await.unwrap();
    let done = sqlx::query(AssertSqlSafe(sql.clone())).execute(&mut conn).await.unwrap();
    assert!(done.rows_affected() > 0, "{sql}");
    conn.close().await.unwrap();
}

/// Joins all problems into one string.
fn problems(report: &Value) -> String {
    let lines = report["problems"].as_array().unwrap().iter();
    let line = |problem: &Value| format!("{}: {}\n", problem["place"], problem["what"]);
    lines.map(line).collect::<String>().replace('"', "")
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_accepts_what_the_server_wrote_and_changes_nothing() {
    let (folder, _) = populated_folder().await;
    let data = folder.path().join("data");
    let before = fs::read(data.join(MAIN)).unwrap();
    let report = assert_sound(&data).await;
    for (what, number) in [
        ("databases", 6),
        ("accounts", 2),
        ("writes", 34),
        ("signatures", 68),
        ("records", 6),
        // Two parts of each record, and ten earlier secrets of one record of each person.
        ("blobs", 12 + 20),
        ("shares", 10),
    ] {
        assert_eq!(report[what], number, "{what}: {report:#}");
    }
    let notes = report["notes"].as_array().unwrap();
    let pending = "stores/1/shares.db holds 2 shares that no vault has; the server deletes them after a day, and shares that it has forgotten after 90 days";
    assert_eq!(notes, &[pending]);
    assert_eq!(fs::read(data.join(MAIN)).unwrap(), before);

    let output = run_command(&["doctor"], None, &data).await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(text.ends_with("everything that can be checked without keys is sound\n"), "{text}");
    assert!(text.contains("checked 34 writes: order, hash chain, tree, 68 signatures\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_alteration_of_the_main_database_is_named() {
    let (folder, anna) = populated_folder().await;
    let data = folder.path().join("data");
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let who = format!("account = X'{}'", hex(&anna.state.vault.0));
    let id = format!("id = X'{}'", hex(&anna.state.vault.0));
    let head = |at: usize, counter: u64| {
        let flip = format!("substr(head, 1, {at}) || X'00' || substr(head, {})", at + 2);
        format!("UPDATE commits SET head = CAST({flip} AS BLOB) WHERE {who} AND counter = {counter}")
    };
    let blob = |table: &str, part: &str| {
        let flip = "CAST(substr(blob, 1, 99) || X'0102' || substr(blob, 102) AS BLOB)";
        format!("UPDATE {table} SET blob = {flip} WHERE {who} AND {part}")
    };
    let count = |what: &str| format!("UPDATE accounts SET {what} = {what} + 1 WHERE {id}");
    let cases = [
        (blob("parts", "part = 1"), "overview: its SHA-256 is not the one in the signed history"),
        (blob("parts", "part = 2"), "secret: its SHA-256 is not the one in the signed history"),
        (blob("versions", "version = 5"), "earlier secret 5: its SHA-256 is not the one"),
        (format!("UPDATE parts SET blob = X'00' WHERE {who}"), "its size is none that is allowed"),
        (format!("UPDATE parts SET counter = 1 WHERE {who}"), "it is not of the version and write"),
        (format!("UPDATE parts SET version = version + 1 WHERE {who}"), "it is not of the version and write"),
        (format!("DELETE FROM parts WHERE {who} AND part = 2"), "its records lack 3 ciphertexts"),
        (
            format!(
                "INSERT INTO parts SELECT account, zeroblob(16), part, version, counter, blob FROM parts WHERE {who} LIMIT 1"
            ),
            "overview: the history tells of no such ciphertext",
        ),
        (format!("DELETE FROM commits WHERE {who} AND counter = 1"), "write 1 is missing before it"),
        (format!("DELETE FROM commits WHERE {who} AND counter = 7"), "write 8: write 7 is missing before it"),
        (format!("DELETE FROM commits WHERE {who} AND counter = 17"), "its write 17 is missing, of 17"),
        (format!("DELETE FROM commits WHERE {who}"), "its write 1 is missing, of 17"),
        (format!("UPDATE accounts SET counter = 16 WHERE {id}"), "1 write outside 1 to 16"),
        (format!("UPDATE accounts SET counter = 0 WHERE {id}"), "it has no write at all"),
        (
            format!(
                "UPDATE commits SET head = (SELECT head FROM commits WHERE {who} AND counter = 4) WHERE {who} AND counter = 5"
            ),
            "write 5: its head has another number",
        ),
        (
            format!("UPDATE commits SET subtrees = zeroblob(length(subtrees)) WHERE {who} AND counter = 4"),
            "write 4: the hashes of the history up to it",
        ),
        (head(0, 3), "write 3: its head has not the form of a head"),
        (head(10, 3), "write 3: its head is of another vault"),
        (head(24, 3), "write 3: its head has another key epoch"),
        (head(40, 3), "write 3: its head does not name the head before it"),
        (head(70, 3), "write 3: its head names another history"),
        (head(102, 3), "write 3: the tree with its changes has not the root"),
        (head(137, 3), "write 3: the tree with its changes has not the root or the number of leaves"),
        (head(3, 3), "its head asks for a format"),
        (head(140, 3), "its writer is no device of the vault"),
        (head(4, 3), "write 3: its head has not the form of a head"),
        (head(157, 3), "the vault's signature does not verify"),
        (head(170, 3), "its head has another key epoch or vault key"),
        (head(200, 3), "the vault's signature does not verify"),
        (head(300, 3), "the device's signature does not verify"),
        (
            format!(
                "UPDATE commits SET changes = replace(changes, '\"version\":2', '\"version\":3') WHERE {who} AND counter = 3"
            ),
            "what it changes does not follow from what was there before",
        ),
        (
            format!(
                "UPDATE commits SET changes = replace(changes, '\"hash\":\"', '\"hash\":\"AAAA') WHERE {who} AND counter = 3"
            ),
            "write 3: ",
        ),
        (
            format!("UPDATE commits SET changes = '[' WHERE {who} AND counter = 3"),
            "its changes cannot be read",
        ),
        (
            format!("UPDATE commits SET changes = '[]' WHERE {who} AND counter = 3"),
            "its operation does not allow",
        ),
        (count("records"), "it counts 4 records, there are 3"),
        (count("bytes"), " bytes of ciphertext, there are "),
        (count("history"), " bytes of history, there are "),
        (count("kept"), " bytes of earlier secrets, there are "),
        (
            format!("DELETE FROM leaves WHERE {who} AND kind = 2"),
            "1 of its leaves are not as its history says",
        ),
        (
            format!("DELETE FROM leaves WHERE {who} AND kind > 2"),
            "8 of its leaves are not as its history says",
        ),
        (
            format!("UPDATE leaves SET value = zeroblob(9) WHERE {who} AND kind = 3"),
            "2 of its leaves are not as its history says",
        ),
        (
            format!("UPDATE leaves SET counter = 2 WHERE {who} AND kind = 3"),
            "another write is noted as the one that added it",
        ),
        (
            format!("UPDATE leaves SET wrap = NULL WHERE {who} AND kind = 3"),
            "the wrap among the live leaves is missing, or is another one",
        ),
        (
            format!("UPDATE accounts SET past = zeroblob(8) WHERE {id}"),
            "its history log is not that of its writes",
        ),
        (
            format!(
                "UPDATE commits SET changes = replace(changes, '\"wrap\":\"', '\"wrap\":\"AAAA') WHERE {who} AND counter = 1"
            ),
            "its wrap is missing, or is not the one in the signed history",
        ),
        (
            format!("UPDATE shares SET hash = zeroblob(32) WHERE {who} AND gone IS NULL"),
            "5 of its shares are not as",
        ),
        (format!("UPDATE shares SET gone = NULL WHERE {who}"), "5 of its shares are not as its history says"),
        (
            format!("DELETE FROM accounts WHERE {id}"),
            "rows of commits without the row of accounts that belongs to it",
        ),
        (
            "UPDATE _sqlx_migrations SET version = 99 WHERE version = 1".to_owned(),
            "its tables are of form 99",
        ),
        ("UPDATE server SET mark = 0".to_owned(), "vault.db: it is older than a store, stores/1/shares.db"),
        (
            "UPDATE server SET id = zeroblob(16)".to_owned(),
            "vault.db: it is not the one that a store belongs to, stores/5/shares.db",
        ),
        (
            "UPDATE stores SET id = zeroblob(16) WHERE number = 4".to_owned(),
            "stores/4/shares.db: the file is another store's",
        ),
    ];
    for (number, (sql, named)) in cases.into_iter().enumerate() {
        let altered = folder.path().join(format!("altered {number}"));
        copy(&data, &altered);
        alter(&altered.join(MAIN), sql.clone()).await;
        let report = run_doctor(&altered).await;
        let found = problems(&report);
        assert!(found.contains(named), "{sql}\n{found}");
        let hers = format!("account {}", anna.state.vault);
        if sql.contains(&who) {
            assert!(found.lines().all(|line| line.starts_with(&hers)), "only hers: {found}");
        }
        fs::remove_dir_all(altered).unwrap();
    }
}

/// What was put back may leave an account like this. It is no reason to delete it.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_passkey_is_noted() {
    let (folder, anna) = populated_folder().await;
    let data = folder.path().join("data");
    let vault = anna.state.vault;
    let hers = data_encoding::HEXLOWER.encode(&vault.0);
    alter(&data.join(MAIN), format!("DELETE FROM credentials WHERE account = X'{hers}'")).await;
    let report = assert_sound(&data).await;
    let note = format!("account {vault} has no passkey and no recovery code");
    let notes = report["notes"].as_array().unwrap();
    assert!(notes.iter().any(|found| found.as_str().unwrap().starts_with(&note)), "{notes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_and_an_open_folder_are_named() {
    let (folder, _) = populated_folder().await;
    let data = folder.path().join("data");
    let mut bytes = fs::read(data.join(MAIN)).unwrap();
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..middle + 9_000] {
        *byte = 0x5a;
    }
    let altered = folder.path().join("altered");
    copy(&data, &altered);
    fs::write(altered.join(MAIN), bytes).unwrap();
    assert!(problems(&run_doctor(&altered).await).contains("vault.db: "));
    fs::write(altered.join(MAIN), "nothing of SQLite").unwrap();
    assert!(problems(&run_doctor(&altered).await).contains("vault.db: "));
    fs::remove_file(altered.join(MAIN)).unwrap();
    let output = run_command(&["doctor"], None, &altered).await;
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), [].as_slice()));
    assert!(String::from_utf8(output.stderr).unwrap().contains("has no database of this server"));

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&data, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(assert_sound(&data).await["notes"].to_string().contains("its files are private"));
        fs::set_permissions(data.join(MAIN), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(problems(&run_doctor(&data).await).contains("its permissions are 750, not 700"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_lost_altered_or_swapped_share_is_named() {
    let (folder, anna) = populated_folder().await;
    let data = folder.path().join("data");
    let store = |number: u8| format!("stores/{number}/shares.db");
    let share = anna.wallet.as_ref().unwrap().shares[1];
    let share_sql = format!("id = X'{}'", data_encoding::HEXLOWER.encode(&share.0));
    let altered = folder.path().join("altered");
    let place = format!("account {}, share {share}", anna.state.vault);

    copy(&data, &altered);
    alter(&altered.join(store(2)), format!("UPDATE shares SET share = X'00' WHERE {share_sql}")).await;
    let found = problems(&run_doctor(&altered).await);
    assert_eq!(found, format!("{place}: its SHA-256 is not the one in the signed history\n"));
    alter(&altered.join(store(2)), format!("DELETE FROM shares WHERE {share_sql}")).await;
    let found = problems(&run_doctor(&altered).await);
    assert_eq!(found, format!("{place}: it is not in its store\n"));

    fs::copy(data.join(store(3)), altered.join(store(2))).unwrap();
    let found = problems(&run_doctor(&altered).await);
    assert!(found.contains("stores/2/shares.db: the file is another store's"), "{found}");
    assert!(found.contains(&format!("{place}: its store cannot be read")), "{found}");
    fs::remove_dir_all(altered.join("stores/2")).unwrap();
    let found = problems(&run_doctor(&altered).await);
    assert!(found.contains("stores/2/shares.db: the store is not there"), "{found}");
    fs::remove_dir_all(&altered).unwrap();
}
