use crystallum_api::{RecoveryLogin, RecoveryVerifier};
use crystallum_snapshots::{Samples, expect_file};

use crate::{bytes, id};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("RecoveryVerifier", recovery_verifier());
    samples.add("RecoveryLogin", recovery_login());
    samples
}

pub(crate) fn recovery_verifier() -> RecoveryVerifier {
    RecoveryVerifier { lookup_hash: bytes(&[5; 32]), verifier: bytes(&[6; 32]) }
}

pub(crate) fn recovery_login() -> RecoveryLogin {
    RecoveryLogin {
        ceremony: id(1),
        lookup: bytes(&[5; 16]),
        client_nonce: bytes(&[6; 32]),
        device_key_hash: bytes(&[7; 32]),
        signature: bytes(&[8; 64]),
    }
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/recovery.json"]);
}
