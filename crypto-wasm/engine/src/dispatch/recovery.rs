//! Commands that recover a vault with its recovery code.

use crystallum_messages::entry::{Failure, Reply};
use crystallum_messages::{ImpossibleState, SecretText};

use super::Engine;
use crate::entry::{finish_recovery, recover};
use crate::ports::Ports;

impl<P: Ports> Engine<P> {
    pub(super) async fn recover(&mut self, code: &SecretText, change: Option<u64>) -> Result<Reply, Failure> {
        self.give_up_creation().await;
        self.lock();
        let seen = &mut self.challenges.seen;
        let recovery = recover::start_recovery(&mut self.ports, &self.rp_id, seen, code, change).await?;
        let notice = recovery.notice();
        self.recovery = Some(recovery);
        Ok(Reply::Notice(notice))
    }

    pub(super) async fn finish_recovery(&mut self, name: &str) -> Result<Reply, Failure> {
        let recovery = self.recovery.take().ok_or(ImpossibleState::NoRecovery)?;
        let register = match self.challenges.take_for_create(&self.ports).await {
            Ok(register) => register,
            Err(failure) => {
                self.recovery = Some(recovery);
                return Err(failure.into());
            }
        };
        let seen = &mut self.challenges.seen;
        match finish_recovery::finish_recovery(&mut self.ports, &self.rp_id, seen, register, recovery, name)
            .await
        {
            Ok(open) => self.list_and_show(open).await,
            Err((recovery, failure)) => {
                self.recovery = Some(recovery);
                Err(failure)
            }
        }
    }
}
