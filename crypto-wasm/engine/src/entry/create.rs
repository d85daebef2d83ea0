//! Creating a vault: a passkey first, then the genesis and the account, sent in one request.

use crystallum_core::History;
use crystallum_messages::{CeremonyFailure, VaultFailure, entry::Failure};

use crate::entry::genesis::{NewVault, SignedVault, sign_genesis};
use crate::entry::made_passkey::{MadePasskey, make_passkey};
use crate::local::batch::new_vault_batch;
use crate::local::heads::begin_log;
use crate::passkeys::ceremony::prf_outputs;
use crate::passkeys::prefetch::ChallengePrefetch;
use crate::ports::{Clock, LocalStore, Ports};
use crate::vault::objects::Update;
use crate::vault::open_vault::OpenVault;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};
use crate::wire::request::NewAccount;

/// A vault that is being created. It is kept after a failure, so that a retry does not ask for a
/// passkey again and creates no second account.
pub(crate) enum VaultCreation {
    /// The passkey is registered but has not given its PRF outputs yet.
    Passkey(MadePasskey),
    /// Everything is created and signed, but the server has not confirmed it.
    Signed(SignedVault),
}

impl VaultCreation {
    fn is_fresh(&self, now: u64) -> bool {
        match self {
            Self::Passkey(MadePasskey { ready, .. })
            | Self::Signed(SignedVault { made: MadePasskey { ready, .. }, .. }) => ready.is_fresh(now),
        }
    }

    /// Gives up a passkey that has no vault. The outcome of a request that was sent may be unknown,
    /// so its passkey may have one.
    pub(crate) async fn discard(self, ports: &impl Ports) {
        if let Self::Passkey(made) = self {
            made.discard(ports).await;
        }
    }
}

/// What the user chooses for a new vault.
pub(crate) struct Chosen {
    pub(crate) name: String,
    pub(crate) invite: Option<String>,
}

/// Creates a vault, or continues with the one in `creation` where an earlier attempt failed. `open`
/// is the vault that is open meanwhile, if there is one.
pub(crate) async fn create_vault<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    challenges: &mut ChallengePrefetch,
    creation: &mut Option<VaultCreation>,
    mut open: Option<&mut OpenVault>,
    Chosen { name, invite }: Chosen,
) -> Result<OpenVault, Failure> {
    let now = ports.clock().now();
    let started = match creation.take() {
        Some(started) if started.is_fresh(now) => started,
        started => {
            if let Some(started) = started {
                started.discard(ports).await;
            }
            let ready = challenges.take_for_create(ports).await?;
            VaultCreation::Passkey(make_passkey(ports, rp_id, ready, &name, open.as_deref_mut()).await?)
        }
    };
    let signed = match started {
        VaultCreation::Passkey(mut made) => match prf_outputs(ports, rp_id, open, &mut made.registered).await
        {
            Ok(outputs) => {
                let new = NewVault { made: &made, name, invite, outputs };
                match sign_genesis(ports, rp_id, new).await {
                    Ok((account, open)) => SignedVault { account, open, made },
                    Err(failure) => {
                        made.discard(ports).await;
                        return Err(failure);
                    }
                }
            }
            Err(failure) => {
                // The passkey is kept if its second ceremony can be repeated. One that gives no
                // key is of no use.
                if matches!(failure, CeremonyFailure::Cancelled | CeremonyFailure::PasskeyFault(_)) {
                    *creation = Some(VaultCreation::Passkey(made));
                } else {
                    made.discard(ports).await;
                }
                return Err(failure.into());
            }
        },
        VaultCreation::Signed(mut signed) => {
            signed.account.set_invite(invite);
            signed
        }
    };
    if let Err(failed) = send_account(ports, &signed.account).await {
        // The new passkey is kept, so that a mistyped invitation code does not require another
        // one.
        if failed.is_transient() || failed.refusal() == Some(Refusal::InviteRejected) {
            *creation = Some(VaultCreation::Signed(signed));
        } else {
            signed.made.discard(ports).await;
        }
        return Err(failed.into());
    }
    if let Err(failure) = store_new_vault(ports, &signed.open).await {
        // The server answers a repeated request in the same way, so a retry creates no second
        // account.
        *creation = Some(VaultCreation::Signed(signed));
        return Err(failure.into());
    }
    Ok(*signed.open)
}

/// Sends the request that creates the account. If the answer is lost, sends the same bytes once
/// more.
async fn send_account<P: Ports>(ports: &P, account: &NewAccount) -> Result<(), CallFailed> {
    let client = Client(ports.transport());
    let mut answer = client.create_account(account).await;
    if answer == Err(CallFailed::Unreachable) {
        answer = client.create_account(account).await;
    }
    match answer {
        Ok(1) => Ok(()),
        Ok(_) => Err(CallFailed::InvalidAnswer),
        Err(failed) => Err(failed),
    }
}

/// Stores the new vault on this device.
async fn store_new_vault<P: Ports>(ports: &P, open: &OpenVault) -> Result<(), VaultFailure> {
    let log = begin_log(open.id(), &History::default(), &(*open.state.head()).into());
    let batch = new_vault_batch(open.device, &open.state, open.objects.after(&Update::default()), log);
    Ok(ports.store().write(batch).await?)
}
