//! How much of its limits the server uses, and what they turn away.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::app::pressure::Pressure;
use crate::http::memory::Memory;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Budget {
    budget: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    condition: &'static str,
}

/// The metrics of the server's load.
#[derive(Default)]
pub(super) struct Load {
    connections: Gauge,
    running: Gauge,
    reserved: Family<Budget, Gauge>,
    conditions: Family<Named, Gauge>,
    turned_away: Family<Named, Counter>,
}

impl Load {
    /// Registers the metrics under the prefix of the server.
    pub(super) fn register(&self, ours: &mut Registry) {
        ours.register("connections", "Open connections", self.connections.clone());
        ours.register("requests_running", "Requests that are being answered", self.running.clone());
        let what = "Memory reserved for bodies of requests and for answers that are not read yet";
        ours.register("reserved_bytes", what, self.reserved.clone());
        ours.register("condition", "Whether a limit turns work away now", self.conditions.clone());
        ours.register("turned_away", "How often a limit turned work away", self.turned_away.clone());
    }

    /// Updates the metrics.
    pub(super) fn refresh(&self, connections: usize, requests: usize, memory: &Memory, pressure: &Pressure) {
        self.connections.set(number(connections));
        self.running.set(number(requests));
        for (budget, reserved) in [
            ("session_bodies", &memory.session_bodies),
            ("anonymous_bodies", &memory.anonymous_bodies),
            ("answers", &memory.answers),
        ] {
            self.reserved.get_or_create(&Budget { budget }).set(number(reserved.used()));
        }
        for (condition, times, present) in pressure.counts() {
            let named = Named { condition: condition.name() };
            self.conditions.get_or_create(&named).set(i64::from(present));
            let counter = self.turned_away.get_or_create(&named);
            counter.inc_by(times.saturating_sub(counter.get()));
        }
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
