//! Exchange keys: adding, editing, revealing and listing them, and their earlier versions.

pub(crate) mod convert;
pub(crate) mod drafts;
pub(crate) mod records;
pub(crate) mod versions;
