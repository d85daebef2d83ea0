use crystallum_messages::Alarm;

use crate::ui::words::explanation::Explanation;

pub(crate) const TITLE: &str = "Something was refused";
pub(crate) const SEEN: &str = "What was seen";
pub(crate) const KEPT: &str = "What is safe";
pub(crate) const NEXT: &str = "What to do";
pub(crate) const SAVE: &str = "Save the evidence";
pub(crate) const SAVE_HINT: &str =
    "A text file with the facts on this page, for whoever runs the server. It holds no key and no name.";
pub(crate) const GO_ON: &str = "Go on with this device's copy";
pub(crate) const NEW_VAULT: &str = "Make a new vault from this copy";
pub(crate) const TO_UNLOCK: &str = "Back to unlocking";
pub(crate) const PUT_BACK: &str = "Put back what is missing";
pub(crate) const PUT_BACK_HINT: &str = "Putting back sends the changes that this device has and the server lacks, exactly as your devices signed them. Do it on the device on which you changed something last, and change nothing on the others until it is done.";
pub(crate) const ASK_AGAIN: &str = "Ask the server again";
pub(crate) const SAVE_HEADS: &str = "Save both signatures";
pub(crate) const SAVE_HEADS_HINT: &str =
    "The signatures are the two signed states, for somebody who compares them. They hold no secret either.";
pub(crate) const HEADS_FILE: &str = "crystallum-evidence.json";
pub(crate) const OVER: &str = "The alarm is over.";
pub(crate) const FILE: &str = "crystallum-evidence.txt";

/// Returns the heading of the alarm screen.
pub(crate) fn heading(alarm: &Alarm) -> &'static str {
    match alarm {
        Alarm::BelowSheet { .. } => "A state that your recovery sheet contradicts was refused",
        Alarm::DeviceRemoved => "This device was removed from your vault",
        Alarm::Fork { .. } => "A different history of your vault was refused",
        Alarm::LocalCopy => "The copy on this device was refused",
        Alarm::OtherSheet { .. } => "Your recovery sheet and this device disagree",
        Alarm::Rollback { .. } => "An older copy of your vault was refused",
        Alarm::SecretsTampered { .. } => "Altered secrets were refused",
        Alarm::Tampered { .. } => "Altered data was refused",
        Alarm::TooNew => "Your vault needs a newer version of this app",
        Alarm::Disowned { .. } => "A change that this device withdrew was refused",
    }
}

const OWN_COPY: &str =
    "Nothing was lost. What was offered was not adopted, and what this device has stays as it was.";

const FORK_STEP: &str = "Save the evidence, and make no changes on other devices. Ask whoever runs the server whether a backup was restored; if not, someone is showing your devices different things.";

