use thiserror::Error;

/// Why a stored commit is not a valid successor in its vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum HistoryError {
    #[error("its head has not the form of a head")]
    Malformed,
    #[error("its head is of another vault")]
    Vault,
    #[error("its head has another number")]
    Counter,
    #[error("its head asks for a format or names an operation that this version does not know")]
    Format,
    #[error("its head does not name the head before it")]
    Parent,
    #[error("its head has another key epoch or vault key than the head before it")]
    Key,
    #[error("its head names another history than the commits before it")]
    History,
    #[error("its operation does not allow what it changes")]
    Operation,
    #[error("what it changes does not follow from what was there before")]
    Change,
    #[error(
        "the tree with its changes has not the root or the number of leaves that its head was signed for"
    )]
    Tree,
    #[error("its writer is no device of the vault")]
    Writer,
    #[error("the vault's signature does not verify")]
    VaultSignature,
    #[error("the device's signature does not verify")]
    DeviceSignature,
}
