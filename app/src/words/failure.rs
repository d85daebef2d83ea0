use crystallum_messages::Failure;

use super::{Told, alarm, form, state};

const NOTHING_CHANGED: &str = "Nothing was changed.";
const TYPED_STAYS: &str = "Nothing was changed, and what you typed is still here.";
const OPERATOR: &str = "Try again. If it happens again, ask whoever runs this server.";

/// What a failure means for the person.
pub(crate) fn failure(failure: &Failure) -> Told {
    match failure {
        Failure::Alarm(kind) => alarm::told(kind),
        Failure::AnotherTab => Told::new(
            state::ANOTHER_TAB_HEADING,
            NOTHING_CHANGED,
            "Go on there, or lock it there and try again.",
        ),
        Failure::Cancelled => Told::new(
            "No touch arrived: it was cancelled, or it took too long.",
            NOTHING_CHANGED,
            "Try again when you are ready.",
        ),
        Failure::Changed => Told::new(
            "This key has changed on another device since you opened the form.",
            "Neither version was lost: the other one is stored, and what you typed is still here.",
            "Copy what you need, go back to the key, and edit it again.",
        ),
        Failure::Confused => Told::new(
            "This page and the engine behind it did not understand each other.",
            TYPED_STAYS,
            "Load the page again. If it happens again, ask whoever runs this server.",
        ),
        Failure::FieldRejected(field) => Told::new(
            format!("The field “{}” could not be stored as it is.", form::field(*field)),
            TYPED_STAYS,
            "Check it, or paste it again.",
        ),
        Failure::Forbidden => Told::new(
            "The browser does not allow passkeys at this address.",
            NOTHING_CHANGED,
            "Open the page at its usual address: https, or localhost on your own machine.",
        ),
        Failure::InviteRejected => Told::new(
            "The invitation code is not valid, or was used already.",
            "No vault was made on the server.",
            "Check the code, or ask for a new one.",
        ),
        Failure::LabelRejected => {
            Told::new("The label is empty or too long.", TYPED_STAYS, "Use 1 to 64 characters.")
        }
        Failure::Locked => {
            Told::new("Your vault is locked.", "What was saved is stored.", "Unlock it with your passkey.")
        }
        Failure::NameRejected => {
            Told::new("The name is empty or too long.", NOTHING_CHANGED, "Use 1 to 64 characters.")
        }
        Failure::NoSuchRecord => Told::new(
            "This key is not in your vault any more.",
            "It was deleted on one of your devices. The other keys are as they were.",
            "Go back to the list.",
        ),
        Failure::NoSuchVault => Told::new(
            "This passkey belongs to no vault on this server.",
            NOTHING_CHANGED,
            "Choose another passkey, or check that this is the address where you made your vault.",
        ),
        Failure::NoteRejected => {
            Told::new("The note is too long.", TYPED_STAYS, "Shorten it; about 1,200 letters fit.")
        }
        Failure::PrfMissing => Told::new(
            "This authenticator gives no key for encryption: the PRF extension is missing.",
            "Nothing was stored, here or on the server.",
            "Use another authenticator.",
        ),
        Failure::QuotaExceeded => Told::new(
            "The space for your vault on this server is used up.",
            TYPED_STAYS,
            "Delete keys you no longer need, or ask whoever runs this server for more.",
        ),
        Failure::RateLimited { seconds } => Told::new(
            "The server asks to slow down.",
            TYPED_STAYS,
            match seconds {
                0 | 1 => "Try again in a second.".to_owned(),
                more => format!("Try again in {more} seconds."),
            },
        ),
        Failure::Refused => Told::new("The server refused the request.", TYPED_STAYS, OPERATOR),
        Failure::SessionExpired => {
            Told::new(state::ENDED_HEADING, TYPED_STAYS, "Sign in again with your passkey.")
        }
        Failure::SignUpClosed => Told::new(
            "This server takes no new vaults.",
            "No vault was made.",
            "Ask whoever runs it, or run one of your own.",
        ),
        Failure::Stale => Told::new(
            "The touch came too late: the server's question had expired.",
            NOTHING_CHANGED,
            "Try again; a fresh question is ready.",
        ),
        Failure::StorageFailed => Told::new(
            "This browser could not store the vault's data on this device.",
            "What this page did not confirm as saved may not be stored here.",
            "Free some space, leave private browsing if you use it, then try again.",
        ),
        Failure::StrangeAnswer => Told::new(
            "The server answered something that this app does not understand. It was not used.",
            TYPED_STAYS,
            "Check that you are not behind a sign-in page of a network, then try again.",
        ),
        Failure::Unreachable => {
            Told::new("The server does not answer.", TYPED_STAYS, "Check your connection and try again.")
        }
        Failure::Unsupported => Told::new(
            "This browser or authenticator cannot do what a vault needs.",
            NOTHING_CHANGED,
            "Try a current browser, or another authenticator.",
        ),
        Failure::WaitingForServer => Told::new(
            "An earlier change still waits for the server, so this one was not stored.",
            "The earlier change is safe on this device, and what you typed is still here.",
            "Try again once the server answers.",
        ),
        Failure::WrongPasskey => Told::new(
            "This passkey does not open this vault.",
            NOTHING_CHANGED,
            "Try again with the passkey that you made for it.",
        ),
    }
}
