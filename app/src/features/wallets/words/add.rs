use crystallum_messages::PhraseProblem;

pub(crate) const HEADING: &str = "Add a wallet";
pub(crate) const CHOOSE: &str = "Is there a phrase already?";
pub(crate) const BRING: &str = "Bring a phrase";
pub(crate) const BRING_HINT: &str = "12 to 24 words that another wallet gave you.";
pub(crate) const MAKE_HINT: &str = "Made here from fresh randomness. You write it on paper.";
pub(crate) const STEP_PHRASE: &str = "Step 1 of 2: the phrase";
pub(crate) const STEP_SPLIT: &str = "Step 2 of 2: the shares";
pub(crate) const SPLIT: &str = "Split it into shares";
pub(crate) const CHOOSE_AGAIN: &str = "Choose another way";

pub(crate) const PHRASE: &str = "Recovery phrase";
pub(crate) const PHRASE_HINT: &str = "English words in their order, with spaces between. A passphrase on top of them (a “25th word”) is not kept: it belongs on your paper.";
pub(crate) const SUGGESTIONS: &str = "Words that fit";
pub(crate) const GOOD: &str = "The words belong together.";
pub(crate) const GO_ON: &str = "Go on";

pub(crate) const WRITE_DOWN: &str = "Write these words on paper, in this order";
pub(crate) const WRITE_DOWN_TEXT: &str = "Paper only: no photo, no file, no message. Whoever reads them has the wallet. The shares protect against losing this copy, not against somebody who finds it.";
pub(crate) const WRITTEN: &str = "I have written them down";
pub(crate) const SHOW_WORDS: &str = "Show the words";
pub(crate) const HIDE_WORDS: &str = "Hide the words";
pub(crate) const ASK_BACK: &str = "Two words from your paper";
pub(crate) const ASK_BACK_TEXT: &str = "So that a slip of the pen shows now and not when you need it.";
pub(crate) const SHOW_AGAIN: &str = "Show the words again";
pub(crate) const NOT_THE_WORD: &str = "That is not what this word is. Look at your paper again.";

pub(crate) const SAVE: &str = "Split and save";
pub(crate) const SAVING: &str = "Dealing the shares";
pub(crate) const TOUCH: &str = "Your device will ask for your fingerprint, face or PIN: wallets have a key of their own that only a fresh touch gives.";

/// Returns a text such as "Make 12 words".
pub(crate) fn make(words: u8) -> String {
    format!("Make {words} words")
}

/// Returns the label of a field that asks for one word.
pub(crate) fn word(number: usize) -> String {
    format!("Word {number}")
}

/// Says how many words have been typed.
pub(crate) fn so_far(words: usize) -> String {
    match words {
        0 => String::new(),
        1 => "1 word so far".into(),
        more => format!("{more} words so far"),
    }
}

/// Says what is wrong with a phrase. `word` is the one that the problem names, as it was typed.
pub(crate) fn problem(problem: &PhraseProblem, word: &str) -> String {
    match problem {
        PhraseProblem::Checksum => {
            "These are words of the list, but they do not belong together: one is wrong, or two are swapped. Compare them with your copy.".into()
        }
        PhraseProblem::Count { found } => format!("A phrase has 12, 15, 18, 21 or 24 words; this has {found}."),
        PhraseProblem::Word { position } => {
            format!("Word {position}, “{word}”, is not in the list of 2,048 words. Check its spelling.")
        }
    }
}

/// Returns the text of the button beside an error about one word.
pub(crate) fn go_to(position: u32) -> String {
    format!("Go to word {position}")
}
