use crystallum_messages::trash::{Command, Reply};
use crystallum_messages::{Exchange, RecordId, TrashKind, TrashRow};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::records::saved;

const ID: RecordId = RecordId([2; 16]);

fn row() -> TrashRow {
    TrashRow { id: ID, kind: TrashKind::Key(Exchange::Gate), label: "Old".to_owned(), since: 8, until: 9 }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Command {
        Delete => Command::Delete { id: ID },
        List => Command::List,
        Purge => Command::Purge { id: ID },
        Restore => Command::Restore { id: ID },
    });
    add_variants!(samples, Reply {
        Rows => Reply::Rows(vec![row()]),
        Saved => Reply::Saved(saved()),
    });
    samples.add("TrashRow", row());
    add_variants!(samples, TrashKind {
        Key => TrashKind::Key(Exchange::Other),
        Wallet => TrashKind::Wallet,
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/trash.json"]);
}
