use crystallum_messages::{
    Failure, PhraseProblem, Rebuilt, SecretText, StoreView, WalletDetail, WalletRow, wallets::Command,
};

use super::{Engine, expect_reply};

impl Engine {
    /// Lists the wallets.
    pub(crate) async fn list_wallets(self) -> Result<Vec<WalletRow>, Failure> {
        expect_reply!(self, wallets, Command::List, Wallets)
    }

    /// Executes [`Command::Open`] or [`Command::Check`].
    pub(crate) async fn load_wallet(self, command: Command) -> Result<WalletDetail, Failure> {
        expect_reply!(self, wallets, command, Wallet)
    }

    /// Executes [`Command::Rebuild`].
    pub(crate) async fn rebuild_phrase(self, command: Command) -> Result<Rebuilt, Failure> {
        expect_reply!(self, wallets, command, Rebuilt)
    }

    /// Lists the share stores of the server.
    pub(crate) async fn list_stores(self) -> Result<Vec<StoreView>, Failure> {
        expect_reply!(self, wallets, Command::Stores, Stores)
    }

    /// Generates a phrase with this number of words.
    pub(crate) async fn generate_phrase(self, words: u8) -> Result<SecretText, Failure> {
        expect_reply!(self, wallets, Command::GeneratePhrase { words }, Phrase)
    }

    /// Returns what is wrong with a phrase, if anything.
    pub(crate) async fn check_phrase(self, phrase: SecretText) -> Result<Option<PhraseProblem>, Failure> {
        expect_reply!(self, wallets, Command::CheckPhrase { phrase }, PhraseChecked)
    }

    /// Returns the words of the BIP-39 list that start with a prefix.
    pub(crate) async fn suggest_words(self, prefix: String) -> Result<Vec<String>, Failure> {
        expect_reply!(self, wallets, Command::SuggestWords { prefix }, Words)
    }
}
