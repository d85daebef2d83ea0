//! Converts exchange keys between the messages of the page and the records.

use crystallum_core::{ExchangeCode, KeyOverview, KeySecret, PartUnreadable, RecordId};
use crystallum_messages::{
    Credentials, Exchange, Field, KeyDetail, KeyRow, MAX_CREDENTIAL, OverviewVersion, SecretText,
    UnreadableReason, UnreadableRow, keys::Failure,
};
use zeroize::Zeroizing;

use crate::vault::ids::record_id;

/// Checks credentials against the fields of the exchange. Required ones must be present; those that
/// the exchange does not use are dropped.
pub(crate) fn parse_credentials(exchange: Exchange, credentials: &Credentials) -> Result<KeySecret, Failure> {
    let mut secret = KeySecret {
        api_key: Zeroizing::default(),
        api_secret: Zeroizing::default(),
        passphrase: None,
        earlier: Vec::new(),
    };
    for rule in exchange.fields() {
        let given = match rule.field {
            Field::ApiKey => Some(&credentials.api_key),
            Field::ApiSecret => Some(&credentials.api_secret),
            Field::Passphrase => credentials.passphrase.as_ref(),
        };
        // EXPOSE: the text is copied into a string that is wiped when dropped.
        let value = given.map_or("", |text| text.expose().trim());
        let one_line = rule.multiline || !value.contains(['\n', '\r']);
        if value.len() > MAX_CREDENTIAL || !one_line || (rule.required && value.is_empty()) {
            return Err(Failure::FieldRejected(rule.field));
        }
        let value = Zeroizing::new(value.to_owned());
        match rule.field {
            Field::ApiKey => secret.api_key = value,
            Field::ApiSecret => secret.api_secret = value,
            Field::Passphrase => secret.passphrase = (!value.is_empty()).then_some(value),
        }
    }
    Ok(secret)
}

/// Describes records that cannot be read.
pub(crate) fn unreadable_rows(records: &[(RecordId, PartUnreadable)]) -> Vec<UnreadableRow> {
    let row = |(id, why): &(RecordId, PartUnreadable)| UnreadableRow {
        id: record_id(*id),
        why: match why {
            PartUnreadable::NotOpened => UnreadableReason::Sealed,
            PartUnreadable::NotUnderstood => UnreadableReason::Newer,
        },
    };
    records.iter().map(row).collect()
}

pub(crate) fn credentials(secret: &KeySecret) -> Credentials {
    let text = |value: &Zeroizing<String>| SecretText::new(value.as_str().to_owned());
    Credentials {
        api_key: text(&secret.api_key),
        api_secret: text(&secret.api_secret),
        passphrase: secret.passphrase.as_ref().map(text),
    }
}

/// Returns the first and last four characters, or none if the key is too short to hide the rest.
pub(crate) fn mask_api_key(api_key: &str) -> String {
    let characters: Vec<char> = api_key.chars().collect();
    match (characters.first_chunk::<4>(), characters.last_chunk::<4>()) {
        (Some(first), Some(last)) if characters.len() >= 12 => {
            first.iter().chain(&['…']).chain(last).filter(|character| !character.is_control()).collect()
        }
        _ => "••••".to_owned(),
    }
}

/// Returns the code of an exchange that this version does not know.
fn unknown_exchange(code: &ExchangeCode) -> Option<String> {
    code.known().is_none().then(|| code.as_str().to_owned())
}

pub(crate) fn key_row(id: RecordId, overview: &KeyOverview) -> KeyRow {
    KeyRow {
        id: record_id(id),
        exchange: overview.exchange.known().unwrap_or(Exchange::Other),
        unknown_exchange: unknown_exchange(&overview.exchange),
        label: overview.label.clone(),
        masked: overview.masked.clone(),
        updated: overview.updated,
    }
}

pub(crate) fn key_detail(id: RecordId, overview: &KeyOverview, version: OverviewVersion) -> KeyDetail {
    KeyDetail {
        row: key_row(id, overview),
        note: overview.note.clone(),
        created: overview.created,
        version,
        has_passphrase: overview.has_passphrase,
    }
}

#[cfg(test)]
mod tests;
