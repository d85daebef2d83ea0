//! Limits of the API that the engine relies on.

use crystallum_api as api;

use crate::vault::history::KEPT_VERSIONS;

/// The most commits in one page of a delta.
pub(crate) const MAX_PAGE_COMMITS: usize = api::PAGE_COMMITS;
/// The most changes in one commit.
pub(crate) const MAX_COMMIT_CHANGES: usize = api::MAX_CHANGES;

// A device lists exactly those earlier versions that it can fetch.
const _: () = assert!(api::KEPT_VERSIONS == KEPT_VERSIONS);

/// The most writes that one request puts back.
pub(crate) const MAX_PUT_BACK: usize = api::MAX_PUT_BACK;
/// The most bytes of them, beside what surrounds them. A single write always fits, since it fitted
/// when it was made.
pub(crate) const MAX_PUT_BACK_BYTES: usize = api::MAX_BODY - 16;

/// The most bytes of the writes that show what a server has lost, beside the proof.
pub(crate) const MAX_SHOWN_BYTES: usize = api::MAX_SMALL_BODY - 2_048;
