use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use crate::host::Health;
use crate::log::Warnings;
use crate::meter::{Readings, Refusal};

/// Prints a line.
#[expect(clippy::print_stdout, reason = "cargo shows it when the test fails or when it is asked to")]
pub(crate) fn print(line: fmt::Arguments<'_>) {
    println!("{line}");
}

/// What people did in a phase.
#[derive(Default)]
pub(crate) struct Work {
    /// Actions of which the server did everything.
    pub(crate) done: usize,
    /// Other actions.
    pub(crate) failed: usize,
    /// The server's memory in MiB, after every tenth of the actions or so.
    pub(crate) memory: Vec<usize>,
    /// The conditions that the server reported meanwhile.
    pub(crate) conditions: BTreeSet<String>,
}

/// What all phases together amount to.
#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) done: usize,
    pub(crate) requests: usize,
    pub(crate) flood_requests: usize,
    pub(crate) kills: usize,
    pub(crate) in_flight: usize,
    pub(crate) fills: usize,
    pub(crate) peak: usize,
    pub(crate) warnings: Warnings,
}

impl Totals {
    /// Adds the warnings of a server that has ended.
    pub(crate) fn add_warnings(&mut self, warnings: Warnings) {
        for (message, times) in warnings {
            *self.warnings.entry(message).or_insert(0) += times;
        }
    }
}

/// Prints what happened in a phase.
pub(crate) fn print_phase(
    name: &str,
    work: &Work,
    people: &mut Readings,
    floods: &Readings,
    health: &Health,
) {
    let [median, high] = [50, 99].map(|percent| milliseconds(people.percentile(percent)));
    let (most, path) = (milliseconds(people.slowest.0), &people.slowest.1);
    let requests = people.durations.len() + people.cut;
    print(format_args!("{name}: {} actions done, {} not; {requests} requests", work.done, work.failed));
    print(format_args!("    50 %: {median:.0} ms, 99 %: {high:.0} ms, all: {most:.0} ms ({path})"));
    if !work.memory.is_empty() {
        print(format_args!("    memory, MiB: {:?}", work.memory));
    }
    for (Refusal { status, code, path }, times) in &people.refused {
        print(format_args!("    refused: {times} x {status} {code} of {path}"));
    }
    if people.cut > 0 {
        print(format_args!("    not answered: {}", people.cut));
    }
    if !floods.durations.is_empty() {
        let mut refused = BTreeMap::new();
        for (Refusal { status, code, .. }, times) in &floods.refused {
            *refused.entry(format!("{status} {code}")).or_insert(0) += times;
        }
        let requests = floods.durations.len() + floods.cut;
        print(format_args!("    floods: {requests} requests; not answered: {}; {refused:?}", floods.cut));
    }
    let Health { status, problems, conditions } = health;
    let conditions: BTreeSet<_> = work.conditions.union(conditions).collect();
    print(format_args!("    health {status}, problems {problems:?}, conditions {conditions:?}"));
}

/// Prints what all phases together amount to, once everything was found again.
pub(crate) fn print_totals(totals: &Totals, writes: usize, lost: usize) {
    let Totals { done, requests, flood_requests, kills, in_flight, fills, peak, warnings } = totals;
    print(format_args!(
        "in all: {done} actions, {requests} requests of people, {flood_requests} of floods; {fills} full \
         disks; {kills} kills with {in_flight} writes in flight; {writes} acknowledged writes, {lost} of \
         them lost; at most {peak} MiB of memory"
    ));
    for (message, times) in warnings {
        print(format_args!("    log: {times} x {message}"));
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
