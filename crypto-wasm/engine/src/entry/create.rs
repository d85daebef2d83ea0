//! Creating a vault: a passkey, a recovery code, both roots, the genesis and the account, sent in
//! one request.

use crystallum_api as api;
use crystallum_core::{
    Change, DeviceId, Entropy, LeafId, MAX_FORMAT, Overview, PrfOutput, PrfRejected, RecordId, RecoveryCode,
    Secret, SignInMethodOverview, SlotId, VaultId, VaultKeys, VaultState,
};
use crystallum_messages::{CeremonyReason, Failure, Prf, Registered};

use crate::access::methods as sign_in_methods;
use crate::access::roots::{MethodKeys, Roots};
use crate::access::sheet::{self, FreshSheet, NamedSlot};
use crate::local::load as local;
use crate::passkeys::options::{self as ceremonies, FreshChallenge, NewPasskey};
use crate::ports::{Authenticator, Clock, DeviceKey, LocalStore, NoDeviceKey, Ports};
use crate::vault::objects::{Objects, Part, Parts, ReceivedBlobs, leaves_changed_by};
use crate::vault::open_vault::{OpenVault, record_context};
use crate::wire::client::{CallFailed, Client};

/// A vault that is being created. It is kept after a failure, so that a retry does not ask for a
/// passkey again and creates no second account.
pub(crate) enum VaultCreation {
    /// The passkey is registered but has not given its PRF outputs yet.
    Passkey { ready: FreshChallenge, vault: VaultId, registered: Registered },
    /// Everything is created and signed, but the server has not confirmed it.
    Signed { request: Box<api::CreateAccount>, open: Box<OpenVault>, expires: FreshChallenge },
}

/// Registers a passkey, which must support the `prf` extension.
pub(crate) async fn register_passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    ready: &FreshChallenge,
    new: NewPasskey<'_>,
) -> Result<Registered, Failure> {
    let options = ceremonies::create_options(rp_id, &ready.challenge, new);
    let registered = ports.authenticator().create(options).await.map_err(ceremonies::map_refusal)?;
    let usable = registered.prf.enabled == Some(true)
        || (registered.prf.enabled.is_none() && ceremonies::both_outputs(&registered.prf).is_some());
    if usable { Ok(registered) } else { Err(Failure::PrfMissing) }
}

/// Returns the PRF outputs for both roots. If the registration did not give them, a second ceremony
/// asks for them.
pub(crate) async fn prf_outputs<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    registered: &Registered,
) -> Result<(PrfOutput, PrfOutput), Failure> {
    if ceremonies::both_outputs(&registered.prf).is_some() {
        return parse_prf(&registered.prf);
    }
    let challenge = ceremonies::local_challenge(ports.entropy());
    let allow = vec![registered.raw_id.clone()];
    let options = ceremonies::get_options(CeremonyReason::Again, rp_id, &challenge, allow);
    let asserted = ports.authenticator().get(options).await.map_err(ceremonies::map_refusal)?;
    if asserted.raw_id != registered.raw_id {
        return Err(Failure::WrongPasskey);
    }
    parse_prf(&asserted.prf)
}

/// Parses both PRF outputs of one ceremony.
pub(crate) fn parse_prf(prf: &Prf) -> Result<(PrfOutput, PrfOutput), Failure> {
    let (first, second) = ceremonies::both_outputs(prf).ok_or(Failure::PrfMissing)?;
    PrfOutput::parse_both(first, second).map_err(|PrfRejected| Failure::PrfMissing)
}

/// Everything that a new vault is created from.
pub(crate) struct NewVault {
    pub(crate) ready: FreshChallenge,
    pub(crate) vault: VaultId,
    pub(crate) registered: Registered,
    pub(crate) name: String,
    pub(crate) invite: Option<String>,
    pub(crate) outputs: (PrfOutput, PrfOutput),
}

