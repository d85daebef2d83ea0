//! Our shares against npm `shamir-secret-sharing`, which has the same field and nothing else in common: either combines what the other dealt.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crystallum_core::{
    ColdRoot, Entropy, Environment, Language, Phrase, RecordId, SealedPhrase, SealedShare, ShareSetId,
    StoreId, StoreKeys, VaultId, WalletContext, WalletKey,
};
use data_encoding::HEXLOWER;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};

/// Random bytes that repeat with the seed of the run; remembers what was drawn last.
struct Dice {
    rng: ChaCha20Rng,
    last: Vec<u8>,
}

impl Dice {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }
}

impl Entropy for Dice {
    fn fill(&mut self, out: &mut [u8]) {
        self.rng.fill_bytes(out);
        self.last = out.to_vec();
    }
}

/// A dealing of ours, and what Node is told of it.
struct Dealing {
    context: WalletContext,
    stores: Vec<StoreKeys>,
    told: Value,
}

fn seed() -> u64 {
    std::env::var("CRYSTALLUM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

fn deal(dice: &mut Dice, k: u8, n: u8) -> Dealing {
    let context = WalletContext {
        vault: VaultId::random(dice),
        epoch: 1,
        record: RecordId::random(dice),
        set: ShareSetId::random(dice),
        share_epoch: u32::from(dice.bytes::<1>()[0]) + 1,
        k,
        n,
        environment: Environment::Real,
    };
    let cold_root = ColdRoot::random(dice);
    let cold = HEXLOWER.encode(&dice.last);
    let key = WalletKey::random(dice);
    let told_key = HEXLOWER.encode(&dice.last);
    let stores: Vec<StoreKeys> =
        (0..n).map(|_| cold_root.store_keys(context.vault, 1, StoreId::new(dice.bytes()))).collect();
    let shares = key.deal(&context, dice).unwrap();
    let sealed: Vec<String> = shares
        .iter()
        .zip(&stores)
        .map(|(share, store)| HEXLOWER.encode(&share.seal(store, dice).to_bytes()))
        .collect();
    let told = json!({
        "vault": HEXLOWER.encode(context.vault.as_bytes()),
        "record": HEXLOWER.encode(context.record.as_bytes()),
        "set": HEXLOWER.encode(context.set.as_bytes()),
        "epoch": context.share_epoch,
        "k": k,
        "n": n,
        "cold": cold,
        "key": told_key,
        "stores": stores.iter().map(|store| HEXLOWER.encode(store.store().as_bytes())).collect::<Vec<_>>(),
        "shares": sealed,
    });
    Dealing { context, stores, told }
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

/// Every choice of `k` numbers below `n`.
fn choices(n: usize, k: usize) -> Vec<Vec<usize>> {
    if k == 0 {
        return vec![Vec::new()];
    }
    let ending_at = |last| choices(last, k - 1).into_iter().map(move |first| [first, vec![last]].concat());
    (k - 1..n).flat_map(ending_at).collect()
}

/// How many choices of `k` of their shares ours made the right key of.
fn combine(dealing: &Dealing, theirs: &Value) -> usize {
    let Dealing { context, stores, .. } = dealing;
    let shares: Vec<SealedShare> = theirs["shares"]
        .as_array()
        .unwrap()
        .iter()
        .map(|share| SealedShare::from_bytes(&hex(share)).unwrap())
        .collect();
    let phrase = SealedPhrase::from_bytes(&hex(&theirs["phrase"])).unwrap();
    let opened = |at: usize| shares[at].open(&stores[at], context, u8::try_from(at + 1).unwrap()).unwrap();
    let all = choices(shares.len(), context.k.into());
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
    let deep = std::env::var("CRYSTALLUM_DEEP").is_ok_and(|deep| deep == "1");
    let mut dice = Dice { rng: ChaCha20Rng::seed_from_u64(seed()), last: Vec::new() };
    let shapes = [(2, 2), (2, 3), (3, 5), (3, 5), (3, 5), (4, 7), (5, 5), (2, 16), (15, 16), (16, 16)];
    let rounds = if deep { 20 } else { 1 };
    let dealings: Vec<Dealing> =
        (0..rounds).flat_map(|_| shapes).map(|(k, n)| deal(&mut dice, k, n)).collect();
    let answer = ask_node(&json!({
        "seed": seed(),
        "vectors": folder().join("../../crypto-wasm/vectors/wallet.json"),
        "dealings": dealings.iter().map(|dealing| dealing.told.clone()).collect::<Vec<_>>(),
    }));

    // 1 + 3 + 10 + 10 + 10 + 35 + 1 + 120 + 16 + 1
    let expected = 207 * rounds;
    assert_eq!(answer["fresh"], expected, "choices of our shares that they combined");
    // Seven of 3 of 5, one each of 2 of 2, 16 of 16 and 2 of 16.
    assert_eq!(answer["recorded"], 7 * 10 + 1 + 1 + 120, "choices of recorded shares that they combined");
    let theirs = answer["dealings"].as_array().unwrap();
    assert_eq!(theirs.len(), dealings.len());
    let combined: usize = dealings.iter().zip(theirs).map(|(dealing, theirs)| combine(dealing, theirs)).sum();
    assert_eq!(combined, expected, "choices of their shares that we combined");
}
