pub(crate) const TITLE: &str = "Recovery sheet";
pub(crate) const HEADING: &str = "Your recovery sheet";
pub(crate) const WHY: &str = "It is your second way in: it opens the vault on any browser when every passkey is lost. It is shown now and never again.";
pub(crate) const REPLACED: &str =
    "The code you used is dead. This is the new one; the old sheet can be destroyed.";
pub(crate) const PRINT: &str = "Print";
pub(crate) const COPY: &str = "Copy code";
pub(crate) const SAVE: &str = "Save as file";
pub(crate) const SAVE_HINT: &str = "The file is plain text and holds the code as it stands here. Move it to a place that only you reach, and delete it from the downloads.";
pub(crate) const NOT_PRINTED: &str = "If no print dialog has opened, this browser cannot print here. Save the sheet as a file, copy the code, or write the eight groups and the change number down by hand.";
pub(crate) const KEPT: &str = "I have kept it";
pub(crate) const SKIP: &str = "Continue without it";
pub(crate) const SKIP_HINT: &str =
    "A sheet that is not confirmed does not count as a way in. You can make a new one under Security.";
pub(crate) const LOADING: &str = "Fetching the sheet";

pub(crate) const CONFIRM_HEADING: &str = "Show that you kept it";
pub(crate) const CONFIRM_TEXT: &str =
    "Type these two groups from your paper or file. From then on the sheet counts as a way in.";
pub(crate) const CONFIRM: &str = "Confirm";
pub(crate) const SHOW_AGAIN: &str = "Show the sheet again";
pub(crate) const GROUP_EMPTY: &str = "A group has 4 characters.";

pub(crate) const NEW_HEADING: &str = "Make a new recovery sheet";
pub(crate) const NEW_TEXT: &str = "A new code takes the place of the old one. Whatever sheet or file holds the old code then opens nothing any more. A passkey of the vault confirms it.";
pub(crate) const NEW_BUTTON: &str = "Make a new sheet";
pub(crate) const CONFIRMED: &str = "Your recovery sheet is confirmed.";

/// The texts on the printed sheet.
pub(crate) const PAPER: &str = "Recovery sheet";
pub(crate) const VAULT: &str = "Vault";
pub(crate) const MADE: &str = "Made";
pub(crate) const ADDRESS: &str = "Opens at";
pub(crate) const CODE: &str = "Code";
pub(crate) const QR: &str = "QR code with the recovery code, the vault and the change number";
pub(crate) const CHANGE: &str = "Change number";
pub(crate) const FINGERPRINT: &str = "Fingerprint";
pub(crate) const IS_A_KEY: &str =
    "This sheet is a key. Whoever holds it opens the vault, without waiting and without a passkey.";
pub(crate) const HOW: &str = "To use it";
pub(crate) const HOW_TEXT: &str = "Open the address above and type the code, or paste what the QR code reads. The code works once: you get a new sheet.";
pub(crate) const WHERE: &str = "Keep it";
pub(crate) const WHERE_TEXT: &str = "on paper, where you keep passports and deeds: a safe, a locked drawer, with somebody you trust with all of it.";
pub(crate) const WHERE_NOT: &str = "Not";
pub(crate) const WHERE_NOT_TEXT: &str =
    "in photos, mail, chats or notes that a cloud copies, and not beside the device that holds your passkey.";
pub(crate) const FILE: &str = "crystallum-recovery-sheet.txt";

/// Returns a text such as "Group 3".
pub(crate) fn group(number: u8) -> String {
    format!("Group {number}")
}

/// The values on the sheet, formatted as text.
pub(crate) struct Paper<'a> {
    pub(crate) vault: &'a str,
    pub(crate) made: &'a str,
    pub(crate) address: &'a str,
    pub(crate) code: &'a str,
    pub(crate) change: u64,
    pub(crate) fingerprint: &'a str,
}

/// Returns the sheet as a text file.
pub(crate) fn file(paper: &Paper<'_>) -> String {
    let Paper { vault, made, address, code, change, fingerprint } = paper;
    format!(
        "Crystallum: {PAPER}\n\n{VAULT}: {vault}\n{MADE}: {made}\n{ADDRESS}: {address}\n\n{CODE}: {code}\n\n\
         {CHANGE}: {change}\n{FINGERPRINT}: {fingerprint}\n\n{IS_A_KEY}\n\n\
         {HOW}: {HOW_TEXT}\n\n{WHERE} {WHERE_TEXT}\n\n{WHERE_NOT} {WHERE_NOT_TEXT}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_as_a_file_says_all_that_the_paper_says() {
        let file = file(&Paper {
            vault: "Desk of Ada",
            made: "22 Nov 2026",
            address: "https://vault.example/recover",
            code: "R1AB-CDEF",
            change: 812,
            fingerprint: "0123 4567",
        });
        for part in
            ["Desk of Ada", "22 Nov 2026", "https://vault.example/recover", "R1AB-CDEF", "812", "0123 4567"]
        {
            assert!(file.contains(part), "{part}");
        }
        assert!(file.contains(IS_A_KEY) && file.contains(WHERE_NOT_TEXT));
    }
}
