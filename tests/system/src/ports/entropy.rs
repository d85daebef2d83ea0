use std::cell::{Cell, RefCell};
use std::env;
use std::rc::Rc;
use std::thread;

use crystallum_engine::Entropy;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A random generator that is seeded with the seed of the run (`CRYSTALLUM_SEED`, 1 by default),
/// the name of the test and the number of the stream in it.
pub struct SeededEntropy(ChaCha20Rng, Rc<RefCell<Vec<[u8; 32]>>>);

impl SeededEntropy {
    /// Returns the next stream of this test.
    #[expect(clippy::print_stdout, reason = "cargo shows it when the test fails")]
    pub fn next() -> Self {
        thread_local! { static STREAMS: Cell<u64> = const { Cell::new(0) } }
        let seed = env::var("CRYSTALLUM_SEED").unwrap_or_else(|_| "1".to_owned());
        let stream = STREAMS.replace(STREAMS.get() + 1);
        if stream == 0 {
            println!("seed {seed}");
        }
        // Each test runs in a thread that is named like it.
        let test = thread::current().name().unwrap_or_default().to_owned();
        let hash = Sha256::digest(format!("{seed}\n{test}\n{stream}"));
        Self(ChaCha20Rng::from_seed(hash.into()), Rc::default())
    }

    /// Returns all values of 32 bytes that were drawn, in order. The list grows while this is used.
    pub fn draws(&self) -> Rc<RefCell<Vec<[u8; 32]>>> {
        Rc::clone(&self.1)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
        if let Ok(draw) = <[u8; 32]>::try_from(&*out) {
            self.1.borrow_mut().push(draw);
        }
    }
}
