//! The rules about which package may depend on which. They guarantee that the screens never see a
//! key and that the server cannot decrypt: it shares `crystallum-format` with the core, but reaches
//! nothing that holds a key, and that crate is built without ciphers and key derivation.

use std::collections::BTreeSet;

use super::Graph;

/// One rule about a package of the workspace.
pub(crate) enum Rule {
    /// Does not depend on any of these, directly or through others.
    Never(&'static str, &'static [&'static str]),
    /// Does not directly depend on any of these.
    NeverItself(&'static str, &'static [&'static str]),
    /// Directly depends on nothing but these.
    Only(&'static str, &'static [&'static str]),
}

/// Runtimes and host bindings, which the portable crates leave to their callers.
const HOST_CRATES: &[&str] =
    &["tokio", "web-sys", "js-sys", "wasm-bindgen", "wasm-bindgen-futures", "gloo-net", "gloo-timers", "idb"];

/// What `crystallum-format` may depend on: hashing, verifying signatures, errors. It reaches no
/// cipher and no key derivation, so its users can check a vault's history but open nothing.
const FORMAT_DEPENDENCIES: &[&str] = &["ed25519-dalek", "p256", "sha2", "thiserror", "zeroize"];

/// The package that is built without any of [`SECRET_CRATES`], at any distance.
pub(crate) const KEYLESS: &str = "crystallum-format";

/// Ciphers, key derivation and secret sharing. (`hmac` is not among them: `p256` brings it along
/// for deterministic signatures.)
const SECRET_CRATES: &[&str] = &[
    "aes",
    "aes-gcm",
    "aes-kw",
    "argon2",
    "cbc",
    "chacha20",
    "chacha20poly1305",
    "cipher",
    "hkdf",
    "hpke",
    "opaque-ke",
    "pbkdf2",
    "pkcs5",
    "scrypt",
    "vsss-rs",
];

/// What the core may depend on: formats, cryptography, errors, and the names of exchanges. It gets
/// its randomness from its callers.
const CORE_DEPENDENCIES: &[&str] = &[
    "aes-gcm",
    "crystallum-exchanges",
    "crystallum-format",
    "ed25519-dalek",
    "hkdf",
    "hmac",
    "sha2",
    "subtle",
    "thiserror",
    "vsss-rs",
    "zeroize",
];

/// The packages that users get.
pub(crate) const SHIPPED: [&str; 3] = ["crystallum-app", "crystallum-server", "crystallum-worker"];

/// Features that only tests may switch on.
const TEST_FEATURES: [&str; 3] = ["fuzzing", "samples", "testing"];

/// The rules of this workspace.
pub(crate) const RULES: &[Rule] = &[
    Rule::Never(
        "crystallum-app",
        &["crystallum-format", "crystallum-core", "crystallum-engine", "crystallum-api", "crystallum-server"],
    ),
    Rule::Never(
        "crystallum-server",
        &[
            "crystallum-core",
            "crystallum-engine",
            "crystallum-messages",
            "crystallum-worker",
            "crystallum-app",
        ],
    ),
    Rule::Never(
        "crystallum-share-store",
        &[
            "crystallum-exchanges",
            "crystallum-format",
            "crystallum-core",
            "crystallum-engine",
            "crystallum-messages",
            "crystallum-worker",
            "crystallum-app",
            "crystallum-server",
        ],
    ),
    // What webauthn-rs brings along is its own affair; our code has nothing to decrypt with.
    Rule::NeverItself("crystallum-server", SECRET_CRATES),
    Rule::NeverItself("crystallum-share-store", SECRET_CRATES),
    Rule::Never("crystallum-engine", &["crystallum-server", "crystallum-app", "tokio"]),
    Rule::NeverItself("crystallum-engine", HOST_CRATES),
    Rule::Never("crystallum-worker", &["crystallum-server", "crystallum-app"]),
    Rule::Only(KEYLESS, FORMAT_DEPENDENCIES),
    Rule::Never("crystallum-core", &["tokio", "web-sys"]),
    Rule::Only("crystallum-core", CORE_DEPENDENCIES),
    Rule::Only("crystallum-exchanges", &[]),
    Rule::Only(
        "crystallum-messages",
        &["crystallum-exchanges", "postcard", "serde", "serde_bytes", "zeroize"],
    ),
    Rule::Only("crystallum-api", &["data-encoding", "serde", "utoipa"]),
    // The tests of these crates use it, or it would repeat their mistakes.
    Rule::Never(
        "crystallum-test-support",
        &["crystallum-core", "crystallum-engine", "crystallum-messages", "crystallum-server"],
    ),
    Rule::Only("crystallum-imports", &["syn"]),
    Rule::Only("xtask", &["data-encoding", "lexopt", "serde_json", "sha2"]),
];

/// Returns a message for every violation of these rules.
pub(crate) fn find_violations(graph: &Graph, rules: &[Rule]) -> Vec<String> {
    rules.iter().flat_map(|rule| violations_of(graph, rule)).collect()
}

/// Returns a message for every crate that [`KEYLESS`] must not be built from, given the packages
/// that it is built from.
pub(crate) fn find_secret_crates(packages: &BTreeSet<String>) -> Vec<String> {
    if !packages.contains(KEYLESS) {
        return vec![format!("{KEYLESS} is not among its own packages")];
    }
    SECRET_CRATES
        .iter()
        .filter(|name| packages.contains(**name))
        .map(|name| format!("{KEYLESS} must not be built from {name}"))
        .collect()
}

/// Returns a message for every feature for tests that a shipped package is built with, given the
/// packages that it is built from with their features.
pub(crate) fn find_test_features(shipped: &str, packages: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let ours = packages.lines().filter(|line| line.starts_with("crystallum-"));
    ours.flat_map(|line| {
        let line = line.trim_end_matches(" (*)");
        let features = line.rsplit(')').next().unwrap_or(line);
        TEST_FEATURES
            .iter()
            .filter(|feature| features.split(|c| !is_word(c)).any(|word| word == **feature))
            .map(move |feature| format!("{shipped} must not be built with the feature {feature}: {line}"))
    })
    .collect()
}

fn violations_of(graph: &Graph, rule: &Rule) -> Vec<String> {
    let (Rule::Never(name, _) | Rule::NeverItself(name, _) | Rule::Only(name, _)) = rule;
    if !graph.is_member(name) {
        return vec![format!("a rule speaks of {name}, which is no package of the workspace")];
    }
    match rule {
        Rule::Never(from, forbidden) => forbidden
            .iter()
            .filter_map(|to| graph.shortest_path(from, to))
            .map(|path| {
                format!("{from} must never reach {}: {}", path.last().map_or("", |p| p), path.join(" -> "))
            })
            .collect(),
        Rule::NeverItself(from, forbidden) => graph
            .direct(from)
            .filter(|name| forbidden.contains(name))
            .map(|name| format!("{from} must not depend on {name}"))
            .collect(),
        Rule::Only(from, allowed) => graph
            .direct(from)
            .filter(|name| !allowed.contains(name))
            .map(|name| format!("{from} may not depend on {name}; it may on: {}", allowed.join(", ")))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: [&str; 13] = [
        "crystallum-api",
        "crystallum-app",
        "crystallum-core",
        "crystallum-engine",
        "crystallum-exchanges",
        "crystallum-format",
        "crystallum-imports",
        "crystallum-messages",
        "crystallum-server",
        "crystallum-share-store",
        "crystallum-test-support",
        "crystallum-worker",
        "xtask",
    ];

    /// Returns the intended workspace, with the edges of some packages replaced.
    fn workspace_with(further: &[(&'static str, &'static [&'static str])]) -> Graph {
        let mut needs: Vec<(&str, &[&str])> = vec![
            ("crystallum-app", &["crystallum-exchanges", "crystallum-messages", "leptos"]),
            ("crystallum-core", &["aes-gcm", "crystallum-exchanges", "crystallum-format"]),
            ("crystallum-format", &["p256", "sha2"]),
            ("crystallum-engine", &["crystallum-core", "crystallum-messages", "crystallum-api"]),
            ("crystallum-messages", &["crystallum-exchanges", "serde"]),
            (
                "crystallum-server",
                &["crystallum-api", "crystallum-format", "crystallum-share-store", "tokio"],
            ),
            ("crystallum-share-store", &["crystallum-api", "sqlx"]),
            ("crystallum-test-support", &["crystallum-api", "crystallum-format"]),
            ("crystallum-worker", &["crystallum-engine", "web-sys"]),
            ("crystallum-api", &["serde"]),
        ];
        for (from, to) in further {
            needs.retain(|(name, _)| name != from);
            needs.push((from, to));
        }
        Graph::from_edges(&MEMBERS, &needs)
    }

    fn violations_with(further: &[(&'static str, &'static [&'static str])]) -> Vec<String> {
        find_violations(&workspace_with(further), RULES)
    }

    #[test]
    fn the_intended_graph_is_clean() {
        assert_eq!(violations_with(&[]), Vec::<String>::new());
    }

    #[test]
    fn screens_reach_no_key() {
        for secret in ["crystallum-format", "crystallum-core", "crystallum-engine", "crystallum-api"] {
            let needs: &'static [&'static str] = Box::leak(Box::new([secret]));
            assert!(!violations_with(&[("crystallum-app", needs)]).is_empty(), "{secret}");
        }
    }

    #[test]
    fn screens_reach_no_key_through_others() {
        let found = violations_with(&[("crystallum-app", &["widgets"]), ("widgets", &["crystallum-core"])]);
        let core =
            "crystallum-app must never reach crystallum-core: crystallum-app -> widgets -> crystallum-core";
        let format = "crystallum-app must never reach crystallum-format: \
            crystallum-app -> widgets -> crystallum-core -> crystallum-format";
        assert_eq!(found, [format, core]);
    }

    #[test]
    fn the_server_reaches_nothing_that_decrypts() {
        let hidden = violations_with(&[("crystallum-format", &["nodes"]), ("nodes", &["crystallum-core"])]);
        let words = "crystallum-server must never reach crystallum-core: \
            crystallum-server -> crystallum-format -> nodes -> crystallum-core";
        assert!(hidden.iter().any(|found| found == words), "{hidden:?}");
        for secret in ["crystallum-core", "crystallum-engine", "crystallum-messages", "crystallum-worker"] {
            let needs: &'static [&'static str] = Box::leak(Box::new([secret]));
            assert!(!violations_with(&[("crystallum-server", needs)]).is_empty(), "{secret}");
            assert!(!violations_with(&[("crystallum-share-store", needs)]).is_empty(), "{secret}");
            assert!(!violations_with(&[("crystallum-api", needs)]).is_empty(), "{secret}");
        }
        for secret in ["aes-gcm", "hkdf"] {
            let needs: &'static [&'static str] = Box::leak(Box::new([secret]));
            assert!(!violations_with(&[("crystallum-server", needs)]).is_empty(), "{secret}");
            assert!(!violations_with(&[("crystallum-share-store", needs)]).is_empty(), "{secret}");
        }
    }

    #[test]
    fn facts_about_exchanges_are_for_everybody() {
        for reader in ["crystallum-app", "crystallum-engine", "crystallum-server"] {
            assert_eq!(violations_with(&[(reader, &["crystallum-exchanges"])]), Vec::<String>::new());
        }
    }

    #[test]
    fn features_for_tests_are_not_shipped() {
        let clean = "crystallum-format v0.1.0 (/a samples/format) \nsha2 v0.11.0 samples\n";
        assert_eq!(find_test_features("crystallum-server", clean), Vec::<String>::new());
        for (feature, features) in
            [("samples", "samples (*)"), ("fuzzing", "default,fuzzing"), ("testing", "testing")]
        {
            let packages = format!("crystallum-format v0.1.0 (/a/format) {features}\n");
            let found = find_test_features("crystallum-server", &packages);
            assert!(matches!(found.as_slice(), [one] if one.contains(feature)), "{found:?}");
        }
    }

    #[test]
    fn the_test_support_reaches_nothing_that_it_tests() {
        for tested in ["crystallum-core", "crystallum-engine", "crystallum-messages", "crystallum-server"] {
            let needs: &'static [&'static str] = Box::leak(Box::new([tested]));
            assert!(!violations_with(&[("crystallum-test-support", needs)]).is_empty(), "{tested}");
        }
    }

    #[test]
    fn the_format_reaches_no_cipher_and_no_key_derivation() {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(find_secret_crates(&names(&[KEYLESS, "hmac", "sha2"])), Vec::<String>::new());
        assert_eq!(find_secret_crates(&names(&["sha2"])).len(), 1, "another package's tree");
        for secret in SECRET_CRATES {
            let found = find_secret_crates(&names(&[KEYLESS, "sha2", secret]));
            assert_eq!(found, [format!("crystallum-format must not be built from {secret}")]);
            let needs: &'static [&'static str] = Box::leak(Box::new([*secret]));
            assert!(!violations_with(&[("crystallum-format", needs)]).is_empty(), "{secret}");
        }
        for other in ["hmac", "crystallum-core", "serde"] {
            let needs: &'static [&'static str] = Box::leak(Box::new([other]));
            assert!(!violations_with(&[("crystallum-format", needs)]).is_empty(), "{other}");
        }
    }

    #[test]
    fn the_engine_knows_no_host() {
        for host in HOST_CRATES {
            let needs: &'static [&'static str] = Box::leak(Box::new([*host]));
            assert!(!violations_with(&[("crystallum-engine", needs)]).is_empty(), "{host}");
        }
        assert!(!violations_with(&[("crystallum-engine", &["timers"]), ("timers", &["tokio"])]).is_empty());
    }

    #[test]
    fn the_core_knows_cryptography_only() {
        for other in ["serde_json", "tokio", "web-sys", "serde"] {
            let needs: &'static [&'static str] = Box::leak(Box::new([other]));
            assert!(!violations_with(&[("crystallum-core", needs)]).is_empty(), "{other}");
        }
        let hidden = violations_with(&[("crystallum-core", &["hpke"]), ("hpke", &["web-sys"])]);
        assert!(!hidden.is_empty());
    }

    #[test]
    fn the_shared_types_stay_plain() {
        assert!(!violations_with(&[("crystallum-exchanges", &["serde"])]).is_empty());
        assert!(!violations_with(&[("crystallum-messages", &["serde", "web-sys"])]).is_empty());
        assert!(!violations_with(&[("crystallum-api", &["serde", "axum"])]).is_empty());
        assert!(!violations_with(&[("crystallum-worker", &["crystallum-server"])]).is_empty());
        assert!(!violations_with(&[("xtask", &["clap"])]).is_empty());
        assert!(!violations_with(&[("crystallum-imports", &["syn", "proc-macro2"])]).is_empty());
    }

    #[test]
    fn a_rule_about_nobody_is_a_breach() {
        let graph = Graph::from_edges(&["other"], &[]);
        assert_eq!(find_violations(&graph, RULES).len(), RULES.len());
    }
}
