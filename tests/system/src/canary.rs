//! Canaries: secrets that must not be found anywhere, in any encoding that a leak could have.

use aho_corasick::AhoCorasick;
use data_encoding::{BASE64, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXUPPER};

/// A secret, with a name for reports.
#[derive(Clone, Debug)]
pub struct Canary {
    name: &'static str,
    bytes: Vec<u8>,
}

impl Canary {
    /// Creates a canary from a secret of at least 16 bytes.
    pub fn new(name: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        let canary = Self { name, bytes: bytes.into() };
        assert!(canary.bytes.len() >= 16, "{name} is too short to be found nowhere by chance");
        canary
    }

    /// Creates a canary from words of a phrase. They may be shorter than other secrets, but are
    /// still too long to be found by chance.
    pub fn words(name: &'static str, words: &str) -> Self {
        assert!(words.len() >= 7, "{name} is too short to be found nowhere by chance");
        Self { name, bytes: words.into() }
    }

    /// Returns the secret in every encoding, with the name of the encoding.
    pub fn encodings(&self) -> Vec<(String, Vec<u8>)> {
        let bytes = &self.bytes;
        let percent =
            |format: fn(u8) -> String| bytes.iter().copied().map(format).collect::<String>().into_bytes();
        let mut all = vec![
            ("raw".to_owned(), bytes.clone()),
            ("hex".to_owned(), HEXLOWER.encode(bytes).into_bytes()),
            ("HEX".to_owned(), HEXUPPER.encode(bytes).into_bytes()),
            ("percent".to_owned(), percent(|byte| format!("%{byte:02x}"))),
            ("PERCENT".to_owned(), percent(|byte| format!("%{byte:02X}"))),
        ];
        for shift in 0..3 {
            all.push((format!("base64+{shift}"), inner(&BASE64, bytes, shift)));
            all.push((format!("base64url+{shift}"), inner(&BASE64URL_NOPAD, bytes, shift)));
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            let units: Vec<u16> = text.encode_utf16().collect();
            all.push(("utf-16le".to_owned(), units.iter().flat_map(|unit| unit.to_le_bytes()).collect()));
            all.push(("utf-16be".to_owned(), units.iter().flat_map(|unit| unit.to_be_bytes()).collect()));
            all.push(("component".to_owned(), component(bytes)));
            all.push(("json".to_owned(), json(text)));
        }
        all
    }
}

/// Returns the characters that depend on `bytes` only if `shift` other bytes precede them.
fn inner(encoding: &Encoding, bytes: &[u8], shift: usize) -> Vec<u8> {
    let text = encoding.encode(&[vec![0; shift].as_slice(), bytes].concat()).into_bytes();
    let (from, to) = ((shift * 8).div_ceil(6), (shift + bytes.len()) * 8 / 6);
    text[from..to].to_vec()
}

/// Encodes bytes as `encodeURIComponent` does.
fn component(bytes: &[u8]) -> Vec<u8> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte);
    let write = |&byte: &u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    bytes.iter().map(write).collect::<String>().into_bytes()
}

/// Encodes text as JSON does with ASCII only.
fn json(text: &str) -> Vec<u8> {
    let mut out = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit).ok().filter(u8::is_ascii) {
            Some(byte) => out.push(byte.into()),
            None => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.into_bytes()
}

/// A canary that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The name of the canary.
    pub canary: &'static str,
    /// The encoding in which it was found.
    pub encoding: String,
}

/// A search for several canaries.
pub struct Canaries {
    needles: Vec<(Finding, Vec<u8>)>,
    search: AhoCorasick,
}

impl Canaries {
    /// Prepares the search.
    pub fn new(canaries: &[Canary]) -> Self {
        let mut needles: Vec<(Finding, Vec<u8>)> = Vec::new();
        for canary in canaries {
            for (encoding, bytes) in canary.encodings() {
                // Two encodings of a plain text may be the same.
                if needles.iter().all(|(_, known)| *known != bytes) {
                    needles.push((Finding { canary: canary.name, encoding }, bytes));
                }
            }
        }
        let search =
            AhoCorasick::new(needles.iter().map(|(_, bytes)| bytes)).expect("some kilobytes of needles");
        Self { needles, search }
    }

    /// Returns every needle with its description.
    pub fn needles(&self) -> &[(Finding, Vec<u8>)] {
        &self.needles
    }

    /// Searches `bytes` and returns every finding once, sorted.
    pub fn find(&self, bytes: &[u8]) -> Vec<Finding> {
        let found = self.search.find_overlapping_iter(bytes).map(|hit| hit.pattern().as_usize());
        let mut found: Vec<usize> = found.collect();
        found.sort_unstable();
        found.dedup();
        let mut findings: Vec<Finding> = found.into_iter().map(|at| self.needles[at].0.clone()).collect();
        findings.sort();
        findings
    }

    /// Returns the descriptions of all needles, sorted.
    pub fn all(&self) -> Vec<Finding> {
        let mut all: Vec<Finding> = self.needles.iter().map(|(finding, _)| finding.clone()).collect();
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_encoding_at_any_position() {
        let canaries = Canaries::new(&[Canary::new("text", "geheim: \u{e4}/+ %&=?\u{20ac}")]);
        for (finding, bytes) in canaries.needles() {
            let found = canaries.find(&[b"before", bytes.as_slice(), b"after"].concat());
            assert!(found.contains(finding), "{finding:?} among {found:?}");
            let cut = &bytes[..bytes.len() - 1];
            assert!(
                !canaries.find(&[b"before", cut, b"after"].concat()).contains(finding),
                "{finding:?} cut"
            );
        }
        assert_eq!(canaries.all().len(), 15);
    }

    #[test]
    fn finds_base64_at_any_alignment() {
        let secret = b"sixteen bytes!!!";
        let canaries = Canaries::new(&[Canary::new("bytes", secret)]);
        for before in 0..7 {
            for after in 0..4 {
                let whole = [vec![0xa5; before].as_slice(), secret, vec![0x5a; after].as_slice()].concat();
                for encoding in [BASE64, BASE64URL_NOPAD] {
                    let found = canaries.find(encoding.encode(&whole).as_bytes());
                    let shift = format!("+{}", before % 3);
                    assert!(
                        found.iter().any(|found| found.encoding.ends_with(&shift)),
                        "{before} {after}: {found:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn finds_a_canary_in_json_and_in_an_address() {
        let text = "label \u{fc} of / one & two";
        let canaries = Canaries::new(&[Canary::new("text", text)]);
        let json = format!("\"{}\"", "label \\u00fc of / one & two");
        assert_eq!(canaries.find(json.as_bytes()).len(), 1);
        assert_eq!(canaries.find(b"/search?q=label%20%C3%BC%20of%20%2F%20one%20%26%20two").len(), 1);
        assert!(canaries.find(b"label u of / one & two").is_empty());
    }
}
