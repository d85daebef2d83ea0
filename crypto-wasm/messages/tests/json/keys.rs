use crystallum_messages::keys::{Command, Reply};
use crystallum_messages::{
    Credentials, DeviceId, Exchange, KeyDetail, KeyDraft, KeyEdit, KeyRow, Page, RecordId, Version,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::records::{saved, unreadable, version as overview_version};
use crate::secret;

const ID: RecordId = RecordId([2; 16]);

fn credentials() -> Credentials {
    Credentials {
        api_key: secret("key"),
        api_secret: secret("secret"),
        passphrase: Some(secret("passphrase")),
    }
}

fn draft() -> KeyDraft {
    KeyDraft {
        exchange: Exchange::Okx,
        label: "Main".to_owned(),
        note: "grid bot".to_owned(),
        credentials: credentials(),
    }
}

fn edit() -> KeyEdit {
    KeyEdit {
        id: ID,
        base: overview_version(),
        label: Some("Main".to_owned()),
        note: None,
        credentials: Some(credentials()),
    }
}

fn row() -> KeyRow {
    KeyRow {
        id: ID,
        exchange: Exchange::Kraken,
        unknown_exchange: None,
        label: "Main".to_owned(),
        masked: "abcd…wxyz".to_owned(),
        updated: 6,
    }
}

fn detail() -> KeyDetail {
    KeyDetail {
        row: row(),
        note: "grid bot".to_owned(),
        created: 5,
        version: overview_version(),
        has_passphrase: true,
    }
}

fn page() -> Page {
    Page { total: 1, offset: 0, rows: vec![row()] }
}

fn version() -> Version {
    Version { number: 3, time: Some(7), device: Some(DeviceId([8; 16])), current: false }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Command {
        Add => Command::Add(draft()),
        Edit => Command::Edit(edit()),
        List => Command::List { query: "main".to_owned(), offset: 100, limit: 50 },
        ListUnreadable => Command::ListUnreadable,
        Open => Command::Open { id: ID },
        RestoreVersion => Command::RestoreVersion { id: ID, number: 3 },
        Reveal => Command::Reveal { id: ID },
        RevealVersion => Command::RevealVersion { id: ID, number: 3 },
        Versions => Command::Versions { id: ID },
    });
    add_variants!(samples, Reply {
        Detail => Reply::Detail(detail()),
        Page => Reply::Page(page()),
        Revealed => Reply::Revealed(credentials()),
        Saved => Reply::Saved(saved()),
        Unreadable => Reply::Unreadable(unreadable()),
        Versions => Reply::Versions(vec![version()]),
    });
    samples.add("KeyDraft", draft());
    samples.add("KeyEdit", edit());
    samples.add("Credentials", credentials());
    samples.add("Page", page());
    samples.add("KeyRow", row());
    samples.add("KeyDetail", detail());
    samples.add("Version", version());
    for exchange in Exchange::ALL {
        samples.add(&format!("KeyRow {}", exchange.name()), KeyRow { exchange, ..row() });
    }
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/keys.json"]);
}
