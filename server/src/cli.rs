use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::RangedI64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use crystallum_api::{Id, SignUp};
use crystallum_server::{Network, Settings};

/// Stores ciphertext and hands it back; can read none of it.
#[derive(Parser)]
#[command(name = "crystallum-server", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Runs the server until it is told to stop (SIGTERM or Ctrl-C).
    Serve(Serve),
    /// Prints one new invitation code. It makes one account and cannot be shown again.
    Invite(ExistingData),
    /// Copies the database and all stores, as they are at one moment, into a new folder; the server
    /// may run. Exits with 4 when a store had to be left out.
    Backup {
        /// Where the backup goes; made when missing, refused when not empty.
        #[arg(value_name = "DIR")]
        to: PathBuf,
        #[command(flatten)]
        data: ExistingData,
    },
    /// Deletes old backups, but keeps the newest that has all stores, the newest that has each of
    /// them, and the one that the file `sound` beside them names.
    Prune {
        /// The folder in which the backups are.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// How many days a backup is kept.
        #[arg(long, value_name = "NUMBER", default_value_t = 30)]
        days: u32,
    },
    /// Makes a data folder from a backup, after checking all of it. The server must not run there.
    /// Exits with 4 when a store is not in the backup.
    Restore {
        /// The backup.
        #[arg(value_name = "DIR")]
        from: PathBuf,
        #[command(flatten)]
        data: DataFolder,
    },
    /// Checks everything that can be checked without keys; reads only, the server may run. Exits
    /// with 1 when something is wrong.
    Doctor {
        #[command(flatten)]
        data: ExistingData,
        /// Prints the report as one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Lists, shows or deletes accounts; the server may run.
    #[command(subcommand)]
    Accounts(AccountsCommand),
    /// Lists share stores, makes lost ones again, and records decisions about them; the server may
    /// run.
    #[command(subcommand)]
    Stores(StoresCommand),
}

#[derive(Subcommand)]
pub(crate) enum StoresCommand {
    /// Prints one line for each store. Exits with 1 when one cannot be used or needs a decision.
    List(ExistingData),
    /// Makes stores again whose files are lost, without their shares.
    Create(ChosenStores),
    /// Ends the problem `store_made_again` for these stores.
    Acknowledge(ChosenStores),
    /// Says that the main database is the right one although stores are ahead of it, which ends the
    /// problems `store_ahead` and `restored_behind_stores`.
    Confirm(ExistingData),
}

#[derive(Args)]
pub(crate) struct ChosenStores {
    /// The numbers of the stores.
    #[arg(value_name = "NUMBER", required = true)]
    pub(crate) numbers: Vec<u8>,
    #[command(flatten)]
    pub(crate) data: ExistingData,
}

#[derive(Subcommand)]
pub(crate) enum AccountsCommand {
    /// Prints one line for each account.
    List(ExistingData),
    /// Prints what is stored of one account, as far as it can be read without keys.
    Show {
        /// The account, as `list` and `doctor` name it.
        #[arg(value_name = "ACCOUNT", value_parser = parse_id, allow_hyphen_values = true)]
        id: Id,
        #[command(flatten)]
        data: ExistingData,
    },
    /// Deletes one account with everything that belongs to it. Only a backup can bring it back.
    Delete {
        /// The account, as `list` and `doctor` name it.
        #[arg(value_name = "ACCOUNT", value_parser = parse_id, allow_hyphen_values = true)]
        id: Id,
        #[command(flatten)]
        data: ExistingData,
    },
}

/// Parses a number that is not 0.
fn positive() -> RangedI64ValueParser<u32> {
    value_parser!(u32).range(1..)
}

fn parse_id(text: &str) -> Result<Id, String> {
    text.parse().map_err(|_| "an account has 22 letters, digits, - or _".to_owned())
}

#[derive(Args)]
pub(crate) struct DataFolder {
    /// Folder of the database; made when missing, readable by its owner only.
    #[arg(long, value_name = "DIR", env = "CRYSTALLUM_DATA")]
    pub(crate) data: PathBuf,
}

#[derive(Args)]
pub(crate) struct ExistingData {
    /// Folder of the database.
    #[arg(long, value_name = "DIR", env = "CRYSTALLUM_DATA")]
    pub(crate) data: PathBuf,
}

