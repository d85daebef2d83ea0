//! BIP-39 phrases: words, checks, and what of a phrase is kept.

use bip39::{Error, Language as Words, Mnemonic};
use crystallum_core::{Entropy, Language, Phrase};
use crystallum_messages::{Failure, PhraseProblem, SecretText};
use zeroize::Zeroizing;

/// Most words offered for a prefix.
const MOST: usize = 6;

/// Words of the list that begin like this.
pub(crate) fn words(prefix: &str) -> Vec<String> {
    let prefix = prefix.trim().to_lowercase();
    if prefix.is_empty() {
        return Vec::new();
    }
    Words::English.words_by_prefix_iter(&prefix).take(MOST).map(str::to_owned).collect()
}

/// Reads a phrase: any case, any white space between the words.
pub(crate) fn parse(text: &SecretText) -> Result<Phrase, PhraseProblem> {
    // EXPOSE: read on this device; what leaves it is sealed.
    let text = Zeroizing::new(text.expose().to_lowercase());
    let normal = Zeroizing::new(text.split_whitespace().collect::<Vec<_>>().join(" "));
    let found = u32::try_from(normal.split(' ').filter(|word| !word.is_empty()).count()).unwrap_or(u32::MAX);
    if !matches!(found, 12 | 15 | 18 | 21 | 24) {
        // A word that is none is worth more than a count, while the phrase is still being typed.
        return Err(unknown_word(&normal).unwrap_or(PhraseProblem::Count { found }));
    }
    let mnemonic = Mnemonic::parse_in_normalized(Words::English, &normal).map_err(|error| match error {
        Error::UnknownWord(_) => unknown_word(&normal).unwrap_or(PhraseProblem::Checksum),
        _ => PhraseProblem::Checksum,
    })?;
    phrase(&mnemonic).ok_or(PhraseProblem::Checksum)
}

fn unknown_word(text: &str) -> Option<PhraseProblem> {
    let at = text.split_whitespace().position(|word| Words::English.find_word(word).is_none())?;
    Some(PhraseProblem::Word { position: u32::try_from(at + 1).unwrap_or(u32::MAX) })
}

fn phrase(mnemonic: &Mnemonic) -> Option<Phrase> {
    let (bytes, length) = mnemonic.to_entropy_array();
    let bytes = Zeroizing::new(bytes);
    Phrase::from_entropy(bytes.get(..length)?, Language::English).ok()
}

/// A fresh phrase.
pub(crate) fn make(entropy: &mut impl Entropy, words: u8) -> Result<SecretText, Failure> {
    let length = match words {
        12 | 15 | 18 | 21 | 24 => usize::from(words) / 3 * 4,
        _ => return Err(Failure::Confused),
    };
    let mut bytes = Zeroizing::new(vec![0; length]);
    entropy.fill(&mut bytes);
    text_of(&bytes)
}

/// The words of a phrase.
pub(crate) fn text(phrase: &Phrase) -> Result<SecretText, Failure> {
    // EXPOSE: rebuilt to be read by its owner.
    text_of(phrase.expose_entropy())
}

fn text_of(entropy: &[u8]) -> Result<SecretText, Failure> {
    let mnemonic = Mnemonic::from_entropy_in(Words::English, entropy).map_err(|_| Failure::Confused)?;
    let mut text = String::with_capacity(256);
    for word in mnemonic.words() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    Ok(SecretText::new(text))
}

#[cfg(test)]
mod tests;
