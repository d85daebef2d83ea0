//! What the server has told an open vault of, and when this device asks about it.

use std::time::Duration;

/// The shortest time between two questions to the server.
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
/// The longest time, after hints that nothing came of.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// When a stream is opened again that the server has refused, at first.
const FIRST_REOPENING: Duration = Duration::from_secs(30);
/// The longest time until then. Meanwhile this device asks as often.
const LAST_REOPENING: Duration = Duration::from_mins(2);

/// How far this device has followed what it was told. One question is under way at a time, and the
/// pause after it belongs to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct HintProgress {
    /// The newest change that the server has told of and that was not found to be false.
    newest: u64,
    /// Whether something may be new although nothing was told.
    is_unsure: bool,
    is_asking: bool,
    /// The pause after the last question. It outlives the question, so that hints that nothing
    /// comes of are followed ever more rarely, however they are spread.
    pause: Duration,
    reopening: Duration,
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
        Self {
            newest: 0,
            is_unsure: false,
            is_asking: false,
            pause: SHORTEST_PAUSE,
            reopening: FIRST_REOPENING,
        }
    }

    /// Notes that the server has told of a change.
    pub(super) fn note_told(&mut self, change: u64) {
        self.newest = self.newest.max(change);
        self.reopening = FIRST_REOPENING;
    }

    /// Notes that the server has refused a stream, so that nobody tells this device anything.
    /// Returns how long to wait before the next attempt.
    pub(super) fn note_refused(&mut self) -> Duration {
        self.is_unsure = true;
        let next = self.reopening.saturating_mul(2).min(LAST_REOPENING);
        std::mem::replace(&mut self.reopening, next)
    }

    /// Begins a question if this device is behind what it was told or was told nothing, unless
    /// another is under way. `known` is the newest change that this device has.
    pub(super) fn begin(&mut self, known: u64) -> Option<Question> {
        if self.is_asking || (self.newest <= known && !self.is_unsure) {
            return None;
        }
        (self.is_asking, self.is_unsure) = (true, false);
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
        if known > question.known {
            self.pause = SHORTEST_PAUSE;
        } else if question.told > question.known {
            self.pause = self.pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
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

    #[test]
    fn a_device_that_gets_no_stream_asks_each_time() {
        let mut progress = HintProgress::new();
        assert_eq!(ask(&mut progress, 10, 10), None);
        let mut pauses = Vec::new();
        for _ in 0..4 {
            pauses.push(progress.note_refused().as_secs());
            assert_eq!(ask(&mut progress, 10, 10), Some(2), "nothing was told, so nothing was false");
            assert_eq!(ask(&mut progress, 10, 10), None);
        }
        assert_eq!(pauses, [30, 60, 120, 120]);
        progress.note_told(10);
        assert_eq!(progress.note_refused().as_secs(), 30, "there was a stream");
        let question = progress.begin(10).unwrap();
        progress.note_refused();
        progress.answer(question, true, 10);
        progress.end();
        assert_eq!(ask(&mut progress, 10, 11), Some(2), "a refusal during a question is one of its own");
    }
}
