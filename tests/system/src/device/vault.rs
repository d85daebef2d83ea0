//! Sign-in methods, wallets, versions and the trash of a [`Device`].

use crystallum_messages::going_over::Differences;
use crystallum_messages::{
    Alarms, AsideRow, Copied, Copyable, Credentials, Device as ListedDevice, DeviceJoin, Event, Failure,
    Notice, Opened, Rebuilt, RecordId, Saved, SecretText, ShareView, Sheet, SignInMethod, SignInMethodId,
    Split, StoreId, StoreView, TrashRow, Unsaved, VaultId, Version, WalletDetail, WalletDraft, WalletRow,
    access, entry, keys, session, trash, wallets,
};

use crystallum_api::CreateAccount;

use crate::device::app::{Device, RP_ID, opened, saved};
use crate::format::{Roots, recompute_roots};

/// Defines a method from a command and the reply that it must have.
macro_rules! asks {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $answer:ty = $domain:ident $reply:ident <- $command:expr;)*) => {
        impl Device {$(
            $(#[$doc])*
            pub async fn $name(&mut self $(, $arg: $type)*) -> Result<$answer, Failure> {
                match $domain::Reply::try_from(self.run($command).await?) {
                    Ok($domain::Reply::$reply(answer)) => Ok(answer),
                    other => panic!("not what was asked for: {other:?}"),
                }
            }
        )*}
    };
}

asks! {
    /// Runs `Sheet`.
    sheet() -> Sheet = access Sheet <- access::Command::Sheet;
    /// Runs `NewSheet`.
    new_sheet() -> Sheet = access Sheet <- access::Command::NewSheet;
    /// Lists the sign-in methods.
    sign_in_methods() -> Vec<SignInMethod> = access Methods <- access::Command::List;
    /// Runs `Recover` without a change number.
    recover(code: &str) -> Notice = entry Notice <- entry::Command::Recover { code: text(code), change: None };
    /// Lists the devices that entered the vault.
    joins() -> Vec<DeviceJoin> = access Joins <- access::Command::Joins;
    /// Lists the devices of the vault.
    devices() -> Vec<ListedDevice> = access Devices <- access::Command::Devices;
    /// Runs `Unsaved`.
    unsaved(vault: VaultId) -> Unsaved = entry Unsaved <- entry::Command::Unsaved { vault };
    /// Runs `CopyNext`.
    copy_next() -> Copied = entry Copied <- entry::Command::CopyNext;
    /// Runs `CountCopyable`.
    count_copyable() -> Copyable = entry Copyable <- entry::Command::CountCopyable;
    /// Returns the alarm, and those that are over.
    alarms() -> Alarms = session Alarms <- session::Command::Alarms;
    /// Lists what was set aside.
    aside() -> Vec<AsideRow> = session Aside <- session::Command::Aside;
    /// Runs `Stores`.
    stores() -> Vec<StoreView> = wallets Stores <- wallets::Command::Stores;
    /// `List` of wallets.
    wallets() -> Vec<WalletRow> = wallets Wallets <- wallets::Command::List;
    /// `Open`.
    wallet(id: RecordId) -> WalletDetail = wallets Wallet <- wallets::Command::Open { id };
    /// `Check`.
    check_wallet(id: RecordId) -> WalletDetail = wallets Wallet <- wallets::Command::Check { id };
    /// `Rebuild`.
    rebuild(id: RecordId) -> Rebuilt = wallets Rebuilt <- wallets::Command::Rebuild { id };
    /// `List` of the trash.
    trash() -> Vec<TrashRow> = trash Rows <- trash::Command::List;
    /// Runs `Versions`.
    versions(id: RecordId) -> Vec<Version> = keys Versions <- keys::Command::Versions { id };
    /// Runs `RevealVersion`.
    reveal_version(id: RecordId, number: u64) -> Credentials = keys Revealed <- keys::Command::RevealVersion { id, number };
}

impl Device {
    /// Confirms the sheet with the two groups that it asks for.
    pub async fn confirm(&mut self, sheet: &Sheet) -> Result<(), Failure> {
        let group = |number: u8| text(sheet.groups[usize::from(number) - 1].expose());
        let groups = sheet.ask.map(group);
        self.done(access::Command::ConfirmSheet { groups }).await
    }

    /// Runs `CreateFromCopy` without an invitation.
    pub async fn create_from_copy(&mut self, name: &str) -> Result<Opened, Failure> {
        opened(self.run(entry::Command::CreateFromCopy { name: name.to_owned(), invite: None }).await)
    }

