//! A draft as one text: a line that names the form, then the parts one after the other, each after
//! its length.

use crystallum_exchanges::Exchange;
use crystallum_messages::{OverviewVersion, RecordId, SecretText};
use zeroize::Zeroizing;

use super::form::{Draft, DraftForm};

/// Room for the longest draft that the engine takes, 24 kB, and for one that it refuses, so that
/// the buffer leaves no copy behind.
const CAPACITY: usize = 64 * 1024;

pub(super) fn encode(draft: &Draft) -> SecretText {
    let mut text = String::with_capacity(CAPACITY);
    text.push_str(&encode_form(draft.form));
    text.push('\n');
    let mut push = |part: &str| {
        text.push_str(&part.len().to_string());
        text.push(':');
        text.push_str(part);
    };
    push(&draft.label);
    push(&draft.note);
    for credential in &draft.credentials {
        push(credential);
    }
    SecretText::new(text)
}

fn encode_form(form: DraftForm) -> String {
    match form {
        DraftForm::Add(exchange) => format!("add {}", exchange.code()),
        DraftForm::Edit { id, base, replaces, exchange } => {
            let word = if replaces { "replace" } else { "edit" };
            let (first, second) = base.hash.split_at(16);
            let [first, second] =
                [first, second].map(|half| RecordId(half.try_into().expect("half of 32 bytes")));
            format!("{word} {id} {} {first} {second} {}", base.number, exchange.code())
        }
    }
}

/// Returns the form that the first line of a draft names, or `None` if another version of the app
/// wrote it in another way.
pub(super) fn decode_form(line: &str) -> Option<DraftForm> {
    let mut words = line.split(' ');
    let mut take = || words.next();
    let form = match take()? {
        "add" => DraftForm::Add(Exchange::from_code(take()?)?),
        word @ ("edit" | "replace") => {
            let id = take()?.parse().ok()?;
            let number = take()?.parse().ok()?;
            let halves: [RecordId; 2] = [take()?.parse().ok()?, take()?.parse().ok()?];
            let hash = halves.map(|half| half.0).concat().try_into().ok()?;
            let (base, replaces) = (OverviewVersion { number, hash }, word == "replace");
            DraftForm::Edit { id, base, replaces, exchange: Exchange::from_code(take()?)? }
        }
        _ => return None,
    };
    take().is_none().then_some(form)
}

/// Returns the draft, or `None` if another version of the app wrote it in another way.
pub(super) fn decode(text: &SecretText) -> Option<Draft> {
    let (form, mut rest) = text.expose().split_once('\n')?;
    let form = decode_form(form)?;
    let mut take = || {
        let (length, after) = rest.split_once(':')?;
        let (part, after) = after.split_at_checked(length.parse().ok()?)?;
        rest = after;
        Some(part)
    };
    let (label, note) = (take()?.to_owned(), take()?.to_owned());
    let credentials = [take()?, take()?, take()?].map(|part| Zeroizing::new(part.to_owned()));
    rest.is_empty().then_some(Draft { form, label, note, credentials })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(form: DraftForm) -> Draft {
        let credentials =
            ["key", "-----BEGIN\n3:abc\n", "pass:wörd"].map(|text| Zeroizing::new(text.to_owned()));
        Draft { form, label: "Bot ä".into(), note: String::new(), credentials }
    }

    #[test]
    fn a_draft_gives_its_parts_back() {
        let base =
            OverviewVersion { number: 7, hash: std::array::from_fn(|at| u8::try_from(at).unwrap_or(0)) };
        for form in [
            DraftForm::Add(Exchange::Okx),
            DraftForm::Edit { id: RecordId([0xa5; 16]), base, replaces: false, exchange: Exchange::Okx },
            DraftForm::Edit { id: RecordId([0xa5; 16]), base, replaces: true, exchange: Exchange::Okx },
        ] {
            let before = draft(form);
            let after = decode(&encode(&before));
            assert!(after.is_some_and(|after| {
                after.form == form
                    && after.label == before.label
                    && after.note.is_empty()
                    && after.credentials == before.credentials
            }));
        }
    }

    #[test]
    fn anything_else_is_no_draft() {
        let whole = encode(&draft(DraftForm::Add(Exchange::Okx)));
        let whole = whole.expose();
        for text in [
            "",
            "add okx",
            "add okx\n",
            "sub okx\n",
            "add okx 1\n",
            whole.strip_suffix(|_: char| true).unwrap_or_default(),
            &format!("{whole}x"),
        ] {
            assert!(decode(&SecretText::new(text.to_owned())).is_none(), "{text}");
        }
    }
}
