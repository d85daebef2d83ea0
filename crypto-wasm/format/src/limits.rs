//! Sizes and limits of the format. The longest credential is
//! `crystallum_exchanges::MAX_CREDENTIAL`, since the page needs it too. The page's and the API's
//! own copies of a few others are compared with these by tests.

use std::ops::RangeInclusive;

/// The longest RP id (a DNS name), in bytes.
pub const MAX_RP_ID: usize = 253;
/// The longest credential id (WebAuthn Level 3, section 4), in bytes.
pub const MAX_CREDENTIAL_ID: usize = 1023;

/// The longest label of a record, name of a vault or name of a sign-in method, in bytes.
pub const MAX_LABEL: usize = 256;
/// The longest note, in bytes.
pub const MAX_NOTE: usize = 1200;
/// The longest description of a device by itself, in bytes.
pub const MAX_PLATFORM: usize = 128;
/// The most tags of a record.
pub const MAX_TAGS: usize = 8;
/// The longest tag, in bytes.
pub const MAX_TAG: usize = 32;
/// The longest code of an exchange, in bytes.
pub const MAX_EXCHANGE_CODE: usize = 32;
/// The most earlier secrets that a secret names.
pub const MAX_EARLIER_SECRETS: usize = 10;
/// The most roots of earlier key epochs that the profile keeps.
pub const MAX_EARLIER_ROOTS: usize = 8;
/// The longest masked key, in bytes.
pub const MAX_MASKED: usize = 64;

/// The bytes that sealing adds to a padded plaintext: format and suite, salt, commitment, tag.
pub const SEAL_OVERHEAD: usize = 2 + 32 + 32 + 16;
/// The padded lengths of an overview, in bytes, ascending.
pub const OVERVIEW_CLASSES: [usize; 2] = [512, 2048];
/// The padded lengths of a secret, in bytes, ascending.
pub const SECRET_CLASSES: [usize; 3] = [1024, 4096, 16384];
/// The padded lengths of a draft, in bytes, ascending.
pub const DRAFT_CLASSES: [usize; 2] = [2048, 24576];
/// The padded lengths of a snapshot of overviews, in bytes, ascending: from 4 KiB to 16 MiB, eight
/// in each doubling.
pub const SNAPSHOT_CLASSES: [usize; 97] = eight_a_doubling(4096);

/// The lengths of an overview's blob, in bytes, ascending.
pub const OVERVIEW_BLOBS: [usize; OVERVIEW_CLASSES.len()] = sealed(OVERVIEW_CLASSES);
/// The lengths of a secret's blob, in bytes, ascending.
pub const SECRET_BLOBS: [usize; SECRET_CLASSES.len()] = sealed(SECRET_CLASSES);

/// The allowed lengths of a server's nonce in the message of a recovery code, in bytes.
pub const SERVER_NONCE: RangeInclusive<usize> = 16..=64;

/// The largest number of shares in one dealing.
pub const MAX_SHARES: u8 = 16;

/// Returns whether share epoch, threshold and number of shares are within the limits of the format.
pub const fn is_valid_dealing(share_epoch: u32, k: u8, n: u8) -> bool {
    share_epoch >= 1 && 2 <= k && k <= n && n <= MAX_SHARES
}

/// Returns lengths from the first on, each at most an eighth longer than the one before.
const fn eight_a_doubling<const N: usize>(first: usize) -> [usize; N] {
    let mut lengths = [0; N];
    let mut at = 0;
    while at < N {
        lengths[at] = ((8 + at % 8) * first / 8) << (at / 8);
        at += 1;
    }
    lengths
}

/// Returns the lengths of blobs with these padded lengths.
const fn sealed<const N: usize>(mut lengths: [usize; N]) -> [usize; N] {
    let mut at = 0;
    while at < N {
        lengths[at] += SEAL_OVERHEAD;
        at += 1;
    }
    lengths
}
