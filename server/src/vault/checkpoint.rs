//! The live objects of a vault in pages, so that a new device reads what there is and not every
//! write that led to it.

use crystallum_api::{Bytes, Change, Code, Id, Part, Stage, State};
use sqlx::SqliteConnection;

use crate::http::error::ApiResult;
use crate::store::leaves::StoredLeaf;
use crate::store::parts::Kind;
use crate::store::{accounts, commits, leaves, parts};
use crate::vault::tree_change::from_tree;

/// The largest page in bytes before base64, which is about 512 KiB after, so that a device on a
/// slow line makes progress page by page.
const PAGE_BYTES: usize = 380 * 1_024;
/// About how many bytes an object takes besides its ciphertext.
const OBJECT_BYTES: usize = 200;
/// How many leaves are read at a time.
const LEAVES: u32 = 256;

/// The kind of the leaves that a stage shows.
fn leaf_kind(stage: Stage) -> u8 {
    match stage {
        Stage::Overviews | Stage::Secrets => 1,
        Stage::Tombstones => 2,
        Stage::Keyslots => 3,
        Stage::Devices => 4,
        Stage::Shares => 5,
    }
}

/// Returns the page after an object, or the first one. Returns `None` if the account does not
/// exist.
pub(crate) async fn checkpoint_page(
    conn: &mut SqliteConnection,
    account: Id,
    after: Option<(Stage, Id)>,
) -> ApiResult<Option<State>> {
    let Some(state) = accounts::find(conn, account).await? else { return Ok(None) };
    let head = commits::head(conn, account, state.counter).await?.ok_or(Code::Unavailable)?;
    let past = leaves::past(conn, account).await?.ok_or(Code::Unavailable)?;
    let mut page = Page::default();
    for stage in Stage::ALL {
        let after = match after {
            Some((known, _)) if stage < known => continue,
            Some((known, id)) if stage == known => Some(id),
            _ => None,
        };
        page.add_stage(conn, account, stage, after).await?;
        if page.full {
            break;
        }
    }
    Ok(Some(State { head: Bytes(head), past: Bytes(past), objects: page.objects, more: page.full }))
}

#[derive(Default)]
struct Page {
    objects: Vec<Change>,
    bytes: usize,
    /// Whether there was an object that did not fit any more.
    full: bool,
}

impl Page {
    /// Adds the objects of a stage after an id until the page is full.
    async fn add_stage(
        &mut self,
        conn: &mut SqliteConnection,
        account: Id,
        stage: Stage,
        mut after: Option<Id>,
    ) -> ApiResult<()> {
        loop {
            let found = leaves::after(conn, account, leaf_kind(stage), after, LEAVES).await?;
            let Some(last) = found.last() else { return Ok(()) };
            after = Some(Id(*last.id.as_bytes()));
            for leaf in found {
                if self.bytes >= PAGE_BYTES {
                    self.full = true;
                    return Ok(());
                }
                let object = self.object(conn, account, stage, leaf).await?;
                self.objects.push(object);
            }
        }
    }

    /// Returns an object with its ciphertext.
    async fn object(
        &mut self,
        conn: &mut SqliteConnection,
        account: Id,
        stage: Stage,
        StoredLeaf { id, leaf, wrap: stored_wrap }: StoredLeaf,
    ) -> ApiResult<Change> {
        let mut object = from_tree(id, &leaf).map_err(|error| sqlx::Error::Decode(error.into()))?;
        self.bytes += OBJECT_BYTES;
        match &mut object {
            Change::Keyslot { wrap, .. } => {
                let stored = stored_wrap.ok_or(Code::Unavailable)?;
                self.bytes += stored.len();
                *wrap = Some(Bytes(stored));
            }
            Change::Record { id, overview: Some(overview), secret: _ } if stage == Stage::Overviews => {
                self.attach(conn, account, (*id, Kind::Overview), overview).await?;
            }
            Change::Record { id, overview, secret: Some(secret) } => {
                *overview = None;
                self.attach(conn, account, (*id, Kind::Secret), secret).await?;
            }
            _ => {}
        }
        Ok(object)
    }

    /// Attaches the blob to a part.
    async fn attach(
        &mut self,
        conn: &mut SqliteConnection,
        account: Id,
        (record, kind): (Id, Kind),
        part: &mut Part,
    ) -> ApiResult<()> {
        let blob = parts::blob(conn, account, record, kind).await?.ok_or(Code::Unavailable)?;
        self.bytes += blob.len();
        part.blob = Some(Bytes(blob));
        Ok(())
    }
}
