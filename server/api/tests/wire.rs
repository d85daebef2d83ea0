//! Every wire type as JSON, recorded in `wire.json`. A difference means that servers and clients of
//! two versions no longer understand each other.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Debug;

use crystallum_api::{
    Assertion, AssertionResponse, Bytes, Challenge, Change, ChangeSignInMethods, Code, Commit, Committed,
    CreateAccount, CredentialType, DeleteAccount, Delta, Entry, Failure, Health, Id, Login, NewPasskey, Part,
    Proof, PutShare, ReadShare, RecoveryLogin, RecoveryVerifier, Registration, RegistrationResponse,
    RemainingQuota, Session, ShareAccess, ShareState, SignUp, Store, StoreLocation, Stores,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

fn id(number: u8) -> Id {
    Id([number; 16])
}

fn bytes(number: u8) -> Bytes {
    Bytes(vec![number; 5])
}

fn part() -> Part {
    Part { version: 3, hash: bytes(1), blob: Some(bytes(2)) }
}

fn commit() -> Commit {
    let changes = vec![
        Change::Device { id: id(1), key: bytes(1), max_format: 1, added_by: id(2) },
        Change::Keyslot { id: id(2), slot_kind: 3, scope: 2, wrap: bytes(2) },
        Change::KeyslotGone { id: id(3) },
        Change::Record { id: id(4), overview: Some(part()), secret: None },
        Change::Record { id: id(4), overview: None, secret: Some(Part { blob: None, ..part() }) },
        Change::Share { id: id(5), set: id(6), epoch: 1, k: 2, n: 3, index: 1, store: id(7), hash: bytes(3) },
        Change::ShareGone { id: id(8) },
        Change::Tombstone { id: id(9), version: 4 },
    ];
    Commit { commit_id: id(10), expected_counter: u64::MAX, changes, head: bytes(4) }
}

/// Returns a commit with a single change, for the bodies that contain one.
fn short_commit() -> Commit {
    Commit { changes: vec![Change::ShareGone { id: id(8) }], ..commit() }
}

fn registration() -> Registration {
    let response = RegistrationResponse { attestation_object: bytes(1), client_data_json: bytes(2) };
    Registration { raw_id: bytes(3), response, r#type: CredentialType::PublicKey }
}

fn login() -> Login {
    let response = AssertionResponse {
        authenticator_data: bytes(1),
        client_data_json: bytes(2),
        signature: bytes(3),
        user_handle: bytes(4),
    };
    let credential = Assertion { raw_id: bytes(5), response, r#type: CredentialType::PublicKey };
    Login { ceremony: id(1), credential }
}

fn recovery_login() -> RecoveryLogin {
    RecoveryLogin {
        ceremony: id(1),
        lookup: bytes(1),
        client_nonce: bytes(2),
        device_key_hash: bytes(3),
        signature: bytes(4),
    }
}

fn verifier() -> RecoveryVerifier {
    RecoveryVerifier { lookup_hash: bytes(1), verifier: bytes(2) }
}

/// The JSON of samples, by the names of their types.
#[derive(Default)]
struct Samples(Map<String, Value>);

impl Samples {
    /// Adds a sample, which must survive the way to JSON and back.
    fn add<T: Serialize + DeserializeOwned + PartialEq + Debug>(&mut self, name: &str, sample: &T) {
        let json = serde_json::to_value(sample).unwrap();
        assert_eq!(&serde_json::from_value::<T>(json.clone()).unwrap(), sample);
        assert!(self.0.insert(name.to_owned(), json).is_none(), "{name} twice");
    }
}

fn samples() -> Samples {
    let mut all = Samples::default();
    let origin = "https://vault.example.com".to_owned();
    all.add("Health", &Health { sign_up: SignUp::Open, origin });
    all.add("SignUp", &vec![SignUp::Closed, SignUp::Invite, SignUp::Open]);
    all.add("Challenge", &Challenge { ceremony: id(1), challenge: bytes(1), expires_in: 300 });
    let create = CreateAccount {
        ceremony: id(1),
        account: id(2),
        invite: Some("0000-0000".to_owned()),
        credential: registration(),
        recovery: Some(verifier()),
        commit: short_commit(),
    };
    all.add(
        "CreateAccount without options",
        &CreateAccount { invite: None, recovery: None, ..create.clone() },
    );
    all.add("CreateAccount", &create);
    all.add("Login", &login());
    let remaining = RemainingQuota { records: 7, bytes: 8 };
    all.add("Session", &Session { account: id(1), counter: 9, remaining });
    all.add("Commit", &commit());
    all.add("Committed", &Committed { counter: 9 });
    let entry = Entry { head: bytes(1), changes: short_commit().changes };
    all.add("Delta", &Delta { counter: 9, entries: vec![entry] });
    all.add("Part", &part());
    all.add("RecoveryLogin", &recovery_login());
    let change = ChangeSignInMethods {
        proof: Proof::Passkey(login()),
        add_passkey: Some(NewPasskey { ceremony: id(1), credential: registration() }),
        remove_passkey: Some(bytes(1)),
        set_recovery: Some(verifier()),
        remove_recovery: true,
        commit: short_commit(),
    };
    let bare = ChangeSignInMethods {
        add_passkey: None,
        remove_passkey: None,
        set_recovery: None,
        remove_recovery: false,
        ..change.clone()
    };
    all.add("ChangeSignInMethods", &change);
    all.add("ChangeSignInMethods without options", &bare);
    all.add("DeleteAccount", &DeleteAccount { proof: Proof::Recovery(recovery_login()) });
    let location = StoreLocation::SameMachine;
    all.add("Stores", &Stores { stores: vec![Store { id: id(1), number: 1, location, available: true }] });
    all.add("PutShare", &PutShare { share: bytes(1), access_hash: bytes(2) });
    all.add("ShareAccess", &ShareAccess { credential: bytes(1) });
    all.add("ReadShare", &ReadShare { share: bytes(1) });
    all.add("ShareState", &ShareState { hash: bytes(1), claimed: true });
    all.add("Failure", &Failure { code: Code::Conflict, counter: Some(9), retry_after: Some(8) });
    let codes = [
        Code::AccountExists,
        Code::BadRequest,
        Code::CeremonyUnknown,
        Code::CommitIdReused,
        Code::Conflict,
        Code::CredentialRejected,
        Code::ForeignOrigin,
        Code::InviteRejected,
        Code::NotFound,
        Code::ProofRejected,
        Code::QuotaExceeded,
        Code::StoreUnavailable,
        Code::RateLimited,
        Code::SessionExpired,
        Code::SignUpClosed,
        Code::TooLarge,
        Code::Unavailable,
    ];
    let refusals: Vec<(Failure, u16)> = codes.map(|code| (Failure::from(code), code.status())).into();
    all.add("Failure with the status of its code", &refusals);
    all
}

#[test]
fn the_wire_is_as_recorded() {
    let recorded: Value = serde_json::from_str(include_str!("wire.json")).unwrap();
    let found = Value::Object(samples().0);
    assert!(found == recorded, "the wire differs from tests/wire.json:\n{found:#}");
}
