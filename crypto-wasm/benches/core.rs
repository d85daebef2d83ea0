//! Benchmarks of the core, compared with the bare primitives. Run with `cargo bench -p
//! crystallum-core`. Without `--bench` every body runs once with a small input.
#![expect(clippy::print_stdout, reason = "numbers are what a bench is for")]

use std::hint::black_box;
use std::time::Instant;

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use crystallum_core::{
    Blob, Change, DeviceId, DeviceLeaf, Entropy, Environment, Exchange, KeyOverview, KeyslotLeaf, MethodId,
    Op, Overview, RecordContext, RecordId, RecordLeaf, Root, Scope, ShareSetId, SignedHead, SlotId, SlotKind,
    Tags, Tree, VaultId, VaultKeys, VaultSigner, VaultState, WalletContext, WalletKey, blob_hash,
};
use hkdf::Hkdf;
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use sha2::{Digest, Sha256};

/// A source of distinct bytes that costs almost nothing.
struct Count(u64);

impl Entropy for Count {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            self.0 += 1;
            chunk.copy_from_slice(&self.0.to_be_bytes()[..chunk.len()]);
        }
    }
}

const VAULT: VaultId = VaultId::new([0x11; 16]);

fn unlock() -> (VaultKeys, VaultSigner) {
    Root::random(&mut Count(0)).unlock(VAULT, 1)
}

fn overview() -> Overview {
    Overview::Key(KeyOverview {
        exchange: Exchange::Kraken.into(),
        label: "Savings, read only".to_owned(),
        masked: "abcd…wxyz".to_owned(),
        note: "for the tax report".to_owned(),
        created: 1,
        updated: 2,
        has_passphrase: false,
        deleted: None,
        favourite: false,
        tags: Tags::default(),
        copy_of: None,
    })
}

fn context(version: u64) -> RecordContext {
    RecordContext { record: RecordId::new([0x42; 16]), version, environment: Environment::Real }
}

/// Returns the nanoseconds per call, the best of five rounds of `calls`.
fn nanos(calls: u32, mut body: impl FnMut(u32)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let begin = Instant::now();
        (0..calls).for_each(&mut body);
        best = best.min(begin.elapsed().as_secs_f64() * 1e9 / f64::from(calls));
    }
    best
}

fn beside(name: &str, ours: f64, raw: f64) {
    println!("{name}: {:.0}/s, primitives alone {:.0}/s, ratio {:.2}", 1e9 / ours, 1e9 / raw, ours / raw);
}

/// Runs HKDF to 64 bytes and AES-256-GCM over the size class of an overview, in one buffer.
fn raw(salt: u32, buffer: &mut [u8; 512]) {
    let mut info = [7; 160];
    info[..4].copy_from_slice(&salt.to_be_bytes());
    let mut okm = [0; 64];
    Hkdf::<Sha256>::from_prk(&[1; 32]).expect("a full hash").expand(&info, &mut okm).expect("short");
    let cipher = Aes256Gcm::new_from_slice(&okm[..32]).expect("32 bytes");
    black_box(
        cipher.encrypt_inout_detached(&Nonce::default(), b"", buffer.as_mut_slice().into()).expect("short"),
    );
}

fn sealing(calls: u32) {
    let ((keys, _), overview, mut entropy) = (unlock(), overview(), Count(0));
    let primitives = nanos(calls, |n| raw(n, black_box(&mut [0; 512])));
    let seal = nanos(calls, |n| {
        black_box(keys.seal_overview(context(n.into()), &overview, &mut entropy).expect("within limits"));
    });
    beside("seal an overview", seal, primitives);
    let blob = keys.seal_overview(context(1), &overview, &mut entropy).expect("within limits");
    let open = nanos(calls, |_| assert!(keys.open_overview(context(1), black_box(&blob)).is_ok()));
    beside("open an overview", open, primitives);
}

fn opening(count: u32) {
    let ((keys, _), overview, mut entropy) = (unlock(), overview(), Count(0));
    let blobs: Vec<Blob> = (0..count)
        .map(|n| keys.seal_overview(context(n.into()), &overview, &mut entropy).expect("within limits"))
        .collect();
    let all = nanos(1, |_| {
        for (n, blob) in (0..).zip(&blobs) {
            assert!(keys.open_overview(context(n), blob).is_ok());
        }
    });
    println!("open {count} overviews: {:.1} ms", all / 1e6);
}

