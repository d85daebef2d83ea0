//! What a hostile server makes of its answers, at random.

use crystallum_test_support::{Fault, Response, SeededRng};
use serde_json::Value;

const COMMIT: &str = "/api/commit";

const DELTA: &str = "/api/delta";

/// The answers that are lied about, most often those that bring what other devices wrote.
pub(crate) const LIED_ABOUT: [&str; 8] =
    [DELTA, DELTA, DELTA, DELTA, "/api/state", "/api/session", "/api/login", COMMIT];

/// Returns a lie with its name, for answers to requests whose path starts with `path`. `earlier`
/// are those that were given to such requests before.
pub(crate) fn invent_lie(rng: &mut SeededRng, path: &str, earlier: &[Response]) -> (&'static str, Fault) {
    let (place, value) = (rng.below(1_000), rng.bytes::<1>()[0]);
    let inner = value % 2 == 0;
    match rng.below(6) {
        // That a commit was stored which never arrived is a lie for putting back, not for this.
        0 if !earlier.is_empty() && path != COMMIT => {
            ("an earlier answer", Fault::Forged(rng.pick(earlier).clone()))
        }
        1 => ("elements left out", of_lists(inner, move |list| list.truncate(place % (list.len() + 1)))),
        2 => (
            "an element twice",
            of_lists(inner, move |list| {
                if let Some(element) = list.get(place % list.len().max(1)).cloned() {
                    list.push(element);
                }
            }),
        ),
        3 => (
            "another number",
            Fault::tamper(move |answer| {
                if let Some(counter) = answer.get("counter").and_then(Value::as_u64) {
                    answer["counter"] = (counter + u64::from(value % 5)).saturating_sub(2).into();
                }
            }),
        ),
        4 => (
            "one overview in the place of another",
            Fault::tamper(move |answer| swap_overviews(answer, place)),
        ),
        _ => (
            "a changed byte",
            Fault::corrupt(move |bytes| {
                let at = place * bytes.len() / 1_000;
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= value | 1;
                }
            }),
        ),
    }
}

fn of_lists(inner: bool, change: impl Fn(&mut Vec<Value>) + 'static) -> Fault {
    Fault::tamper(move |answer| each_list(answer, inner, &change))
}

/// Changes the lists of an answer, or only those within lists, such as the changes of an entry.
fn each_list(value: &mut Value, inner: bool, change: &dyn Fn(&mut Vec<Value>)) {
    match value {
        Value::Array(list) if inner => list.iter_mut().for_each(|value| each_list(value, false, change)),
        Value::Array(list) => change(list),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_list(field, inner, change)),
        _ => {}
    }
}

/// Gives every overview the ciphertext of one of them, with the hash that belongs to that. Versions
/// stay, so that only the signed tree shows it.
fn swap_overviews(answer: &mut Value, place: usize) {
    let mut found = Vec::new();
    each_overview(answer, &mut |overview| {
        if !overview["blob"].is_null() {
            found.push(overview.clone());
        }
    });
    let Some(other) = found.get(place % found.len().max(1)) else { return };
    each_overview(answer, &mut |overview| {
        if !overview["blob"].is_null() {
            (overview["hash"], overview["blob"]) = (other["hash"].clone(), other["blob"].clone());
        }
    });
}

fn each_overview(value: &mut Value, see: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| each_overview(value, see)),
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                if name == "overview" && field.is_object() {
                    see(field);
                } else {
                    each_overview(field, see);
                }
            }
        }
        _ => {}
    }
}
