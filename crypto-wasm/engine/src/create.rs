//! Making a vault: a passkey, a recovery code, both roots, the genesis, and the account, all in one request.

use crystallum_api as api;
use crystallum_core::{
    Change, DeviceId, Entropy, LeafId, MAX_FORMAT, Overview, PrfOutput, PrfRejected, RecordId, RecoveryCode,
    Secret, SignInMethodOverview, SlotId, VaultId, VaultKeys, VaultState,
};
use crystallum_messages::{Failure, Prf, Registered, Touch};

use crate::ceremonies::{self, NewPasskey, Ready};
use crate::client::{CallFailed, Client};
use crate::local;
use crate::objects::{Brought, Objects, Part, Parts, touched};
use crate::ports::{Authenticator, Clock, DeviceKey, LocalStore, NoDeviceKey, Ports};
use crate::roots::{Keys, Roots};
use crate::sheet::{self, FreshSheet, NamedSlot};
use crate::vault::{OpenVault, context};
use crate::ways;

/// A vault that is being made. It is kept over failed tries, so that a second try asks for nothing twice and makes no second account.
pub(crate) enum Making {
    /// The passkey exists and has not given its key yet.
    Passkey { ready: Ready, vault: VaultId, registered: Registered },
    /// Everything is made and signed; the server has not confirmed it.
    Signed { request: Box<api::CreateAccount>, open: Box<OpenVault>, good_until: Ready },
}

/// Makes a passkey that can give keys.
pub(crate) async fn passkey<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    ready: &Ready,
    new: NewPasskey<'_>,
) -> Result<Registered, Failure> {
    let options = ceremonies::create_options(rp_id, &ready.challenge, new);
    let registered = ports.authenticator().create(options).await.map_err(ceremonies::refusal)?;
    let usable = registered.prf.enabled == Some(true)
        || (registered.prf.enabled.is_none() && ceremonies::both(&registered.prf).is_some());
    if usable { Ok(registered) } else { Err(Failure::PrfMissing) }
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

/// Both outputs of one touch.
pub(crate) fn parse(prf: &Prf) -> Result<(PrfOutput, PrfOutput), Failure> {
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

/// Makes roots, both ways in, device and profile, and signs the genesis. Both roots are gone afterwards.
pub(crate) async fn sign<P: Ports>(ports: &mut P, rp_id: &str, made: Ingredients) -> Result<Making, Failure> {
    let Ingredients { ready, vault, registered, name, invite, outputs } = made;
    let epoch = crystallum_core::FIRST_EPOCH;
    let now = ports.clock().now();
    let roots = Roots::random(ports.entropy());
    let code = RecoveryCode::random(ports.entropy());
    let passkey = Keys::of_passkey(&outputs, rp_id, &registered.raw_id)?;
    let passkey = roots.wrap(&passkey, vault, epoch, ports.entropy())?;
    let sheet = roots.wrap(&Keys::of_code(&code), vault, epoch, ports.entropy())?;
    let (keys, signer) = roots.root.unlock(vault, epoch);

    let device = DeviceId::random(ports.entropy());
    let key = ports.device_key().create(device).await.map_err(|NoDeviceKey| Failure::StorageFailed)?;
    let (slot, sheet_slot) = (passkey.slot, sheet.slot);
    let mut wire = Vec::from(passkey.changes);
    wire.extend(sheet.changes);
    wire.push(wire_device(device, &key, slot));
    wire.push(profile(ports.entropy(), &keys, &name)?);
    let [passkey_record, sheet_record] =
        [RecordId::random(ports.entropy()), RecordId::random(ports.entropy())];
    for (slot, record) in [(slot, passkey_record), (sheet_slot, sheet_record)] {
        let way = SignInMethodOverview { slot, name: String::new(), created: now, confirmed: 0 };
        wire.push(ways::new_record(ports.entropy(), &keys, record, way)?.change_from(record, None));
    }

    let mut brought = Brought::default();
    let changes: Vec<Change> = wire
        .iter()
        .map(|change| brought.read(change, None))
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::Confused)?;
    let body = VaultState::genesis_body(vault, signer.verifier(), device, &changes, now)
        .map_err(|_| Failure::Confused)?;
    let signature = ports.device_key().sign(device, &body.message()).await;
    let head = body.sign(&signer, signature.map_err(|NoDeviceKey| Failure::StorageFailed)?);
    let state = VaultState::genesis(vault, head, &changes).map_err(|_| Failure::Confused)?;
    let touched = changes.iter().flat_map(touched).collect();
    let mut objects = Objects::default();
    let update = brought.update(&state, &objects, &touched).ok_or(Failure::Confused)?;
    objects.apply(update);

    let mut commit_id = [0; 16];
    ports.entropy().fill(&mut commit_id);
    let request = api::CreateAccount {
        ceremony: ready.ceremony,
        account: api::Id(*vault.as_bytes()),
        invite,
        credential: ceremonies::registration(&registered),
        recovery: Some(sheet::verifier(&code)),
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
    Ok(Making::Signed { request: Box::new(request), open: Box::new(open), good_until: ready })
}

/// The record that holds the vault's name.
fn profile(entropy: &mut impl Entropy, keys: &VaultKeys, name: &str) -> Result<api::Change, Failure> {
    let record = RecordId::random(entropy);
    let overview = Overview::Profile { name: name.to_owned() };
    let overview = keys.seal_overview(context(record, 1), &overview, entropy);
    let secret = keys.seal_secret(context(record, 1), &Secret::Profile, entropy);
    let part = |blob| Part { version: 1, blob };
    let parts = Parts {
        overview: part(overview.map_err(|_| Failure::NameRejected)?),
        secret: part(secret.map_err(|_| Failure::Confused)?),
    };
    Ok(parts.change_from(record, None))
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
