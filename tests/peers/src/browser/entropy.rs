use crystallum_core::Entropy;

/// Randomness from `crypto.getRandomValues()`, as in the worker.
pub(crate) struct BrowserEntropy;

impl Entropy for BrowserEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        getrandom::fill(out).expect("every browser that runs Wasm has a generator");
    }
}

/// Fixed bytes instead of randomness, for keys that a script must know.
pub(crate) struct Fixed(pub(crate) [u8; 32]);

impl Entropy for Fixed {
    fn fill(&mut self, out: &mut [u8]) {
        out.iter_mut().zip(self.0).for_each(|(byte, fixed)| *byte = fixed);
    }
}
