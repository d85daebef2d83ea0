use crystallum_messages::{KeyDetail, RecordId};

use crate::{
    engine::Engine,
    features::records::{
        loaded::{RecordFuture, RecordKind},
        words,
    },
};

/// Keys, as records.
pub(super) const KEY: RecordKind =
    RecordKind { list_path: "/vault", back_label: words::BACK, loading_text: words::LOADING };

/// Loads one key, without its secret.
pub(super) fn load_key(engine: Engine, id: RecordId) -> RecordFuture<KeyDetail> {
    Box::pin(engine.load_key(id))
}
