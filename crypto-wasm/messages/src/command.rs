use serde::{Deserialize, Serialize};

use crate::{Credentials, Exchange, Outcome, OverviewVersion, RecordId, VaultId};

/// A numbered command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the page, unique while the worker lives.
    pub id: u32,
    /// What is wanted.
    pub command: Command,
}

/// What a screen can ask. The answer to each is named behind the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Goes on after a [`Notice`](crate::Notice): this device joins the vault -> [`Opened`](crate::Reply::Opened).
    AcceptNotice,
    /// Stores a new exchange key -> [`Saved`](crate::Reply::Saved).
    Add(KeyDraft),
    /// Answers a [`Ceremony`](crate::Event::Ceremony) event -> [`Done`](crate::Reply::Done).
    Answer {
        /// The event's ticket.
        ticket: u32,
        /// What came of it.
        outcome: Outcome,
    },
    /// Makes a vault; runs one or two ceremonies -> [`Opened`](crate::Reply::Opened).
    Create {
        /// The vault's name.
        name: String,
        /// Invitation code, where the server asks for one.
        invite: Option<String>,
    },
    /// Deletes a record -> [`Saved`](crate::Reply::Saved).
    Delete {
        /// The record.
        id: RecordId,
    },
    /// Changes an exchange key -> [`Saved`](crate::Reply::Saved).
    Edit(KeyEdit),
    /// What this device knows before anything is opened -> [`Welcome`](crate::Reply::Welcome).
    Hello,
    /// Rows of the list by label, those that hold every word of `query` -> [`Page`](crate::Reply::Page).
    List {
        /// Words, each in label, note, exchange or masked key; empty for all.
        query: String,
        /// First row.
        offset: u32,
        /// Number of rows, at most 200.
        limit: u32,
    },
    /// Stores or sends what is in flight and wipes every key; the page then ends the worker -> [`Done`](crate::Reply::Done).
    Lock,
    /// Ends the session at the server, then as `Lock` -> [`Done`](crate::Reply::Done).
    LogOut,
    /// One record without its secret -> [`Detail`](crate::Reply::Detail).
    Open {
        /// The record.
        id: RecordId,
    },
    /// Fetches a challenge so that the next click needs no network -> [`Done`](crate::Reply::Done).
    Prepare(Purpose),
    /// Opens a session again while the vault is open; runs one ceremony -> [`Done`](crate::Reply::Done).
    Renew,
    /// A record's secret -> [`Revealed`](crate::Reply::Revealed).
    Reveal {
        /// The record.
        id: RecordId,
    },
    /// Sends what waits and fetches what others wrote -> [`Done`](crate::Reply::Done).
    Sync,
    /// Opens a vault; runs one ceremony -> [`Opened`](crate::Reply::Opened) or [`Notice`](crate::Reply::Notice).
    Unlock {
        /// The vault, when this device knows more than one or the person chose; else whichever passkey answers.
        vault: Option<VaultId>,
    },
}

/// What a challenge is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// [`Command::Create`].
    Create,
    /// [`Command::Unlock`] and [`Command::Renew`].
    Unlock,
}

/// A new exchange key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDraft {
    /// Whose it is.
    pub exchange: Exchange,
    /// What the list calls it; 1 to [`MAX_LABEL`](crate::MAX_LABEL) characters.
    pub label: String,
    /// Free text, searchable; at most [`MAX_NOTE`](crate::MAX_NOTE) bytes.
    pub note: String,
    /// The key itself.
    pub credentials: Credentials,
}

/// A change of an exchange key: what is `None` stays, and a secret that stays is not opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEdit {
    /// The record.
    pub id: RecordId,
    /// The overview version that the form was filled from.
    pub base: OverviewVersion,
    /// The new label.
    pub label: Option<String>,
    /// The new note.
    pub note: Option<String>,
    /// The new credentials, all of them.
    pub credentials: Option<Credentials>,
}
