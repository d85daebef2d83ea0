//! The text form of a recovery code: `R1`, 26 characters for the code, 4 for the checksum.

use crystallum_format::defence::Defence;
use crystallum_format::labels;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::RecoveryCode;
use crate::base32;

/// The kind and version of a code.
const HEADER: &[u8; 2] = b"R1";
const LENGTH: usize = 32;
const GROUP: usize = 4;
const CHECK: usize = 4;

/// Why a text is not a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRejected {
    /// The text does not have 32 characters, not counting separators.
    #[error("a code has 32 characters, not {found}")]
    Length {
        /// The number of characters found.
        found: usize,
    },
    /// The text has a character that no code has.
    #[error("there is a character that no code has")]
    Character,
    /// The text is a code of another kind, given by its first character.
    #[error("a code of another kind")]
    OtherKind(char),
    /// The text is a recovery code of another version, given by its second character, or a sheet
    /// with one.
    #[error("a code of another version")]
    OtherVersion(char),
    /// The text is an account key, which opens nothing by itself.
    #[error("this is the account key, which opens nothing by itself")]
    AccountKey,
    /// The last bits are not zero, so something was mistyped.
    #[error("something in the code is mistyped")]
    Padding,
    /// The checksum does not match, so something was mistyped.
    #[error("something in the code is mistyped")]
    Check,
    /// The text begins like that of a sheet but is not one.
    #[error("the text is not that of a recovery sheet")]
    Sheet,
}

impl RecoveryCode {
    /// Parses a code as a user types it: in any case, with `O` for 0 and `I` or `L` for 1, and
    /// with spaces and `-` anywhere.
    pub fn parse(text: &str) -> Result<Self, CodeRejected> {
        let mut values = Zeroizing::new([0; LENGTH]);
        let mut found = 0;
        for character in text.chars().filter(|character| !matches!(character, ' ' | '-')) {
            let value = base32::value(character).ok_or(CodeRejected::Character)?;
            if let Some(slot) = values.get_mut(found) {
                *slot = value;
            }
            found += 1;
        }
        if found != LENGTH {
            return Err(CodeRejected::Length { found });
        }
        match [base32::character(values[0]), base32::character(values[1])] {
            ['R', '1'] => {}
            ['R', other] => return Err(CodeRejected::OtherVersion(other)),
            ['A', _] => return Err(CodeRejected::AccountKey),
            [other, _] => return Err(CodeRejected::OtherKind(other)),
        }
        let (code, check) = values[HEADER.len()..].split_at(LENGTH - HEADER.len() - CHECK);
        let code = Self(base32::decode(code).ok_or(CodeRejected::Padding)?);
        let is_right = bool::from(code.check().ct_eq(check));
        if is_right || !Defence::CodeCheck.holds() { Ok(code) } else { Err(CodeRejected::Check) }
    }

    /// Returns the 32 characters of the code.
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH));
        text.extend(HEADER.map(char::from));
        text.push_str(&base32::encode(self.0.as_slice()));
        text.extend(self.check().map(base32::character));
        text
    }

    /// Returns the code as it is shown and printed: 8 groups of 4 characters.
    pub fn groups(&self) -> [Zeroizing<String>; LENGTH / GROUP] {
        let text = self.text();
        std::array::from_fn(|group| {
            let mut own = Zeroizing::new(String::with_capacity(GROUP));
            own.extend(text.chars().skip(group * GROUP).take(GROUP));
            own
        })
    }

    /// Computes the checksum: the first 20 bits of a hash, 5 bits in each value.
    fn check(&self) -> [u8; CHECK] {
        let hash = Sha256::new()
            .chain_update(labels::RECOVERY_CHECK)
            .chain_update(HEADER)
            .chain_update(self.0.as_slice())
            .finalize();
        let bits = u32::from_be_bytes([0, hash[0], hash[1], hash[2]]) >> 4;
        [15, 10, 5, 0].map(|shift| (bits >> shift).to_be_bytes()[3] & 31)
    }
}
