//! Earlier roots of a profile: a root of zeros is none, there as anywhere.

use super::record::check;
use super::records::secret;
use super::{Case, File, good, hostile};

pub(super) const FILE: File = File { name: "earlier_roots", section: "5", check, cases };

fn cases() -> Vec<Case> {
    let of = |roots: &[[u8; 32]]| secret("profile", &[(1, roots.as_flattened())]);
    let nearly_zero = {
        let mut root = [0; 32];
        root[31] = 1;
        root
    };
    vec![
        good("two", "two roots", of(&[[3; 32], [2; 32]])),
        good("nearly zero", "a single bit is set", of(&[[3; 32], nearly_zero])),
        good("equal", "the same root twice", of(&[[3; 32], [3; 32]])),
        hostile("zero", "two", "the second is zero", of(&[[3; 32], [0; 32]])),
        hostile("zero first", "two", "the first is zero", of(&[[0; 32], [2; 32]])),
        hostile("zero alone", "two", "one root, of zeros", of(&[[0; 32]])),
    ]
}

#[test]
fn recorded() {
    FILE.run(3, 3);
}
