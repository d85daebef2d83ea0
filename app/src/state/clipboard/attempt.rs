//! One attempt to clear the clipboard of what this page has copied, and of nothing else.

use std::pin::Pin;

use crystallum_messages::SecretText;
use futures_channel::oneshot;

use crate::browser::{
    clipboard::{self, Denied, ReadAccess},
    fingerprint::Fingerprint,
};

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The clipboard is empty.
    Cleared,
    /// The browser did not let the page write.
    Refused,
    /// Something else is on the clipboard. It was left there.
    Replaced,
    /// The page cannot know what is on the clipboard. It was left as it is.
    Unknown,
}

/// Whose text is on the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Other,
    Ours,
    Unknown,
}

/// What is known of the text that this page has copied.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    /// Recognises the text. `None` if the browser cannot compute hashes.
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) access: ReadAccess,
    /// Whether something else may have been copied meanwhile: the page was left, or the user
    /// copied from the page itself.
    pub(super) is_uncertain: bool,
}

/// An attempt that has begun.
pub(super) struct Attempt {
    writing: Pin<Box<dyn Future<Output = Result<(), Denied>>>>,
    content: oneshot::Receiver<Content>,
}

/// Begins an attempt. Browsers allow it only while they handle a click, so the writing begins
/// first, and it writes nothing unless the text turns out to be this page's own.
pub(super) fn begin(trace: Trace, by_touch: bool) -> Attempt {
    let (sender, content) = oneshot::channel();
    let reading = (by_touch && trace.access == ReadAccess::Click).then(clipboard::read);
    let writing = clipboard::write(async move {
        let text = match reading {
            Some(reading) => reading.await.ok(),
            None if trace.access == ReadAccess::Click => None,
            None if clipboard::read_access().await == ReadAccess::Granted => clipboard::read().await.ok(),
            None => None,
        };
        let is_same = match (text, &trace.fingerprint) {
            (Some(text), Some(fingerprint)) => Some(fingerprint.matches(text.expose()).await),
            _ => None,
        };
        let content = judge(is_same, trace.is_uncertain);
        // Nobody waits any more when the page is left.
        let _sent = sender.send(content);
        (content == Content::Ours).then(SecretText::default)
    });
    Attempt { writing: Box::pin(writing), content }
}

/// Begins an attempt that the user asked for. Only text that the page may read without a question,
/// and that is not its own, stays.
pub(super) fn begin_on_request(trace: Option<Trace>) -> Attempt {
    let trace = trace.unwrap_or(Trace { fingerprint: None, access: ReadAccess::Click, is_uncertain: false });
    begin(Trace { is_uncertain: false, ..trace }, false)
}

impl Attempt {
    /// Waits for the end.
    pub(super) async fn finish(self) -> Outcome {
        if self.writing.await.is_ok() {
            return Outcome::Cleared;
        }
        match self.content.await {
            Ok(Content::Other) => Outcome::Replaced,
            Ok(Content::Unknown) => Outcome::Unknown,
            Ok(Content::Ours) | Err(_) => Outcome::Refused,
        }
    }
}

/// Judges from what was read, if anything was, and from whether something else may have been
/// copied.
fn judge(is_same: Option<bool>, is_uncertain: bool) -> Content {
    match (is_same, is_uncertain) {
        (Some(true), _) | (None, false) => Content::Ours,
        (Some(false), _) => Content::Other,
        (None, true) => Content::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_decides_and_a_page_that_was_left_does_not_guess() {
        assert_eq!(judge(Some(true), true), Content::Ours);
        assert_eq!(judge(Some(false), false), Content::Other);
        assert_eq!(judge(None, false), Content::Ours);
        assert_eq!(judge(None, true), Content::Unknown);
    }
}
