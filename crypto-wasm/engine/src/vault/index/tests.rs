use crystallum_core::{Entropy, Exchange, Tags};

use super::*;

struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        self.0 += 1;
        out.fill(self.0);
    }
}

fn overview(label: &str, note: &str) -> KeyOverview {
    KeyOverview {
        exchange: Exchange::Okx.into(),
        label: label.to_owned(),
        masked: "abcd…wxyz".to_owned(),
        note: note.to_owned(),
        created: 0,
        updated: 0,
        has_passphrase: false,
        deleted: None,
        favourite: false,
        tags: Tags::default(),
        copy_of: None,
    }
}

fn index(rows: &[(&str, &str)]) -> Index {
    let (mut ids, mut index) = (Counting(0), Index::default());
    for (label, note) in rows {
        index.insert(RecordId::random(&mut ids), overview(label, note));
    }
    index
}

fn found<'a>(index: &'a Index, query: &str) -> Vec<&'a str> {
    index.search(query).map(|row| row.overview.label.as_str()).collect()
}

#[test]
fn rows_stand_in_label_order() {
    let index = index(&[("zeta", ""), ("Alpha", ""), ("beta", "")]);
    assert_eq!(found(&index, ""), ["Alpha", "beta", "zeta"]);
    assert_eq!(index.len(), 3);
}

#[test]
fn every_word_must_stand_somewhere() {
    let index = index(&[("Main", "tax 2026"), ("Bot", "Grid")]);
    assert_eq!(found(&index, "MAIN 2026"), ["Main"]);
    assert_eq!(found(&index, "okx"), ["Bot", "Main"]);
    assert_eq!(found(&index, "wxyz grid"), ["Bot"]);
    assert_eq!(found(&index, "main grid"), [""; 0]);
}

#[test]
fn a_row_moves_when_its_label_changes() {
    let mut index = index(&[("one", ""), ("two", ""), ("two", "")]);
    let id = index.search("one").next().expect("a row").id;
    index.insert(id, overview("Zwei", "was one"));
    assert_eq!(found(&index, ""), ["two", "two", "Zwei"]);
    assert_eq!(index.get(id).expect("a row").note, "was one");
    index.remove(id);
    index.remove(id);
    assert_eq!((found(&index, ""), index.len()), (vec!["two", "two"], 2));
    assert!(index.get(id).is_none());
}
