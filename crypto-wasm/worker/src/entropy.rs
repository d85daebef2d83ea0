use crystallum_engine::Entropy;

/// The random generator of the browser, `crypto.getRandomValues()`.
pub(crate) struct BrowserEntropy;

impl Entropy for BrowserEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        getrandom::fill(out).expect("every browser that runs Wasm has a generator");
    }
}
