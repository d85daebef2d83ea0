//! A server and some devices that do things at random.

use std::collections::BTreeSet;

use crystallum_messages::{Event, Exchange, Failure, KeyEdit, KeyRow, RecordId, SyncState};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, SeededRng, Server};

use crate::lies::{LIED_ABOUT, invent_lie};
use crate::model::{Model, Shown};

const DEVICES: usize = 4;

/// What the server does that an honest one does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conduct {
    /// Nothing. It crashes, and its network breaks.
    Honest,
    /// Its operator puts an older copy of its data back.
    Restored,
    /// It changes its answers and gives earlier ones again.
    Hostile,
}

struct Seat {
    device: Option<Device>,
    /// The keys that it showed last.
    keys: BTreeSet<u32>,
    alarms: usize,
}

pub(crate) struct World {
    rng: SeededRng,
    conduct: Conduct,
    wallet: Passkeys,
    server: Option<Server>,
    backup: Option<Vec<(String, Vec<u8>)>>,
    seats: Vec<Seat>,
    model: Model,
    /// What happened, to be printed when something is wrong.
    log: Vec<String>,
}

impl Drop for World {
    #[expect(clippy::print_stdout, reason = "cargo shows it when the test fails")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            for line in &self.log {
                println!("{line}");
            }
        }
    }
}

impl World {
    /// Creates a vault on the first device, which two others enter.
    pub(crate) async fn new(conduct: Conduct) -> Self {
        let server = Server::with(&["--rate-scale", "1000"]);
        let wallet = Passkeys::default();
        let mut world = Self {
            rng: SeededRng::next_stream(),
            conduct,
            wallet,
            server: Some(server),
            backup: None,
            seats: Vec::new(),
            model: Model::default(),
            log: Vec::new(),
        };
        let mut first = world.clean_device();
        first.create("My vault").await.expect("an honest server");
        world.sit(first);
        for _ in 0..2 {
            let mut device = world.clean_device();
            device.unlock_any().await.expect("an honest server");
            world.sit(device);
        }
        world
    }

    fn clean_device(&self) -> Device {
        Device::new(self.server.as_ref().expect("it runs"), &self.wallet)
    }

    fn sit(&mut self, device: Device) {
        self.seats.push(Seat { device: Some(device), keys: BTreeSet::new(), alarms: 0 });
    }

    fn device(&mut self, at: usize) -> &mut Device {
        self.seats[at].device.as_mut().expect("it is in its seat")
    }

    /// Does something at random, and checks what every device shows.
    pub(crate) async fn step(&mut self) {
        let at = self.rng.below(self.seats.len());
        let is_hostile = self.conduct == Conduct::Hostile && self.rng.below(2) == 0;
        if is_hostile {
            let what = self.deceive(at);
            self.log.push(format!("{}: device {at}: {what}", self.log.len()));
        }
        let did = self.act(at).await;
        self.log.push(format!("{}: device {at}: {did}", self.log.len()));
        if is_hostile {
            self.device(at).network.heal();
        }
        self.check(at).await;
    }

    async fn act(&mut self, at: usize) -> String {
        match self.rng.below(20) {
            0..=3 => self.add(at).await,
            4..=7 => self.edit(at, false).await,
            8 | 9 => self.edit(at, true).await,
            10 => self.delete(at).await,
            11..=13 => format!("syncs: {:?}", self.device(at).sync().await),
            14 => self.restart_app(at, true).await,
            15 => self.restart_app(at, false).await,
            16 => {
                let requests = u32::try_from(self.rng.below(6)).expect("a small number");
                self.device(at).network.cut_after(requests);
                format!("loses its network after {requests} requests")
            }
            17 => {
                self.device(at).network.set_offline(false);
                self.device(at).network.once("/api/commit", Fault::AnswerLost);
                "loses the next answer to a commit".to_owned()
            }
            18 => {
                let server = self.server.take().expect("it runs");
                self.server = Some(server.crash_and_restart());
                "the server crashes".to_owned()
            }
            _ if self.conduct == Conduct::Restored => self.back_up_or_restore(),
            _ => self.enter(at).await,
        }
    }

    fn back_up_or_restore(&mut self) -> String {
        let server = self.server.take().expect("it runs");
        match self.backup.take() {
            None => {
                let server = server.restart();
                self.backup = Some(server.files());
                self.server = Some(server);
                "the server is backed up".to_owned()
            }
            Some(backup) => {
                self.server = Some(server.restore(&backup));
                "the backup is put back".to_owned()
            }
        }
    }

