//! Several devices and a server that do things at random, step by step: whatever the server does,
//! no device shows what no device wrote, and none loses what it showed. With a server that is only
//! unlucky, all devices end with the same, every acknowledged write among it, and without an alarm.
//! What a restored backup has lost is put back, unless devices have gone on from it already. A
//! device whose alarm does not end goes on in a new vault with all that it has.

mod lies;
mod model;
mod world;

use crystallum_test_support::deep;
use world::{Conduct, World};

/// Returns how many worlds there are, and how many steps each has.
fn size() -> (usize, usize) {
    if deep() { (20, 250) } else { (3, 60) }
}

/// Attack T50 of `tests/ATTACKS.md`, among other things.
#[tokio::test]
async fn devices_of_an_honest_server_converge_without_an_alarm() {
    let (worlds, steps) = size();
    let mut acknowledged = 0;
    for _ in 0..worlds {
        let mut world = World::new(Conduct::Honest).await;
        for _ in 0..steps {
            world.step().await;
        }
        acknowledged += world.check_converged().await;
    }
    assert!(acknowledged > worlds * steps / 4, "{acknowledged} writes were acknowledged");
}

/// Attack T17 of `tests/ATTACKS.md`, among other things.
#[tokio::test]
async fn devices_of_a_hostile_server_converge_once_it_is_honest() {
    let (worlds, steps) = size();
    let mut acknowledged = 0;
    for _ in 0..worlds {
        let mut world = World::new(Conduct::Hostile).await;
        for _ in 0..steps {
            world.step().await;
        }
        acknowledged += world.check_converged().await;
    }
    assert!(acknowledged > worlds * steps / 8, "{acknowledged} writes were acknowledged");
}

#[tokio::test]
async fn a_backup_that_is_put_back_takes_nothing_from_a_device() {
    let (worlds, steps) = size();
    let (mut alarmed, mut healed) = (0, 0);
    // In some worlds no backup is put back, or devices go on from it at once.
    for number in 0..4 * worlds {
        if number >= worlds && healed > 0 {
            break;
        }
        let mut world = World::new(Conduct::Restored).await;
        for _ in 0..steps {
            world.step().await;
        }
        let (devices, is_whole) = world.check_nothing_taken_back().await;
        alarmed += devices;
        healed += usize::from(devices > 0 && is_whole);
    }
    assert!(alarmed > 0, "some device knew more than the backup");
    assert!(healed > 0, "in some world everything was put back");
}
