use crystallum_messages::wallets::{Command, Reply};
use crystallum_messages::{
    PhraseProblem, Rebuilt, RecordId, Split, StoreId, StoreLocation, StoreView, WalletDetail, WalletDraft,
    WalletEdit, WalletRow,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::records::{saved, version};
use crate::secret;
use crate::shares::share;

const ID: RecordId = RecordId([2; 16]);

fn split() -> Split {
    Split { k: 2, stores: vec![StoreId([3; 16]), StoreId([4; 16])] }
}

fn draft() -> WalletDraft {
    WalletDraft {
        label: "Cold".to_owned(),
        note: "safe".to_owned(),
        phrase: secret("abandon ability"),
        split: split(),
    }
}

fn edit() -> WalletEdit {
    WalletEdit { id: ID, base: version(), label: None, note: Some("safe".to_owned()) }
}

fn row() -> WalletRow {
    WalletRow { id: ID, label: "Cold".to_owned(), words: 12, k: 3, n: 5, updated: 6 }
}

fn detail() -> WalletDetail {
    WalletDetail {
        row: row(),
        note: "safe".to_owned(),
        created: 4,
        dealt: 5,
        epoch: 2,
        version: version(),
        shares: vec![share()],
    }
}

fn store() -> StoreView {
    StoreView { id: StoreId([3; 16]), number: 1, location: StoreLocation::SameMachine, available: true }
}

fn rebuilt() -> Rebuilt {
    Rebuilt { phrase: secret("abandon ability"), shares: vec![share()] }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Command {
        Add => Command::Add(draft()),
        Check => Command::Check { id: ID },
        CheckPhrase => Command::CheckPhrase { phrase: secret("abandon ability") },
        Edit => Command::Edit(edit()),
        GeneratePhrase => Command::GeneratePhrase { words: 12 },
        List => Command::List,
        Open => Command::Open { id: ID },
        Rebuild => Command::Rebuild { id: ID },
        Reshare => Command::Reshare { id: ID, split: split() },
        Stores => Command::Stores,
        SuggestWords => Command::SuggestWords { prefix: "aba".to_owned() },
    });
    add_variants!(samples, Reply {
        Phrase => Reply::Phrase(secret("abandon ability")),
        PhraseChecked => Reply::PhraseChecked(Some(PhraseProblem::Checksum)),
        Rebuilt => Reply::Rebuilt(rebuilt()),
        Saved => Reply::Saved(saved()),
        Stores => Reply::Stores(vec![store()]),
        Wallet => Reply::Wallet(detail()),
        Wallets => Reply::Wallets(vec![row()]),
        Words => Reply::Words(vec!["abandon".to_owned()]),
    });
    samples.add("WalletDraft", draft());
    samples.add("Split", split());
    samples.add("WalletEdit", edit());
    samples.add("WalletRow", row());
    samples.add("WalletDetail", detail());
    samples.add("StoreView", store());
    add_variants!(samples, StoreLocation { SameMachine => StoreLocation::SameMachine, });
    samples.add("Rebuilt", rebuilt());
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/wallets.json"]);
}
