use crystallum_api::{RemainingQuota, Session, VaultLogin, VaultProof, VaultSession};
use crystallum_snapshots::{Samples, expect_file};

use crate::vault::entry;
use crate::{bytes, id};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("VaultProof", vault_proof());
    let login = VaultLogin { account: id(2), proof: vault_proof(), lost: vec![entry()] };
    samples.add("VaultLogin bare", VaultLogin { lost: Vec::new(), ..login.clone() });
    samples.add("VaultLogin", login);
    let remaining = RemainingQuota { records: 9_990, bytes: 50_000_000, access: 60_000_000 };
    let session = Session { account: id(2), counter: 3, head: bytes(&[6; 32]), remaining };
    samples.add("VaultSession", VaultSession { session, lacking: vec![id(7)] });
    samples
}

pub(crate) fn vault_proof() -> VaultProof {
    VaultProof {
        ceremony: id(1),
        device: id(4),
        device_key: bytes(&[4; 65]),
        vault_signature: bytes(&[8; 64]),
        device_signature: bytes(&[9; 64]),
    }
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/vault_login.json"]);
}
