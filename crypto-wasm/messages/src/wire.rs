//! The binary encoding of messages. A message is sent in one buffer, which is transferred to the
//! other side and wiped after it was read.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{FromEngine, Request};

/// The capacity in bytes to reserve for a message. A message with a secret fits, so the buffer does
/// not reallocate and leave a copy of it behind.
const CAPACITY: usize = 64 * 1024;

/// The bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// A message that is encoded by itself.
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
impl Message for Request {}

/// Decodes only the number of a request, for one whose rest cannot be decoded.
pub fn number_of(bytes: &[u8]) -> Option<u32> {
    postcard::take_from_bytes(bytes).ok().map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Asserted, Command, Credentials, Event, Failure, KeyDraft, Outcome, Prf, Reply, Response, SecretText,
        SyncState, VaultId,
    };

    fn draft() -> Request {
        let text = |text: &str| SecretText::new(text.to_owned());
        let credentials =
            Credentials { api_key: text("key"), api_secret: text("secret"), passphrase: Some(text("")) };
        let draft =
            KeyDraft { exchange: crate::Exchange::Okx, label: "ä".into(), note: String::new(), credentials };
        Request { id: 70_000, command: Command::Add(draft) }
    }

    fn answer() -> Request {
        let asserted = Asserted {
            raw_id: vec![1, 2],
            client_data_json: vec![3],
            authenticator_data: vec![],
            signature: vec![5; 300],
            user_handle: vec![6],
            prf: Prf { enabled: None, first: Some(vec![7; 32].into()), second: None },
        };
        Request { id: 1, command: Command::Answer { ticket: 9, outcome: Outcome::Asserted(asserted) } }
    }

    #[test]
    fn what_goes_in_comes_out() {
        for request in
            [draft(), answer(), Request { id: 0, command: Command::Unlock { vault: Some(VaultId([9; 16])) } }]
        {
            assert_eq!(Request::from_bytes(&request.to_bytes()), Ok(request));
        }
        let numbers = Reply::Revealed(Credentials::default());
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
            assert_eq!(Request::from_bytes(&bytes[..length]), Err(Unreadable), "{length}");
        }
        assert_eq!(number_of(&bytes[..4]), Some(70_000));
        let mut longer = bytes.to_vec();
        longer.push(0);
        assert_eq!(Request::from_bytes(&longer), Err(Unreadable));
        assert_eq!(number_of(&[]), None);
    }
}
