//! Runs every fuzz body over its corpus and over seeded mutations of it.
#![expect(clippy::print_stdout, reason = "the seed is printed, so that a failure can be repeated")]

use std::path::Path;

use crystallum_core::fuzz;
use sha2::{Digest, Sha256};

const MUTATIONS: u32 = 20_000;

/// A random generator that is determined by its seed (SplitMix64).
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`, or 0.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("small").max(1);
        usize::try_from(self.next() % end).expect("below a usize")
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

/// Reads the files of a folder in the order of their names, so that a seed has the same effect
/// everywhere.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut paths: Vec<_> =
        folder.read_dir().expect("a corpus").map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("readable")).collect()
}

/// Makes one to four changes: flipped bits, set bytes, edited lengths, cuts, repeats, splices with
/// another input.
fn mutated(corpus: &[Vec<u8>], numbers: &mut SplitMix64) -> Vec<u8> {
    let mut input = corpus[numbers.below(corpus.len())].clone();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(input.len());
        match numbers.below(7) {
            0 if !input.is_empty() => input[at] ^= 0x80 >> numbers.below(8),
            1 if !input.is_empty() => input[at] = numbers.byte(),
            2 if at + 2 <= input.len() => {
                // A length field counts up or down by a little, or jumps.
                let length = u16::from_be_bytes([input[at], input[at + 1]]);
                let other = match numbers.below(4) {
                    0 => length.wrapping_add(1),
                    1 => length.wrapping_sub(1),
                    2 => u16::MAX,
                    _ => u16::from(numbers.byte()),
                };
                input[at..at + 2].copy_from_slice(&other.to_be_bytes());
            }
            3 => input.truncate(at),
            4 => {
                let end = at + numbers.below(input.len() - at);
                let part = input[at..end].to_vec();
                input.splice(at..at, part);
            }
            5 => {
                let end = at + numbers.below(input.len() - at);
                input.drain(at..end);
            }
            _ => {
                let other = &corpus[numbers.below(corpus.len())];
                input.truncate(at);
                input.extend_from_slice(&other[numbers.below(other.len())..]);
            }
        }
    }
    input
}

fn run(target: &str, body: fn(&[u8])) {
    let seed: u64 = std::env::var("CRYSTALLUM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2);
    println!("{target}: seed {seed}");
    let corpus = corpus(target);
    assert!(corpus.len() >= 4, "{target} has a corpus");
    corpus.iter().for_each(|input| body(input));

    let mut numbers = SplitMix64(seed);
    let mut seen = Sha256::new();
    for _ in 0..MUTATIONS {
        let input = mutated(&corpus, &mut numbers);
        seen.update(&input);
        body(&input);
    }
    println!("{target}: {} files, {MUTATIONS} mutations, {:02x?}", corpus.len(), &seen.finalize()[..8]);
}

#[test]
fn head() {
    run("head", fuzz::head);
}

#[test]
fn wrap() {
    run("wrap", fuzz::wrap);
}

#[test]
fn content() {
    run("content", fuzz::content);
}

#[test]
fn share() {
    run("share", fuzz::share);
}

#[test]
fn code() {
    run("code", fuzz::code);
}

#[test]
fn sheet() {
    run("sheet", fuzz::sheet);
}

#[test]
fn the_same_seed_gives_the_same_mutations() {
    let corpus = corpus("content");
    let (mut first, mut second) = (SplitMix64(7), SplitMix64(7));
    for _ in 0..100 {
        assert_eq!(mutated(&corpus, &mut first), mutated(&corpus, &mut second));
    }
}