    async fn enter(&mut self, at: usize) -> String {
        if self.seats.len() == DEVICES {
            self.device(at).network.set_offline(false);
            return "has its network again".to_owned();
        }
        let mut device = self.clean_device();
        let entered = device.unlock_any().await;
        self.sit(device);
        format!("another device enters: {:?}", entered.map(drop))
    }

    async fn restart_app(&mut self, at: usize, locks: bool) -> String {
        let mut device = self.seats[at].device.take().expect("it is in its seat");
        self.note_alarms(at, &device);
        if locks {
            // A vault that is locked already stays so.
            let _locked = device.done(crystallum_messages::session::Command::Lock).await;
        }
        let mut device = device.reopened();
        let vault = device.hello().await.expect("its storage works").vaults.first().map(|vault| vault.id);
        let unlocked = match vault {
            Some(vault) => {
                let unlock = crystallum_messages::entry::Command::Unlock { vault: Some(vault) };
                device.run(unlock).await.map(drop)
            }
            None => device.unlock_any().await.map(drop),
        };
        self.seats[at].device = Some(device);
        format!("{} and opens again: {unlocked:?}", if locks { "locks" } else { "crashes" })
    }

    async fn add(&mut self, at: usize) -> String {
        let (label, secret) = self.model.add();
        let draft = draft(Exchange::Kraken, &label, "", credentials("api-key", &secret));
        let saved = self.device(at).add(draft).await;
        self.acknowledge(&label, saved.as_ref().err());
        format!("adds {label}: {saved:?}")
    }

    async fn edit(&mut self, at: usize, is_new_secret: bool) -> String {
        let Some((id, old)) = self.pick(at).await else { return "has nothing to edit".to_owned() };
        let (new, credentials) = if is_new_secret {
            let (label, secret) = self.model.replace(&old);
            (label, Some(credentials("api-key", &secret)))
        } else {
            (self.model.rename(&old), None)
        };
        let device = self.device(at);
        let base = device.open(id).await.expect("it was listed").version;
        let label = Some(new.clone());
        let saved = device.edit(KeyEdit { id, base, label, note: None, credentials }).await;
        self.acknowledge(&new, saved.as_ref().err());
        format!("edits {old} to {new}: {saved:?}")
    }

    async fn delete(&mut self, at: usize) -> String {
        let Some((id, label)) = self.pick(at).await else { return "has nothing to delete".to_owned() };
        self.model.delete(&label);
        format!("deletes {label}: {:?}", self.device(at).delete(id).await)
    }

    fn acknowledge(&mut self, label: &str, failure: Option<&Failure>) {
        if failure.is_none() {
            self.model.acknowledge(label);
        }
    }

    /// Returns a key that a device shows, with its label.
    async fn pick(&mut self, at: usize) -> Option<(RecordId, String)> {
        let rows = self.device(at).list().await.ok()?;
        let row = (!rows.is_empty()).then(|| self.rng.pick(&rows))?;
        Some((row.id, row.label.clone()))
    }

    /// Makes the next answers to a device something else than what the server gave.
    fn deceive(&mut self, at: usize) -> String {
        let path = *self.rng.pick(&LIED_ABOUT);
        let earlier: Vec<_> = self.device(at).network.calls().into_iter().collect();
        let earlier = earlier.into_iter().filter(|call| call.request.path.starts_with(path));
        let earlier: Vec<_> =
            earlier.filter_map(|call| call.answer).filter(|answer| answer.status == 200).collect();
        let (what, fault) = invent_lie(&mut self.rng, path, &earlier);
        self.device(at).network.always(path, fault);
        format!("{path} answers with {what}")
    }

    fn note_alarms(&mut self, at: usize, device: &Device) {
        let alarms = device.events().into_iter().filter(|event| matches!(event, Event::Alarm(_)));
        for alarm in alarms.collect::<Vec<_>>() {
            self.log.push(format!("{}: device {at}: {alarm:?}", self.log.len()));
            self.seats[at].alarms += 1;
            assert!(self.conduct != Conduct::Honest, "an honest run raises no alarm: {alarm:?}");
        }
    }

