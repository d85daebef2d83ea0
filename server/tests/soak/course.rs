use std::hint;
use std::mem;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;

use crystallum_test_support::{SeededRng, Witness, allow_many_files, work};
use tokio::sync::mpsc;

use crate::floods::Flood;
use crate::form::Form;
use crate::host::{Health, Host};
use crate::judge::{Expected, assert_expected, assert_well, assert_writes_fail};
use crate::meter::Meter;
use crate::people::{Until, Visit, is_signed_in, sign_up, start_work};
use crate::report::{self, Totals, Work};

/// The memory that the unit gives the server (`MemoryMax=1G`), in MiB.
const MAX_MEMORY: usize = 1_024;
/// How often somebody writes, at most, until the disk takes nothing any more.
const MAX_WRITES_TO_FULL: usize = 2_000;
/// The number of the largest records in a page of changes that nobody reads.
const UNREAD_RECORDS: usize = 24;

/// Everything that happens to one server.
pub(crate) struct Course {
    form: Form,
    host: Host,
    people: Vec<Witness>,
    /// Accounts that read nothing of what they ask for.
    readers: Vec<Witness>,
    honest: Arc<Meter>,
    hostile: Arc<Meter>,
    totals: Totals,
    rng: SeededRng,
}

impl Course {
    /// Starts a server, and lets everybody sign up.
    pub(crate) async fn start(form: Form) -> Self {
        allow_many_files();
        let host = Host::start(form.disk);
        let [honest, hostile] = [(); 2].map(|()| Arc::new(Meter::default()));
        let people = sign_up(form.people, form.at_once, host.address(), &honest).await;
        let mut readers = Vec::new();
        for reader in 0..u8::try_from(form.unread_accounts).unwrap() {
            let client = Ipv4Addr::new(203, 0, 113, reader).into();
            let visit = Visit { server: host.address(), client, meter: Arc::clone(&hostile) };
            let mut reader = Witness::new(&visit, &format!("reader {reader}")).await;
            assert!(work::add_large_records(&mut reader, UNREAD_RECORDS).await);
            readers.push(reader);
        }
        report::print(format_args!("{} people; the disk is {}", form.people, host.disk()));
        let (totals, rng) = (Totals::default(), SeededRng::new("course"));
        let mut course = Self { form, host, people, readers, honest, hostile, totals, rng };
        course.close("sign-up", Work::default(), Expected::Nothing).await;
        course
    }

    /// Lets everything happen, and finds out whether anything is lost.
    pub(crate) async fn run(mut self) {
        let start = Instant::now();
        let mut round = 0;
        while round < self.form.rounds || start.elapsed() < self.form.length {
            round += 1;
            self.calm(&format!("calm {round}")).await;
            self.flooded(&format!("floods {round}")).await;
            self.full_disk(&format!("full disk {round}")).await;
            self.killed(&format!("kill {round}"), None).await;
            let name = format!("kill in floods {round}");
            let flood = self.flood();
            self.killed(&name, Some(flood)).await;
        }
        self.finish().await;
    }

    async fn calm(&mut self, name: &str) {
        let work = self.work(Until::Actions(self.form.actions), None).await;
        self.close(name, work, Expected::Nothing).await;
    }

    async fn flooded(&mut self, name: &str) {
        let flood = self.flood();
        let held = flood.hold(name, &self.form).await;
        let sending = flood.send(name, &self.form);
        let work = self.work(Until::Actions(self.form.actions), None).await;
        sending.join_all().await;
        self.close(name, work, Expected::Nothing).await;
        drop(held);
    }

    async fn full_disk(&mut self, name: &str) {
        self.host.fill_disk();
        self.write_until_refused().await;
        assert_writes_fail(&self.host.health().await);
        let work = self.work(Until::Actions(self.form.actions), None).await;
        let health = self.close(name, work, Expected::NoSpace).await;
        assert_writes_fail(&health);
        self.host.free_disk();
        self.totals.fills += 1;
        self.catch_up().await;
        // Also into the share stores.
        assert!(work::deal_wallet(&mut self.people[0]).await);
        let health = self.close(&format!("{name}, and freed"), Work::default(), Expected::Nothing).await;
        assert_well(&health);
    }

