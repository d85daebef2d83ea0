use crystallum_messages::{
    Asserted, Ceremony, CeremonyReason, CreateOptions, GetOptions, Outcome, PasskeyFault, Prf, Refusal,
    Registered, VaultId,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn get_options() -> GetOptions {
    GetOptions {
        reason: CeremonyReason::Unlock,
        rp_id: "vault.example".to_owned(),
        challenge: vec![1, 2],
        allow: vec![vec![3].into()],
        prf_first: Some(vec![4].into()),
        prf_second: None,
        timeout: 120_000,
    }
}

fn create_options() -> CreateOptions {
    CreateOptions {
        reason: CeremonyReason::Create,
        rp_id: "vault.example".to_owned(),
        challenge: vec![1, 2],
        vault: VaultId([9; 16]),
        name: "Desk of Ada".to_owned(),
        exclude: vec![vec![3].into()],
        algorithms: vec![-7, -257],
        prf_first: vec![4],
        prf_second: vec![5],
        timeout: 120_000,
    }
}

fn prf() -> Prf {
    Prf { enabled: Some(true), first: Some(vec![6].into()), second: None }
}

fn registered() -> Registered {
    Registered { raw_id: vec![1], client_data_json: vec![2], attestation_object: vec![3], prf: prf() }
}

fn asserted() -> Asserted {
    Asserted {
        raw_id: vec![1],
        client_data_json: vec![2],
        authenticator_data: vec![3],
        signature: vec![4],
        user_handle: vec![5],
        prf: prf(),
    }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Ceremony {
        Create => Ceremony::Create(create_options()),
        Get => Ceremony::Get(get_options()),
    });
    add_variants!(samples, CeremonyReason {
        Create => CeremonyReason::Create,
        Again => CeremonyReason::Again,
        Confirm => CeremonyReason::Confirm,
        NewPasskey => CeremonyReason::NewPasskey,
        NextPasskey => CeremonyReason::NextPasskey,
        Wallet => CeremonyReason::Wallet,
        Unlock => CeremonyReason::Unlock,
        Renew => CeremonyReason::Renew,
    });
    samples.add("CreateOptions", create_options());
    samples.add("GetOptions", get_options());
    add_variants!(samples, Outcome {
        Asserted => Outcome::Asserted(asserted()),
        Refused => Outcome::Refused(Refusal::Cancelled),
        Registered => Outcome::Registered(registered()),
    });
    add_variants!(samples, Refusal {
        Cancelled => Refusal::Cancelled,
        Duplicate => Refusal::Duplicate,
        Fault => Refusal::Fault(PasskeyFault::Busy),
        Forbidden => Refusal::Forbidden,
        Unsupported => Refusal::Unsupported,
    });
    add_variants!(samples, PasskeyFault {
        AtOnce => PasskeyFault::AtOnce,
        Busy => PasskeyFault::Busy,
        Device => PasskeyFault::Device,
        Unreadable => PasskeyFault::Unreadable,
    });
    samples.add("Registered", registered());
    samples.add("Asserted", asserted());
    samples.add("Prf", prf());
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/ceremony.json"]);
}
