//! Parses the command line and holds the help texts.

use lexopt::{Arg, Parser, ValueExt};

use crate::{
    attack,
    failure::{Failure, Outcome},
    serve, test,
};

/// What the command line asks for.
pub(crate) enum Task {
    /// Carry out the attacks of a hostile server.
    Attack(attack::Options),
    /// Run the benchmarks, or only the part of this name.
    Bench(Option<String>),
    /// Build the app.
    Build,
    /// Run the lints and the rules.
    Check,
    /// Finish a build of the app; called by Trunk.
    Finish,
    /// Print a help text.
    Help(&'static str),
    /// Build and run the product.
    Serve(serve::Options),
    /// Install every tool.
    Setup,
    /// Run all tests.
    Test(test::Options),
}

/// Parses the arguments.
pub(crate) fn parse(mut parser: Parser) -> Outcome<Task> {
    let command = match parser.next()? {
        None | Some(Arg::Long("help") | Arg::Short('h')) => return Ok(Task::Help(HELP)),
        Some(Arg::Value(command)) => command.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    let mut attack = attack::Options { numbers: Vec::new(), browser: false, without_defences: false };
    let mut bench = None;
    let mut serve = serve::Options { port: 8080, data: None };
    let mut test = test::Options { deep: false, part: None, seed: None };
    while let Some(argument) = parser.next()? {
        match (command.as_str(), argument) {
            ("help", Arg::Value(about)) => return help_for(&about.string()?).map(Task::Help),
            (about, Arg::Long("help") | Arg::Short('h')) => return help_for(about).map(Task::Help),
            ("attack", Arg::Long("browser")) if !attack.without_defences => attack.browser = true,
            ("attack", Arg::Long("without-defences")) if !attack.browser => attack.without_defences = true,
            ("attack", Arg::Value(number)) => attack.numbers.push(number.string()?.to_uppercase()),
            ("bench", Arg::Value(part)) if bench.is_none() => bench = Some(part.string()?),
            ("serve", Arg::Long("port")) => serve.port = parser.value()?.parse()?,
            ("serve", Arg::Long("data")) => serve.data = Some(parser.value()?.into()),
            ("test", Arg::Long("deep")) => test.deep = true,
            ("test", Arg::Value(part)) if test.deep && test.part.is_none() => {
                test.part = Some(part.string()?)
            }
            ("test", Arg::Long("seed")) => test.seed = Some(parser.value()?.parse()?),
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    match command.as_str() {
        "attack" => Ok(Task::Attack(attack)),
        "bench" => Ok(Task::Bench(bench)),
        "build" => Ok(Task::Build),
        "check" => Ok(Task::Check),
        "finish" => Ok(Task::Finish),
        "help" => Ok(Task::Help(HELP)),
        "serve" => Ok(Task::Serve(serve)),
        "setup" => Ok(Task::Setup),
        "test" => Ok(Task::Test(test)),
        other => help_for(other).map(Task::Help),
    }
}

/// Returns the help text of a command.
fn help_for(command: &str) -> Outcome<&'static str> {
    match command {
        "attack" => Ok(ATTACK),
        "bench" => Ok(BENCH),
        "build" => Ok(BUILD),
        "check" => Ok(CHECK),
        "finish" => Ok(FINISH),
        "help" => Ok(HELP),
        "serve" => Ok(SERVE),
        "setup" => Ok(SETUP),
        "test" => Ok(TEST),
        other => Err(Failure::new(format!("there is no command {other}. See: cargo xtask help"))),
    }
}

const HELP: &str = "\
cargo xtask COMMAND

  serve   build what changed and run Crystallum on this machine
  test    check, then run every test, natively, in Chromium and in Firefox
  check   format, lints, licences, rules about files and dependencies
  attack  carry out the attacks of a hostile server and say what became of each
  build   build the app into dist/
  bench   run the benchmarks
  setup   install all that the others need, for later work without network
  help    explain a command: cargo xtask help serve

What a command needs and does not find is installed once: tools into
$XDG_CACHE_HOME/crystallum/tools (or ~/.cache), packages of the tests into
node_modules in tests/browser and tests/peers. Nothing else on the machine is
changed, except that rustup adds the Wasm target, the formatter and the linter to
the project's toolchain, and that root gets Chromium, Firefox, python3-venv and
strace from apt when they are missing.
";

const SERVE: &str = "\
cargo xtask serve [--port PORT] [--data FOLDER]

Builds the app and the server as they ship and runs the server with an embedded
database. A second run builds only what changed and needs no network.

  --port PORT     the port on this machine (8080)
  --data FOLDER   where the server keeps its data (data/ in the clone)
";

const TEST: &str = "\
cargo xtask test [--deep [PART]] [--seed NUMBER]

Runs the check, the native tests, a build of the app, its size budgets and the
browser tests, in Chromium and Firefox. All steps run even when one fails; a
summary comes last.

  --deep          longer runs, with a new seed each time
  --deep PART     one part of them alone: fresh-machine, memory, proxies,
                  server, soak, webkit, without-defences
  --seed NUMBER   repeat a run: every test draws its randomness from this number
";

const CHECK: &str = "\
cargo xtask check

Format, lints (native and Wasm), licences and sources of dependencies, who may
depend on whom, import circles, length of files, labels in one place,
documentation. Warns about long commit subjects.
";

const ATTACK: &str = "\
cargo xtask attack [--browser | --without-defences] [T17 ...]

Carries out the attacks that tests/ATTACKS.md lists, each with the number of the
catalogue and the numbers under which others have published such attacks. Says
for each what the attacker tries, what Crystallum does, and whether it was held.
Only a test that ran counts. Fails if an attack is not held, or if a test did not
run. Also writes the table in SECURITY.md, which says the same without running
anything.

  T17 ...         only these
  --browser       also the tests that need Chromium and the built app
  --without-defences
                  instead, run the tests with defences of the app switched off, as
                  tests/ATTACKS.md names them, and expect every one to fail; what
                  was seen is written there and into SECURITY.md
";

const BUILD: &str = "\
cargo xtask build

Builds the app and its worker into dist/ with Trunk, unless dist/ already holds
what the sources make. dist/build.json lists every file with its hash.
";

const BENCH: &str = "\
cargo xtask bench [PART]

Runs the benchmarks of the native crates, then, in Chromium, pieces of our
cryptography beside npm packages that do the same, then the built app, then the
server under load with 1, 100 and 10,000 accounts. All figures come once more at
the end, with the load of the machine: run it when nothing else runs.

  PART            one part of them alone: chromium (both in Chromium), or the
                  name of a native benchmark, such as server or sync
";

const SETUP: &str = "\
cargo xtask setup

Fetches and installs everything that the other commands would install when they
first need it. After it they work without network.
";

const FINISH: &str = "\
cargo xtask finish

Called by Trunk at the end of a build: names files by content, writes their
hashes into index.html, compresses them.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Outcome<Task> {
        parse(Parser::from_args(arguments))
    }

    #[test]
    fn serve_takes_port_and_data() {
        let Ok(Task::Serve(options)) = parsed(&["serve", "--port", "9000", "--data", "/my data"]) else {
            panic!("not understood")
        };
        assert_eq!(options.port, 9000);
        assert_eq!(options.data.unwrap(), std::path::Path::new("/my data"));
        let Ok(Task::Serve(options)) = parsed(&["serve"]) else { panic!("not understood") };
        assert_eq!((options.port, options.data), (8080, None));
    }

    #[test]
    fn test_takes_depth_and_seed() {
        let Ok(Task::Test(options)) = parsed(&["test", "--deep", "--seed=7"]) else {
            panic!("not understood")
        };
        assert_eq!((options.deep, options.part, options.seed), (true, None, Some(7)));
        let Ok(Task::Test(options)) = parsed(&["test", "--deep", "fresh-machine"]) else {
            panic!("not understood")
        };
        assert_eq!((options.deep, options.part.as_deref()), (true, Some("fresh-machine")));
    }

    #[test]
    fn attack_takes_numbers_and_the_browser() {
        let Ok(Task::Attack(options)) = parsed(&["attack", "T17", "--browser", "t24"]) else {
            panic!("not understood")
        };
        assert_eq!((options.numbers, options.browser), (vec!["T17".to_owned(), "T24".to_owned()], true));
        let Ok(Task::Attack(options)) = parsed(&["attack", "--without-defences", "T17"]) else {
            panic!("not understood")
        };
        assert!(options.without_defences && !options.browser);
        assert!(parsed(&["attack", "--without-defences", "--browser"]).is_err(), "no browser has switches");
    }

    #[test]
    fn every_command_explains_itself() {
        for command in ["attack", "bench", "build", "check", "finish", "serve", "setup", "test"] {
            let Ok(Task::Help(text)) = parsed(&[command, "--help"]) else { panic!("{command}") };
            assert!(text.starts_with(&format!("cargo xtask {command}")));
            let Ok(Task::Help(same)) = parsed(&["help", command]) else { panic!("{command}") };
            assert_eq!(text, same);
        }
        assert!(matches!(parsed(&[]), Ok(Task::Help(HELP))));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for wrong in [
            &["serv"][..],
            &["serve", "--seed", "1"],
            &["test", "fresh-machine"],
            &["serve", "--port", "99999"],
            &["check", "now"],
        ] {
            assert!(parsed(wrong).is_err(), "{wrong:?}");
        }
    }
}
