//! Compares our shares with npm `shamir-secret-sharing`, which shares only the field with ours:
//! each combines what the other dealt.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crystallum_core::{
    ColdRoot, Environment, Language, Phrase, RecordId, SealedPhrase, SealedShare, ShareSetId, StoreId,
    StoreKeys, VaultId, WalletContext, WalletKey,
};
use crystallum_test_support::{RecordedRng, SeededRng, deep, seed};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

/// A dealing of ours, and its description for Node.
struct Dealing {
    context: WalletContext,
    stores: Vec<StoreKeys>,
    json: Value,
}

fn deal(rng: &mut RecordedRng, k: u8, n: u8) -> Dealing {
    let context = WalletContext {
        vault: VaultId::random(rng),
        epoch: 1,
        record: RecordId::random(rng),
        set: ShareSetId::random(rng),
        share_epoch: u32::from(rng.bytes::<1>()[0]) + 1,
        k,
        n,
        environment: Environment::Real,
    };
    let cold_root = ColdRoot::random(rng);
    let cold = HEXLOWER.encode(&rng.last());
    let key = WalletKey::random(rng);
    let key_hex = HEXLOWER.encode(&rng.last());
    let stores: Vec<StoreKeys> =
        (0..n).map(|_| cold_root.store_keys(context.vault, 1, StoreId::new(rng.bytes()))).collect();
    let shares = key.deal(&context, rng).unwrap();
    let sealed: Vec<String> = shares
        .iter()
        .zip(&stores)
        .map(|(share, store)| HEXLOWER.encode(&share.seal(store, rng).to_bytes()))
        .collect();
    let json = json!({
        "vault": HEXLOWER.encode(context.vault.as_bytes()),
        "record": HEXLOWER.encode(context.record.as_bytes()),
        "set": HEXLOWER.encode(context.set.as_bytes()),
        "epoch": context.share_epoch,
        "k": k,
        "n": n,
        "cold": cold,
        "key": key_hex,
        "stores": stores.iter().map(|store| HEXLOWER.encode(store.store().as_bytes())).collect::<Vec<_>>(),
        "shares": sealed,
    });
    Dealing { context, stores, json }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn ask_node(question: &Value) -> Value {
    let folder = folder();
    assert!(
        folder.join("node_modules/shamir-secret-sharing").is_dir(),
        "the packages are missing: run `cargo xtask test`, or `npm ci` in {}",
        folder.display()
    );
    let mut node = Command::new("node")
        .arg("js/shamir.mjs")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node 20 or later is on PATH");
    node.stdin.take().unwrap().write_all(question.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "Node disagrees; it says why above");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

/// Returns every combination of `k` numbers below `n`.
fn combinations(n: usize, k: usize) -> Vec<Vec<usize>> {
    if k == 0 {
        return vec![Vec::new()];
    }
    let ending_at =
        |last| combinations(last, k - 1).into_iter().map(move |first| [first, vec![last]].concat());
    (k - 1..n).flat_map(ending_at).collect()
}

/// Combines every choice of `k` of their shares and returns the number of choices.
fn combine_all(dealing: &Dealing, theirs: &Value) -> usize {
    let Dealing { context, stores, .. } = dealing;
    let shares: Vec<SealedShare> = theirs["shares"]
        .as_array()
        .unwrap()
        .iter()
        .map(|share| SealedShare::from_bytes(&hex(share)).unwrap())
        .collect();
    let phrase = SealedPhrase::from_bytes(&hex(&theirs["phrase"])).unwrap();
    let opened = |at: usize| shares[at].open(&stores[at], context, u8::try_from(at + 1).unwrap()).unwrap();
    let all = combinations(shares.len(), context.k.into());
    for choice in &all {
        let some: Vec<_> = choice.iter().map(|at| opened(*at)).collect();
        let made = WalletKey::combine(context, &some).unwrap();
        assert!(made.left_out.is_empty());
        let phrase: Phrase = made.key.open_phrase(context, &phrase).unwrap();
        assert_eq!(phrase.expose_entropy(), hex(&theirs["entropy"]));
        assert_eq!(phrase.language(), Language::English);
    }
    all.len()
}

#[test]
fn either_combines_what_the_other_dealt() {
    let mut rng = RecordedRng::new(SeededRng::next_stream());
    let shapes = [(2, 2), (2, 3), (3, 5), (3, 5), (3, 5), (4, 7), (5, 5), (2, 16), (15, 16), (16, 16)];
    let rounds = if deep() { 20 } else { 1 };
    let dealings: Vec<Dealing> =
        (0..rounds).flat_map(|_| shapes).map(|(k, n)| deal(&mut rng, k, n)).collect();
    let answer = ask_node(&json!({
        "seed": seed(),
        "vectors": folder().join("../../crypto-wasm/vectors/wallet.json"),
        "dealings": dealings.iter().map(|dealing| dealing.json.clone()).collect::<Vec<_>>(),
    }));

    // 1 + 3 + 10 + 10 + 10 + 35 + 1 + 120 + 16 + 1
    let expected = 207 * rounds;
    assert_eq!(answer["fresh"], expected, "choices of our shares that they combined");
    // Seven of 3 of 5, one each of 2 of 2, 16 of 16 and 2 of 16.
    assert_eq!(answer["recorded"], 7 * 10 + 1 + 1 + 120, "choices of recorded shares that they combined");
    let theirs = answer["dealings"].as_array().unwrap();
    assert_eq!(theirs.len(), dealings.len());
    let combined: usize =
        dealings.iter().zip(theirs).map(|(dealing, theirs)| combine_all(dealing, theirs)).sum();
    assert_eq!(combined, expected, "choices of their shares that we combined");
}
