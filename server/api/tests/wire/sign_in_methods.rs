use crystallum_api::{ChangeSignInMethods, DeleteAccount, NewPasskey, Proof};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::account::{login, registration};
use crate::recovery::{recovery_login, recovery_verifier};
use crate::vault::commit;
use crate::vault_login::vault_proof;
use crate::{bytes, id};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Proof {
        Passkey => Proof::Passkey(login()),
        Recovery => Proof::Recovery(recovery_login()),
        Vault => Proof::Vault(vault_proof()),
    });
    let new = NewPasskey { ceremony: id(2), credential: registration() };
    samples.add("NewPasskey", new.clone());
    let bare = ChangeSignInMethods {
        proof: Proof::Passkey(login()),
        add_passkey: None,
        remove_passkey: None,
        set_recovery: None,
        remove_recovery: false,
        commit: commit(),
    };
    let whole = ChangeSignInMethods {
        add_passkey: Some(new),
        remove_passkey: Some(bytes(&[3; 32])),
        set_recovery: Some(recovery_verifier()),
        remove_recovery: true,
        ..bare.clone()
    };
    samples.add("ChangeSignInMethods", whole);
    samples.add("ChangeSignInMethods bare", bare);
    samples.add("DeleteAccount", DeleteAccount { proof: Proof::Recovery(recovery_login()) });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/sign_in_methods.json"]);
}