#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    data: DataFolder,
    /// Where to listen; port 0 lets the system choose.
    #[arg(long, value_name = "ADDRESS:PORT", env = "CRYSTALLUM_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The origin under which browsers see this server; its host is the RP id of all passkeys. Port
    /// 0 stands for the port listened on.
    #[arg(long, value_name = "ORIGIN", env = "CRYSTALLUM_ORIGIN")]
    origin: String,
    /// Folder of the built app; without it only /api answers.
    #[arg(long, value_name = "DIR", env = "CRYSTALLUM_APP")]
    app: Option<PathBuf>,
    /// Who may make a vault [default: open when only this machine can reach the server, else
    /// invite].
    #[arg(long, value_enum, env = "CRYSTALLUM_SIGN_UP")]
    sign_up: Option<SignUpPolicy>,
    /// Address of a proxy that ends TLS before this server, or a network of proxies such as
    /// 10.1.0.0/16; may be given several times.
    #[arg(long, value_name = "IP[/PREFIX]", env = "CRYSTALLUM_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<Network>,
    /// Seconds without a request after which a session ends.
    #[arg(long, value_name = "SECONDS", env = "CRYSTALLUM_SESSION_IDLE", default_value_t = Settings::SESSION_IDLE, value_parser = positive())]
    session_idle: u32,
    /// Seconds after which a session ends in any case.
    #[arg(long, value_name = "SECONDS", env = "CRYSTALLUM_SESSION_LIFE", default_value_t = Settings::SESSION_LIFE, value_parser = positive())]
    session_life: u32,
    /// Live records an account may have.
    #[arg(long, value_name = "NUMBER", env = "CRYSTALLUM_QUOTA_RECORDS", default_value_t = Settings::QUOTA_RECORDS, value_parser = positive())]
    quota_records: u32,
    /// Bytes an account may store.
    #[arg(long, value_name = "BYTES", env = "CRYSTALLUM_QUOTA_BYTES", default_value_t = Settings::QUOTA_BYTES, value_parser = positive())]
    quota_bytes: u32,
    /// Bytes that all accounts together may use of the disk. New accounts are refused from nine
    /// tenths of it on.
    #[arg(long, value_name = "BYTES", env = "CRYSTALLUM_QUOTA_DISK", default_value_t = Settings::QUOTA_DISK, value_parser = value_parser!(u64).range(1..))]
    quota_disk: u64,
    /// Entries a vault may have: records, deleted ones included, devices, sign-in methods and
    /// shares; from 1,000 to 250,000. Each 10,000 beyond 40,000 may take 15 MB more memory, so
    /// raise `MemoryMax` of the unit by 17 MB for them.
    #[arg(long, value_name = "NUMBER", env = "CRYSTALLUM_VAULT_ENTRIES", default_value_t = Settings::VAULT_ENTRIES, value_parser = value_parser!(u64).range(1_000..=250_000))]
    vault_entries: u64,
    /// Multiplies every rate limit.
    #[arg(long, value_name = "FACTOR", env = "CRYSTALLUM_RATE_SCALE", default_value_t = 1, value_parser = positive())]
    rate_scale: u32,
    /// Where Prometheus finds its numbers, under /metrics; an address of this machine only
    /// [default: nowhere].
    #[arg(long, value_name = "ADDRESS:PORT", env = "CRYSTALLUM_METRICS")]
    metrics: Option<SocketAddr>,
}

#[derive(Clone, Copy, ValueEnum)]
enum SignUpPolicy {
    /// Everybody.
    Open,
    /// Whoever has an invitation code.
    Invite,
    /// Nobody.
    Closed,
}

impl From<Serve> for Settings {
    fn from(serve: Serve) -> Self {
        Self {
            data: serve.data.data,
            listen: serve.listen,
            origin: serve.origin,
            app: serve.app,
            sign_up: serve.sign_up.map(|policy| match policy {
                SignUpPolicy::Open => SignUp::Open,
                SignUpPolicy::Invite => SignUp::Invite,
                SignUpPolicy::Closed => SignUp::Closed,
            }),
            trusted_proxies: serve.trusted_proxy,
            session_idle: serve.session_idle,
            session_life: serve.session_life,
            quota_records: serve.quota_records,
            quota_bytes: serve.quota_bytes,
            quota_disk: serve.quota_disk,
            vault_entries: serve.vault_entries,
            rate_scale: serve.rate_scale,
            metrics: serve.metrics,
        }
    }
}