fn tree(count: u32) {
    let position = |n: u32| -> [u8; 32] { Sha256::digest(n.to_be_bytes()).into() };
    let build = || {
        let mut tree = Tree::default();
        (0..count).for_each(|n| tree.insert(position(n), [1; 32]));
        tree
    };
    let built = nanos(1, |_| {
        black_box(build().root());
    });
    println!("build a tree of {count} leaves: {:.1} ms", built / 1e6);
    let mut tree = build();
    let update = nanos(count, |n| {
        tree.insert(position(n), [2; 32]);
        black_box(tree.root());
    });
    println!("change one leaf of {count}: {:.1} µs", update / 1e3);
}

fn signed(state: &VaultState, signer: &VaultSigner, device: &SigningKey, changes: &[Change]) -> SignedHead {
    let body = state.next_body(Op::Write, DeviceId::new([1; 16]), changes, 0).expect("good changes");
    let signature: p256::ecdsa::Signature = device.sign(&body.message());
    signer.sign_head(body, signature.to_bytes().into())
}

fn heads(count: u32) {
    let (_, signer) = unlock();
    let device = SigningKey::from_slice(&[3; 32]).expect("a scalar");
    let key = device.verifying_key().to_sec1_point(false).as_bytes().try_into().expect("65 bytes");
    let (id, method) = (DeviceId::new([1; 16]), MethodId::new([4; 16]));
    let slot = |scope| KeyslotLeaf {
        method,
        kind: SlotKind::Passkey,
        scope,
        wrap_hash: blob_hash(&[scope.number()]),
    };
    let hash = blob_hash(b"profile");
    let profile =
        RecordLeaf { overview_version: 1, overview_hash: hash, secret_version: 1, secret_hash: hash };
    let first = [
        Change::Device(id, DeviceLeaf { key, max_format: 1, added_by: method }),
        Change::Keyslot(SlotId::new([2; 16]), slot(Scope::Root)),
        Change::Keyslot(SlotId::new([3; 16]), slot(Scope::Cold)),
        Change::Record(RecordId::new(*VAULT.as_bytes()), profile),
    ];
    let body = VaultState::genesis_body(VAULT, signer.verifier(), id, &first, 0).expect("good changes");
    let signature: p256::ecdsa::Signature = device.sign(&body.message());
    let begun = VaultState::genesis(VAULT, signer.sign_head(body, signature.to_bytes().into()), &first)
        .expect("good");

    let mut state = begun.clone();
    let chain: Vec<(SignedHead, [Change; 1])> = (0..count)
        .map(|n| {
            let mut record = [0; 16];
            record[..4].copy_from_slice(&n.to_be_bytes());
            let hash = blob_hash(&record);
            let leaf =
                RecordLeaf { overview_version: 1, overview_hash: hash, secret_version: 1, secret_hash: hash };
            let changes = [Change::Record(RecordId::new(record), leaf)];
            let head = signed(&state, &signer, &device, &changes);
            state.advance(head, &changes).expect("good");
            (head, changes)
        })
        .collect();
    let follow = nanos(1, |_| {
        let mut state = begun.clone();
        for (head, changes) in &chain {
            state.advance(*head, changes).expect("good");
        }
    });
    println!("follow {count} heads of one change: {:.1} ms", follow / 1e6);
    let verify = nanos(1, |_| chain.iter().for_each(|(head, _)| assert!(head.verify(&key).is_ok())));
    println!("verify both signatures of {count} heads: {:.1} ms", verify / 1e6);
}

fn sharing(calls: u32) {
    let context = WalletContext {
        vault: VAULT,
        epoch: 1,
        record: RecordId::new([0x43; 16]),
        set: ShareSetId::new([0x51; 16]),
        share_epoch: 1,
        k: 3,
        n: 5,
        environment: Environment::Real,
    };
    let mut entropy = Count(0);
    let key = WalletKey::random(&mut entropy);
    let split = nanos(calls, |_| {
        black_box(key.deal(black_box(&context), &mut entropy).expect("possible"));
    });
    println!("split 32 bytes, 3 of 5: {:.1} µs", split / 1e3);
    let mut shares = key.deal(&context, &mut entropy).expect("possible");
    shares.truncate(3);
    let combine = nanos(calls, |_| {
        assert!(WalletKey::combine(&context, black_box(&shares)).is_ok_and(|made| made.left_out.is_empty()));
    });
    println!("combine 32 bytes, 3 of 5: {:.1} µs", combine / 1e3);
}

fn main() {
    let full = std::env::args().any(|argument| argument == "--bench");
    let (calls, many, chain) = if full { (20_000, 10_000, 1_000) } else { (1, 10, 3) };
    sealing(calls);
    sharing(calls);
    opening(many);
    tree(many);
    heads(chain);
}
