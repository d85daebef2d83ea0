use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::tree::copies;

impl MapKey for [u8; 2] {
    const LENGTH: usize = 2;

    fn byte(&self, at: usize) -> u8 {
        self[at]
    }
}

proptest! {
    #[test]
    fn it_is_the_ordered_map(steps in prop::collection::vec((any::<[u8; 2]>(), prop::option::of(any::<u8>())), 0..200)) {
        let (mut map, mut model) = (SharedMap::default(), BTreeMap::new());
        for (key, value) in steps {
            // Few keys, so that many are set twice or removed.
            let key = [key[0] & 0x83, key[1] & 0x41];
            let (before, before_model) = (map.clone(), model.clone());
            match value {
                Some(value) => {
                    map.insert(key, value);
                    model.insert(key, value);
                }
                None => {
                    map.remove(&key);
                    model.remove(&key);
                }
            }
            prop_assert!(map.iter().eq(&model));
            prop_assert!(before.iter().eq(&before_model), "a clone stays as it was");
            prop_assert_eq!(map.get(&key), model.get(&key));
            let same = model.iter().filter(|(found, _)| found[0] == key[0]);
            prop_assert!(map.sharing(&key, 1).eq(same));
        }
    }
}

/// Keys that differ in their last bits only make no longer paths.
#[test]
fn a_change_of_a_clone_copies_one_path() {
    let mut map = SharedMap::default();
    for number in 0..0x4000_u16 {
        map.insert(number.to_be_bytes(), number);
    }
    let (copied, known) = copies::during(|| map.clone());
    assert_eq!(copied, 0);
    let (copied, ()) = copies::during(|| map.insert([0x12, 0x34], 0));
    assert!(copied <= 14, "{copied}");
    let (copied, ()) = copies::during(|| map.remove(&[0x21, 0x43]));
    assert!(copied <= 14, "{copied}");
    let (copied, ()) = copies::during(|| map.remove(&[0xff, 0xff]));
    assert_eq!(copied, 0, "nothing is there");
    assert_eq!((known.iter().count(), map.iter().count()), (0x4000, 0x3fff));
    assert_eq!(known.get(&[0x12, 0x34]), Some(&0x1234));
}
