use crystallum_messages::entry::{Command, Reply};
use crystallum_messages::{
    Copied, Copyable, DeviceId, KnownVault, Notice, Opened, Purpose, SignUp, SyncState, Unsaved, VaultId,
    Welcome,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::secret;

const VAULT: VaultId = VaultId([9; 16]);

const COPIED: Copied = Copied { done: 32, left: 8 };

fn copyable() -> Copyable {
    Copyable { keys: 40, awaited: 1, wallets: 2, unreadable: 3 }
}

fn known_vault() -> KnownVault {
    KnownVault { id: VAULT, name: "Desk of Ada".to_owned(), last_used: 3 }
}

fn unsaved() -> Unsaved {
    Unsaved { changes: 2, labels: vec!["Bot".to_owned()] }
}

fn welcome() -> Welcome {
    Welcome { vaults: vec![known_vault()], persistent: Some(true) }
}

fn opened() -> Opened {
    Opened {
        id: VAULT,
        name: "Desk of Ada".to_owned(),
        change: 812,
        records: 4,
        sign_in_methods: 2,
        sync: SyncState::Synced,
    }
}

fn notice() -> Notice {
    Notice {
        vault: VAULT,
        change: 812,
        time: 5,
        device: DeviceId([8; 16]),
        fingerprint: "0123456789abcdef".to_owned(),
    }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Command {
        AcceptNotice => Command::AcceptNotice,
        CheckCode => Command::CheckCode { code: secret("R1AB-CDEF") },
        CopyNext => Command::CopyNext,
        CountCopyable => Command::CountCopyable,
        CreateFromCopy => Command::CreateFromCopy { name: "Desk of Ada".to_owned(), invite: None },
        Create => Command::Create { name: "Desk of Ada".to_owned(), invite: Some("WELCOME".to_owned()) },
        FinishRecovery => Command::FinishRecovery { name: "Laptop".to_owned() },
        Forget => Command::Forget { vault: VAULT },
        Hello => Command::Hello,
        Prepare => Command::Prepare(Purpose::Create),
        Recover => Command::Recover { code: secret("R1AB-CDEF"), change: Some(812) },
        SignUp => Command::SignUp,
        Unsaved => Command::Unsaved { vault: VAULT },
        Unlock => Command::Unlock { vault: Some(VAULT) },
    });
    add_variants!(samples, Reply {
        Copied => Reply::Copied(COPIED),
        Copyable => Reply::Copyable(copyable()),
        Done => Reply::Done,
        Notice => Reply::Notice(notice()),
        Opened => Reply::Opened(opened()),
        SignUp => Reply::SignUp(Some(SignUp::Invite)),
        Unsaved => Reply::Unsaved(unsaved()),
        Welcome => Reply::Welcome(welcome()),
    });
    add_variants!(samples, Purpose { Create => Purpose::Create, Unlock => Purpose::Unlock, });
    samples.add("Unsaved", unsaved());
    samples.add("Copied", COPIED);
    samples.add("Copyable", copyable());
    samples.add("Welcome", welcome());
    samples.add("KnownVault", known_vault());
    add_variants!(samples, SignUp {
        Closed => SignUp::Closed,
        Invite => SignUp::Invite,
        Open => SignUp::Open,
    });
    samples.add("Opened", opened());
    samples.add("Notice", notice());
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/entry.json"]);
}
