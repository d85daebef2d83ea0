use crystallum_messages::{Device, DeviceJoin, Failure, Sheet, SignInMethod, access::Command};

use super::{Engine, expect_reply};

impl Engine {
    /// Lists the sign-in methods of the vault.
    pub(crate) async fn list_sign_in_methods(self) -> Result<Vec<SignInMethod>, Failure> {
        expect_reply!(self, access, Command::List, Methods)
    }

    /// Lists the devices of the vault.
    pub(crate) async fn list_devices(self) -> Result<Vec<Device>, Failure> {
        expect_reply!(self, access, Command::Devices, Devices)
    }

    /// Lists the devices that entered the vault and that the user has not acknowledged yet.
    pub(crate) async fn list_joins(self) -> Result<Vec<DeviceJoin>, Failure> {
        expect_reply!(self, access, Command::Joins, Joins)
    }

    /// Executes `Sheet` or `NewSheet`.
    pub(crate) async fn load_sheet(self, command: Command) -> Result<Sheet, Failure> {
        expect_reply!(self, access, command, Sheet)
    }
}