    /// Checks what a device shows: nothing that nobody wrote, and what it showed before.
    async fn check(&mut self, at: usize) -> Vec<Shown> {
        let mut device = self.seats[at].device.take().expect("it is in its seat");
        self.note_alarms(at, &device);
        let rows = device.list().await.unwrap_or_default();
        let is_open = device.list().await.is_ok();
        let mut all = Vec::new();
        for row in rows {
            all.extend(shown(&mut device, row).await);
        }
        self.seats[at].device = Some(device);
        if is_open {
            let keys = self.model.keys(&all);
            self.model.check_kept(&self.seats[at].keys, &keys);
            self.seats[at].keys = keys;
        }
        all
    }

    /// Ends every fault, lets every device synchronise, and returns what each then shows.
    pub(crate) async fn settle(&mut self) -> Vec<Vec<Shown>> {
        self.conduct = match self.conduct {
            Conduct::Hostile => Conduct::Honest,
            other => other,
        };
        for seat in 0..self.seats.len() {
            self.device(seat).network.heal();
            self.device(seat).network.set_offline(false);
            let device = self.seats[seat].device.take().expect("it is in its seat");
            // The alarms of before.
            drop(device.events());
            self.seats[seat].device = Some(device);
        }
        for _ in 0..2 {
            for seat in 0..self.seats.len() {
                let did = self.restart_app(seat, true).await;
                let synced = self.device(seat).sync().await;
                self.log.push(format!("{}: device {seat}: {did}, syncs: {synced:?}", self.log.len()));
            }
        }
        let mut all = Vec::new();
        for seat in 0..self.seats.len() {
            while self.device(seat).fetch_secrets().await {}
            let mut shown = self.check(seat).await;
            shown.sort();
            all.push(shown);
        }
        all
    }

    /// Checks that all devices show the same, and that nothing that was acknowledged is missing.
    pub(crate) async fn check_converged(&mut self) -> usize {
        let all = self.settle().await;
        let mut there: BTreeSet<String> = BTreeSet::new();
        for (seat, shown) in all.iter().enumerate() {
            assert_eq!(shown, &all[0], "device {seat} shows the same as the first");
            there.extend(shown.iter().map(|(label, _)| label.clone()));
            let aside = self.device(seat).aside().await.expect("it is open");
            there.extend(aside.into_iter().map(|row| row.label));
            let synced = self.device(seat).events();
            assert!(!synced.contains(&Event::Sync(SyncState::Waiting)), "device {seat} has sent everything");
        }
        self.model.check_complete(&there);
        self.model.acknowledged()
    }

    /// Checks that every device still shows what it showed, and that the devices put back what the
    /// server has lost, if they have one history. Returns how many raised an alarm, and whether
    /// they all show the same in the end.
    pub(crate) async fn check_nothing_taken_back(&mut self) -> (usize, bool) {
        self.settle().await;
        for seat in 0..self.seats.len() {
            let put_back = self.device(seat).put_back().await;
            self.log.push(format!("{}: device {seat} puts back: {put_back:?}", self.log.len()));
        }
        self.settle().await;
        let mut is_forked = false;
        for seat in 0..self.seats.len() {
            is_forked |= self.device(seat).alarms().await.expect("it is open").kept.is_some();
        }
        let alarmed = self.seats.iter().filter(|seat| seat.alarms > 0).count();
        if is_forked {
            self.go_on_in_new_vaults().await;
        } else {
            self.check_converged().await;
        }
        (alarmed, !is_forked)
    }

    /// Makes a new vault of the copy of every device that is still in an alarm, and checks that it
    /// has all that the copy had.
    async fn go_on_in_new_vaults(&mut self) {
        for seat in 0..self.seats.len() {
            if self.device(seat).alarms().await.expect("it is open").kept.is_none() {
                continue;
            }
            let mut before = self.check(seat).await;
            let device = self.device(seat);
            device.create_from_copy("A way on").await.expect("an honest server");
            while device.copy_next().await.expect("an honest server").left > 0 {}
            let mut after = self.check(seat).await;
            before.sort();
            after.sort();
            assert_eq!(before, after, "device {seat} goes on with what it had");
            self.log.push(format!("{}: device {seat} goes on in a new vault", self.log.len()));
        }
    }
}

async fn shown(device: &mut Device, row: KeyRow) -> Option<Shown> {
    // A secret that has not arrived cannot be compared yet.
    let credentials = device.reveal(row.id).await.ok()?;
    // EXPOSE: the test has made it up.
    Some((row.label, credentials.api_secret.expose().to_owned()))
}
