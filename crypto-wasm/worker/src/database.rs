//! The IndexedDB database, which is opened on first use.

use std::cell::RefCell;
use std::rc::Rc;

use crystallum_engine::StoreFailed;
use idb::{DatabaseEvent, Factory, ObjectStore, ObjectStoreParams, Transaction};
use js_sys::{Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbTransaction};

use crate::js;

const NAME: &str = "crystallum";
const VERSION: u32 = 1;

/// The object store for the engine's keys and values.
pub(crate) const KV: &str = "kv";
/// The object store for the device's signing keys, which are `CryptoKey` objects.
pub(crate) const KEYS: &str = "keys";

/// A handle to the database. Clones share the connection.
#[derive(Clone, Default)]
pub(crate) struct Database(Rc<RefCell<Option<IdbDatabase>>>);

impl Database {
    /// Starts a read-only transaction.
    pub(crate) async fn reading(&self, store: &str) -> Result<(Transaction, ObjectStore), StoreFailed> {
        self.begin(store, "readonly").await
    }

    /// Starts a read-write transaction that is on the disk when it completes.
    pub(crate) async fn writing(&self, store: &str) -> Result<(Transaction, ObjectStore), StoreFailed> {
        self.begin(store, "readwrite").await
    }

    async fn begin(&self, store: &str, mode: &str) -> Result<(Transaction, ObjectStore), StoreFailed> {
        let known = self.0.borrow().clone();
        // A transaction on a connection that the browser or another tab has closed throws an
        // exception. The connection is then replaced, once.
        let begun = match known.and_then(|connection| transaction(&connection, store, mode).ok()) {
            Some(begun) => begun,
            None => {
                let connection = open().await.map_err(|_| StoreFailed)?;
                self.0.replace(Some(connection.clone()));
                transaction(&connection, store, mode).map_err(|_| StoreFailed)?
            }
        };
        let store = begun.object_store(store).map_err(|_| StoreFailed)?;
        Ok((begun, store))
    }
}

/// Waits until a transaction is on the disk.
pub(crate) async fn complete(transaction: Transaction) -> Result<(), StoreFailed> {
    let transaction = IdbTransaction::from(transaction);
    let ended = Promise::new(&mut |complete, abort| {
        transaction.set_oncomplete(Some(&complete));
        transaction.set_onabort(Some(&abort));
    });
    JsFuture::from(ended).await.map(drop).map_err(|_| StoreFailed)
}

/// Starts a transaction with strict durability, without which Chrome reports completion before the
/// data is on the disk. `idb` does not support this option.
fn transaction(connection: &IdbDatabase, store: &str, mode: &str) -> Result<Transaction, JsValue> {
    let options = Object::new();
    js::put(&options, "durability", "strict");
    let begin = js::method(connection, "transaction")?;
    let begun = begin.call3(connection, &store.into(), &mode.into(), &options)?;
    Ok(begun.dyn_into::<IdbTransaction>()?.into())
}

async fn open() -> Result<IdbDatabase, idb::Error> {
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        // An error here also fails the transaction that needs the store.
        drop(event.database().and_then(|database| make_stores(&database)));
    });
    let mut database = request.await?;
    // Closes the connection, so that deleting this site's data does not wait for this worker.
    database.on_version_change(|event| {
        let connection = event.target().and_then(|target| target.dyn_into::<IdbDatabase>().ok());
        if let Some(connection) = connection {
            connection.close();
        }
    });
    database.forget_callbacks();
    Ok(database.into())
}

fn make_stores(database: &idb::Database) -> Result<(), idb::Error> {
    for store in [KV, KEYS] {
        database.create_object_store(store, ObjectStoreParams::new())?;
    }
    Ok(())
}
