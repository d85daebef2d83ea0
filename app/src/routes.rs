//! Maps paths to pages.

/// The page that a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    About,
    Create,
    /// A page of an open vault.
    Vault(VaultRoute),
    NotFound,
    Notice,
    Recover,
    RecoverPasskey,
    Unlock,
    Welcome,
}

/// A page of an open vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VaultRoute {
    AddPasskey,
    Devices,
    NewFromCopy,
    NewSheet,
    Security,
    Settings,
    Trash,
    Keys(Pane),
    Wallets(Pane),
}

/// What is shown beside a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Add,
    Detail,
    Edit,
    Empty,
    Shares,
}

impl Route {
    /// Parses a path.
    pub(crate) fn parse(path: &str) -> Self {
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
            ["security", "", ..] => Self::Vault(VaultRoute::Security),
            ["security", "devices", "", _] => Self::Vault(VaultRoute::Devices),
            ["security", "passkey", "", _] => Self::Vault(VaultRoute::AddPasskey),
            ["security", "new-vault", "", _] => Self::Vault(VaultRoute::NewFromCopy),
            ["security", "sheet", "", _] => Self::Vault(VaultRoute::NewSheet),
            ["settings", "", ..] => Self::Vault(VaultRoute::Settings),
            ["trash", "", ..] => Self::Vault(VaultRoute::Trash),
            ["vault", rest @ ..] => Pane::parse(rest)
                .filter(|pane| *pane != Pane::Shares)
                .map_or(Self::NotFound, |pane| Self::Vault(VaultRoute::Keys(pane))),
            ["wallets", rest @ ..] => {
                Pane::parse(rest).map_or(Self::NotFound, |pane| Self::Vault(VaultRoute::Wallets(pane)))
            }
            _ => Self::NotFound,
        }
    }

    /// Returns the same value for all pages of a vault, so that they share one layout.
    pub(crate) fn layout_key(self) -> Self {
        match self {
            Self::Vault(_) => Self::Vault(VaultRoute::Keys(Pane::Empty)),
            other => other,
        }
    }
}

impl VaultRoute {
    /// Returns the same value for all panes of a page, so that they share one layout.
    pub(crate) fn layout_key(self) -> Self {
        match self {
            Self::Keys(_) => Self::Keys(Pane::Empty),
            Self::Wallets(_) => Self::Wallets(Pane::Empty),
            other => other,
        }
    }

    /// Returns the pane beside the list. Pages without a list have an empty one.
    pub(crate) fn pane(self) -> Pane {
        match self {
            Self::Keys(pane) | Self::Wallets(pane) => pane,
            _ => Pane::Empty,
        }
    }
}

impl Pane {
    fn parse(rest: [&str; 3]) -> Option<Self> {
        match rest {
            ["", ..] => Some(Self::Empty),
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
    fn every_path_has_its_route() {
        let vault = |pane| Route::Vault(VaultRoute::Keys(pane));
        let wallets = |pane| Route::Vault(VaultRoute::Wallets(pane));
        for (path, route) in [
            ("/", Route::Welcome),
            ("/create", Route::Create),
            ("/unlock/", Route::Unlock),
            ("/recover/passkey", Route::RecoverPasskey),
            ("/security/devices", Route::Vault(VaultRoute::Devices)),
            ("/security/new-vault", Route::Vault(VaultRoute::NewFromCopy)),
            ("/security/sheet", Route::Vault(VaultRoute::NewSheet)),
            ("/vault", vault(Pane::Empty)),
            ("/vault/add", vault(Pane::Add)),
            ("/vault/00", vault(Pane::Detail)),
            ("/vault/00/edit", vault(Pane::Edit)),
            ("/wallets/00/shares", wallets(Pane::Shares)),
            ("/wallets/", wallets(Pane::Empty)),
        ] {
            assert_eq!(Route::parse(path), route, "{path}");
        }
        for path in ["/nowhere/at/all", "/vault/00/shares", "/vault/00/edit/more", "/settings/x", "/about/us"]
        {
            assert_eq!(Route::parse(path), Route::NotFound, "{path}");
        }
    }
}
