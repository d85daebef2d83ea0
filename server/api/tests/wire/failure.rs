use crystallum_api::{Code, Failure};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("Failure", Failure { code: Code::Conflict, counter: Some(7), retry_after: Some(30) });
    samples.add("Failure bare", Failure::from(Code::NotFound));
    add_variants!(samples, Code {
        AccountExists => Code::AccountExists,
        BadRequest => Code::BadRequest,
        CeremonyUnknown => Code::CeremonyUnknown,
        CommitIdReused => Code::CommitIdReused,
        Conflict => Code::Conflict,
        CredentialRejected => Code::CredentialRejected,
        ForeignOrigin => Code::ForeignOrigin,
        InviteRejected => Code::InviteRejected,
        MethodNotAllowed => Code::MethodNotAllowed,
        NotFound => Code::NotFound,
        ProofRejected => Code::ProofRejected,
        QuotaExceeded => Code::QuotaExceeded,
        StoreUnavailable => Code::StoreUnavailable,
        RateLimited => Code::RateLimited,
        SessionExpired => Code::SessionExpired,
        SignUpClosed => Code::SignUpClosed,
        TooLarge => Code::TooLarge,
        Unavailable => Code::Unavailable,
    });
    let codes = [
        Code::AccountExists,
        Code::BadRequest,
        Code::CeremonyUnknown,
        Code::CommitIdReused,
        Code::Conflict,
        Code::CredentialRejected,
        Code::ForeignOrigin,
        Code::InviteRejected,
        Code::MethodNotAllowed,
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
    samples.add("Code with its status", codes.map(|code| (code, code.status())).to_vec());
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/failure.json"]);
}
