use crystallum_api::{PutShare, ReadShare, ShareAccess, ShareState, Store, StoreLocation, Stores};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::{bytes, id};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    let store = Store { id: id(1), number: 1, location: StoreLocation::SameMachine, available: true };
    samples.add("Stores", Stores { stores: vec![store.clone()] });
    samples.add("Store", store);
    add_variants!(samples, StoreLocation {
        SameMachine => StoreLocation::SameMachine,
    });
    samples.add("PutShare", PutShare { share: bytes(&[2; 40]), access_hash: bytes(&[3; 32]) });
    samples.add("ShareAccess", ShareAccess { credential: bytes(&[4; 32]) });
    samples.add("ReadShare", ReadShare { share: bytes(&[2; 40]) });
    samples.add("ShareState", ShareState { hash: bytes(&[5; 32]), claimed: true });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/shares.json"]);
}
