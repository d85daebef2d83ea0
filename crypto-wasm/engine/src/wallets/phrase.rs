//! BIP-39 recovery phrases: suggesting words, parsing and generating phrases.

use bip39::{Error, Language as Words, Mnemonic};
use crystallum_core::{Entropy, Language, Phrase};
use crystallum_messages::{ImpossibleState, PhraseProblem, SecretText};
use zeroize::Zeroizing;

/// The most words that are suggested for a prefix.
const MAX_SUGGESTIONS: usize = 6;

/// Returns words of the list that start with a prefix.
pub(crate) fn suggest_words(prefix: &str) -> Vec<String> {
    let prefix = prefix.trim().to_lowercase();
    if prefix.is_empty() {
        return Vec::new();
    }
    Words::English.words_by_prefix_iter(&prefix).take(MAX_SUGGESTIONS).map(str::to_owned).collect()
}

/// Parses a phrase in any case, with any white space between the words.
pub(crate) fn parse_phrase(text: &SecretText) -> Result<Phrase, PhraseProblem> {
    // EXPOSE: parsed on this device; only the sealed phrase leaves it.
    let text = Zeroizing::new(text.expose().to_lowercase());
    let normal = Zeroizing::new(text.split_whitespace().collect::<Vec<_>>().join(" "));
    let found = u32::try_from(normal.split(' ').filter(|word| !word.is_empty()).count()).unwrap_or(u32::MAX);
    if !matches!(found, 12 | 15 | 18 | 21 | 24) {
        // While the phrase is being typed, an unknown word is more helpful to report than the
        // count.
        return Err(unknown_word(&normal).unwrap_or(PhraseProblem::Count { found }));
    }
    let mnemonic = Mnemonic::parse_in_normalized(Words::English, &normal).map_err(|error| match error {
        Error::UnknownWord(_) => unknown_word(&normal).unwrap_or(PhraseProblem::Checksum),
        _ => PhraseProblem::Checksum,
    })?;
    phrase_of(&mnemonic).ok_or(PhraseProblem::Checksum)
}

fn unknown_word(text: &str) -> Option<PhraseProblem> {
    let at = text.split_whitespace().position(|word| Words::English.find_word(word).is_none())?;
    Some(PhraseProblem::Word { position: u32::try_from(at + 1).unwrap_or(u32::MAX) })
}

fn phrase_of(mnemonic: &Mnemonic) -> Option<Phrase> {
    let (bytes, length) = mnemonic.to_entropy_array();
    let bytes = Zeroizing::new(bytes);
    Phrase::from_entropy(bytes.get(..length)?, Language::English).ok()
}

/// Generates a phrase with this number of words.
pub(crate) fn generate_phrase(entropy: &mut impl Entropy, words: u8) -> Result<SecretText, ImpossibleState> {
    let length = match words {
        12 | 15 | 18 | 21 | 24 => usize::from(words) / 3 * 4,
        _ => return Err(ImpossibleState::PhraseLength),
    };
    let mut bytes = Zeroizing::new(vec![0; length]);
    entropy.fill(&mut bytes);
    text_of(&bytes)
}

/// Returns the words of a phrase.
pub(crate) fn phrase_text(phrase: &Phrase) -> Result<SecretText, ImpossibleState> {
    // EXPOSE: the phrase was rebuilt to be shown to its owner.
    text_of(phrase.expose_entropy())
}

fn text_of(entropy: &[u8]) -> Result<SecretText, ImpossibleState> {
    let mnemonic =
        Mnemonic::from_entropy_in(Words::English, entropy).map_err(|_| ImpossibleState::PhraseLength)?;
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
