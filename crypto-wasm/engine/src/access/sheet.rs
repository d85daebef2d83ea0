//! The recovery sheet: a new code, which is shown until two of its groups have been typed.

use crystallum_api as api;
use crystallum_core::{
    CodeRejected, Entropy, RecordId, RecoveryCode, SheetFloor, SlotId, lookup_hash, sheet_text,
};
use crystallum_messages::{CodeProblem, Failure, Qr, SecretText, Sheet};
use fast_qr::{ECL, QRBuilder};

use crate::access::methods as sign_in_methods;
use crate::ports::{Clock, Ports};
use crate::vault::open_vault::OpenVault;

/// The number of groups in a code.
const GROUPS: u8 = 8;

/// A new code that has not been confirmed yet.
pub(crate) struct FreshSheet {
    pub(crate) code: RecoveryCode,
    /// Its root slot. The sheet may be shown only once the slot is part of the vault.
    slot: SlotId,
    /// The record of the sign-in method.
    record: RecordId,
    created: u64,
    asked_groups: [u8; 2],
}

/// How long a code stays in memory, in milliseconds: ten minutes. It is limited because a malicious
/// script in an open page could read the code while it is there.
const SHEET_LIFETIME: u64 = 10 * 60 * 1_000;

impl FreshSheet {
    /// Creates the sheet of a new code.
    pub(crate) fn new(entropy: &mut impl Entropy, code: RecoveryCode, of: NamedSlot, now: u64) -> Self {
        let NamedSlot { slot, record } = of;
        Self { code, slot, record, created: now, asked_groups: two_groups(entropy) }
    }

    pub(crate) fn is_expired(&self, now: u64) -> bool {
        now.saturating_sub(self.created) >= SHEET_LIFETIME
    }
}

/// The root slot of a sign-in method, and the record that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NamedSlot {
    pub(crate) slot: SlotId,
    pub(crate) record: RecordId,
}

/// Chooses two different groups, counted from 1, in ascending order. The choice does not need to be
/// uniform, only different from time to time.
fn two_groups(entropy: &mut impl Entropy) -> [u8; 2] {
    let mut random = [0; 2];
    entropy.fill(&mut random);
    let first = random[0] % GROUPS;
    let second = (first + 1 + random[1] % (GROUPS - 1)) % GROUPS;
    [first.min(second) + 1, first.max(second) + 1]
}

/// Builds the contents of the sheet.
pub(crate) fn build_sheet(vault: &OpenVault) -> Result<Sheet, Failure> {
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
        qr: build_qr(&sheet_text(&sheet.code, &floor))?,
        ask: sheet.asked_groups,
    })
}

/// Builds a QR code with medium error correction, so that it survives a fold or a stain.
fn build_qr(text: &str) -> Result<Qr, Failure> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| Failure::Confused)?;
    let size = u8::try_from(code.size).map_err(|_| Failure::Confused)?;
    // EXPOSE: the squares encode the recovery code.
    let mut squares = String::with_capacity(code.size * code.size);
    for row in 0..code.size {
        squares.extend(code[row].iter().take(code.size).map(|square| if square.value() { '1' } else { '0' }));
    }
    Ok(Qr { size, squares: SecretText::new(squares) })
}

/// Confirms the sheet with the two groups that were asked for. From then on it counts as a sign-in
/// method.
pub(crate) async fn confirm_sheet<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    typed: &[SecretText; 2],
) -> Result<(), Failure> {
    let sheet = vault.sheet.as_ref().ok_or(Failure::NoSheet)?;
    let groups = sheet.code.groups();
    for (number, typed) in sheet.asked_groups.iter().zip(typed) {
        let group = groups.get(usize::from(number - 1)).ok_or(Failure::Confused)?;
        // EXPOSE: compared on this device only.
        if normalize_group(typed.expose()) != *group {
            return Err(Failure::GroupsRejected);
        }
    }
    let (record, now) = (sheet.record, ports.clock().now());
    sign_in_methods::change_method(ports, vault, record, |method| method.confirmed = now).await?;
    vault.sheet = None;
    Ok(())
}

/// Normalizes a typed group as the parser of codes does: capitals, with letters that look like
/// digits replaced.
fn normalize_group(typed: &str) -> zeroize::Zeroizing<String> {
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

/// Returns what the server stores for a code.
pub(crate) fn recovery_verifier(code: &RecoveryCode) -> api::RecoveryVerifier {
    api::RecoveryVerifier {
        lookup_hash: lookup_hash(&code.lookup()).to_vec().into(),
        verifier: code.verifier().to_vec().into(),
    }
}

/// Maps the error of the parser to a message.
pub(crate) fn code_problem(rejected: CodeRejected) -> CodeProblem {
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
