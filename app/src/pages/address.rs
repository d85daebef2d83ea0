//! Which page stands at which address.

/// What is on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    About,
    Create,
    /// Within an open vault.
    Inside(Room),
    NotFound,
    Notice,
    Recover,
    RecoverPasskey,
    Unlock,
    Welcome,
}

/// A place of an open vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    AddPasskey,
    NewSheet,
    Security,
    Settings,
    Trash,
    Vault(Pane),
    Wallets(Pane),
}

/// What is beside a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Add,
    Detail,
    Edit,
    Nothing,
    Shares,
}

impl Page {
    /// The page of an address.
    pub(crate) fn of(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let parts = [parts.next(), parts.next(), parts.next(), parts.next()].map(Option::unwrap_or_default);
        match parts {
            ["", ..] => Self::Welcome,
            ["about", "", ..] => Self::About,
            ["create", "", ..] => Self::Create,
            ["notice", "", ..] => Self::Notice,
            ["recover", "", ..] => Self::Recover,
            ["recover", "passkey", "", _] => Self::RecoverPasskey,
            ["unlock", "", ..] => Self::Unlock,
            ["security", "", ..] => Self::Inside(Room::Security),
            ["security", "passkey", "", _] => Self::Inside(Room::AddPasskey),
            ["security", "sheet", "", _] => Self::Inside(Room::NewSheet),
            ["settings", "", ..] => Self::Inside(Room::Settings),
            ["trash", "", ..] => Self::Inside(Room::Trash),
            ["vault", rest @ ..] => Pane::of(rest)
                .filter(|pane| *pane != Pane::Shares)
                .map_or(Self::NotFound, |pane| Self::Inside(Room::Vault(pane))),
            ["wallets", rest @ ..] => {
                Pane::of(rest).map_or(Self::NotFound, |pane| Self::Inside(Room::Wallets(pane)))
            }
            _ => Self::NotFound,
        }
    }

    /// The same for all rooms.
    pub(crate) fn outermost(self) -> Self {
        match self {
            Self::Inside(_) => Self::Inside(Room::Vault(Pane::Nothing)),
            other => other,
        }
    }
}

impl Room {
    /// The same for all panes.
    pub(crate) fn outermost(self) -> Self {
        match self {
            Self::Vault(_) => Self::Vault(Pane::Nothing),
            Self::Wallets(_) => Self::Wallets(Pane::Nothing),
            other => other,
        }
    }

    /// What is beside the list, if there is one.
    pub(crate) fn pane(self) -> Pane {
        match self {
            Self::Vault(pane) | Self::Wallets(pane) => pane,
            _ => Pane::Nothing,
        }
    }
}

impl Pane {
    fn of(rest: [&str; 3]) -> Option<Self> {
        match rest {
            ["", ..] => Some(Self::Nothing),
            ["add", "", _] => Some(Self::Add),
            [_, "", _] => Some(Self::Detail),
            [_, "edit", ""] => Some(Self::Edit),
            [_, "shares", ""] => Some(Self::Shares),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_page() {
        let vault = |pane| Page::Inside(Room::Vault(pane));
        let wallets = |pane| Page::Inside(Room::Wallets(pane));
        for (path, page) in [
            ("/", Page::Welcome),
            ("/create", Page::Create),
            ("/unlock/", Page::Unlock),
            ("/recover/passkey", Page::RecoverPasskey),
            ("/security/sheet", Page::Inside(Room::NewSheet)),
            ("/vault", vault(Pane::Nothing)),
            ("/vault/add", vault(Pane::Add)),
            ("/vault/00", vault(Pane::Detail)),
            ("/vault/00/edit", vault(Pane::Edit)),
            ("/wallets/00/shares", wallets(Pane::Shares)),
            ("/wallets/", wallets(Pane::Nothing)),
        ] {
            assert_eq!(Page::of(path), page, "{path}");
        }
        for path in ["/nowhere/at/all", "/vault/00/shares", "/vault/00/edit/more", "/settings/x", "/about/us"]
        {
            assert_eq!(Page::of(path), Page::NotFound, "{path}");
        }
    }
}
