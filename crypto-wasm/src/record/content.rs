//! The contents of the two parts of a record.

use crystallum_format::encoding::{Decoder, Encoder, Malformed};
use crystallum_format::ids::{RecordId, VaultId};
use crystallum_format::labels;
use crystallum_format::limits::{MAX_EARLIER_ROOTS, MAX_LABEL};
use zeroize::Zeroizing;

use super::device::DeviceOverview;
use super::key::{KeyOverview, KeySecret};
use super::sign_in_method::SignInMethodOverview;
use super::text::{line, one_line};
use super::wallet::WalletOverview;
use crate::key::Key;
use crate::keys::Root;
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
    /// A device.
    Device(DeviceOverview),
    /// A wallet.
    Wallet(WalletOverview),
}

/// The secret of a record.
pub enum Secret {
    /// An exchange key.
    Key(KeySecret),
    /// The vault's profile.
    Profile {
        /// The roots of earlier key epochs, newest first, at most eight.
        earlier_roots: Vec<Root>,
    },
    /// A sign-in method has no secret.
    SignInMethod,
    /// A device has no secret.
    Device,
    /// A wallet's phrase, sealed under a key that exists only as shares.
    Wallet(SealedPhrase),
}

impl Overview {
    /// Returns whether a secret is of the same type. Both parts of a record are.
    pub fn is_of_one_type_with(&self, secret: &Secret) -> bool {
        matches!(
            (self, secret),
            (Self::Key(_), Secret::Key(_))
                | (Self::Profile { .. }, Secret::Profile { .. })
                | (Self::SignInMethod(_), Secret::SignInMethod)
                | (Self::Device(_), Secret::Device)
                | (Self::Wallet(_), Secret::Wallet(_))
        )
    }

    /// Returns whether a record of this vault can have the overview: the record whose id is the
    /// vault's is the profile, and no other record is one.
    pub fn is_in_its_place(&self, vault: VaultId, record: RecordId) -> bool {
        matches!(self, Self::Profile { .. }) == (record.as_bytes() == vault.as_bytes())
    }

    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let encoder = match self {
            Self::Key(key) => key.encode()?,
            Self::Profile { name } => {
                one_line(name, 1, MAX_LABEL)?;
                Encoder::new(labels::PROFILE_OVERVIEW).field(1, name.as_bytes())
            }
            Self::SignInMethod(method) => method.encode()?,
            Self::Device(device) => device.encode()?,
            Self::Wallet(wallet) => wallet.encode()?,
        };
        Ok(encoder.finish())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let labelled = |label| Decoder::new(label, bytes);
        if let Ok(mut fields) = labelled(labels::PROFILE_OVERVIEW) {
            let name = line(&mut fields, 1, 1, MAX_LABEL)?.to_owned();
            fields.finish()?;
            return Ok(Self::Profile { name });
        }
        if let Ok(fields) = labelled(labels::SIGN_IN_METHOD_OVERVIEW) {
            return SignInMethodOverview::decode(fields).map(Self::SignInMethod);
        }
        if let Ok(fields) = labelled(labels::DEVICE_OVERVIEW) {
            return DeviceOverview::decode(fields).map(Self::Device);
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
            Self::Profile { earlier_roots } => Encoder::new(labels::PROFILE_SECRET)
                .field_if(1, encode_roots(earlier_roots)?.as_deref().map(Vec::as_slice)),
            Self::SignInMethod => Encoder::new(labels::SIGN_IN_METHOD_SECRET),
            Self::Device => Encoder::new(labels::DEVICE_SECRET),
            Self::Wallet(phrase) => Encoder::new(labels::WALLET_SECRET).field(1, phrase.as_bytes()),
        };
        Ok(encoder.finish())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let labelled = |label| Decoder::new(label, bytes);
        if let Ok(mut fields) = labelled(labels::PROFILE_SECRET) {
            let earlier_roots = decode_roots(fields.optional(1)?)?;
            fields.finish()?;
            return Ok(Self::Profile { earlier_roots });
        }
        if let Ok(fields) = labelled(labels::SIGN_IN_METHOD_SECRET) {
            fields.finish()?;
            return Ok(Self::SignInMethod);
        }
        if let Ok(fields) = labelled(labels::DEVICE_SECRET) {
            fields.finish()?;
            return Ok(Self::Device);
        }
        if let Ok(mut fields) = labelled(labels::WALLET_SECRET) {
            let phrase = SealedPhrase::from_bytes(fields.bytes(1)?)?;
            fields.finish()?;
            return Ok(Self::Wallet(phrase));
        }
        KeySecret::decode(labelled(labels::EXCHANGE_KEY_SECRET)?).map(Self::Key)
    }
}

/// Encodes roots one after the other. No roots are no field.
fn encode_roots(roots: &[Root]) -> Result<Option<Zeroizing<Vec<u8>>>, Malformed> {
    if roots.len() > MAX_EARLIER_ROOTS {
        return Err(Malformed);
    }
    // Never grows, because a vector that reallocates leaves an unwiped copy behind.
    let mut encoded = Zeroizing::new(Vec::with_capacity(32 * roots.len()));
    for root in roots {
        // EXPOSE: the plaintext of the profile's secret, which is sealed next.
        encoded.extend_from_slice(root.0.expose());
    }
    Ok((!encoded.is_empty()).then_some(encoded))
}

fn decode_roots(field: Option<&[u8]>) -> Result<Vec<Root>, Malformed> {
    let Some(bytes) = field else { return Ok(Vec::new()) };
    let (roots, rest) = bytes.as_chunks::<32>();
    if roots.is_empty() || roots.len() > MAX_EARLIER_ROOTS || !rest.is_empty() {
        return Err(Malformed);
    }
    let root = |bytes: &[u8; 32]| Key::from_slice(bytes).filter(|key| !key.is_zero()).map(Root);
    roots.iter().map(|bytes| root(bytes).ok_or(Malformed)).collect()
}
