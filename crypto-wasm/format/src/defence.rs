//! The checks that hold off a hostile server, by name, so that a test run can take one out and see
//! that the tests notice.
//!
//! They can be switched off with the feature `testing` alone, which nothing that is shipped is
//! built with. Without it [`Defence::holds`] is constantly true, and the compiler leaves nothing
//! of it.

/// A check that a hostile server must not get past.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Defence {
    /// Secrets that arrive after the state are the ones that it names.
    AwaitedSecrets,
    /// A blob names the key that opens it.
    BlobCommitment,
    /// A blob is of the format and suite that this version knows.
    BlobHeader,
    /// The changes of a head follow the rules of its operation.
    ChangeRules,
    /// A recovery code has the right checksum.
    CodeCheck,
    /// A challenge has a sensible length and was not used before.
    FreshChallenge,
    /// The lowest format that a vault needs does not fall, and its devices can read it.
    FormatFloor,
    /// The front of a head says whether this version can read it.
    HeadFront,
    /// A head names the heads before it.
    HeadHistory,
    /// A head follows the known one.
    HeadParent,
    /// The vault and a device of it have signed a head.
    HeadSignatures,
    /// An answer counts only with the media type and the status that belong to it.
    JsonAnswer,
    /// An alarm is stored.
    KeptAlarm,
    /// What is known of a fork is never given up for less.
    KeptFork,
    /// A state is never taken back.
    NewestState,
    /// The shares of a wallet are of one dealing.
    OneDealing,
    /// A part of a record is bound to its place.
    RecordPlace,
    /// A salt depends on the plaintext.
    SaltOfPlaintext,
    /// It takes as many shares as the threshold says.
    ShareCount,
    /// A share is bound to its place.
    SharePlace,
    /// What a recovery sheet says of the vault is the oldest state that is taken.
    SheetFloor,
    /// What the server shows as its newest head is compared with those that were verified.
    ShownHead,
    /// The changes make the tree that is signed.
    SignedTree,
    /// Plaintexts are padded to few sizes.
    SizeClasses,
    /// Keys of small order and other spellings of a signature are refused.
    StrictSignatures,
    /// The outputs of a passkey can be keys.
    UsablePrf,
    /// An earlier secret is the one that the newest names.
    VersionHash,
    /// What waits to be sent is signed again on what others have written.
    WaitingWrite,
    /// The key that shares make has the check value of its dealing.
    WalletKeyCheck,
    /// Nothing follows the last field of an encoding.
    WholeEncoding,
    /// Padding is zeros.
    ZeroPadding,
}

impl Defence {
    /// Returns whether the check is carried out, as it always is.
    #[cfg(not(feature = "testing"))]
    #[inline]
    pub const fn holds(self) -> bool {
        true
    }

    /// Returns whether the check is carried out, as it is unless the environment variable
    /// `CRYSTALLUM_DEFENCE_OFF` has its name.
    #[cfg(feature = "testing")]
    pub fn holds(self) -> bool {
        !switches::off().contains(&self)
    }
}

#[cfg(feature = "testing")]
mod switches {
    use std::{env, process, sync::OnceLock};

    use super::Defence;

    /// The names of defences that are off, with commas between them.
    const VARIABLE: &str = "CRYSTALLUM_DEFENCE_OFF";

    /// `cargo xtask` reads these lines.
    const NAMES: [(Defence, &str); 31] = [
        (Defence::AwaitedSecrets, "awaited-secrets"),
        (Defence::BlobCommitment, "blob-commitment"),
        (Defence::BlobHeader, "blob-header"),
        (Defence::ChangeRules, "change-rules"),
        (Defence::CodeCheck, "code-check"),
        (Defence::FreshChallenge, "fresh-challenge"),
        (Defence::FormatFloor, "format-floor"),
        (Defence::HeadFront, "head-front"),
        (Defence::HeadHistory, "head-history"),
        (Defence::HeadParent, "head-parent"),
        (Defence::HeadSignatures, "head-signatures"),
        (Defence::JsonAnswer, "json-answer"),
        (Defence::KeptAlarm, "kept-alarm"),
        (Defence::KeptFork, "kept-fork"),
        (Defence::NewestState, "newest-state"),
        (Defence::OneDealing, "one-dealing"),
        (Defence::RecordPlace, "record-place"),
        (Defence::SaltOfPlaintext, "salt-of-plaintext"),
        (Defence::ShareCount, "share-count"),
        (Defence::SharePlace, "share-place"),
        (Defence::SheetFloor, "sheet-floor"),
        (Defence::ShownHead, "shown-head"),
        (Defence::SignedTree, "signed-tree"),
        (Defence::SizeClasses, "size-classes"),
        (Defence::StrictSignatures, "strict-signatures"),
        (Defence::UsablePrf, "usable-prf"),
        (Defence::VersionHash, "version-hash"),
        (Defence::WaitingWrite, "waiting-write"),
        (Defence::WalletKeyCheck, "wallet-key-check"),
        (Defence::WholeEncoding, "whole-encoding"),
        (Defence::ZeroPadding, "zero-padding"),
    ];

    pub(super) fn off() -> &'static [Defence] {
        static OFF: OnceLock<Vec<Defence>> = OnceLock::new();
        OFF.get_or_init(|| read(&env::var(VARIABLE).unwrap_or_default()))
    }

    /// Reads names. An unknown one ends the process instead of a test, whose failure would be
    /// taken for what the missing defence does.
    fn read(names: &str) -> Vec<Defence> {
        let named = |name: &str| NAMES.iter().find(|(_, known)| *known == name).map(|(defence, _)| *defence);
        let find = |name: &str| {
            named(name).unwrap_or_else(|| {
                eprintln!("{VARIABLE} names {name}, which is no defence");
                process::exit(2)
            })
        };
        names.split(',').filter(|name| !name.is_empty()).map(find).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn names_are_read() {
            assert!(read("").is_empty());
            assert!(read("signed-tree,head-front") == [Defence::SignedTree, Defence::HeadFront]);
            for (at, (defence, name)) in NAMES.iter().enumerate() {
                assert!(read(name) == [*defence], "{name}");
                assert!(NAMES[..at].iter().all(|(other, _)| other != defence), "{name}");
            }
        }
    }
}
