use crystallum_messages::{CodeProblem, Failure, NotGoneOver, NotPutBack, PasskeyFault, PhraseProblem};

use crate::ui::words::{alarm, explanation::Explanation, form, state};

const NOTHING_CHANGED: &str = "Nothing was changed.";
const TYPED_STAYS: &str = "Nothing was changed, and what you typed is still here.";
const OPERATOR: &str = "Try again. If it happens again, ask whoever runs this server.";

/// Explains a failure.
pub(crate) fn explain_failure(failure: &Failure) -> Explanation {
    match failure {
        Failure::Alarm(kind) => alarm::explain(kind),
        Failure::AnotherTab => Explanation::new(
            state::ANOTHER_TAB_HEADING,
            NOTHING_CHANGED,
            "Go on there, or lock it there and try again.",
        ),
        Failure::Cancelled => Explanation::new(
            "No touch arrived: it was cancelled, or it took too long.",
            NOTHING_CHANGED,
            "Try again when you are ready.",
        ),
        Failure::Changed => Explanation::new(
            "This has changed on another device since you opened the form.",
            "Neither version was lost: the other one is stored, and what you typed is still here.",
            "Copy what you need, go back, and edit it again.",
        ),
        Failure::CodeRejected(problem) => Explanation::new(
            explain_code_problem(*problem),
            "Nothing was sent.",
            "Compare what you typed with the sheet, group by group.",
        ),
        Failure::CodeUnknown => Explanation::new(
            "This code opens no vault on this server.",
            "Nothing was changed. A code is dead once it was used or a newer sheet was made.",
            "Look for a newer sheet, and check that this is the address that stands on it.",
        ),
        Failure::Impossible(_) => Explanation::new(
            "This page and the engine behind it did not understand each other.",
            TYPED_STAYS,
            "Load the page again. If it happens again, ask whoever runs this server.",
        ),
        Failure::EarlierNotMade => Explanation::new(
            "An earlier change, whose outcome was not known, was not made in the end.",
            "This one was not stored either; what you typed is still here.",
            "Do the earlier one again, then this one.",
        ),
        Failure::EarlierRefused => Explanation::new(
            "The server refuses an earlier change, so this one was not stored.",
            "The earlier one is on this device, and what you typed is still here.",
            "Set the earlier one aside, at the top of the page, then do this again.",
        ),
        Failure::FieldRejected(field) => Explanation::new(
            format!("The field “{}” could not be stored as it is.", form::field(*field)),
            TYPED_STAYS,
            "Check it, or paste it again.",
        ),
        Failure::Forbidden => Explanation::new(
            "The browser does not allow passkeys at this address.",
            NOTHING_CHANGED,
            "Open the page at its usual address: https, or localhost on your own machine.",
        ),
        Failure::GroupsRejected => Explanation::new(
            "A group is not the one on the sheet.",
            "Nothing was changed; the sheet stays as it is.",
            "Look at the sheet once more and type both groups again.",
        ),
        Failure::InviteRejected => Explanation::new(
            "The invitation code is not valid, or was used already.",
            "No vault was made on the server.",
            "Check the code, or ask for a new one.",
        ),
        Failure::LabelRejected => {
            Explanation::new("The label is empty or too long.", TYPED_STAYS, "Use 1 to 64 characters.")
        }
        Failure::LastSignInMethods => Explanation::new(
            "Two ways into the vault must stay, and this is one of the last two.",
            "Nothing was removed.",
            "Add another passkey or confirm a recovery sheet first, then remove this one.",
        ),
        Failure::Locked => Explanation::new(
            "Your vault is locked.",
            "What was saved is stored.",
            "Unlock it with your passkey.",
        ),
        Failure::NameRejected => {
            Explanation::new("The name is empty or too long.", NOTHING_CHANGED, "Use 1 to 64 characters.")
        }
        Failure::NoSheet => Explanation::new(
            "The code of your recovery sheet is not in memory any more.",
            "It is kept nowhere but on the sheet, so it cannot be shown or asked for again.",
            "Make a new recovery sheet; the old one is then dead.",
        ),
        Failure::NoSuchRecord => Explanation::new(
            "This is not in your vault any more.",
            "It was deleted on one of your devices. Everything else is as it was.",
            "Go back to the list.",
        ),
        Failure::NoSuchVault => Explanation::new(
            "This passkey belongs to no vault on this server.",
            NOTHING_CHANGED,
            "Choose another passkey, or check that this is the address where you made your vault.",
        ),
        Failure::NoSuchVersion => Explanation::new(
            "That version is not kept any more.",
            "The one in use is as it was.",
            "Load the versions again to see which are kept.",
        ),
        Failure::NotGoneOver(why) => explain_not_gone_over(*why),
        Failure::NotPutBack(why) => explain_not_put_back(*why),
        Failure::NoteRejected => {
            Explanation::new("The note is too long.", TYPED_STAYS, "Shorten it; about 1,200 letters fit.")
        }
        Failure::Overtaken => Explanation::new(
            "Another of your devices saved something at the same moment, so this was not done.",
            TYPED_STAYS,
            "Try again; the other change is in already.",
        ),
        Failure::PasskeyLost => Explanation::new(
            "The server was set back and no longer knows your passkey.",
            TYPED_STAYS,
            "Under Security, make a new recovery sheet and then add a passkey. Then do this again.",
        ),
        Failure::PartlyRemoved => Explanation::new(
            "Not all of these devices could be removed.",
            "Those that were removed stay removed. The list of devices shows which ones are left.",
            "Try again: only those that are left are removed then.",
        ),
        Failure::PasskeyExists => Explanation::new(
            "This authenticator holds a passkey of this vault already.",
            NOTHING_CHANGED,
            "Use another authenticator: another phone, another security key, or another passkey manager. To open the vault, use the passkey that is there. If the server no longer knows it, make a new recovery sheet first: then a new passkey can take its place.",
        ),
        Failure::PasskeyFault(fault) => explain_fault(*fault),
        Failure::PhraseRejected(problem) => Explanation::new(
            explain_phrase_problem(problem),
            "Nothing was sent, and what you typed is still here.",
            "Compare it with the place where you wrote it down.",
        ),
        Failure::PrfMissing => Explanation::new(
            "This authenticator gives no key for encryption: the PRF extension is missing.",
            "Nothing was stored, here or on the server.",
            "Use another authenticator.",
        ),
        Failure::QuotaExceeded => Explanation::new(
            "The space for your vault on this server is used up.",
            TYPED_STAYS,
            "Delete keys you no longer need, or ask whoever runs this server for more.",
        ),
        Failure::RateLimited { seconds } => Explanation::new(
            "The server asks to slow down.",
            TYPED_STAYS,
            match seconds {
                0 | 1 => "Try again in a second.".to_owned(),
                more => format!("Try again in {more} seconds."),
            },
        ),
        Failure::Refused => Explanation::new("The server refused the request.", TYPED_STAYS, OPERATOR),
        Failure::SessionExpired => {
            Explanation::new(state::ENDED_HEADING, TYPED_STAYS, "Sign in again with your passkey.")
        }
        Failure::SharesMissing { have, need, .. } => Explanation::new(
            format!("Too few good shares: {have} were found, and {need} are needed to rebuild the phrase."),
            "Nothing was changed. The shares that are there stay where they are.",
            "The list says what each store answered. Try again when the missing stores are back.",
        ),
        Failure::SignUpClosed => Explanation::new(
            "This server takes no new vaults.",
            "No vault was made.",
            "Ask whoever runs it, or run one of your own.",
        ),
        Failure::SecretNotHere => Explanation::new(
            "This secret has not arrived on this device yet, and the server does not answer.",
            "Nothing was changed. It is on the server and on the devices that had it before.",
            "Check your connection and try again.",
        ),
        Failure::SplitRejected => Explanation::new(
            "These numbers do not make shares.",
            TYPED_STAYS,
            "At least 2 shares rebuild, at most as many as there are stores, each store once.",
        ),
        Failure::Stale => Explanation::new(
            "The touch came too late: the server's question had expired.",
            NOTHING_CHANGED,
            "Try again; a fresh question is ready.",
        ),
        Failure::StorageFailed => Explanation::new(
            "This browser could not store the vault's data on this device.",
            "What this page did not confirm as saved may not be stored here.",
            "Free some space, leave private browsing if you use it, then try again.",
        ),
        Failure::StoreFailed { number } => Explanation::new(
            format!("Store {number} did not take its share."),
            "Nothing was changed: the shares that were dealt before still rebuild.",
            "Try again, or choose other stores.",
        ),
        Failure::StrangeAnswer => Explanation::new(
            "The server answered something that this app does not understand. It was not used.",
            TYPED_STAYS,
            "Check that you are not behind a sign-in page of a network, then try again.",
        ),
        Failure::TooMuchAtOnce => Explanation::new(
            "This vault has more sign-in methods, or changes faster at the moment, than a new device can follow.",
            "Nothing was stored on this device, and nothing was changed.",
            "Try again in a few minutes. If it stays so, look at the sign-in methods and devices on a device that knows this vault.",
        ),
        Failure::Unreachable => Explanation::new(
            "The server does not answer.",
            TYPED_STAYS,
            "Check your connection and try again.",
        ),
        Failure::Unsupported => Explanation::new(
            "This browser or authenticator cannot do what a vault needs.",
            NOTHING_CHANGED,
            "Try a current browser, or another authenticator.",
        ),
        Failure::Unsettled => Explanation::new(
            "This change was sent, but no answer came: it may have been made or not.",
            "It is kept on this device and goes again by itself. Nothing was lost.",
            "Wait until the server answers before you do it again.",
        ),
        Failure::WaitingForServer => Explanation::new(
            "An earlier change still waits for the server, so this one was not stored.",
            "The earlier change is safe on this device, and what you typed is still here.",
            "Try again once the server answers.",
        ),
        Failure::WrongPasskey => Explanation::new(
            "This passkey does not open this vault.",
            NOTHING_CHANGED,
            "Try again with the passkey that you made for it.",
        ),
    }
}

