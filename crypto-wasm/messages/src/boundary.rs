//! The messages that cross the worker boundary, and their binary encoding. A message is sent in one
//! buffer, which is transferred to the other side and wiped after it was read.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::ceremony::Outcome;
use crate::domains::{Command, Reply};
use crate::event::Event;
use crate::failure::Failure;

/// A message from the page to the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToEngine {
    /// A command to carry out.
    Request(Request),
    /// The answer to a [`Ceremony`](Event::Ceremony) event. It has no response: the command that
    /// asked for the ceremony continues.
    Answer {
        /// The event's ticket.
        ticket: u32,
        /// The outcome of the ceremony.
        outcome: Outcome,
    },
}

/// A numbered command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// A number that the page chooses, unique while the worker lives.
    pub id: u32,
    /// The command to carry out.
    pub command: Command,
}

/// A message from the engine to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromEngine {
    /// An event that no request asked for.
    Event(Event),
    /// The response to a [`Request`].
    Response(Response),
}

/// The response to one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The number of the request.
    pub id: u32,
    /// The result of the command.
    pub result: Result<Reply, Failure>,
}

/// The capacity in bytes to reserve for a message. A message with a secret fits, so the buffer does
/// not reallocate and leave a copy of it behind.
const CAPACITY: usize = 64 * 1024;

/// The bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// A message that is encoded on its own.
pub trait Message: Serialize + for<'de> Deserialize<'de> {
    /// Encodes the message.
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let bytes = postcard::to_extend(self, Vec::with_capacity(CAPACITY));
        Zeroizing::new(bytes.expect("a list of bytes takes any message"))
    }

    /// Decodes a message, which must use all of the bytes.
    fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        match postcard::take_from_bytes(bytes) {
            Ok((message, [])) => Ok(message),
            _ => Err(Unreadable),
        }
    }
}

impl Message for FromEngine {}
impl Message for ToEngine {}

/// Decodes only the number of a request whose other fields cannot be decoded.
pub fn number_of(bytes: &[u8]) -> Option<u32> {
    /// The index of [`ToEngine::Request`], which comes before the number.
    const REQUEST: u32 = 0;
    match postcard::take_from_bytes(bytes) {
        Ok(((REQUEST, number), _)) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ceremony::{Asserted, Prf};
    use crate::ids::{RecordId, VaultId};
    use crate::keys::{self, Credentials, KeyDraft};
    use crate::secret::SecretText;
    use crate::sync::SyncState;
    use crate::{Exchange, entry};

    fn request(id: u32, command: impl Into<Command>) -> ToEngine {
        ToEngine::Request(Request { id, command: command.into() })
    }

    fn draft() -> ToEngine {
        let text = |text: &str| SecretText::new(text.to_owned());
        let credentials =
            Credentials { api_key: text("key"), api_secret: text("secret"), passphrase: Some(text("")) };
        let draft =
            KeyDraft { exchange: Exchange::Okx, label: "ä".into(), note: String::new(), credentials };
        request(70_000, keys::Command::Add(draft))
    }

    fn answer() -> ToEngine {
        let asserted = Asserted {
            raw_id: vec![1, 2],
            client_data_json: vec![3],
            authenticator_data: vec![],
            signature: vec![5; 300],
            user_handle: vec![6],
            prf: Prf { enabled: None, first: Some(vec![7; 32].into()), second: None },
        };
        ToEngine::Answer { ticket: 9, outcome: Outcome::Asserted(asserted) }
    }

    /// Members have no names in these bytes, so one that is left out would shift all that follow.
    #[test]
    fn a_row_comes_out_with_and_without_an_unknown_exchange() {
        for unknown_exchange in [None, Some("mtgox".to_owned())] {
            let row = keys::KeyRow {
                id: RecordId([1; 16]),
                exchange: Exchange::Other,
                unknown_exchange,
                label: "label".to_owned(),
                masked: "masked".to_owned(),
                updated: 7,
            };
            let page = Reply::Keys(keys::Reply::Page(keys::Page { total: 1, offset: 0, rows: vec![row] }));
            let message = FromEngine::Response(Response { id: 1, result: Ok(page) });
            assert_eq!(FromEngine::from_bytes(&message.to_bytes()), Ok(message));
        }
    }

    #[test]
    fn what_goes_in_comes_out() {
        let unlock = entry::Command::Unlock { vault: Some(VaultId([9; 16])) };
        for message in [draft(), answer(), request(0, unlock)] {
            assert_eq!(ToEngine::from_bytes(&message.to_bytes()), Ok(message));
        }
        let numbers = Reply::Keys(keys::Reply::Revealed(Credentials::default()));
        for message in [
            FromEngine::Response(Response { id: u32::MAX, result: Ok(numbers) }),
            FromEngine::Response(Response { id: 3, result: Err(Failure::RateLimited { seconds: 30 }) }),
            FromEngine::Event(Event::Sync(SyncState::SignedOut)),
        ] {
            assert_eq!(FromEngine::from_bytes(&message.to_bytes()), Ok(message));
        }
    }

    #[test]
    fn whatever_is_cut_or_longer_is_refused_and_still_has_its_number() {
        let bytes = draft().to_bytes();
        for length in 0..bytes.len() {
            assert_eq!(ToEngine::from_bytes(&bytes[..length]), Err(Unreadable), "{length}");
        }
        assert_eq!(number_of(&bytes[..5]), Some(70_000));
        let mut longer = bytes.to_vec();
        longer.push(0);
        assert_eq!(ToEngine::from_bytes(&longer), Err(Unreadable));
        assert_eq!(number_of(&[]), None);
        assert_eq!(number_of(&answer().to_bytes()), None, "an answer has no number");
    }
}
