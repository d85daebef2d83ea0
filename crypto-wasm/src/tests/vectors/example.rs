//! The worked example in `FORMAT.md`, whose bytes are those of the vectors.

use std::path::Path;

use data_encoding::HEXLOWER;
use serde_json::Value;

use super::json::{bytes, list, text};

/// Returns the value that `file/vector/member/…` names.
fn find(path: &str) -> Value {
    let mut names = path.split('/');
    let file = format!("vectors/{}.json", names.next().expect("a file"));
    let file = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("the file");
    let file: Value = serde_json::from_str(&file).expect("JSON");
    let name = names.next().expect("a vector");
    let vector = list(&file["vectors"]).iter().find(|vector| text(&vector["name"]) == name);
    let vector = vector.unwrap_or_else(|| panic!("no vector {name}"));
    let pointer: String = names.flat_map(|member| ["/", member]).collect();
    vector.pointer(&pointer).unwrap_or_else(|| panic!("no {pointer}")).clone()
}

/// Reads the hexadecimal before two spaces in each line. An ellipsis at the end leaves bytes out.
fn shown(block: &str) -> (Vec<u8>, bool) {
    let hex: String = block
        .lines()
        .map(|line| line.split_once("  ").map_or(line, |(hex, _)| hex))
        .flat_map(|hex| hex.chars().filter(|character| *character != ' '))
        .collect();
    let cut = hex.strip_suffix('…');
    let bytes = HEXLOWER.decode(cut.unwrap_or(&hex).as_bytes()).expect("hexadecimal");
    (bytes, cut.is_some())
}

#[test]
fn the_example_shows_bytes_of_the_vectors() {
    let document = include_str!("../../../FORMAT.md");
    let blocks: Vec<(&str, &str)> = document
        .split("```vector ")
        .skip(1)
        .map(|rest| {
            let (path, rest) = rest.split_once('\n').expect("a path");
            (path, rest.split_once("```").expect("an end").0)
        })
        .collect();
    assert_eq!(blocks.len(), 11);
    for (path, block) in blocks {
        let (shown, is_cut) = shown(block);
        let mut recorded = bytes(&find(path));
        if is_cut {
            assert!(recorded.len() > shown.len(), "{path} has more bytes");
            recorded.truncate(shown.len());
        }
        assert_eq!(HEXLOWER.encode(&shown), HEXLOWER.encode(&recorded), "{path}");
    }
}
