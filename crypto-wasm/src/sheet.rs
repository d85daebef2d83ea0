//! The QR code of a printed recovery sheet. It holds the recovery code and the oldest state that
//! its reader accepts (FORMAT.md, section 4).

use crystallum_format::ids::VaultId;
use zeroize::Zeroizing;

use crate::base32;
use crate::recovery::RecoveryCode;
use crate::recovery::text::CodeRejected;

const PREFIX: &str = "CRYSTALLUM";
const VERSION: &str = "1";

/// The state of the vault when the sheet was made. A device that recovers the vault with the sheet
/// refuses any chain that does not have this head at this counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetFloor {
    /// The vault.
    pub vault: VaultId,
    /// The newest head's counter, from 1.
    pub counter: u64,
    /// The newest head's hash.
    pub head: [u8; 32],
}

/// Returns the text of a sheet's QR code.
pub fn sheet_text(code: &RecoveryCode, floor: &SheetFloor) -> Zeroizing<String> {
    let counter = floor.counter.to_string();
    let parts = [
        PREFIX,
        VERSION,
        &code.text(),
        &base32::encode(floor.vault.as_bytes()),
        &counter,
        &base32::encode(&floor.head),
    ];
    // Reserves the final length, so that growing leaves no unwiped copy behind.
    let mut text = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len() + 1).sum()));
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            text.push(':');
        }
        text.push_str(part);
    }
    text
}

/// Parses a code that a user typed, or the text of a sheet's QR code, which has exactly one
/// spelling.
pub fn parse_sheet(text: &str) -> Result<(RecoveryCode, Option<SheetFloor>), CodeRejected> {
    let parts: Vec<&str> = text.split(':').take(7).collect();
    match parts.as_slice() {
        [code] => Ok((RecoveryCode::parse(code)?, None)),
        [PREFIX, VERSION, code, vault, counter, head] => {
            let floor = SheetFloor {
                vault: VaultId::new(base32::decode_strict(vault).ok_or(CodeRejected::Sheet)?),
                counter: decimal(counter).ok_or(CodeRejected::Sheet)?,
                head: base32::decode_strict(head).ok_or(CodeRejected::Sheet)?,
            };
            let parsed = RecoveryCode::parse(code)?;
            if *parsed.text() == **code { Ok((parsed, Some(floor))) } else { Err(CodeRejected::Sheet) }
        }
        [PREFIX, other, ..] if *other != VERSION => {
            let mut characters = other.chars();
            match (characters.next(), characters.next()) {
                (Some(version), None) => Err(CodeRejected::OtherVersion(version)),
                _ => Err(CodeRejected::Sheet),
            }
        }
        _ => Err(CodeRejected::Sheet),
    }
}

/// Parses a counter in its only spelling: decimal, from 1, without leading zeros or a sign.
fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|counter: &u64| *counter > 0 && counter.to_string() == text)
}

#[cfg(test)]
mod tests;
