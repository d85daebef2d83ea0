//! The question before something on screen is lost.

use crate::state::unsaved_changes::{Departure, Loss};

/// The texts of the question.
pub(crate) struct Question {
    pub(crate) heading: &'static str,
    pub(crate) text: &'static str,
    /// The button that leaves.
    pub(crate) go: &'static str,
    /// The button that stays.
    pub(crate) stay: &'static str,
}

const LOCK_HEADING: &str = "Lock the vault now?";
const LOCK_GO: &str = "Lock the vault";
const STAY: &str = "Stay here";
const KEEP_TYPING: &str = "Keep typing";

/// Returns the question before something is lost.
pub(crate) fn question(loss: Loss, departure: Departure) -> Question {
    match (loss, departure) {
        (_, Departure::LockOverDraft) => Question {
            heading: LOCK_HEADING,
            text: "What you typed is kept on this device when the vault locks. An earlier form is kept already, and only one can be: the earlier one is gone then, unless you stay and continue it first.",
            go: "Lock and replace it",
            stay: KEEP_TYPING,
        },
        (Loss::Input, Departure::Leave) => Question {
            heading: "Leave this form?",
            text: "What you typed is not saved yet. It is gone once you leave.",
            go: "Leave without saving",
            stay: KEEP_TYPING,
        },
        (Loss::Input, Departure::Lock) => Question {
            heading: LOCK_HEADING,
            text: "What you typed is not saved yet. It is gone once the vault locks.",
            go: "Lock without saving",
            stay: KEEP_TYPING,
        },
        (Loss::Phrase, Departure::Leave) => Question {
            heading: "Leave this phrase?",
            text: "It is stored nowhere yet, and it is gone once you leave. If you have written all of it down, you can bring it later from your paper; if not, do not use that phrase.",
            go: "Leave the phrase",
            stay: STAY,
        },
        (Loss::Phrase, Departure::Lock) => Question {
            heading: LOCK_HEADING,
            text: "The new recovery phrase is stored nowhere yet, and it is gone once the vault locks. If you have written all of it down, you can bring it later from your paper; if not, do not use that phrase.",
            go: LOCK_GO,
            stay: STAY,
        },
        (Loss::Sheet, Departure::Leave) => Question {
            heading: "Leave the recovery sheet?",
            text: "Its code is on this page only and is not shown again. If it is neither printed, saved nor written down, it is gone, and the sheet is no way in until you make a new one under Security. Your vault and its other ways in stay as they are.",
            go: "Leave the sheet",
            stay: STAY,
        },
        (Loss::Sheet, Departure::Lock) => Question {
            heading: LOCK_HEADING,
            text: "The code of the recovery sheet is on this page only and is not shown again. If it is neither printed, saved nor written down, it is gone once the vault locks, and the sheet is no way in until you make a new one under Security. Your vault and its other ways in stay as they are.",
            go: LOCK_GO,
            stay: STAY,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::tests::is_calm;

    #[test]
    fn every_question_is_calm_and_says_what_is_done() {
        for loss in [Loss::Input, Loss::Phrase, Loss::Sheet] {
            for departure in [Departure::Leave, Departure::Lock, Departure::LockOverDraft] {
                let Question { heading, text, go, stay } = question(loss, departure);
                let asked = format!("{loss:?} {departure:?}");
                assert!(is_calm(text) && !go.is_empty() && !stay.is_empty(), "{asked}");
                assert_eq!(heading.starts_with("Lock"), departure != Departure::Leave, "{asked}");
                assert_eq!(text.contains("locks"), departure != Departure::Leave, "{asked}");
            }
        }
    }
}
