use crystallum_messages::{
    Command, Failure, PhraseProblem, Rebuilt, SecretText, StoreView, WalletDetail, WalletRow,
};

use super::{Engine, expect_reply};

impl Engine {
    pub(crate) async fn list_wallets(self) -> Result<Vec<WalletRow>, Failure> {
        expect_reply!(self, Command::Wallets, Wallets)
    }

    /// For `OpenWallet` and `CheckWallet`.
    pub(crate) async fn load_wallet(self, command: Command) -> Result<WalletDetail, Failure> {
        expect_reply!(self, command, Wallet)
    }

    /// For `RebuildWallet`.
    pub(crate) async fn rebuild_phrase(self, command: Command) -> Result<Rebuilt, Failure> {
        expect_reply!(self, command, Rebuilt)
    }

    pub(crate) async fn list_stores(self) -> Result<Vec<StoreView>, Failure> {
        expect_reply!(self, Command::Stores, Stores)
    }

    pub(crate) async fn generate_phrase(self, words: u8) -> Result<SecretText, Failure> {
        expect_reply!(self, Command::MakePhrase { words }, Phrase)
    }

    /// What is wrong with a phrase, if anything.
    pub(crate) async fn check_phrase(self, phrase: SecretText) -> Result<Option<PhraseProblem>, Failure> {
        expect_reply!(self, Command::CheckPhrase { phrase }, PhraseChecked)
    }

    pub(crate) async fn suggest_words(self, prefix: String) -> Result<Vec<String>, Failure> {
        expect_reply!(self, Command::Words { prefix }, Words)
    }
}
