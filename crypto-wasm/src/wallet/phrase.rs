//! Recovery phrases as the entropy that their words encode. This crate does not know the word list.

use crystallum_format::encoding::{Decoder, Encoder, Malformed};
use crystallum_format::entropy::Entropy;
use crystallum_format::labels;
use crystallum_format::limits::SEAL_OVERHEAD;
use zeroize::Zeroizing;

use super::context::WalletContext;
use super::key::WalletKey;
use crate::seal::{AssociatedData, Blob, NotOpened, SealingKey};

/// The word list of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// BIP-39, English.
    English,
}

impl Language {
    const fn number(self) -> u8 {
        match self {
            Self::English => 1,
        }
    }

    const fn from_number(number: u8) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::English),
            _ => Err(Malformed),
        }
    }
}

/// A phrase: 16, 20, 24, 28 or 32 bytes of entropy and a language. Wiped when dropped.
pub struct Phrase {
    entropy: Zeroizing<Vec<u8>>,
    language: Language,
}

impl Phrase {
    /// Creates a phrase from its entropy.
    pub fn from_entropy(entropy: &[u8], language: Language) -> Result<Self, Malformed> {
        if !matches!(entropy.len(), 16 | 20 | 24 | 28 | 32) {
            return Err(Malformed);
        }
        Ok(Self { entropy: Zeroizing::new(entropy.to_vec()), language })
    }

    /// Returns the entropy.
    pub fn expose_entropy(&self) -> &[u8] {
        &self.entropy
    }

    /// Returns the language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Returns the number of words: 3 for every 4 bytes of entropy.
    pub fn words(&self) -> u8 {
        u8::try_from(self.entropy.len() / 4 * 3).expect("at most 24")
    }

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Encoder::new(labels::WALLET_PHRASE)
            .field(1, &self.entropy)
            .field(2, &[self.language.number()])
            .finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Decoder::new(labels::WALLET_PHRASE, bytes)?;
        let entropy = fields.bytes(1)?;
        let language = Language::from_number(fields.u8(2)?)?;
        fields.finish()?;
        Self::from_entropy(entropy, language)
    }
}

/// A phrase that is sealed under a [`WalletKey`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedPhrase(Blob);

impl SealedPhrase {
    /// Wraps bytes of the right length. They are only verified when the phrase is opened.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() == PhraseAad::BLOB {
            Ok(Self(Blob::from_bytes(bytes.to_vec())))
        } else {
            Err(Malformed)
        }
    }

    /// Returns the bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl WalletKey {
    /// Seals a phrase for a dealing of this key.
    pub fn seal_phrase(
        &self,
        context: &WalletContext,
        phrase: &Phrase,
        entropy: &mut impl Entropy,
    ) -> SealedPhrase {
        let blob = self.phrase_key(context).seal(&PhraseAad(*context), &phrase.encode(), entropy);
        SealedPhrase(blob.expect("the longest phrase fits the class"))
    }

    /// Opens the phrase of a dealing of this key.
    pub fn open_phrase(&self, context: &WalletContext, sealed: &SealedPhrase) -> Result<Phrase, NotOpened> {
        let plaintext = self.phrase_key(context).open(&PhraseAad(*context), &sealed.0)?;
        Phrase::decode(&plaintext).map_err(|Malformed| NotOpened)
    }

    fn phrase_key(&self, context: &WalletContext) -> SealingKey {
        SealingKey::new(self.0.derive(labels::DERIVE_WALLET_PHRASE, context.vault, context.epoch))
    }
}

/// The associated data of a sealed phrase.
struct PhraseAad(WalletContext);

impl PhraseAad {
    const BLOB: usize = SEAL_OVERHEAD + 128;
}

impl AssociatedData for PhraseAad {
    const LABEL: &'static str = labels::SEAL_PHRASE;
    const CLASSES: &'static [usize] = &[128];

    fn fields(&self, encoder: Encoder) -> Encoder {
        encoder
            .field(2, self.0.vault.as_bytes())
            .field(3, &self.0.epoch.to_be_bytes())
            .field(4, self.0.record.as_bytes())
            .field(5, self.0.set.as_bytes())
            .field(6, &self.0.share_epoch.to_be_bytes())
            .field(7, &[self.0.environment.number()])
    }
}

#[cfg(test)]
mod tests;
