use std::cell::{Cell, RefCell};
use std::env;
use std::rc::Rc;
use std::thread;

use crystallum_api::Id;
use crystallum_format::entropy::Entropy;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Returns the seed of the run: `CRYSTALLUM_SEED`, 1 by default.
pub fn seed() -> u64 {
    env::var("CRYSTALLUM_SEED").map_or(1, |seed| seed.parse().expect("CRYSTALLUM_SEED is a number"))
}

/// Returns whether the long tests were requested with `CRYSTALLUM_DEEP`.
pub fn deep() -> bool {
    env::var_os("CRYSTALLUM_DEEP").is_some()
}

/// A random generator that gives the same values in every run with the same seed.
pub struct SeededRng(ChaCha20Rng);

impl SeededRng {
    /// Returns the generator with this name. It is seeded with the seed of the run and the name.
    pub fn new(name: &str) -> Self {
        Self(ChaCha20Rng::from_seed(Sha256::digest(format!("{}\n{name}", seed())).into()))
    }

    /// Returns the next stream of this test, which is seeded with the seed of the run, the name of
    /// the test and the number of the stream in it.
    #[expect(clippy::print_stdout, reason = "cargo shows it when the test fails")]
    pub fn next_stream() -> Self {
        thread_local! { static STREAMS: Cell<u64> = const { Cell::new(0) } }
        let stream = STREAMS.replace(STREAMS.get() + 1);
        if stream == 0 {
            println!("seed {}", seed());
        }
        // Each test runs in a thread that has the test's name.
        let test = thread::current().name().unwrap_or_default().to_owned();
        Self::new(&format!("{test}\n{stream}"))
    }

    /// Returns random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// Returns `length` random bytes, for instance in place of a sealed blob.
    pub fn blob(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// Returns a random id.
    pub fn id(&mut self) -> Id {
        Id(self.bytes())
    }

    /// Returns a number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("64 bits");
        usize::try_from(u64::from_le_bytes(self.bytes()) % end).expect("below a usize")
    }

    /// Returns one of several values.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

impl Entropy for SeededRng {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }
}

/// A [`SeededRng`] that records the values it gives.
pub struct RecordedRng {
    rng: SeededRng,
    draws: Rc<RefCell<Vec<[u8; 32]>>>,
}

impl RecordedRng {
    /// Records what this generator gives.
    pub fn new(rng: SeededRng) -> Self {
        Self { rng, draws: Rc::default() }
    }

    /// Returns random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// Returns the value of 32 bytes that was drawn last.
    pub fn last(&self) -> [u8; 32] {
        *self.draws.borrow().last().expect("a value was drawn")
    }

    /// Returns all values of 32 bytes that were drawn, in order. The list grows while this is used.
    pub fn draws(&self) -> Rc<RefCell<Vec<[u8; 32]>>> {
        Rc::clone(&self.draws)
    }
}

impl Entropy for RecordedRng {
    fn fill(&mut self, out: &mut [u8]) {
        self.rng.fill(out);
        if let Ok(draw) = <[u8; 32]>::try_from(&*out) {
            self.draws.borrow_mut().push(draw);
        }
    }
}
