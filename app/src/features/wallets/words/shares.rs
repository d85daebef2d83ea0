use crystallum_messages::{ShareState, ShareView, StoreLocation};

pub(crate) const HEADING: &str = "Shares";
pub(crate) const CHECK: &str = "Check the stores";
pub(crate) const CHECKING: &str = "Asking the stores";
pub(crate) const LIST: &str = "Stores of this wallet";

pub(crate) const CHOOSE_STORES: &str = "Stores";
pub(crate) const CHOOSE_STORES_HINT: &str = "Each holds one share.";
pub(crate) const CHOOSE_K: &str = "How many of them rebuild the phrase";
pub(crate) const NO_STORES: &str =
    "This server offers fewer than 2 stores, so nothing can be split. Ask whoever runs it.";
pub(crate) const TOO_FEW: &str = "Choose at least 2 stores.";
pub(crate) const LOADING_STORES: &str = "Asking which stores there are";

pub(crate) const SAME_MACHINE: &str = "file on the server's machine";
pub(crate) const UNAVAILABLE: &str = "does not answer now";

/// Says what stores on the server's own machine protect against. Shown if all stores are there.
pub(crate) const ONE_MACHINE: &str = "These stores are files on one machine, the server's own. They protect against damaged files, not against losing that machine, and not against whoever runs it: the operator holds the shares only sealed, under keys that your passkey or recovery sheet gives, but can delete all of them. So keep your copy of the phrase on paper.";

pub(crate) const REFRESH: &str = "Deal new shares";
pub(crate) const REFRESH_HEADING: &str = "Deal new shares";
pub(crate) const REFRESH_TEXT: &str = "The phrase is rebuilt on this device and split anew, over the stores and with the number that you choose here. Old shares never combine with new ones, and their stores are told to delete them.";
pub(crate) const REFRESH_LIMIT: &str = "A store that kept a copy of its old share still has it. If enough shares may have leaked, new shares do not help: move what the wallet holds to a new phrase.";
pub(crate) const REFRESH_HINT: &str =
    "Replaces shares that are missing or wrong, and can change how many there are and how many rebuild.";
pub(crate) const RESHARING: &str = "Dealing new shares";

/// Returns a text such as "Store 2".
pub(crate) fn store(number: u8) -> String {
    format!("Store {number}")
}

/// Names the store of a share. It has a number only once the server has listed it.
pub(crate) fn store_of(share: &ShareView) -> String {
    match share.number {
        0 => format!("The store of share {}", share.index),
        number => store(number),
    }
}

/// Says where a store is.
pub(crate) fn store_location(location: StoreLocation) -> &'static str {
    match location {
        StoreLocation::SameMachine => SAME_MACHINE,
    }
}

/// Describes the state of a share.
pub(crate) fn state(state: ShareState) -> &'static str {
    match state {
        ShareState::Good => "Read and verified here",
        ShareState::Held => "Has its share",
        ShareState::Missing => "Does not have its share",
        ShareState::Unreachable => "Does not answer",
        ShareState::Unknown => "Not asked yet",
        ShareState::Wrong => "Has something else than its share",
    }
}

/// Describes the picture for screen readers.
pub(crate) fn picture(k: u8, n: u8) -> String {
    format!("A key in the middle of {n} stores; {k} of them are lit: as many as rebuild the phrase.")
}

/// Explains what a choice of k and n means.
pub(crate) fn meaning(k: u8, n: u8) -> [String; 3] {
    let lost = n.saturating_sub(k);
    let rebuild = match lost {
        0 => format!("All {n} together rebuild it."),
        _ => format!("Any {k} of the {n} rebuild it."),
    };
    let vanish = match lost {
        0 => "None may vanish: if one share is lost, nothing rebuilds the phrase.".into(),
        1 => "1 may vanish.".into(),
        lost => format!("{lost} may vanish."),
    };
    let learn = match k.saturating_sub(1) {
        1 => "Nobody with 1 alone learns anything.".into(),
        few => format!("Nobody with {few} or fewer learns anything."),
    };
    [rebuild, vanish, learn]
}

/// Summarises the state of the shares. Returns `None` before any store was asked.
pub(crate) fn summary(shares: &[ShareView], k: u8) -> Option<(Health, String)> {
    if shares.iter().all(|share| share.state == ShareState::Unknown) {
        return None;
    }
    let n = shares.len();
    let have =
        shares.iter().filter(|share| matches!(share.state, ShareState::Good | ShareState::Held)).count();
    let unreachable = shares
        .iter()
        .filter(|share| matches!(share.state, ShareState::Unreachable | ShareState::Unknown))
        .count();
    let need = usize::from(k);
    Some(if have == n {
        (Health::Complete, format!("All {n} stores have their share."))
    } else if have >= need {
        (
            Health::Enough,
            format!(
                "{have} of {n} stores have their share, and {need} are enough. Deal new shares to have all {n} again."
            ),
        )
    } else if have + unreachable >= need {
        (
            Health::Unclear,
            format!(
                "{have} of {n} stores have their share, and {need} are needed. {unreachable} did not answer: check again later."
            ),
        )
    } else {
        (
            Health::Lost,
            format!(
                "Only {have} of {n} stores have their share, and {need} are needed: the phrase cannot be rebuilt. Use your copy on paper, and add the wallet again from it."
            ),
        )
    })
}

