//! Limits of the API that the engine relies on.

use crystallum_api as api;

/// The most commits in one page of a delta.
pub(crate) const MAX_PAGE_COMMITS: usize = api::PAGE_COMMITS;
/// How many earlier versions of a secret the server keeps besides the newest.
pub(crate) const KEPT_VERSIONS: usize = api::KEPT_VERSIONS;
