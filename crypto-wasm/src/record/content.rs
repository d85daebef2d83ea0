//! The contents of the two parts of a record.

use crystallum_format::encoding::{Decoder, Encoder, Malformed, text};
use crystallum_format::labels;
use crystallum_format::limits::MAX_LABEL;
use zeroize::Zeroizing;

use super::key::{KeyOverview, KeySecret};
use super::sign_in_method::SignInMethodOverview;
use super::wallet::WalletOverview;
use crate::wallet::phrase::SealedPhrase;

/// The overview of a record.
#[derive(Clone, PartialEq, Eq)]
pub enum Overview {
    /// An exchange key.
    Key(KeyOverview),
    /// The profile of the vault, which holds its name.
    Profile {
        /// 1 to 256 bytes.
        name: String,
    },
    /// A sign-in method.
    SignInMethod(SignInMethodOverview),
    /// A wallet.
    Wallet(WalletOverview),
}

/// The secret of a record.
pub enum Secret {
    /// An exchange key.
    Key(KeySecret),
    /// A profile has no secret.
    Profile,
    /// A sign-in method has no secret.
    SignInMethod,
    /// A wallet's phrase, sealed under a key that exists only as shares.
    Wallet(SealedPhrase),
}

impl Overview {
    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let encoder = match self {
            Self::Key(key) => key.encode()?,
            Self::Profile { name } => {
                text(name.as_bytes(), 1, MAX_LABEL)?;
                Encoder::new(labels::PROFILE_OVERVIEW).field(1, name.as_bytes())
            }
            Self::SignInMethod(method) => method.encode()?,
            Self::Wallet(wallet) => wallet.encode()?,
        };
        Ok(encoder.finish())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let labelled = |label| Decoder::new(label, bytes);
        if let Ok(mut fields) = labelled(labels::PROFILE_OVERVIEW) {
            let name = fields.text(1, 1, MAX_LABEL)?.to_owned();
            fields.finish()?;
            return Ok(Self::Profile { name });
        }
        if let Ok(fields) = labelled(labels::SIGN_IN_METHOD_OVERVIEW) {
            return SignInMethodOverview::decode(fields).map(Self::SignInMethod);
        }
        if let Ok(fields) = labelled(labels::WALLET_OVERVIEW) {
            return WalletOverview::decode(fields).map(Self::Wallet);
        }
        KeyOverview::decode(labelled(labels::EXCHANGE_KEY_OVERVIEW)?).map(Self::Key)
    }
}

impl Secret {
    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let encoder = match self {
            Self::Key(key) => key.encode()?,
            Self::Profile => Encoder::new(labels::PROFILE_SECRET),
            Self::SignInMethod => Encoder::new(labels::SIGN_IN_METHOD_SECRET),
            Self::Wallet(phrase) => Encoder::new(labels::WALLET_SECRET).field(1, phrase.as_bytes()),
        };
        Ok(encoder.finish())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let labelled = |label| Decoder::new(label, bytes);
        for (label, empty) in
            [(labels::PROFILE_SECRET, Self::Profile), (labels::SIGN_IN_METHOD_SECRET, Self::SignInMethod)]
        {
            if let Ok(fields) = labelled(label) {
                fields.finish()?;
                return Ok(empty);
            }
        }
        if let Ok(mut fields) = labelled(labels::WALLET_SECRET) {
            let phrase = SealedPhrase::from_bytes(fields.bytes(1)?)?;
            fields.finish()?;
            return Ok(Self::Wallet(phrase));
        }
        KeySecret::decode(labelled(labels::EXCHANGE_KEY_SECRET)?).map(Self::Key)
    }
}
