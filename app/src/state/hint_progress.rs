//! What the server has told an open vault of, and when this device asks about it.

use std::time::Duration;

/// The shortest time between two questions to the server.
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
/// The longest time, after hints that nothing came of.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// How far this device has followed what it was told. One question is under way at a time, and the
/// pause after it belongs to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct HintProgress {
    /// The newest change that the server has told of and that was not found to be false.
    newest: u64,
    is_asking: bool,
    /// The pause after the last question. It outlives the question, so that hints that nothing
    /// comes of are followed ever more rarely, however they are spread.
    pause: Duration,
}

/// A question to the server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    /// The newest change that the server had told of.
    told: u64,
    /// The newest change that this device had.
    known: u64,
}

impl HintProgress {
    /// Returns the progress of a device that was told nothing yet.
    pub(super) fn new() -> Self {
        Self { newest: 0, is_asking: false, pause: SHORTEST_PAUSE }
    }

    /// Notes that the server has told of a change.
    pub(super) fn note_told(&mut self, change: u64) {
        self.newest = self.newest.max(change);
    }

    /// Begins a question if this device is behind what it was told, unless another is under way.
    /// `known` is the newest change that this device has.
    pub(super) fn begin(&mut self, known: u64) -> Option<Question> {
        if self.is_asking || self.newest <= known {
            return None;
        }
        self.is_asking = true;
        Some(Question { told: self.newest, known })
    }

    /// Takes the outcome of a question, and returns how long to wait before the next one.
    /// `is_complete` says that the server has shown what it has.
    pub(super) fn answer(&mut self, question: Question, is_complete: bool, known: u64) -> Duration {
        // A hint of more than was shown is false, but what was told meanwhile may not have been
        // written yet when the server answered.
        if is_complete && self.newest == question.told {
            self.newest = self.newest.min(known);
        }
        let came = known > question.known;
        self.pause = if came { SHORTEST_PAUSE } else { self.pause.saturating_mul(2).min(LONGEST_PAUSE) };
        self.pause
    }

    /// Ends a question after its pause.
    pub(super) fn end(&mut self) {
        self.is_asking = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks once, and returns the pause after it.
    fn ask(progress: &mut HintProgress, known: u64, then: u64) -> Option<u64> {
        let question = progress.begin(known)?;
        let pause = progress.answer(question, true, then);
        progress.end();
        Some(pause.as_secs())
    }

    #[test]
    fn what_is_told_during_a_question_is_asked_for_after_it() {
        let mut progress = HintProgress::new();
        progress.note_told(11);
        let question = progress.begin(10).unwrap();
        progress.note_told(12);
        assert!(progress.begin(10).is_none(), "one question is under way");
        // The answer was made before change 12 was.
        assert_eq!(progress.answer(question, true, 11), SHORTEST_PAUSE);
        assert!(progress.begin(11).is_none(), "the pause belongs to the question");
        progress.end();
        assert_eq!(ask(&mut progress, 11, 12), Some(2));
        assert_eq!(ask(&mut progress, 12, 12), None);
    }

    #[test]
    fn false_hints_are_followed_ever_more_rarely_however_they_are_spread() {
        let mut progress = HintProgress::new();
        let mut pauses = Vec::new();
        for _ in 0..6 {
            progress.note_told(u64::MAX);
            pauses.extend(ask(&mut progress, 10, 10));
            assert_eq!(ask(&mut progress, 10, 10), None, "a false hint is asked about once");
        }
        assert_eq!(pauses, [4, 8, 16, 32, 60, 60]);
        progress.note_told(11);
        assert_eq!(ask(&mut progress, 10, 11), Some(2), "something came");
    }

    #[test]
    fn a_question_without_an_answer_is_asked_again() {
        let mut progress = HintProgress::new();
        progress.note_told(11);
        let question = progress.begin(10).unwrap();
        assert_eq!(progress.answer(question, false, 10).as_secs(), 4);
        progress.end();
        assert_eq!(ask(&mut progress, 10, 11), Some(2));
    }
}
