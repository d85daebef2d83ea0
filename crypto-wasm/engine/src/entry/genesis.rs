//! The genesis of a vault: both roots, a passkey, a recovery code, a device and the vault's name,
//! signed as the first head.

use std::collections::BTreeSet;

use crystallum_core::{
    DeviceLeaf, Entropy, LeafId, MAX_FORMAT, Overview, PrfOutput, RecordId, RecoveryCode, Secret, VaultId,
    VaultKeys, VaultState,
};
use crystallum_messages::{ImpossibleState, VaultFailure, entry::Failure};

use crate::access::roots::{MethodKeys, Roots};
use crate::entry::device_record::describe_device;
use crate::entry::made_passkey::MadePasskey;
use crate::ports::{Clock, DeviceKey, NoDeviceKey, Ports};
use crate::vault::change::{Commit, SealedChange, leaves_changed_by, tree_changes};
use crate::vault::fresh_sheet::FreshSheet;
use crate::vault::objects::Objects;
use crate::vault::open_vault::OpenVault;
use crate::vault::received::{MissingSecrets, ReceivedBlobs};
use crate::vault::seal::{TooLarge, seal_new_record};
use crate::wire::proof::{NewCredential, RecoveryVerifier};
use crate::wire::request::NewAccount;

/// A vault whose genesis is signed, with the request that creates its account.
pub(crate) struct SignedVault {
    pub(crate) account: NewAccount,
    pub(crate) open: Box<OpenVault>,
    /// What it began with. The request is valid as long as the challenge is.
    pub(crate) made: MadePasskey,
}

/// Everything that a new vault is created from.
pub(crate) struct NewVault<'a> {
    pub(crate) made: &'a MadePasskey,
    pub(crate) name: String,
    pub(crate) invite: Option<String>,
    pub(crate) outputs: (PrfOutput, PrfOutput),
}

/// Creates the roots, both sign-in methods, the device and the profile, and signs the genesis. Both
/// roots are wiped afterwards.
pub(crate) async fn sign_genesis<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    new: NewVault<'_>,
) -> Result<(NewAccount, Box<OpenVault>), Failure> {
    let NewVault { made, name, invite, outputs } = new;
    let MadePasskey { ready, vault, device: (device, key), registered } = made;
    let (vault, device, key) = (*vault, *device, *key);
    let epoch = crystallum_core::FIRST_EPOCH;
    let now = ports.clock().now();
    let roots = Roots::random(ports.entropy());
    let code = RecoveryCode::random(ports.entropy());
    let passkey = MethodKeys::from_passkey(&outputs, rp_id, &registered.raw_id)?;
    let passkey = roots.wrap(&passkey, vault, epoch, ports.entropy())?;
    let sheet = roots.wrap(&MethodKeys::from_code(&code), vault, epoch, ports.entropy())?;
    let (keys, signer) = roots.root.unlock(vault, epoch);

    let (method, sheet_method) = (passkey.id, sheet.id);
    let mut changes = Vec::from(passkey.changes);
    changes.extend(sheet.changes);
    changes.push(SealedChange::Device(device, DeviceLeaf { key, max_format: MAX_FORMAT, added_by: method }));
    changes.push(profile_change(ports.entropy(), &keys, vault, &name)?);
    changes.push(describe_device(ports, &keys, device)?);

    let tree = tree_changes(&changes, None).map_err(|_| ImpossibleState::OwnChangeRefused)?;
    let body = VaultState::genesis_body(vault, signer.verifier(), device, &tree, now)
        .map_err(|_| ImpossibleState::OwnChangeRefused)?;
    let signature = ports.device_key().sign(device, &body.message()).await;
    let head = signer.sign_head(body, signature.map_err(|NoDeviceKey| VaultFailure::StorageFailed)?);
    let mut id = [0; 16];
    ports.entropy().fill(&mut id);
    let genesis = Commit { id, expected_counter: 0, changes, head };
    let (state, objects) = genesis_state(vault, &genesis).ok_or(ImpossibleState::OwnChangeRefused)?;
    let passkey = NewCredential { ceremony: ready.ceremony, registered };
    let account = NewAccount::new(vault, passkey, invite, RecoveryVerifier::of_code(&code), &genesis);
    let mut open = OpenVault::new(name, (keys, signer), (device, method), state, objects);
    let mut sheet = FreshSheet::new(ports.entropy(), code, sheet_method, now);
    sheet.note_commit(&genesis);
    open.sheet = Some(sheet);
    Ok((account, Box::new(open)))
}

/// Verifies the genesis as every other device will, and returns the state and its objects.
fn genesis_state(vault: VaultId, genesis: &Commit) -> Option<(VaultState, Objects)> {
    let mut received = ReceivedBlobs::default();
    let tree = received.take(genesis.changes.clone(), None).ok()?;
    let state = VaultState::genesis(vault, genesis.head, &tree).ok()?;
    let changed: BTreeSet<LeafId> = tree.iter().flat_map(leaves_changed_by).collect();
    let mut objects = Objects::default();
    let update = received.update(&state, &objects, &changed, MissingSecrets::Refuse)?;
    objects.apply(update);
    Some((state, objects))
}

/// Returns the change that adds the profile, which holds the vault's name. Its id is the vault's.
fn profile_change(
    entropy: &mut impl Entropy,
    keys: &VaultKeys,
    vault: VaultId,
    name: &str,
) -> Result<SealedChange, TooLarge> {
    let record = RecordId::new(*vault.as_bytes());
    let overview = Overview::Profile { name: name.to_owned() };
    let parts =
        seal_new_record(entropy, keys, record, &overview, &Secret::Profile { earlier_roots: Vec::new() })?;
    Ok(parts.change_from(record, None))
}