/// Explains an alarm.
pub(crate) fn explain(alarm: &Alarm) -> Explanation {
    match alarm {
        Alarm::BelowSheet { sheet, offered } => Explanation::new(
            match offered {
                0 => "The server offered another vault than the one on your recovery sheet.".to_owned(),
                offered => format!(
                    "The server offered change {offered}. Your recovery sheet was made at change {sheet}, and what was offered does not contain it."
                ),
            },
            "Nothing was opened and nothing was changed. The code itself was not sent, only a proof made with it, and it stays valid.",
            "Check the change number on the sheet. If you typed it as it stands there, save the evidence and ask whoever runs the server whether a backup was restored.",
        ),
        Alarm::DeviceRemoved => Explanation::new(
            "Another of your devices removed this one.",
            "Nothing was lost. This device's copy and what was not saved yet stay on it; nothing is saved any more.",
            "If you removed it, forget the vault here. To use it here again, copy what was not saved, forget the vault, and open it with a passkey. If it was not you, look at your other devices.",
        ),
        Alarm::Fork { mine, offered } => Explanation::new(
            if offered == mine {
                format!(
                    "The server offered another change {offered} than the one that this device has seen. Both carry your vault's signature. Two histories of one vault exist."
                )
            } else {
                format!(
                    "The server offered change {offered}. It carries your vault's signature but does not continue change {mine}, which this device has seen. Two histories of one vault exist."
                )
            },
            OWN_COPY,
            FORK_STEP,
        ),
        Alarm::LocalCopy => Explanation::new(
            "The vault's copy in this browser's storage is not what this app stored: it was damaged or changed.",
            "It was not opened and not sent. The server's copy and your other devices are not touched.",
            "Save the evidence. Clear this site's data in the browser, then open the vault again with your passkey.",
        ),
        Alarm::OtherSheet { sheet, mine } => Explanation::new(
            format!(
                "Your recovery sheet was made at change {sheet}. This device has seen up to change {mine}, and its change {sheet} is another one. Two histories of one vault exist."
            ),
            "Nothing was opened and nothing was changed. The code stays valid.",
            FORK_STEP,
        ),
        Alarm::Rollback { mine, offered } => Explanation::new(
            format!(
                "The server offered an older copy of your vault, change {offered}, than this device has already seen, change {mine}."
            ),
            OWN_COPY,
            "Save the evidence, and ask whoever runs the server whether a backup was restored. If so, put back what is missing. It does no harm if it was no accident. Do not replace your keys for this alone.",
        ),
        Alarm::SecretsTampered { .. } => Explanation::new(
            "This device is new to your vault and still fetches its secrets. The server sent some that are not what your vault signed.",
            "Nothing was lost. What was sent was not stored, and what this device has stays as it was.",
            "Save the evidence, and ask whoever runs the server. If another device of yours has the vault, use that one until it is explained.",
        ),
        Alarm::Tampered { offered } => Explanation::new(
            format!(
                "The server offered data for change {offered} that is not what your vault signed. It was altered, or belongs to another vault."
            ),
            OWN_COPY,
            "Save the evidence, and ask whoever runs the server. Make no changes until it is explained.",
        ),
        Alarm::TooNew => Explanation::new(
            "Another of your devices raised the vault to a format that this version cannot read.",
            "Nothing was read and nothing was changed.",
            "Load the page again to get the newest version. If this stays, the server still gives out an old one: tell whoever runs it.",
        ),
        Alarm::Disowned { offered } => Explanation::new(
            format!(
                "The server shows change {offered}, which this device withdrew after the server had refused it for good. It was stored all the same."
            ),
            OWN_COPY,
            "Save the evidence, and tell whoever runs the server: it said one thing and did another. Make no changes on other devices until it is explained.",
        ),
    }
}

/// Returns the facts as a text file, without any secret.
pub(crate) fn evidence(alarm: &Alarm, time: &str, origin: &str, browser: &str, version: &str) -> String {
    let explanation = explain(alarm);
    let facts = match alarm {
        Alarm::BelowSheet { sheet, offered } => {
            format!("kind: below sheet\nchange on the sheet: {sheet}\nchange offered: {offered}")
        }
        Alarm::Fork { mine, offered } => {
            format!("kind: fork\nchange on this device: {mine}\nchange offered: {offered}")
        }
        Alarm::DeviceRemoved => "kind: device removed".into(),
        Alarm::LocalCopy => "kind: local copy".into(),
        Alarm::OtherSheet { sheet, mine } => {
            format!("kind: other sheet\nchange on the sheet: {sheet}\nchange on this device: {mine}")
        }
        Alarm::Rollback { mine, offered } => {
            format!("kind: rollback\nchange on this device: {mine}\nchange offered: {offered}")
        }
        Alarm::SecretsTampered { offered } => {
            format!("kind: secrets tampered\nchange on this device: {offered}")
        }
        Alarm::Tampered { offered } => format!("kind: tampered\nchange offered: {offered}"),
        Alarm::TooNew => "kind: too new".into(),
        Alarm::Disowned { offered } => format!("kind: disowned\nchange offered: {offered}"),
    };
    format!(
        "Crystallum: {}\n\n{facts}\nseen: {time}\nserver: {origin}\nversion: {version}\nbrowser: {browser}\n\n{}\n{}\n{}\n",
        heading(alarm),
        explanation.what_happened,
        explanation.what_is_safe,
        explanation.what_to_do
    )
}
