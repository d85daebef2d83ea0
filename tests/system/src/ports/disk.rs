use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crystallum_engine::{Batch, LocalStore, StoreFailed, WriteFailed};

type Values = BTreeMap<String, Vec<u8>>;

/// A local store in memory. Clones share the store.
#[derive(Clone, Default)]
pub struct Disk(Rc<Inner>);

#[derive(Default)]
struct Inner {
    values: RefCell<Values>,
    writes: Cell<u32>,
    scans: RefCell<Vec<String>>,
    fails_at: Cell<Option<u32>>,
}

impl Disk {
    /// Returns all keys and values.
    pub fn snapshot(&self) -> Values {
        self.0.values.borrow().clone()
    }

    /// Replaces all keys and values with an earlier snapshot.
    pub fn restore(&self, values: Values) {
        self.0.values.replace(values);
    }

    /// Changes one value in place.
    pub fn edit(&self, key: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.0.values.borrow_mut().get_mut(key).expect("a key that is there"));
    }

    /// Returns every prefix that was scanned for.
    pub fn scans(&self) -> Vec<String> {
        self.0.scans.borrow().clone()
    }

    /// Returns the number of writes so far.
    pub fn writes(&self) -> u32 {
        self.0.writes.get()
    }

    /// Makes the `n`th write from now on fail, where 1 is the next one.
    pub fn fail_write(&self, n: u32) {
        self.0.fails_at.set(Some(self.0.writes.get() + n));
    }
}

impl LocalStore for Disk {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        Ok(self.0.values.borrow().get(key).cloned())
    }

    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFailed> {
        self.0.scans.borrow_mut().push(prefix.to_owned());
        let values = self.0.values.borrow();
        let found = values.range(prefix.to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
        Ok(found.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    async fn write(&self, batch: Batch) -> Result<(), WriteFailed> {
        let number = self.0.writes.get() + 1;
        self.0.writes.set(number);
        if self.0.fails_at.get() == Some(number) {
            return Err(WriteFailed::Failed);
        }
        let mut values = self.0.values.borrow_mut();
        if let Some((key, wanted)) = &batch.expect
            && values.get(key) != wanted.as_ref()
        {
            return Err(WriteFailed::Changed);
        }
        for (key, value) in batch.writes {
            match value {
                Some(value) => values.insert(key, value),
                None => values.remove(&key),
            };
        }
        Ok(())
    }
}