/// Explains why this device cannot put back what the server lacks.
fn explain_not_put_back(why: NotPutBack) -> Explanation {
    match why {
        NotPutBack::TooOld => Explanation::new(
            "This device does not know everything that the server lacks: it is too long ago, or from before this device entered the vault.",
            PUT_BACK_LATER,
            "Put it back from the device that you have used longest.",
        ),
        NotPutBack::SharesLost => Explanation::new(
            "A wallet was split anew since then, and its stores have lost too many of the new shares.",
            PUT_BACK_LATER,
            "Ask whoever runs the server to restore the share stores as they were last, then try again.",
        ),
        NotPutBack::NotWhole => Explanation::new(
            "What the server lacks does not fit into what it takes at once, or this device has not got all of it yet.",
            PUT_BACK_LATER,
            "Put it back from another device that knows it, or save the evidence and tell whoever runs the server.",
        ),
    }
}

/// Explains why this device does not go over to the server's history.
pub(crate) fn explain_not_gone_over(why: NotGoneOver) -> Explanation {
    match why {
        NotGoneOver::NoOtherHistory => Explanation::new(
            "The server shows this device's own history.",
            NOTHING_CHANGED,
            "Ask the server again: if nothing else is wrong, the alarm is over.",
        ),
        NotGoneOver::Moved => Explanation::new(
            "The server shows another history now than the one that you have seen.",
            NOTHING_CHANGED,
            "See what differs once more before you go on.",
        ),
        NotGoneOver::Unproved => Explanation::new(
            "What the server shows now is not what your vault signed, or it cannot prove what it has in common with this device.",
            "Nothing of it was taken, and this device keeps what it has.",
            "Save the evidence, and ask whoever runs the server. Somebody may be altering what you get.",
        ),
        NotGoneOver::RemovedThere => Explanation::new(
            "In the server's history this device was removed, so it cannot go on with it.",
            "This device keeps its copy, and you can still read it.",
            "Copy what you need from here to a device that has not been removed. If you did not remove it, look at your other devices.",
        ),
        NotGoneOver::MethodNotThere => Explanation::new(
            "The passkey or code that opened the vault here is not part of the server's history, so it would not open this device again.",
            "This device keeps its copy, and you can still read it.",
            "Lock the vault, open it with another of your passkeys, and try again.",
        ),
    }
}

