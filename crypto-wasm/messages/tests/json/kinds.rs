use crystallum_messages::{AsideKind, SignInMethodKind};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, AsideKind {
        Key => AsideKind::Key,
        Other => AsideKind::Other,
        SignInMethod => AsideKind::SignInMethod,
        Wallet => AsideKind::Wallet,
    });
    add_variants!(samples, SignInMethodKind {
        Passkey => SignInMethodKind::Passkey,
        Sheet => SignInMethodKind::Sheet,
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/kinds.json"]);
}
