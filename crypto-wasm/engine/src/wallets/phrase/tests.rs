use super::*;

const TWELVE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
    }
}

fn problem(text: &str) -> Option<PhraseProblem> {
    parse_phrase(&SecretText::new(text.to_owned())).err()
}

#[test]
fn a_phrase_is_read_in_any_spelling_and_comes_back_the_same() {
    for spelling in
        [TWELVE.to_owned(), TWELVE.to_uppercase(), format!("  {}\n", TWELVE.replace(' ', " \t\n "))]
    {
        let phrase = parse_phrase(&SecretText::new(spelling)).expect("a published phrase");
        // BIP-39's own vector: entropy of sixteen bytes 0x7f.
        assert_eq!(phrase.expose_entropy(), [0x7f; 16]);
        assert_eq!(phrase_text(&phrase).expect("words").expose(), TWELVE);
    }
}

#[test]
fn what_is_wrong_is_named() {
    assert_eq!(problem(""), Some(PhraseProblem::Count { found: 0 }));
    assert_eq!(problem("legal winner"), Some(PhraseProblem::Count { found: 2 }));
    assert_eq!(problem("legal winer thank"), Some(PhraseProblem::Word { position: 2 }));
    assert_eq!(problem(&TWELVE.replace("sausage", "sausge")), Some(PhraseProblem::Word { position: 6 }));
    assert_eq!(problem(&TWELVE.replace("yellow", "year")), Some(PhraseProblem::Checksum));
    let swapped = TWELVE.replace("winner thank year", "thank winner year");
    assert_eq!(problem(&swapped), Some(PhraseProblem::Checksum));
}

#[test]
fn phrases_of_every_length_are_made_and_read() {
    for words in [12, 15, 18, 21, 24] {
        let made = generate_phrase(&mut Counting(words), words).expect("a length of BIP-39");
        assert_eq!(made.expose().split(' ').count(), usize::from(words));
        assert_eq!(parse_phrase(&made).expect("what was made").words(), words);
    }
    assert_eq!(generate_phrase(&mut Counting(0), 13), Err(ImpossibleState::PhraseLength));
}

#[test]
fn words_are_completed() {
    assert_eq!(suggest_words("sausa"), ["sausage"]);
    assert_eq!(suggest_words(" ABAN "), ["abandon"]);
    assert_eq!(suggest_words("a").len(), MAX_SUGGESTIONS);
    assert!(suggest_words("zzz").is_empty() && suggest_words("").is_empty());
}
