//! Making a vault: a passkey, both roots, the genesis, and the account, all in one request.

use crystallum_api as api;
use crystallum_core::{
    Change, ColdRoot, DeviceId, DeviceLeaf, Entropy, KeyEncryptionKey, KeyslotLeaf, LeafId, MAX_FORMAT,
    Overview, PrfOutput, PrfRejected, RecordId, Root, Scope, Secret, SlotContext, SlotId, SlotKind, VaultId,
    VaultState, blob_hash,
};
use crystallum_messages::{Failure, Prf, Registered, Touch};

use crate::ceremonies::{self, Ready};
use crate::client::{CallFailed, Client};
use crate::local;
use crate::objects::{Objects, Part, Parts};
use crate::ports::{Authenticator, Clock, DeviceKey, LocalStore, NoDeviceKey, Ports};
use crate::vault::{OpenVault, context};

/// A vault that is being made. It is kept over failed tries, so that a second try asks for nothing twice and makes no second account.
pub(crate) enum Making {
    /// The passkey exists and has not given its key yet.
    Passkey { ready: Ready, vault: VaultId, registered: Registered },
    /// Everything is made and signed; the server has not confirmed it.
    Signed { request: Box<api::CreateAccount>, open: Box<OpenVault>, good_until: Ready },
}

/// Runs the ceremonies. The second touch happens only when the authenticator says that it has the extension and gave no output.
pub(crate) async fn passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    ready: Ready,
    name: &str,
) -> Result<Making, Failure> {
    let vault = VaultId::random(ports.entropy());
    let options = ceremonies::create_options(rp_id, &ready.challenge, vault, name);
    let registered = ports.authenticator().create(options).await.map_err(ceremonies::refusal)?;
    let usable = registered.prf.enabled == Some(true)
        || (registered.prf.enabled.is_none() && ceremonies::both(&registered.prf).is_some());
    if !usable {
        return Err(Failure::PrfMissing);
    }
    Ok(Making::Passkey { ready, vault, registered })
}

/// The outputs for both roots, asked for once more when the registration did not bring them.
pub(crate) async fn outputs<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    registered: &Registered,
) -> Result<(PrfOutput, PrfOutput), Failure> {
    if ceremonies::both(&registered.prf).is_some() {
        return parse(&registered.prf);
    }
    let challenge = ceremonies::own_challenge(ports.entropy());
    let allow = vec![registered.raw_id.clone()];
    let options = ceremonies::get_options(Touch::Again, rp_id, &challenge, allow);
    let asserted = ports.authenticator().get(options).await.map_err(ceremonies::refusal)?;
    if asserted.raw_id != registered.raw_id {
        return Err(Failure::WrongPasskey);
    }
    parse(&asserted.prf)
}

fn parse(prf: &Prf) -> Result<(PrfOutput, PrfOutput), Failure> {
    let (first, second) = ceremonies::both(prf).ok_or(Failure::PrfMissing)?;
    PrfOutput::parse_both(first, second).map_err(|PrfRejected| Failure::PrfMissing)
}

/// What a new vault is made from.
pub(crate) struct Ingredients {
    pub(crate) ready: Ready,
    pub(crate) vault: VaultId,
    pub(crate) registered: Registered,
    pub(crate) name: String,
    pub(crate) invite: Option<String>,
    pub(crate) outputs: (PrfOutput, PrfOutput),
}