    /// Kills the server while people work, and while it is flooded if there is a flood, and starts
    /// it again.
    async fn killed(&mut self, name: &str, flood: Option<Flood>) {
        let mut held = Vec::new();
        let mut sending = None;
        if let Some(flood) = &flood {
            held = flood.hold(name, &self.form).await;
            sending = Some(flood.send(name, &self.form));
        }
        let work = self.work(Until::Failure, Some(flood.as_ref())).await;
        if let Some(sending) = sending {
            sending.join_all().await;
        }
        drop(held);
        self.host.start_again();
        self.totals.kills += 1;
        self.totals.in_flight += self.people.iter().filter(|person| person.unanswered.is_some()).count();
        for person in &self.people {
            assert_eq!(is_signed_in(person).await, Some(person.signed_in), "sessions survive a kill");
        }
        let signed_in = self.people.iter().filter(|person| person.signed_in).count();
        let health = self.close(name, work, Expected::Kill).await;
        report::print(format_args!("    signed in after the kill: {signed_in} of {}", self.people.len()));
        assert_well(&health);
        self.catch_up().await;
    }

    /// Lets everybody work, and kills the server meanwhile if `kill` is given. The flood ends then.
    async fn work(&mut self, until: Until, mut kill: Option<Option<&Flood>>) -> Work {
        let (tell, mut told) = mpsc::unbounded_channel();
        let people = mem::take(&mut self.people);
        let actions =
            if kill.is_some() { self.form.actions_before_kill } else { people.len() * self.form.actions };
        let working = start_work(people, self.form.at_once, until, &tell);
        drop(tell);
        let mut work = Work::default();
        let mut killed = false;
        while let Some(done) = told.recv().await {
            work.done += usize::from(done);
            work.failed += usize::from(!done);
            if killed {
                continue;
            }
            if (work.done + work.failed) % (actions / 10) == 0 {
                work.memory.push(self.host.memory());
                work.conditions.extend(self.host.health().await.conditions);
            }
            if work.done >= actions
                && let Some(flood) = kill.take()
            {
                if let Some(flood) = flood {
                    flood.end();
                }
                self.kill();
                killed = true;
            }
        }
        assert!(kill.is_none(), "people had to stop before the server was killed");
        self.people = working.join_all().await;
        // Not in the order in which they happened to finish.
        self.people.sort_unstable_by_key(|person| person.state.vault);
        work
    }

    fn kill(&mut self) {
        self.note_memory();
        // Waits a little, so that the kill interrupts whatever is being done.
        for _ in 0..self.rng.below(2_000_000) {
            hint::spin_loop();
        }
        let warnings = self.host.kill();
        self.totals.add_warnings(warnings);
    }

    /// Lets one person write until the disk takes nothing any more.
    async fn write_until_refused(&mut self) {
        let person = &mut self.people[0];
        assert!(person.signed_in || person.try_login().await);
        for _ in 0..MAX_WRITES_TO_FULL {
            if !work::add_large_records(person, 8).await {
                return;
            }
        }
        panic!("the disk is not full");
    }

    /// Lets everybody sign in who could not, and send again what was not acknowledged.
    async fn catch_up(&mut self) {
        for person in &mut self.people {
            assert!(person.signed_in || person.try_login().await, "signing in works again");
            assert!(person.resend().await, "writing works again");
        }
    }

    fn flood(&self) -> Flood {
        let victims = self.people.iter().map(|person| person.state.vault).collect();
        let readers = self.readers.iter().map(|reader| reader.person.browser.cookie().unwrap()).collect();
        Flood::new(self.host.address(), &self.hostile, victims, readers)
    }

    fn note_memory(&mut self) {
        let peak = self.host.peak_memory();
        assert!(peak < MAX_MEMORY, "{peak} MiB");
        self.totals.peak = self.totals.peak.max(peak);
    }

    /// Reports a phase, and asserts that nothing else went wrong in it than what is expected.
    async fn close(&mut self, name: &str, work: Work, expected: Expected) -> Health {
        let health = self.host.health().await;
        self.note_memory();
        let (mut people, floods) = (self.honest.take(), self.hostile.take());
        report::print_phase(name, &work, &mut people, &floods, &health);
        self.totals.done += work.done;
        self.totals.requests += people.durations.len() + people.cut;
        self.totals.flood_requests += floods.durations.len() + floods.cut;
        assert_expected(name, &people, expected);
        health
    }

    /// Reads everything back, and stops the server.
    async fn finish(mut self) {
        let (mut writes, mut lost) = (0, 0);
        for person in &mut self.people {
            person.assert_everything_stored().await;
            let stored = person.stored_heads().await;
            writes += person.heads.len();
            lost += person.heads.iter().filter(|head| !stored.contains(head)).count();
        }
        let people = self.people.len();
        self.close("reading everything", Work::default(), Expected::Nothing).await;
        let output = self.host.doctor();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let warnings = self.host.stop();
        self.totals.add_warnings(warnings);
        report::print_totals(&self.totals, writes, lost);
        assert!(lost == 0 && writes > people);
        let panics = self.totals.warnings.keys().filter(|message| message.contains("panicked"));
        assert_eq!(panics.count(), 0, "{:?}", self.totals.warnings);
    }
}
