//! Going over is interrupted.

use crate::scene::{Fork, agree, alarm, all_but, gone_over, labels};

/// The app ends after any of the requests, or at any write to its storage. Before it goes on,
/// another device of the same history has gone over half of the times.
/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn whenever_it_is_interrupted_it_goes_on_and_nothing_is_lost() {
    let Fork { server, wallet, mut laptop, mut phone, mut desk, of_laptop, of_phone } = Fork::set().await;
    let mut server = server.restore(&of_laptop);
    desk.sync().await.unwrap();
    let disks = [&laptop, &desk, &phone].map(|device| device.profile.disk.snapshot());
    let mut finished = 0;
    for (cuts, last) in [(true, 60), (false, 20)] {
        for at in 1..=last {
            let what = format!("{} {at}", if cuts { "request" } else { "write" });
            server = server.restore(&of_phone);
            for (device, disk) in [&laptop, &desk, &phone].into_iter().zip(&disks) {
                device.profile.disk.restore(disk.clone());
            }
            (laptop, desk, phone) = (laptop.reopened(), desk.reopened(), phone.reopened());
            for device in [&mut laptop, &mut desk, &mut phone] {
                device.unlock().await.unwrap();
            }
            if cuts {
                laptop.network.cut_after(at);
            } else {
                laptop.profile.disk.fail_write(at);
            }
            let done = laptop.go_over().await;
            let is_over = done.is_ok() && gone_over(&mut laptop).await.is_finished;
            laptop = laptop.reopened();
            laptop.network.set_offline(false);
            // Each record takes two requests, and either can be the last one.
            if at % 4 < 2 {
                desk.go_over().await.unwrap();
            }
            laptop.unlock().await.unwrap();
            if alarm(&mut laptop).await.is_some() {
                laptop.go_over().await.unwrap();
            }
            laptop.sync().await.unwrap();
            assert!(gone_over(&mut laptop).await.is_finished, "{what}");
            assert_eq!(laptop.aside().await.unwrap(), [], "{what}");
            assert_eq!(labels(&mut laptop).await, all_but("Deleted by the phone"), "{what}");
            agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;
            if is_over {
                finished += 1;
                break;
            }
        }
    }
    assert_eq!(finished, 2, "every request and every write was hit");
}
