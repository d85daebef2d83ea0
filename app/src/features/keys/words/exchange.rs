use crystallum_messages::Exchange;

/// Where an exchange lists its API keys, and which permissions a key should have.
pub(crate) struct Guide {
    /// The path through the exchange's pages.
    pub(crate) location: &'static str,
    /// The permissions to grant, as the exchange names them.
    pub(crate) grant: &'static str,
    /// The permissions to withhold.
    pub(crate) withhold: &'static str,
    /// The hint for the API key.
    pub(crate) api_key: &'static str,
    /// The hint for the API secret.
    pub(crate) api_secret: &'static str,
    /// The hint for the passphrase.
    pub(crate) passphrase: &'static str,
}

const SHOWN_ONCE: &str = "Shown once, when the key is made.";
const CHOSEN: &str = "The one you chose when you made the key; not your login password.";

/// Returns the guide for an exchange.
pub(crate) fn guide(exchange: Exchange) -> Guide {
    let plain = Guide {
        location: "",
        grant: "",
        withhold: "",
        api_key: "",
        api_secret: SHOWN_ONCE,
        passphrase: CHOSEN,
    };
    match exchange {
        Exchange::Binance => Guide {
            location: "Account, API Management, Create API",
            grant: "Enable Reading; for a bot also Enable Spot & Margin Trading. Restrict access to trusted IPs.",
            withhold: "Enable Withdrawals, Enable Internal Transfer, Permits Universal Transfer",
            api_secret: "For an HMAC key the secret, shown once. For an Ed25519 or RSA key the private key, all of it.",
            ..plain
        },
        Exchange::Bybit => Guide {
            location: "Account, API, Create New Key",
            grant: "Read-only, or Read-Write with Orders and Positions. Bind an IP address: keys without one expire.",
            withhold: "Assets: Withdrawal, Account Transfer, Subaccount Transfer",
            api_secret: "The secret, shown once; for a self-generated RSA key the private key, all of it.",
            ..plain
        },
        Exchange::Okx => Guide {
            location: "Profile, API, Create V5 API key",
            grant: "Read; for a bot also Trade. Bind an IP address.",
            withhold: "Withdraw",
            ..plain
        },
        Exchange::Kraken => Guide {
            location: "Settings, API, Create API key",
            grant: "Query funds, Query open orders & trades; for a bot also Create & modify orders. Set an IP address restriction.",
            withhold: "Withdraw funds, Withdraw earn allocations",
            api_secret: "Kraken calls it the private key. Shown once.",
            ..plain
        },
        Exchange::Coinbase => Guide {
            location: "Coinbase Developer Platform, API keys, Secret API keys",
            grant: "View; for a bot also Trade. Set an IP allowlist.",
            withhold: "Transfer",
            api_key: "The key name: organizations/…/apiKeys/…",
            api_secret: "The private key, all of it, from BEGIN to END. It is in the file you downloaded.",
            ..plain
        },
        Exchange::Kucoin => Guide {
            location: "API Management, Create API",
            grant: "General; for a bot also Spot. Restrict it to IP addresses.",
            withhold: "Withdrawal, Transfer, FlexTransfers",
            ..plain
        },
        Exchange::Bitget => Guide {
            location: "Settings, API Keys, Create API key",
            grant: "Read-only, or Read-write with Spot trade. Bind an IP address.",
            withhold: "Withdraw, Transfer",
            ..plain
        },
        Exchange::Gate => Guide {
            location: "Account, API Management, Create API key (v4)",
            grant: "Spot and Account, read only or, for a bot, Spot with writing. Set the IP whitelist.",
            withhold: "Withdraw, and writing on Wallet",
            ..plain
        },
        Exchange::Bitfinex => Guide {
            location: "Account, API keys, Create new key",
            grant: "Reading of Account, Orders and Wallets; for a bot also writing of Orders. Restrict it to IP addresses.",
            withhold: "Withdrawals, and writing on Wallets",
            ..plain
        },
        Exchange::Other => Guide {
            location: "Usually under Account, API, on the exchange's own site",
            grant: "The fewest that do the job, bound to IP addresses where that is offered.",
            withhold: "Withdrawals and transfers",
            api_secret: "A line of text, or a private key with all its lines.",
            passphrase: "Only if the key has one.",
            ..plain
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exchange_says_where_its_key_is_and_what_it_should_do() {
        for exchange in Exchange::ALL {
            let guide = guide(exchange);
            for text in [guide.location, guide.grant, guide.withhold, guide.api_secret, guide.passphrase] {
                assert!(!text.is_empty() && !text.contains('!'), "{exchange:?}");
            }
        }
    }
}
