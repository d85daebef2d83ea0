pub(crate) const TITLE: &str = "Welcome";
pub(crate) const HEADING: &str = "Keep the keys that move your money where only you can read them";
pub(crate) const SENTENCE: &str = "Crystallum seals exchange API keys and wallet phrases in this browser with your passkey. The server stores what it cannot read.";
pub(crate) const FACTS: &str = "What holds, and how it is checked";
pub(crate) const HOW: &str = "How this is checked";

/// A promise, what it means, and the test that checks it.
pub(crate) struct Fact {
    pub(crate) icon: crate::ui::icon::Glyph,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(crate) proof: &'static str,
}

pub(crate) const FACT_LIST: [Fact; 3] = [
    Fact {
        icon: crate::ui::icon::Glyph::Sealed,
        title: "The server stores ciphertext",
        text: "Secrets, API keys, labels, notes and the name of your vault are encrypted here before they are sent.",
        proof: "A test plants known words in every field, then searches the server's data, logs, traffic and memory for them in every encoding. It must find none.",
    },
    Fact {
        icon: crate::ui::icon::Glyph::Passkey,
        title: "Your passkey is the key",
        text: "The vault's key is derived by your own authenticator. There is no password to guess and none to reset.",
        proof: "A test opens a vault on a clean browser with its passkey, and fails to open it with another one. No request may contain what the authenticator gave.",
    },
    Fact {
        icon: crate::ui::icon::Glyph::Shield,
        title: "Changed data is refused",
        text: "Every state of your vault is signed and numbered. A browser that knows it refuses altered or older copies.",
        proof: "Tests run the app against servers that swap, alter, withhold and replay data. Each must end in a plain refusal.",
    },
];

pub(crate) const SERVER_SILENT: &str =
    "The server does not answer. A new vault needs it; try again in a moment.";
pub(crate) const SIGN_UP_CLOSED: &str =
    "This server takes no new vaults. If you have one here, you can open it.";

pub(crate) const FIGURE_SCREEN: &str = "On your screen";
pub(crate) const FIGURE_LABEL: &str = "Binance main";
pub(crate) const FIGURE_KEY: &str = "vmPU…kSxA";
pub(crate) const FIGURE_STEP: &str = "Sealed in this browser";
pub(crate) const FIGURE_SERVER: &str = "On the server";
pub(crate) const FIGURE_BYTES: &str = "01 01 9f 86 d0 81 88 4c 7d 65 9a 2f ea a0 c5 5a d0 15 a3 bf 4f 1b 2b 0b 82 2c d1 5d 6c 15 b0 f0 0a 08 e3 b0 c4 42 98 fc 1c 14";
