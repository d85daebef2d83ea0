//! Invitation codes: 100 random bits that allow the creation of one account.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use data_encoding::{Encoding, Specification};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::app::clock::Clock;
use crate::store::database::Database;
use crate::store::files::main_file;
use crate::store::invites;

/// Crockford's Base32 alphabet, in which no letter looks like a digit.
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: usize = 20;
const GROUP: usize = 4;

/// Why no invitation was created.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InviteError {
    /// The folder contains no database.
    #[error("{0} has no database of this server; start the server on it first")]
    NoData(PathBuf),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::migrate::MigrateError),
    /// The database cannot be written.
    #[error("the database cannot be written: {0}")]
    Write(#[from] sqlx::Error),
    /// The system provides no randomness.
    #[error("the system gives no random bytes")]
    Randomness,
}

/// Creates an invitation in the data folder of a server that has started before, and returns its
/// code. Only the code's hash is stored.
pub async fn invite(data: &Path) -> Result<String, InviteError> {
    let code = generate_code()?;
    // A mistyped path must not become a new server.
    if !main_file(data).metadata().is_ok_and(|file| file.is_file() && file.len() > 0) {
        return Err(InviteError::NoData(data.to_owned()));
    }
    let database = Database::open(data, Arc::default()).await?;
    invites::insert(&mut *database.writer().await?, &hash_code(&code), Clock::system().unix()).await?;
    database.close().await;
    Ok(code)
}

/// Returns the hash under which a code is stored. Dashes, spaces, and case are ignored, O is read
/// as 0, and I and L as 1.
pub(crate) fn hash_code(code: &str) -> [u8; 32] {
    let letters = code.chars().filter(|letter| !matches!(letter, '-' | ' ')).map(|letter| {
        match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        }
    });
    Sha256::digest(letters.collect::<String>()).into()
}

fn generate_code() -> Result<String, InviteError> {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).map_err(|_| InviteError::Randomness)?;
    let letters: Vec<char> = crockford().encode(&bytes).chars().take(LETTERS).collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

fn crockford() -> Encoding {
    let mut specification = Specification::new();
    specification.symbols.push_str(ALPHABET);
    specification.encoding().expect("32 different letters are a base 32")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_readable_and_differ() {
        let (one, two) = (generate_code().unwrap(), generate_code().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), LETTERS + LETTERS / GROUP - 1);
        assert!(one.chars().all(|letter| letter == '-' || ALPHABET.contains(letter)));
    }

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(hash_code("0123-ABCD"), hash_code(" oi23abcd"));
        assert_eq!(hash_code("1"), hash_code("l"));
        assert_ne!(hash_code("0123-ABCD"), hash_code("0123-ABCE"));
    }
}
