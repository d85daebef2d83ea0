use crystallum_format::encoding::{Decoder, Encoder};
use serde_json::{Map, Value, json};

use super::json::{bytes, hex, list, number, text};
use super::{Case, Checked, File, good, hostile};

pub(super) const FILE: File = File { name: "encoding", section: "1.1", check, cases };

/// Reads `bytes` as the fields of `label`, in order.
fn check(input: &Value) -> Checked {
    let bytes = bytes(&input["bytes"]);
    let mut decoder = Decoder::new(text(&input["label"]), &bytes)?;
    let mut values = Map::new();
    for field in list(&input["fields"]) {
        let tag = number(&field["tag"]);
        let value =
            if field["optional"] == true { decoder.optional(tag)? } else { Some(decoder.bytes(tag)?) };
        if let Some(value) = value {
            values.insert(tag.to_string(), hex(value));
        }
    }
    decoder.finish()?;
    Ok(json!({ "values": values }))
}

const LABEL: &str = "crystallum/1/vector/encoding";

fn input(bytes: &[u8]) -> Value {
    let field = |tag: u8, optional: bool| json!({ "tag": tag, "optional": optional });
    json!({ "label": LABEL, "fields": [field(1, false), field(2, true), field(255, false)], "bytes": hex(bytes) })
}

/// Tag, stated length, value.
type RawField<'a> = (u8, u16, &'a [u8]);

/// Encodes fields with the given headers.
fn raw(label: &str, versions: [u8; 2], count: u8, fields: &[RawField]) -> Value {
    let mut out = vec![u8::try_from(label.len()).expect("short")];
    out.extend_from_slice(label.as_bytes());
    out.extend_from_slice(&[versions[0], versions[1], count]);
    for (tag, length, value) in fields {
        out.push(*tag);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(value);
    }
    input(&out)
}

fn cases() -> Vec<Case> {
    let two = Encoder::new(LABEL).field(1, b"one").field(255, &[]).finish();
    let three = Encoder::new(LABEL).field(1, b"one").field(2, &[0; 300]).field(255, b"last").finish();
    let (one, last): (RawField, RawField) = ((1, 3, b"one"), (255, 0, b""));
    let fields = |fields: &[RawField]| raw(LABEL, [1, 1], u8::try_from(fields.len()).expect("few"), fields);
    vec![
        good("two fields", "the optional field is absent, the last one empty", input(&two)),
        good("three fields", "the optional field is there, with more than 255 bytes", input(&three)),
        hostile("no field", "two fields", "both fields left out", fields(&[])),
        hostile("first field missing", "two fields", "field 1 left out", fields(&[last])),
        hostile("last field missing", "two fields", "field 255 left out", fields(&[one])),
        hostile("fields swapped", "two fields", "field 255 before field 1", fields(&[last, one])),
        hostile("field repeated", "two fields", "field 1 twice", fields(&[one, one, last])),
        hostile("unknown field", "two fields", "a field 3", fields(&[one, (3, 0, b""), last])),
        hostile("field 0", "two fields", "a field 0 in front", fields(&[(0, 0, b""), one, last])),
        hostile("count one less", "two fields", "says one field", raw(LABEL, [1, 1], 1, &[one, last])),
        hostile("count one more", "two fields", "says three fields", raw(LABEL, [1, 1], 3, &[one, last])),
        hostile(
            "border moved",
            "two fields",
            "field 1 claims a byte of the next header",
            fields(&[(1, 4, b"one"), last]),
        ),
        hostile("length cut", "two fields", "field 1 claims a byte less", fields(&[(1, 2, b"one"), last])),
        hostile(
            "length past the end",
            "two fields",
            "field 255 claims a byte more",
            fields(&[one, (255, 1, b"")]),
        ),
        hostile(
            "longest length",
            "two fields",
            "field 255 claims 65535 bytes",
            fields(&[one, (255, u16::MAX, b"")]),
        ),
        hostile(
            "byte after the end",
            "two fields",
            "one zero byte more",
            input(&[two.as_slice(), &[0]].concat()),
        ),
        hostile("cut by a byte", "three fields", "the last byte left out", input(&three[..three.len() - 1])),
        hostile("empty", "two fields", "no byte at all", input(&[])),
        hostile("format 0", "two fields", "another format", raw(LABEL, [0, 1], 2, &[one, last])),
        hostile("format 2", "two fields", "another format", raw(LABEL, [2, 1], 2, &[one, last])),
        hostile("suite 2", "two fields", "another suite", raw(LABEL, [1, 2], 2, &[one, last])),
        hostile(
            "other label",
            "two fields",
            "one letter of the label",
            raw("crystallum/1/vector/encodinh", [1, 1], 2, &[one, last]),
        ),
        hostile(
            "shorter label",
            "two fields",
            "the label's last letter left out",
            raw("crystallum/1/vector/encodin", [1, 1], 2, &[one, last]),
        ),
        hostile(
            "longer label",
            "two fields",
            "a letter more in the label",
            raw("crystallum/1/vector/encodings", [1, 1], 2, &[one, last]),
        ),
    ]
}

#[test]
fn recorded() {
    FILE.run(2, 22);
}
