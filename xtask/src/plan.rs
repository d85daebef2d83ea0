//! Prints a plan of long steps and runs them in parallel lanes.
//!
//! A compilation often waits for one last process. Two lanes keep two cores busy in the meantime.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use crate::{
    failure::{Failure, Outcome},
    run, say,
};

/// One step of a lane.
pub(crate) struct Step<'a> {
    name: &'static str,
    /// How long it takes on two cores when nothing was built before.
    estimate: &'static str,
    /// A step of another lane that must be done first.
    after: Option<&'static str>,
    work: Box<dyn FnOnce() -> Outcome + Send + 'a>,
}

impl<'a> Step<'a> {
    /// Creates a step that starts when those before it in its lane are done.
    pub(crate) fn new(
        name: &'static str,
        estimate: &'static str,
        work: impl FnOnce() -> Outcome + Send + 'a,
    ) -> Self {
        Self { name, estimate, after: None, work: Box::new(work) }
    }

    /// Makes the step also wait for a step of another lane.
    pub(crate) fn after(self, other: &'static str) -> Self {
        Self { after: Some(other), ..self }
    }
}

/// Runs all steps, those of one lane in order. The first failure stops everything and is returned.
pub(crate) fn run_lanes(lanes: Vec<Vec<Step<'_>>>) -> Outcome {
    run_lanes_with(lanes, run::stop_all)
}

/// Does the same and calls `stop_others` after the first failure.
fn run_lanes_with(lanes: Vec<Vec<Step<'_>>>, stop_others: fn()) -> Outcome {
    let total = lanes.iter().map(Vec::len).sum();
    say::line(format_args!(
        "{total} steps, up to two at a time. With nothing built before, on two idle cores:"
    ));
    for (at, step) in lanes.iter().flatten().enumerate() {
        say::line(format_args!("  {}  {:<32}{}", at + 1, step.name, step.estimate));
    }
    say::line("Later runs repeat only what changed. What the tools print is in target/logs.");
    run::allow_start();
    let progress = Progress { total, stop_others, state: Mutex::default(), changed: Condvar::new() };
    thread::scope(|scope| {
        let mut first = 1;
        for lane in lanes {
            let number = first;
            first += lane.len();
            let progress = &progress;
            scope.spawn(move || progress.run_lane(number, lane));
        }
    });
    let state = progress.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.failure.map_or(Ok(()), Err)
}

struct Progress {
    total: usize,
    stop_others: fn(),
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    done: Vec<&'static str>,
    failure: Option<Failure>,
}

impl Progress {
    /// Runs the steps of one lane, the first of which has this number.
    fn run_lane(&self, first: usize, steps: Vec<Step<'_>>) {
        for (number, Step { name, after, work, .. }) in (first..).zip(steps) {
            if !self.wait_to_start(after) {
                return;
            }
            let heading = format!("[{number}/{}] {name}", self.total);
            say::line(&heading);
            let start = Instant::now();
            // A panic must not leave the other lanes waiting.
            let outcome = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err(Failure::new(format!("{name} ended by a panic"))));
            match outcome {
                Ok(()) => say::line(format_args!("{heading}: done in {} s", start.elapsed().as_secs())),
                Err(failure) => {
                    say::line(format_args!("{heading}: failed; waiting for what still runs to stop"));
                    return self.fail(failure);
                }
            }
            self.state().done.push(name);
            self.changed.notify_all();
        }
    }

    /// Waits until the step may start. Returns false after a failure.
    fn wait_to_start(&self, after: Option<&'static str>) -> bool {
        let waits = |state: &mut State| {
            state.failure.is_none() && after.is_some_and(|name| !state.done.contains(&name))
        };
        let state = self.changed.wait_while(self.state(), waits).unwrap_or_else(PoisonError::into_inner);
        state.failure.is_none()
    }

    fn fail(&self, failure: Failure) {
        // Later failures are consequences of the first one.
        self.state().failure.get_or_insert(failure);
        self.changed.notify_all();
        (self.stop_others)();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn lanes_run_side_by_side() {
        let (to_second, in_second) = mpsc::channel();
        let (to_first, in_first) = mpsc::channel();
        // Neither step ends before the other has begun.
        let first = Step::new("first", "", move || {
            to_second.send(()).unwrap();
            in_first.recv().map_err(|_| Failure::new("the other did not run"))
        });
        let second = Step::new("second", "", move || {
            in_second.recv().unwrap();
            to_first.send(()).map_err(|_| Failure::new("the other did not run"))
        });
        assert_eq!(run_lanes_with(vec![vec![first], vec![second]], || ()), Ok(()));
    }

    #[test]
    fn steps_keep_their_order_within_a_lane_and_after_another() {
        let order = Mutex::new(Vec::new());
        let note = &order;
        let step = |name| {
            Step::new(name, "", move || {
                note.lock().unwrap().push(name);
                Ok(())
            })
        };
        run_lanes_with(vec![vec![step("last").after("second")], vec![step("first"), step("second")]], || ())
            .unwrap();
        assert_eq!(*order.lock().unwrap(), ["first", "second", "last"]);
    }

    #[test]
    fn a_panic_is_a_failure_and_nothing_waits_for_it() {
        let panics = Step::new("panics", "", || panic!("on purpose"));
        let waits = Step::new("waits", "", || panic!("what it needs failed")).after("panics");
        let failure = run_lanes_with(vec![vec![waits], vec![panics]], || ()).unwrap_err();
        assert_eq!(failure, Failure::new("panics ended by a panic"));
    }

    #[test]
    fn the_failure_is_returned_and_nothing_waits_for_it() {
        let failing = Step::new("breaks", "", || Err(Failure::new("broken")));
        let never = |name| Step::new(name, "", || panic!("what it needs failed"));
        let lanes = vec![vec![never("waits").after("breaks")], vec![failing, never("later")]];
        assert_eq!(run_lanes_with(lanes, || ()), Err(Failure::new("broken")));
    }
}