/// Creates the roots, both sign-in methods, the device and the profile, and signs the genesis. Both
/// roots are wiped afterwards.
pub(crate) async fn sign_genesis<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    made: NewVault,
) -> Result<VaultCreation, Failure> {
    let NewVault { ready, vault, registered, name, invite, outputs } = made;
    let epoch = crystallum_core::FIRST_EPOCH;
    let now = ports.clock().now();
    let roots = Roots::random(ports.entropy());
    let code = RecoveryCode::random(ports.entropy());
    let passkey = MethodKeys::from_passkey(&outputs, rp_id, &registered.raw_id)?;
    let passkey = roots.wrap(&passkey, vault, epoch, ports.entropy())?;
    let sheet = roots.wrap(&MethodKeys::from_code(&code), vault, epoch, ports.entropy())?;
    let (keys, signer) = roots.root.unlock(vault, epoch);

    let device = DeviceId::random(ports.entropy());
    let key = ports.device_key().create(device).await.map_err(|NoDeviceKey| Failure::StorageFailed)?;
    let (slot, sheet_slot) = (passkey.slot, sheet.slot);
    let mut wire = Vec::from(passkey.changes);
    wire.extend(sheet.changes);
    wire.push(device_to_wire(device, &key, slot));
    wire.push(profile_change(ports.entropy(), &keys, &name)?);
    let [passkey_record, sheet_record] =
        [RecordId::random(ports.entropy()), RecordId::random(ports.entropy())];
    for (slot, record) in [(slot, passkey_record), (sheet_slot, sheet_record)] {
        let method = SignInMethodOverview { slot, name: String::new(), created: now, confirmed: 0 };
        wire.push(
            sign_in_methods::seal_method_record(ports.entropy(), &keys, record, method)?
                .change_from(record, None),
        );
    }

    let mut received = ReceivedBlobs::default();
    let changes: Vec<Change> = wire
        .iter()
        .map(|change| received.read(change, None))
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::Confused)?;
    let body = VaultState::genesis_body(vault, signer.verifier(), device, &changes, now)
        .map_err(|_| Failure::Confused)?;
    let signature = ports.device_key().sign(device, &body.message()).await;
    let head = signer.sign_head(body, signature.map_err(|NoDeviceKey| Failure::StorageFailed)?);
    let state = VaultState::genesis(vault, head, &changes).map_err(|_| Failure::Confused)?;
    let changed = changes.iter().flat_map(leaves_changed_by).collect();
    let mut objects = Objects::default();
    let update = received.update(&state, &objects, &changed).ok_or(Failure::Confused)?;
    objects.apply(update);

    let mut commit_id = [0; 16];
    ports.entropy().fill(&mut commit_id);
    let request = api::CreateAccount {
        ceremony: ready.ceremony,
        account: api::Id(*vault.as_bytes()),
        invite,
        credential: ceremonies::registration_to_wire(&registered),
        recovery: Some(sheet::recovery_verifier(&code)),
        commit: api::Commit {
            commit_id: api::Id(commit_id),
            expected_counter: 0,
            changes: wire,
            head: head.to_bytes().into(),
        },
    };
    let mut open = OpenVault::new(name, (keys, signer), (device, slot), state, objects);
    let of = NamedSlot { slot: sheet_slot, record: sheet_record };
    open.sheet = Some(FreshSheet::new(ports.entropy(), code, of, now));
    Ok(VaultCreation::Signed { request: Box::new(request), open: Box::new(open), expires: ready })
}

/// Returns the change that adds the profile record, which holds the vault's name.
fn profile_change(entropy: &mut impl Entropy, keys: &VaultKeys, name: &str) -> Result<api::Change, Failure> {
    let record = RecordId::random(entropy);
    let overview = Overview::Profile { name: name.to_owned() };
    let overview = keys.seal_overview(record_context(record, 1), &overview, entropy);
    let secret = keys.seal_secret(record_context(record, 1), &Secret::Profile, entropy);
    let part = |blob| Part { version: 1, blob };
    let parts = Parts {
        overview: part(overview.map_err(|_| Failure::NameRejected)?),
        secret: part(secret.map_err(|_| Failure::Confused)?),
    };
    Ok(parts.change_from(record, None))
}

/// Converts a device's leaf to its wire form.
pub(crate) fn device_to_wire(device: DeviceId, key: &[u8; 65], added_by: SlotId) -> api::Change {
    api::Change::Device {
        id: api::Id(*device.as_bytes()),
        key: key.as_slice().into(),
        max_format: MAX_FORMAT,
        added_by: api::Id(*added_by.as_bytes()),
    }
}

/// Sends the request that creates the account. If the answer is lost, sends the same bytes once
/// more.
pub(crate) async fn send_account<P: Ports>(
    ports: &P,
    request: &api::CreateAccount,
) -> Result<(), CallFailed> {
    let client = Client(ports.transport());
    let mut answer = client.create_account(request).await;
    if answer == Err(CallFailed::Unreachable) {
        answer = client.create_account(request).await;
    }
    match answer {
        Ok(committed) if committed.counter == 1 => Ok(()),
        Ok(_) => Err(CallFailed::InvalidAnswer),
        Err(failed) => Err(failed),
    }
}

/// Stores a vault that is new on this device.
pub(crate) async fn store_new_vault<P: Ports>(ports: &P, open: &OpenVault) -> Result<(), Failure> {
    let changed: Vec<LeafId> = open.state.leaves().map(|(id, _)| id).collect();
    let batch = local::advance_batch(None, &open.state, &open.objects, &changed);
    ports.store().write(local::with_device(batch, open.id(), open.device)).await?;
    Ok(())
}
