//! What a store remembers of the main database, compared with what the database knows of itself.

use crystallum_share_store::Memory;
use sqlx::SqliteConnection;

use crate::store::server::{self, Run, ServerRow};

/// What the main database knows of its own past. Marks alone would not do: a database that was set
/// back gets larger marks again as time passes.
#[derive(Debug)]
pub(crate) struct Lineage {
    pub(crate) row: ServerRow,
    /// The oldest first.
    pub(crate) runs: Vec<Run>,
}

/// How what a store remembers fits a main database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The database knows everything that the store was told.
    Fits,
    /// The store was told something that the database has lost.
    Ahead,
    /// The store was told by another server.
    OtherServer,
}

impl Lineage {
    /// Reads the database. It has no past before its first start.
    pub(crate) async fn read(conn: &mut SqliteConnection) -> sqlx::Result<Option<Self>> {
        let Some(row) = server::find(conn).await? else { return Ok(None) };
        Ok(Some(Self { row, runs: server::runs(conn).await? }))
    }

    /// Compares the database with what a store remembers.
    pub(crate) fn compare(&self, memory: &Memory) -> Fit {
        if memory.server != self.row.id {
            return Fit::OtherServer;
        }
        let last = match memory.run {
            // The store was told before there were runs.
            None => self.last_before(self.runs.first()),
            Some(run) => match self.runs.iter().position(|known| known.id == run) {
                None => return Fit::Ahead,
                Some(at) => self.last_before(self.runs.get(at + 1)),
            },
        };
        if memory.mark <= last { Fit::Fits } else { Fit::Ahead }
    }

    /// Returns the last mark before a run, or of all.
    fn last_before(&self, run: Option<&Run>) -> u64 {
        run.map_or(self.row.mark, |run| run.first.saturating_sub(1))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crystallum_api::Id;

    use super::*;
    use crate::store::server::Restored;

    pub(in crate::shares) const HERE: Id = Id([1; 16]);

    pub(in crate::shares) fn row(mark: u64) -> ServerRow {
        let (run, restored) = (Some(Id([12; 16])), Restored::No);
        ServerRow { id: HERE, run, mark, restored, distrusted: None, ahead: false }
    }

    fn memory(run: Option<u8>, mark: u64) -> Memory {
        Memory { server: HERE, run: run.map(|run| Id([run; 16])), mark }
    }

    /// The runs 11 and 12 began with the marks 5 and 10; the mark is 20.
    fn lineage() -> Lineage {
        let runs = [(11, 5), (12, 10)].map(|(run, first)| Run { id: Id([run; 16]), first });
        Lineage { row: row(20), runs: runs.to_vec() }
    }

    #[test]
    fn a_run_reaches_from_its_first_mark_to_the_next_run() {
        for (run, last) in [(None, 4), (Some(11), 9), (Some(12), 20)] {
            assert_eq!(lineage().compare(&memory(run, last)), Fit::Fits, "{run:?}");
            assert_eq!(lineage().compare(&memory(run, last + 1)), Fit::Ahead, "{run:?}");
        }
    }

    #[test]
    fn marks_that_grow_do_not_make_up_for_what_was_lost() {
        let mut lineage = lineage();
        for mark in [20, 1_000, u64::MAX] {
            lineage.row.mark = mark;
            // A run that is not known, and one that came further elsewhere.
            assert_eq!(lineage.compare(&memory(Some(13), 1)), Fit::Ahead);
            assert_eq!(lineage.compare(&memory(Some(11), 15)), Fit::Ahead);
        }
    }

    #[test]
    fn another_server_is_told_apart() {
        let other = Memory { server: Id([2; 16]), ..memory(Some(12), 1) };
        assert_eq!(lineage().compare(&other), Fit::OtherServer);
    }

    #[test]
    fn a_database_from_before_there_were_runs_has_its_mark() {
        let lineage = Lineage { row: row(20), runs: Vec::new() };
        assert_eq!(lineage.compare(&memory(None, 20)), Fit::Fits);
        assert_eq!(lineage.compare(&memory(None, 21)), Fit::Ahead);
    }
}