/// Makes roots, keyslots, device and profile, and signs the genesis. Both roots are gone afterwards.
pub(crate) async fn sign<P: Ports>(ports: &mut P, rp_id: &str, made: Ingredients) -> Result<Making, Failure> {
    let Ingredients { ready, vault, registered, name, invite, outputs } = made;
    let epoch = crystallum_core::FIRST_EPOCH;
    let (root, cold_root) = (Root::random(ports.entropy()), ColdRoot::random(ports.entropy()));
    let [slot, cold_slot] = [SlotId::random(ports.entropy()), SlotId::random(ports.entropy())];
    let kek = |output: &PrfOutput, scope| {
        KeyEncryptionKey::from_passkey(output, rp_id, scope, &registered.raw_id)
            .map_err(|PrfRejected| Failure::Unsupported)
    };
    let wrap = kek(&outputs.0, Scope::Root)?
        .wrap_root(&root, SlotContext { vault, epoch, slot }, ports.entropy())
        .ok_or(Failure::Confused)?;
    let cold_wrap = kek(&outputs.1, Scope::Cold)?
        .wrap_cold_root(&cold_root, SlotContext { vault, epoch, slot: cold_slot }, ports.entropy())
        .ok_or(Failure::Confused)?;
    let (keys, signer) = root.unlock(vault, epoch);

    let device = DeviceId::random(ports.entropy());
    let key = ports.device_key().create(device).await.map_err(|NoDeviceKey| Failure::StorageFailed)?;
    let profile = RecordId::random(ports.entropy());
    let overview =
        keys.seal_overview(context(profile, 1), &Overview::Profile { name: name.clone() }, ports.entropy());
    let secret = keys.seal_secret(context(profile, 1), &Secret::Profile, ports.entropy());
    let part = |blob| Part { version: 1, blob };
    let parts = Parts {
        overview: part(overview.map_err(|_| Failure::NameRejected)?),
        secret: part(secret.map_err(|_| Failure::Confused)?),
    };

    let slot_leaf =
        |scope, wrap: &[u8]| KeyslotLeaf { kind: SlotKind::Passkey, scope, wrap_hash: blob_hash(wrap) };
    let (wrap_bytes, cold_wrap_bytes) = (wrap.to_bytes(), cold_wrap.to_bytes());
    let changes = [
        Change::Keyslot(slot, slot_leaf(Scope::Root, &wrap_bytes)),
        Change::Keyslot(cold_slot, slot_leaf(Scope::Cold, &cold_wrap_bytes)),
        Change::Device(device, DeviceLeaf { key, max_format: MAX_FORMAT, added_by: slot }),
        Change::Record(profile, parts.leaf()),
    ];
    let wire_slot = |id: SlotId, scope: Scope, wrap: Vec<u8>| api::Change::Keyslot {
        id: api::Id(*id.as_bytes()),
        slot_kind: SlotKind::Passkey.number(),
        scope: scope.number(),
        wrap: wrap.into(),
    };
    let wire = vec![
        wire_slot(slot, Scope::Root, wrap_bytes),
        wire_slot(cold_slot, Scope::Cold, cold_wrap_bytes),
        wire_device(device, &key, slot),
        parts.change_from(profile, None),
    ];
    let now = ports.clock().now();
    let body = VaultState::genesis_body(vault, signer.verifier(), device, &changes, now)
        .map_err(|_| Failure::Confused)?;
    let signature = ports.device_key().sign(device, &body.message()).await;
    let head = body.sign(&signer, signature.map_err(|NoDeviceKey| Failure::StorageFailed)?);
    let state = VaultState::genesis(vault, head, &changes).map_err(|_| Failure::Confused)?;
    let mut objects = Objects::default();
    objects.set_record(profile, Some(parts));
    objects.wraps.extend([(slot, wrap), (cold_slot, cold_wrap)]);

    let mut commit_id = [0; 16];
    ports.entropy().fill(&mut commit_id);
    let request = api::CreateAccount {
        ceremony: ready.ceremony,
        account: api::Id(*vault.as_bytes()),
        invite,
        credential: ceremonies::registration(&registered),
        commit: api::Commit {
            commit_id: api::Id(commit_id),
            expected_counter: 0,
            changes: wire,
            head: head.to_bytes().into(),
        },
    };
    let open = OpenVault::new(name, (keys, signer), device, state, objects);
    Ok(Making::Signed { request: Box::new(request), open: Box::new(open), good_until: ready })
}

pub(crate) fn wire_device(device: DeviceId, key: &[u8; 65], added_by: SlotId) -> api::Change {
    api::Change::Device {
        id: api::Id(*device.as_bytes()),
        key: key.as_slice().into(),
        max_format: MAX_FORMAT,
        added_by: api::Id(*added_by.as_bytes()),
    }
}

/// Sends the account; a lost answer is asked for once more with the same bytes.
pub(crate) async fn send<P: Ports>(ports: &P, request: &api::CreateAccount) -> Result<(), CallFailed> {
    let client = Client(ports.transport());
    let mut answer = client.create_account(request).await;
    if answer == Err(CallFailed::Unreachable) {
        answer = client.create_account(request).await;
    }
    match answer {
        Ok(committed) if committed.counter == 1 => Ok(()),
        Ok(_) => Err(CallFailed::Strange),
        Err(failed) => Err(failed),
    }
}

/// Keeps a vault that is new on this device.
pub(crate) async fn keep<P: Ports>(ports: &P, open: &OpenVault) -> Result<(), Failure> {
    let touched: Vec<LeafId> = open.state.leaves().map(|(id, _)| id).collect();
    let batch = local::advance(None, &open.state, &open.objects, &touched);
    ports.store().write(local::with_device(batch, open.id(), open.device)).await?;
    Ok(())
}
