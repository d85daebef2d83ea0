use crystallum_messages::access::{Command, Reply};
use crystallum_messages::{
    Device, DeviceId, DeviceJoin, Qr, Sheet, SignInMethod, SignInMethodId, SignInMethodKind,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::secret;

const ID: SignInMethodId = SignInMethodId([1; 16]);

fn method() -> SignInMethod {
    SignInMethod {
        id: ID,
        kind: SignInMethodKind::Passkey,
        name: "Phone".to_owned(),
        created: 1,
        readable: true,
        counts: true,
        used_now: false,
    }
}

fn device() -> Device {
    Device {
        id: DeviceId([3; 16]),
        this: true,
        name: "Office".to_owned(),
        platform: "Firefox on Linux".to_owned(),
        joined: 1,
        added_by: ID,
        kind: Some(SignInMethodKind::Passkey),
        method: "Phone".to_owned(),
        newest: Some((7, 2)),
    }
}

fn join() -> DeviceJoin {
    let (kind, method) = (SignInMethodKind::Passkey, Some("Phone".to_owned()));
    DeviceJoin { device: DeviceId([3; 16]), change: 7, time: 1, kind, method, live: true }
}

fn sheet() -> Sheet {
    Sheet {
        vault: "Desk of Ada".to_owned(),
        created: 2,
        groups: vec![secret("R1AB"), secret("CDEF")],
        change: 812,
        fingerprint: "0123456789abcdef".to_owned(),
        qr: qr(),
        ask: [2, 7],
    }
}

fn qr() -> Qr {
    Qr { size: 2, squares: secret("1001") }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Command {
        AcknowledgeJoin => Command::AcknowledgeJoin { change: 7 },
        AddPasskey => Command::AddPasskey { name: "Laptop".to_owned() },
        ConfirmSheet => Command::ConfirmSheet { groups: [secret("R1AB"), secret("CDEF")] },
        Devices => Command::Devices,
        Joins => Command::Joins,
        List => Command::List,
        NewSheet => Command::NewSheet,
        PutSheetAway => Command::PutSheetAway,
        Remove => Command::Remove { id: ID },
        RemoveDevices => Command::RemoveDevices { devices: vec![DeviceId([3; 16])] },
        RenameDevice => Command::RenameDevice { device: DeviceId([3; 16]), name: "Office".to_owned() },
        Rename => Command::Rename { id: ID, name: "Laptop".to_owned() },
        Sheet => Command::Sheet,
    });
    add_variants!(samples, Reply {
        Done => Reply::Done,
        Devices => Reply::Devices(vec![device()]),
        Joins => Reply::Joins(vec![join()]),
        Methods => Reply::Methods(vec![method()]),
        Sheet => Reply::Sheet(sheet()),
    });
    samples.add("Device", device());
    samples.add("DeviceJoin", join());
    samples.add("SignInMethod", method());
    samples.add("Sheet", sheet());
    samples.add("Qr", qr());
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/access.json"]);
}
