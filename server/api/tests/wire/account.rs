use crystallum_api::{
    Assertion, AssertionResponse, Challenge, CreateAccount, CredentialType, Login, Registration,
    RegistrationResponse, RemainingQuota, Session, SignUp,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::recovery::recovery_verifier;
use crate::vault::commit;
use crate::{bytes, id};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, SignUp {
        Closed => SignUp::Closed,
        Invite => SignUp::Invite,
        Open => SignUp::Open,
    });
    samples.add("Challenge", Challenge { ceremony: id(1), challenge: bytes(&[2; 32]), expires_in: 300 });
    let account = CreateAccount {
        ceremony: id(1),
        account: id(2),
        invite: Some("an invitation".to_owned()),
        credential: registration(),
        recovery: Some(recovery_verifier()),
        commit: commit(),
    };
    samples.add("CreateAccount bare", CreateAccount { invite: None, recovery: None, ..account.clone() });
    samples.add("CreateAccount", account);
    samples.add("Login", login());
    let remaining = RemainingQuota { records: 9_990, bytes: 50_000_000, access: 60_000_000 };
    samples.add("Session", Session { account: id(2), counter: 3, remaining });
    samples.add("RemainingQuota", remaining);
    samples.add("Registration", registration());
    samples.add("RegistrationResponse", registration().response);
    samples.add("Assertion", login().credential);
    samples.add("AssertionResponse", login().credential.response);
    add_variants!(samples, CredentialType {
        PublicKey => CredentialType::PublicKey,
    });
    samples
}

pub(crate) fn registration() -> Registration {
    Registration {
        raw_id: bytes(&[3; 32]),
        response: RegistrationResponse { attestation_object: bytes(&[0xa3]), client_data_json: bytes(b"{}") },
        r#type: CredentialType::PublicKey,
    }
}

pub(crate) fn login() -> Login {
    Login {
        ceremony: id(1),
        credential: Assertion {
            raw_id: bytes(&[3; 32]),
            response: AssertionResponse {
                authenticator_data: bytes(&[4; 37]),
                client_data_json: bytes(b"{}"),
                signature: bytes(&[0x30]),
                user_handle: bytes(&[2; 16]),
            },
            r#type: CredentialType::PublicKey,
        },
    }
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/account.json"]);
}
