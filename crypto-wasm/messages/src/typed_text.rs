//! What is wrong with a secret text that the user typed.

use serde::{Deserialize, Serialize};

/// Why a typed text is not a recovery code. It is checked before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeProblem {
    /// The text is an account key (`A1`), which opens nothing by itself.
    AccountKey,
    /// The text has a character that no code has.
    Character,
    /// The checksum does not match: a character is wrong or two are swapped.
    Check,
    /// The text is a code of another kind. It does not begin with `R`.
    Kind,
    /// The text does not have 32 characters.
    Length {
        /// The number of characters found.
        found: u32,
    },
    /// The text is a code of a later version.
    Version,
}

/// Why a text is not a BIP-39 phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhraseProblem {
    /// All words are in the list, but the checksum does not match: a word is wrong or two are
    /// swapped.
    Checksum,
    /// The text does not have 12, 15, 18, 21 or 24 words.
    Count {
        /// The number of words found.
        found: u32,
    },
    /// A word is not in the list.
    Word {
        /// The position of the word, from 1.
        position: u32,
    },
}
