//! The recovery sheet: a code that was just made, shown until two of its groups were typed.

use crystallum_api as api;
use crystallum_core::{
    CodeRejected, Entropy, RecordId, RecoveryCode, SheetFloor, SlotId, lookup_hash, sheet_text,
};
use crystallum_messages::{CodeProblem, Failure, Qr, SecretText, Sheet};
use fast_qr::{ECL, QRBuilder};

use crate::ports::{Clock, Ports};
use crate::vault::OpenVault;
use crate::ways;

/// Groups of a code.
const GROUPS: u8 = 8;

/// A code that was made and not confirmed yet.
pub(crate) struct FreshSheet {
    pub(crate) code: RecoveryCode,
    /// Its root slot: the sheet is worth showing only once that is part of the vault.
    slot: SlotId,
    /// The record that names it.
    record: RecordId,
    created: u64,
    ask: [u8; 2],
}

/// How long a code stays in memory, in milliseconds: ten minutes. Script in an open page could read it as long as it is there.
const LIFE: u64 = 10 * 60 * 1_000;

impl FreshSheet {
    /// The sheet of a code that was made just now.
    pub(crate) fn new(entropy: &mut impl Entropy, code: RecoveryCode, of: NamedSlot, now: u64) -> Self {
        let NamedSlot { slot, record } = of;
        Self { code, slot, record, created: now, ask: two_groups(entropy) }
    }

    pub(crate) fn is_over(&self, now: u64) -> bool {
        now.saturating_sub(self.created) >= LIFE
    }
}

/// A way in and the record that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NamedSlot {
    pub(crate) slot: SlotId,
    pub(crate) record: RecordId,
}

/// Two different groups, ascending; which ones need not be uniform, only not always the same.
fn two_groups(entropy: &mut impl Entropy) -> [u8; 2] {
    let mut random = [0; 2];
    entropy.fill(&mut random);
    let first = random[0] % GROUPS;
    let second = (first + 1 + random[1] % (GROUPS - 1)) % GROUPS;
    [first.min(second) + 1, first.max(second) + 1]
}

/// What stands on the sheet.
pub(crate) fn show(vault: &OpenVault) -> Result<Sheet, Failure> {
    let sheet = vault.sheet.as_ref().ok_or(Failure::NoSheet)?;
    if vault.state.keyslot(sheet.slot).is_none() {
        return Err(if vault.pending.is_some() { Failure::Unsettled } else { Failure::NoSheet });
    }
    let body = vault.state.head().body();
    let floor = SheetFloor { vault: body.vault, counter: body.counter, head: body.hash() };
    // EXPOSE: the sheet is there to be read, printed and kept.
    let groups = sheet.code.groups().map(|group| SecretText::new(group.as_str().to_owned()));
    Ok(Sheet {
        vault: vault.name.clone(),
        created: sheet.created,
        groups: groups.into(),
        change: floor.counter,
        fingerprint: floor.head.iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
        qr: qr(&sheet_text(&sheet.code, &floor))?,
        ask: sheet.ask,
    })
}

/// Medium error correction: a fold or a stain is survived.
fn qr(text: &str) -> Result<Qr, Failure> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| Failure::Confused)?;
    let size = u8::try_from(code.size).map_err(|_| Failure::Confused)?;
    // EXPOSE: the squares are the code in another spelling.
    let mut squares = String::with_capacity(code.size * code.size);
    for row in 0..code.size {
        squares.extend(code[row].iter().take(code.size).map(|square| if square.value() { '1' } else { '0' }));
    }
    Ok(Qr { size, squares: SecretText::new(squares) })
}

/// The two groups that were asked for: from now on the sheet counts as a way in.
pub(crate) async fn confirm<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    typed: &[SecretText; 2],
) -> Result<(), Failure> {
    let sheet = vault.sheet.as_ref().ok_or(Failure::NoSheet)?;
    let groups = sheet.code.groups();
    for (number, typed) in sheet.ask.iter().zip(typed) {
        let group = groups.get(usize::from(number - 1)).ok_or(Failure::Confused)?;
        // EXPOSE: compared on this device only.
        if normal(typed.expose()) != *group {
            return Err(Failure::GroupsRejected);
        }
    }
    let (record, now) = (sheet.record, ports.clock().now());
    ways::change(ports, vault, record, |way| way.confirmed = now).await?;
    vault.sheet = None;
    Ok(())
}

/// As a code is read: capitals, and no letter that could be a digit.
fn normal(typed: &str) -> zeroize::Zeroizing<String> {
    let letters = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
    zeroize::Zeroizing::new(
        letters
            .map(|letter| match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect(),
    )
}

/// What the server keeps of a code.
pub(crate) fn verifier(code: &RecoveryCode) -> api::RecoveryVerifier {
    api::RecoveryVerifier {
        lookup_hash: lookup_hash(&code.lookup()).to_vec().into(),
        verifier: code.verifier().to_vec().into(),
    }
}

/// Why a typed code is none.
pub(crate) fn problem(rejected: CodeRejected) -> CodeProblem {
    match rejected {
        CodeRejected::AccountKey => CodeProblem::AccountKey,
        CodeRejected::Character | CodeRejected::Padding => CodeProblem::Character,
        CodeRejected::Check => CodeProblem::Check,
        CodeRejected::Length { found } => {
            CodeProblem::Length { found: u32::try_from(found).unwrap_or(u32::MAX) }
        }
        CodeRejected::OtherKind(_) | CodeRejected::Sheet => CodeProblem::Kind,
        CodeRejected::OtherVersion(_) => CodeProblem::Version,
    }
}