    /// Runs `AcknowledgeAlarms`.
    pub async fn acknowledge_alarms(&mut self) -> Result<(), Failure> {
        self.done(session::Command::AcknowledgeAlarms).await
    }

    /// Runs `Evidence`.
    pub async fn evidence(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match session::Reply::try_from(self.run(session::Command::Evidence).await?) {
            Ok(session::Reply::Evidence(file)) => Ok(file.map(|file| file.into_vec())),
            other => panic!("no evidence: {other:?}"),
        }
    }

    /// Runs `PutBack`.
    pub async fn put_back(&mut self) -> Result<(), Failure> {
        self.done(session::Command::PutBack).await
    }

    /// Runs `Differences`.
    pub async fn differences(&mut self) -> Result<Differences, Failure> {
        match session::Reply::try_from(self.run(session::Command::Differences).await?) {
            Ok(session::Reply::Differences(differences)) => Ok(*differences),
            other => panic!("no differences: {other:?}"),
        }
    }

    /// Runs `GoOver` to the history that `Differences` shows.
    pub async fn go_over(&mut self) -> Result<(), Failure> {
        let seen = self.differences().await?.server;
        self.done(session::Command::GoOver { seen }).await
    }

    /// Runs `FinishRecovery`.
    pub async fn finish_recovery(&mut self) -> Result<Opened, Failure> {
        opened(self.run(entry::Command::FinishRecovery { name: "This laptop".to_owned() }).await)
    }

    /// Runs `AddPasskey`.
    pub async fn add_passkey(&mut self, name: &str) -> Result<(), Failure> {
        self.done(access::Command::AddPasskey { name: name.to_owned() }).await
    }

    /// `Remove`.
    pub async fn remove_sign_in_method(&mut self, id: SignInMethodId) -> Result<(), Failure> {
        self.done(access::Command::Remove { id }).await
    }

    /// `Add` with the first `n` stores.
    pub async fn add_wallet(&mut self, label: &str, phrase: &str, k: u8, n: usize) -> Result<Saved, Failure> {
        let split = self.split(k, n).await?;
        let draft = WalletDraft { label: label.to_owned(), note: String::new(), phrase: text(phrase), split };
        saved(self.run(wallets::Command::Add(draft)).await)
    }

    /// Reshares a wallet with the first `n` stores.
    pub async fn refresh(&mut self, id: RecordId, k: u8, n: usize) -> Result<Saved, Failure> {
        let split = self.split(k, n).await?;
        saved(self.run(wallets::Command::Reshare { id, split }).await)
    }

    /// Restores a record from the trash.
    pub async fn restore(&mut self, id: RecordId) -> Result<Saved, Failure> {
        saved(self.run(trash::Command::Restore { id }).await)
    }

    /// Purges a record in the trash.
    pub async fn purge(&mut self, id: RecordId) -> Result<Saved, Failure> {
        saved(self.run(trash::Command::Purge { id }).await)
    }

    /// Moves a record to the trash and purges it.
    pub async fn erase(&mut self, id: RecordId) -> Result<Saved, Failure> {
        self.delete(id).await?;
        self.purge(id).await
    }

    /// Runs `RestoreVersion`.
    pub async fn restore_version(&mut self, id: RecordId, number: u64) -> Result<Saved, Failure> {
        saved(self.run(keys::Command::RestoreVersion { id, number }).await)
    }

    /// Returns the shares in the events since the last call.
    pub fn share_events(&self) -> Vec<ShareView> {
        let share = |event| match event {
            Event::Share(share) => Some(share),
            _ => None,
        };
        self.events().into_iter().filter_map(share).collect()
    }

    /// Recomputes both roots of the vault that this device created, from what it sent and from the
    /// outputs of its authenticator.
    pub fn roots(&self) -> Roots {
        let calls = self.network.calls();
        let create = calls.iter().find(|call| call.request.path == "/api/accounts");
        let body = create.and_then(|call| call.request.body.as_ref()).expect("this device made a vault");
        let create: CreateAccount = serde_json::from_slice(body).expect("what the engine sends is JSON");
        recompute_roots(&create.commit, RP_ID, &self.authenticator.outputs())
    }

    async fn split(&mut self, k: u8, n: usize) -> Result<Split, Failure> {
        let stores: Vec<StoreId> = self.stores().await?.iter().take(n).map(|store| store.id).collect();
        Ok(Split { k, stores })
    }
}

/// Returns a sheet's code as a user types it.
pub fn typed(sheet: &Sheet) -> String {
    sheet.groups.iter().map(SecretText::expose).collect::<Vec<_>>().join("-")
}

/// Creates a secret text.
pub fn text(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}
