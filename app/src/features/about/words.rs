pub(crate) const TITLE: &str = "About";
pub(crate) const HEADING: &str = "About Crystallum";
pub(crate) const TEXT: &str = "A vault for the keys that move money. They exist in the clear on their owner's devices only; the server stores ciphertext.";

pub(crate) const BUILD: &str = "This build";
pub(crate) const VERSION: &str = "Version";
pub(crate) const HASH: &str = "SHA-256 of the page as served now";
pub(crate) const HASHING: &str = "Computing";
pub(crate) const HASH_FAILED: &str = "The server did not answer, so there is nothing to compare now.";
pub(crate) const FILES: &str = "Files that the page names, by hash";
pub(crate) const SAME: &str = "This tab runs the files that the page names.";
pub(crate) const OTHER: &str =
    "The server now gives another build than this tab runs. Lock, then load the page again.";
pub(crate) const COMPARE: &str = "How to compare";
pub(crate) const COMPARE_TEXT: &str = "The page is the same bytes for everybody. Open this page on a second device or network, or read the hash without this app; the numbers must be equal, and equal to those of a build that you make from the source. A page can lie about itself, so the second look is what counts.";

pub(crate) const PROMISES: &str = "What is promised, and what proves it";
/// Each promise: its name, what it means, and what proves it.
pub(crate) const PROMISE_LIST: [(&str, &str, &str); 5] = [
    (
        "The server cannot read",
        "A full copy of its database, logs, memory and traffic holds no secret, key, phrase, share in the clear, label or name.",
        "Tests plant known words everywhere, then search all of it in every encoding. They must find none, and must find the ones planted as a check.",
    ),
    (
        "The server cannot lie to a device that knows the vault",
        "Swapped, altered, replayed or invented data is refused with a plain message. The server can stay silent about the newest changes of another device; comparing change numbers shows it. A new browser says what it was given before it shows anything.",
        "Tests run the app against servers that swap, alter, replay and invent. Each must end in a refusal that keeps this device's copy.",
    ),
    (
        "One stolen thing is not enough",
        "A database, a cookie, a store of shares or a device without its owner opens nothing alone. Exceptions: the recovery sheet is a key, and so is an account that syncs your passkeys.",
        "Tests open what a thief would hold and must fail; with the missing part they must succeed.",
    ),
    (
        "Nothing is lost",
        "What the screen said was saved survives a crash at any moment, and at least two ways in are kept once there are two.",
        "Tests kill server and browser at random moments and then look for every acknowledged change.",
    ),
    (
        "It says what it does",
        "No promise on these screens stands without a test that would fail if it were broken.",
        "Source and tests are open, and each promise above says how it is tested.",
    ),
];

pub(crate) const LIMITS: &str = "What it does not protect against";
pub(crate) const LIMIT_LIST: [&str; 6] = [
    "A browser, an extension or an operating system that somebody else controls.",
    "A server that gives you different code: against it stand the same bytes for everybody, the hashes above, and your second look.",
    "Somebody who holds your recovery sheet, or the account that syncs your passkeys.",
    "Traces in memory: browsers give pages no way to erase every copy of a text that was shown or typed.",
    "What the server sees without reading: when and from where you connect, how many records you have, and roughly how large they are.",
    "Five stores on one machine: they protect against damaged files only, not against the loss or theft of that machine.",
];
pub(crate) const LINK: &str = "About and build";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::tests::is_calm;

    #[test]
    fn every_promise_has_its_proof() {
        for (name, text, proof) in PROMISE_LIST {
            assert!(!name.is_empty() && is_calm(text) && is_calm(proof), "{name}");
        }
        assert!(LIMIT_LIST.into_iter().all(is_calm));
    }
}