/// How safe a wallet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// Every store has its share.
    Complete,
    /// Enough stores have their share.
    Enough,
    /// Unknown, because some stores did not answer.
    Unclear,
    /// Too few shares are left to rebuild the phrase.
    Lost,
}

/// Says how many of the needed shares arrived.
pub(crate) fn missing(have: u8, need: u8) -> String {
    let good = match have {
        0 => "No good share".into(),
        1 => "1 good share".into(),
        more => format!("{more} good shares"),
    };
    format!("{good} arrived, and {need} are needed. The phrase was not rebuilt, and nothing was changed.")
}

/// Describes a share that could not be used: "Store 1 does not have its share."
pub(crate) fn describe_bad_share(share: &ShareView) -> String {
    let what = match share.state {
        ShareState::Missing => "does not have its share",
        ShareState::Unreachable => "does not answer",
        ShareState::Wrong => "has something else than its share: altered, older, cut off, or another one",
        ShareState::Good | ShareState::Held | ShareState::Unknown => "was not needed",
    };
    format!("{} {what}.", store_of(share))
}

pub(crate) const MISSING_NEXT: &str = "If a store only does not answer, try again later. If shares are gone, the rest says nothing: use your copy of the phrase on paper, and add the wallet again from it.";
pub(crate) const BAD_SHARES: &str = "The phrase was rebuilt without them:";

/// Returns the text that is shown after the shares were replaced.
pub(crate) fn reshared(k: u8, n: u8) -> String {
    format!("New shares are dealt: {k} of {n} rebuild the phrase.")
}

/// Reports that one share arrived, or that it did not.
pub(crate) fn share_progress(share: &ShareView) -> String {
    match share.state {
        ShareState::Good => format!("{}: share {} verified.", store_of(share), share.index),
        ShareState::Held => format!("{} has its share.", store_of(share)),
        _ => describe_bad_share(share),
    }
}

#[cfg(test)]
mod tests {
    use crystallum_messages::StoreId;

    use super::*;

    fn shares(states: &[ShareState]) -> Vec<ShareView> {
        let share = |(at, &state): (usize, &ShareState)| {
            let number = u8::try_from(at + 1).expect("a few shares");
            ShareView { index: number, store: StoreId([number; 16]), number, state }
        };
        states.iter().enumerate().map(share).collect()
    }

    #[test]
    fn a_choice_is_described_exactly() {
        assert_eq!(
            meaning(3, 5),
            ["Any 3 of the 5 rebuild it.", "2 may vanish.", "Nobody with 2 or fewer learns anything."]
        );
        assert_eq!(
            meaning(2, 2),
            [
                "All 2 together rebuild it.",
                "None may vanish: if one share is lost, nothing rebuilds the phrase.",
                "Nobody with 1 alone learns anything."
            ]
        );
        assert_eq!(meaning(2, 3)[1], "1 may vanish.");
    }

    #[test]
    fn health_follows_from_the_store_states() {
        use ShareState::{Held, Missing, Unknown, Unreachable, Wrong};
        let health = |states: &[ShareState]| summary(&shares(states), 3).map(|(health, _)| health);
        assert_eq!(health(&[Unknown; 5]), None);
        assert_eq!(health(&[Held; 5]), Some(Health::Complete));
        assert_eq!(health(&[Held, Held, Held, Wrong, Missing]), Some(Health::Enough));
        assert_eq!(health(&[Held, Held, Unreachable, Wrong, Missing]), Some(Health::Unclear));
        assert_eq!(health(&[Held, Held, Missing, Wrong, Missing]), Some(Health::Lost));
    }

    #[test]
    fn what_is_missing_is_named() {
        let all = shares(&[ShareState::Missing, ShareState::Unreachable]);
        assert_eq!(describe_bad_share(&all[0]), "Store 1 does not have its share.");
        assert_eq!(describe_bad_share(&all[1]), "Store 2 does not answer.");
        let unlisted = ShareView { number: 0, ..all[1].clone() };
        assert_eq!(describe_bad_share(&unlisted), "The store of share 2 does not answer.");
        assert_eq!(
            missing(2, 3),
            "2 good shares arrived, and 3 are needed. The phrase was not rebuilt, and nothing was changed."
        );
    }
}
