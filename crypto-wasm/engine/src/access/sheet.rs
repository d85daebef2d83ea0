//! The recovery sheet: a new code, which is shown until two of its groups have been typed.

use crystallum_core::{CodeRejected, SheetFloor, sheet_text};
use crystallum_messages::{
    CodeProblem, ImpossibleState, Qr, SecretText, Sheet, VaultFailure, access::Failure,
};
use fast_qr::{ECL, QRBuilder};

use crate::access::methods;
use crate::ports::{Clock, Ports};
use crate::vault::fresh_sheet::ConfirmedSheet;
use crate::vault::ids::fingerprint;
use crate::vault::open_vault::OpenVault;

/// Builds the contents of the sheet.
pub(crate) fn build_sheet(vault: &OpenVault) -> Result<Sheet, Failure> {
    let sheet = vault.sheet.as_ref().ok_or(Failure::NoSheet)?;
    if !vault.state.has_method(sheet.method) {
        return Err(if vault.pending.is_some() { VaultFailure::Unsettled.into() } else { Failure::NoSheet });
    }
    let body = sheet.added_by.as_ref().ok_or(Failure::NoSheet)?;
    let floor = SheetFloor { vault: body.vault, counter: body.counter, head: body.hash() };
    // EXPOSE: the sheet is there to be read, printed and kept.
    let groups = sheet.code.groups().map(|group| SecretText::new(group.as_str().to_owned()));
    Ok(Sheet {
        vault: vault.name.clone(),
        created: sheet.created,
        groups: groups.into(),
        change: floor.counter,
        fingerprint: fingerprint(&floor.head),
        qr: build_qr(&sheet_text(&sheet.code, &floor))?,
        ask: sheet.asked_groups,
    })
}

/// Builds a QR code with medium error correction, so that it survives a fold or a stain.
fn build_qr(text: &str) -> Result<Qr, Failure> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| ImpossibleState::SheetTooLarge)?;
    let size = u8::try_from(code.size).map_err(|_| ImpossibleState::SheetTooLarge)?;
    // EXPOSE: the squares encode the recovery code.
    let mut squares = String::with_capacity(code.size * code.size);
    for row in 0..code.size {
        squares.extend(code[row].iter().take(code.size).map(|square| if square.value() { '1' } else { '0' }));
    }
    Ok(Qr { size, squares: SecretText::new(squares) })
}

/// Confirms the sheet with the two groups that the user was asked for. From then on it counts as a
/// sign-in method.
pub(crate) async fn confirm_sheet<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    typed: &[SecretText; 2],
) -> Result<(), Failure> {
    let sheet = vault.sheet.as_ref().ok_or(Failure::NoSheet)?;
    let groups = sheet.code.groups();
    for (number, typed) in sheet.asked_groups.iter().zip(typed) {
        // EXPOSE: compared on this device only.
        let typed = normalize_group(typed.expose());
        let group = usize::from(*number).checked_sub(1).and_then(|index| groups.get(index));
        if group.is_none_or(|group| *group != typed) {
            return Err(Failure::GroupsRejected);
        }
    }
    let (method, created, now) = (sheet.method, sheet.created, ports.clock().now());
    if vault.lacking.is_some() {
        vault.confirmed_sheet = Some(ConfirmedSheet { method, created, confirmed: now });
        vault.sheet = None;
        return Ok(());
    }
    methods::write_method(ports, vault, method, created, |method| method.confirmed = now).await?;
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
