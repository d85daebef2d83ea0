use crystallum_messages::{
    Command, Failure, PhraseProblem, Rebuilt, SecretText, StoreView, WalletDetail, WalletRow,
};

use super::{Engine, ask};

impl Engine {
    pub(crate) async fn wallets(self) -> Result<Vec<WalletRow>, Failure> {
        ask!(self, Command::Wallets, Wallets)
    }

    /// For `OpenWallet` and `CheckWallet`.
    pub(crate) async fn wallet(self, command: Command) -> Result<WalletDetail, Failure> {
        ask!(self, command, Wallet)
    }

    /// For `RebuildWallet`.
    pub(crate) async fn rebuild(self, command: Command) -> Result<Rebuilt, Failure> {
        ask!(self, command, Rebuilt)
    }

    pub(crate) async fn stores(self) -> Result<Vec<StoreView>, Failure> {
        ask!(self, Command::Stores, Stores)
    }

    pub(crate) async fn make_phrase(self, words: u8) -> Result<SecretText, Failure> {
        ask!(self, Command::MakePhrase { words }, Phrase)
    }

    /// What is wrong with a phrase, if anything.
    pub(crate) async fn check_phrase(self, phrase: SecretText) -> Result<Option<PhraseProblem>, Failure> {
        ask!(self, Command::CheckPhrase { phrase }, PhraseChecked)
    }

    pub(crate) async fn words(self, prefix: String) -> Result<Vec<String>, Failure> {
        ask!(self, Command::Words { prefix }, Words)
    }
}
