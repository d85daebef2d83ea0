//! The actions of a person: keys are added, changed, and deleted, wallets are dealt, and recovery
//! codes are replaced.

use crystallum_api::{Bytes, Change, Id};

use crate::signer::{WALLET, WRITE};
use crate::witness::{Wallet, Witness};

/// Performs a random action. Returns whether the server acknowledged all of it.
pub async fn random_action(person: &mut Witness) -> bool {
    let mut records: Vec<Id> = person.state.records.keys().copied().collect();
    records.retain(|record| person.wallet.as_ref().is_none_or(|wallet| wallet.record != *record));
    let some = *person.rng.pick(&records);
    let new = person.rng.id();
    match person.rng.below(11) {
        0..3 => {
            let class = *person.rng.pick(&[1_024, 4_096, 16_384]);
            let add = person.state.add(new, &mut person.rng, class);
            person.write(WRITE, vec![add]).await
        }
        3..5 => edit(person, some, true, false).await,
        5 => edit(person, some, false, true).await,
        6 => {
            let add = person.state.add(new, &mut person.rng, 1_024);
            let edit = person.state.edit(some, true, true, &mut person.rng);
            person.write(WRITE, vec![add, edit]).await
        }
        7 if records.len() > 3 && some != person.state.vault => {
            person.write(WRITE, vec![person.state.delete(some)]).await
        }
        8 if person.wallet.is_some() => remove_wallet(person).await,
        9 => person.replace_code().await,
        _ => deal_wallet(person).await,
    }
}

async fn edit(person: &mut Witness, record: Id, overview: bool, secret: bool) -> bool {
    let edit = person.state.edit(record, overview, secret, &mut person.rng);
    person.write(WRITE, vec![edit]).await
}

/// Deals a wallet for the first time, or reshares it.
pub async fn deal_wallet(person: &mut Witness) -> bool {
    let before = person.wallet.clone();
    let wallet = Wallet {
        record: before.as_ref().map_or_else(|| person.rng.id(), |wallet| wallet.record),
        set: before.as_ref().map_or_else(|| person.rng.id(), |wallet| wallet.set),
        epoch: before.as_ref().map_or(1, |wallet| wallet.epoch + 1),
        shares: (0..5).map(|_| person.rng.id()).collect(),
    };
    let mut changes = vec![match &before {
        None => person.state.add(wallet.record, &mut person.rng, 1_024),
        Some(_) => person.state.edit(wallet.record, true, true, &mut person.rng),
    }];
    for (at, share) in wallet.shares.iter().enumerate() {
        let store = person.stores[at];
        if !person.put(store, *share).await {
            return false;
        }
        changes.push(Change::Share {
            id: *share,
            record: wallet.record,
            set: wallet.set,
            epoch: wallet.epoch,
            k: 3,
            n: 5,
            index: u8::try_from(at + 1).expect("five shares"),
            store,
            hash: Bytes(person.shares[share].1.clone()),
        });
    }
    let gone = before.map(|wallet| wallet.shares).unwrap_or_default();
    changes.extend(gone.iter().map(|share| Change::ShareGone { id: *share }));
    let done = person.write(WALLET, changes).await;
    // Whether the write is acknowledged now or when it is sent again, the next dealing follows this
    // one.
    person.wallet = Some(wallet);
    done && discard(person, gone).await
}

async fn discard(person: &mut Witness, shares: Vec<Id>) -> bool {
    for share in shares {
        if !person.discard(share).await {
            return false;
        }
    }
    true
}

/// Adds some of the largest records in one write. Returns whether it was acknowledged.
pub async fn add_large_records(person: &mut Witness, number: usize) -> bool {
    let mut changes = Vec::new();
    for _ in 0..number {
        let id = person.rng.id();
        changes.push(person.state.add(id, &mut person.rng, 16_384));
    }
    person.write(WRITE, changes).await
}

async fn remove_wallet(person: &mut Witness) -> bool {
    let wallet = person.wallet.take().expect("the caller looks");
    let mut changes = vec![person.state.delete(wallet.record)];
    changes.extend(wallet.shares.iter().map(|share| Change::ShareGone { id: *share }));
    person.write(WALLET, changes).await && discard(person, wallet.shares).await
}
