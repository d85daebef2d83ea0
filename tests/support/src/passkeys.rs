use std::sync::{Arc, Mutex, MutexGuard};

use passkey::authenticator::{CredentialStore, DiscoverabilitySupport, StoreInfo};
use passkey::types::Passkey;
use passkey::types::ctap2::make_credential::{
    Options, PublicKeyCredentialRpEntity, PublicKeyCredentialUserEntity,
};
use passkey::types::ctap2::{Ctap2Error, StatusCode};
use passkey::types::webauthn::PublicKeyCredentialDescriptor;

/// The passkeys of a user, newest last. Clones share the passkeys, as a passkey provider syncs
/// them.
#[derive(Clone, Default)]
pub struct Passkeys(Arc<Mutex<Vec<Passkey>>>);

impl Passkeys {
    /// Returns the number of passkeys.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Returns whether there are no passkeys.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Returns passkeys with the same ids and signing keys, but with other `prf` secrets, so that
    /// they open no vault.
    pub fn with_other_secrets(&self) -> Self {
        let mut passkeys = self.lock().clone();
        for passkey in &mut passkeys {
            let secret = passkey.extensions.hmac_secret.as_mut().expect("a passkey with prf");
            for byte in &mut secret.cred_with_uv {
                *byte ^= 0x5a;
            }
        }
        Self(Arc::new(Mutex::new(passkeys)))
    }

    /// Returns a store with these and other passkeys.
    pub fn and(&self, others: &Self) -> Self {
        let all = [self.lock().clone(), others.lock().clone()].concat();
        Self(Arc::new(Mutex::new(all)))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Passkey>> {
        self.0.lock().expect("nothing panics while it holds the passkeys")
    }
}

#[async_trait::async_trait]
impl CredentialStore for Passkeys {
    type PasskeyItem = Passkey;

    async fn find_credentials(
        &self,
        ids: Option<&[PublicKeyCredentialDescriptor]>,
        rp_id: &str,
        _user_handle: Option<&[u8]>,
    ) -> Result<Vec<Passkey>, StatusCode> {
        let wanted = |passkey: &&Passkey| {
            passkey.rp_id == rp_id
                && ids.is_none_or(|ids| ids.iter().any(|id| id.id == passkey.credential_id))
        };
        let found: Vec<Passkey> = self.lock().iter().rev().filter(wanted).cloned().collect();
        if found.is_empty() { Err(Ctap2Error::NoCredentials.into()) } else { Ok(found) }
    }

    async fn save_credential(
        &mut self,
        passkey: Passkey,
        _user: PublicKeyCredentialUserEntity,
        _rp: PublicKeyCredentialRpEntity,
        _options: Options,
    ) -> Result<(), StatusCode> {
        // A resident key replaces the one for the same account (CTAP 2.1, section 6.1.2).
        let mut passkeys = self.lock();
        passkeys.retain(|known| (&known.rp_id, &known.user_handle) != (&passkey.rp_id, &passkey.user_handle));
        passkeys.push(passkey);
        Ok(())
    }

    async fn update_credential(&mut self, passkey: &Passkey) -> Result<(), StatusCode> {
        let mut passkeys = self.lock();
        let known = passkeys.iter_mut().find(|known| known.credential_id == passkey.credential_id);
        *known.ok_or(Ctap2Error::NoCredentials)? = passkey.clone();
        Ok(())
    }

    async fn get_info(&self) -> StoreInfo {
        StoreInfo { discoverability: DiscoverabilitySupport::ForcedDiscoverable }
    }
}
