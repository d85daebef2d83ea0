//! Facts about the supported exchanges, one file for each. The crate holds no secrets and has no
//! dependencies, so every part of the product may use it.
//!
//! A new exchange is a new file with its [`Facts`], its `mod` line, and its line in the table
//! below. The compiler refuses a file that leaves a fact out, a table that names a missing module,
//! and a module that the table does not name. Tests ask for what is elsewhere: the code in
//! `FORMAT.md`, and the colour of the tile in the page's style sheet.
#![forbid(unsafe_code)]

mod binance;
mod bitfinex;
mod bitget;
mod bybit;
mod coinbase;
mod facts;
mod fields;
mod gate;
mod kraken;
mod kucoin;
mod okx;
mod other;
mod shape;

pub use facts::{Facts, Guide};
pub use fields::{Field, FieldRule, MAX_CREDENTIAL};
pub use shape::{Shape, Shapes};

macro_rules! exchanges {
    ($($file:ident $name:ident,)*) => {
        /// The supported exchanges, in the order in which they are offered.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Exchange {
            $(
                #[doc = concat!("The exchange that `", stringify!($file), ".rs` describes.")]
                $name,
            )*
        }

        // Each function reads one fact at compile time, so a program contains only the facts that
        // it uses.
        impl Exchange {
            /// Every exchange, in the order in which they are offered.
            pub const ALL: [Self; [$(stringify!($name)),*].len()] = [$(Self::$name),*];

            /// Returns the display name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => const { $file::FACTS.name },)* }
            }

            /// Returns the indefinite article for the name.
            pub const fn article(self) -> &'static str {
                match self { $(Self::$name => const { $file::FACTS.article },)* }
            }

            /// Returns the name in records, addresses and style sheets.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => const { $file::FACTS.code },)* }
            }

            /// Returns the fields of this exchange's keys, in the order of the form.
            pub const fn fields(self) -> &'static [FieldRule] {
                match self { $(Self::$name => const { $file::FACTS.fields },)* }
            }

            /// Returns what the API key and the API secret look like, if the two can be told apart.
            pub const fn shapes(self) -> Option<Shapes> {
                match self { $(Self::$name => const { $file::FACTS.shapes },)* }
            }

            /// Returns the two letters on the exchange's tile.
            pub const fn initials(self) -> &'static str {
                match self { $(Self::$name => const { $file::FACTS.initials },)* }
            }

            /// Returns what a user needs to know to create a key.
            pub const fn guide(self) -> &'static Guide {
                match self { $(Self::$name => const { &$file::FACTS.guide },)* }
            }
        }
    };
}

exchanges! {
    binance Binance,
    bybit Bybit,
    okx Okx,
    kraken Kraken,
    coinbase Coinbase,
    kucoin Kucoin,
    bitget Bitget,
    gate Gate,
    bitfinex Bitfinex,
    other Other,
}

impl Exchange {
    /// Returns the exchange with this [`code`](Self::code).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|exchange| exchange.code() == code)
    }
}

#[cfg(test)]
mod tests;
