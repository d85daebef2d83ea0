use crystallum_messages::{Command, Reply, access, entry, keys, session, trash, wallets};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Command {
        Access => access::Command::List.into(),
        Entry => entry::Command::Hello.into(),
        Keys => keys::Command::List { query: String::new(), offset: 0, limit: 1 }.into(),
        Session => session::Command::Lock.into(),
        Trash => trash::Command::List.into(),
        Wallets => wallets::Command::List.into(),
    });
    add_variants!(samples, Reply {
        Access => Reply::Access(access::Reply::Done),
        Entry => Reply::Entry(entry::Reply::Done),
        Keys => Reply::Keys(keys::Reply::Versions(Vec::new())),
        Session => Reply::Session(session::Reply::Done),
        Trash => Reply::Trash(trash::Reply::Rows(Vec::new())),
        Wallets => Reply::Wallets(wallets::Reply::Wallets(Vec::new())),
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/domains.json"]);
}
