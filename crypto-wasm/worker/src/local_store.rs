use crystallum_engine::{Batch, LocalStore, StoreFailed, WriteFailed};
use futures_util::future::join;
use idb::{KeyRange, ObjectStore, Query};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::database::{Database, KV, complete};

/// A character that sorts after everything that follows a prefix in a key.
const LAST: char = '\u{ffff}';

/// The local store of the engine, in IndexedDB.
#[derive(Clone)]
pub(crate) struct KeyValueStore(Database);

impl KeyValueStore {
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }
}

impl LocalStore for KeyValueStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        let (_transaction, store) = self.0.reading(KV).await?;
        get(&store, key).await
    }

    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFailed> {
        let range = KeyRange::bound(&prefix.into(), &format!("{prefix}{LAST}").into(), None, None);
        let range = Query::from(range.map_err(|_| StoreFailed)?);
        let (_transaction, store) = self.0.reading(KV).await?;
        // Both requests see the same state, since they belong to one transaction.
        let keys = store.get_all_keys(Some(range.clone()), None).map_err(|_| StoreFailed)?;
        let values = store.get_all(Some(range), None).map_err(|_| StoreFailed)?;
        // A request is listened to from here on. If this future is not polled for a while, neither
        // answer is missed.
        let (keys, values) = join(keys.into_future(), values.into_future()).await;
        let (keys, values) = (keys.map_err(|_| StoreFailed)?, values.map_err(|_| StoreFailed)?);
        let pairs = keys.into_iter().zip(values);
        pairs.map(|(key, value)| Ok((key.as_string().ok_or(StoreFailed)?, bytes(value)?))).collect()
    }

    async fn write(&self, batch: Batch) -> Result<(), WriteFailed> {
        let (transaction, store) = self.0.writing(KV).await.map_err(failed)?;
        if let Some((key, wanted)) = &batch.expect
            && get(&store, key).await.map_err(failed)? != *wanted
        {
            return Err(WriteFailed::Changed);
        }
        for (key, value) in &batch.writes {
            if put(&store, key, value.as_deref()).is_err() {
                // A transaction that cannot be aborted has already been.
                drop(transaction.abort());
                return Err(WriteFailed::Failed);
            }
        }
        complete(transaction).await.map_err(failed)
    }
}

fn failed(_: StoreFailed) -> WriteFailed {
    WriteFailed::Failed
}

async fn get(store: &ObjectStore, key: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
    let request = store.get(JsValue::from(key)).map_err(|_| StoreFailed)?;
    request.await.map_err(|_| StoreFailed)?.map(bytes).transpose()
}

fn put(store: &ObjectStore, key: &str, value: Option<&[u8]>) -> Result<(), idb::Error> {
    let key = JsValue::from(key);
    match value {
        Some(value) => store.put(&Uint8Array::from(value), Some(&key)).map(drop),
        None => store.delete(key).map(drop),
    }
}

fn bytes(value: JsValue) -> Result<Vec<u8>, StoreFailed> {
    value.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).map_err(|_| StoreFailed)
}