const PUT_BACK_LATER: &str = "This device keeps what it has. The server keeps what it has, too.";

/// Explains what went wrong with a passkey.
fn explain_fault(fault: PasskeyFault) -> Explanation {
    let (what_happened, what_to_do) = match fault {
        PasskeyFault::AtOnce => (
            "The browser refused at once, before it could ask you for anything.",
            "Click into the page and try again. If it goes on, look for a blocked passkey prompt in the address bar, switch off other passkey managers for a moment, or restart the browser.",
        ),
        PasskeyFault::Busy => (
            "Another passkey request is still open in this browser.",
            "Finish or close it, perhaps in another tab or window, then try again.",
        ),
        PasskeyFault::Device => (
            "The device or program that keeps your passkeys reported a fault.",
            "Unlock the device, or unplug the security key and plug it in again, then try again. If it goes on, restart the browser.",
        ),
        PasskeyFault::Unreadable => (
            "Something answered in place of a passkey, but its answer cannot be read.",
            "If a passkey manager answered, update it, or choose another place for the passkey.",
        ),
    };
    Explanation::new(what_happened, NOTHING_CHANGED, what_to_do)
}

/// Says why a text is not a recovery code.
pub(crate) fn explain_code_problem(problem: CodeProblem) -> String {
    match problem {
        CodeProblem::AccountKey => {
            "This is an account key: it begins with A and opens nothing by itself. A recovery code begins with R."
        }
        CodeProblem::Character => "There is a character in it that no code has.",
        CodeProblem::Check => "A character is wrong, or two neighbours are swapped.",
        CodeProblem::Kind => "This is some other code. A recovery code begins with R.",
        CodeProblem::Length { found } => {
            return format!("A recovery code has 32 characters, 8 groups of 4; this has {found}.");
        }
        CodeProblem::Version => "This code is of a later version than this app knows.",
    }
    .to_owned()
}

/// Says why a text is not a recovery phrase.
fn explain_phrase_problem(problem: &PhraseProblem) -> String {
    match problem {
        PhraseProblem::Checksum => {
            "The words are known but do not belong together: one is wrong, or two are swapped.".to_owned()
        }
        PhraseProblem::Count { found } => {
            format!("A phrase has 12, 15, 18, 21 or 24 words; this has {found}.")
        }
        PhraseProblem::Word { position } => format!("Word {position} is not in the list of BIP-39."),
    }
}
