//! Calls the API as its OpenAPI document describes it, and as it does not: `schemathesis` makes the
//! requests from the document and judges the answers. Nothing may be a server error, every answer
//! must be documented, and a method that an endpoint does not have must be answered with 405.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::env;

use crystallum_server::{Clock, Server, Settings};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Browser, Dealing, Person, Site, seed};
use tokio::process::Command;

/// What is checked of each answer. (The header `Allow` has a test of its own: some of these
/// requests have paths that are another endpoint's once they are normalised.)
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,unsupported_method";
/// How many requests are made for each endpoint at random, besides those that cover the document:
/// without a session, when most are refused for that, and with one.
const EXAMPLES: [&str; 2] = ["2", "6"];
/// The fewest requests of a run that is worth the name.
const FEWEST: usize = 300;
/// Starts the program. The file that `pip` installs for that does not survive a move.
const START: &str = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())";

struct Running(Server);

impl Site for Running {
    fn browser(&self) -> Browser {
        Browser::with_origin(self.0.address(), self.0.origin())
    }
}

/// Makes requests with these options, and asserts that every answer is right.
async fn assert_conforms(server: &Server, examples: &str, options: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let python = env::var("CRYSTALLUM_SCHEMATHESIS").unwrap_or_else(|_| "python3".to_owned());
    let mut run = Command::new(python);
    run.args(["-c", START, "run"]).arg(format!("http://{}/api/openapi.json", server.address()));
    run.arg("-H").arg(format!("Origin: {}", server.origin())).args(options);
    // A stream of hints does not end, and has a test of its own.
    run.args(["--exclude-path", "/api/hints"]);
    run.args(["--checks", CHECKS, "--max-examples", examples, "--seed"]).arg(seed().to_string());
    run.args(["--phases", "examples,coverage,fuzzing", "--generation-database", "none", "--no-color"]);
    let output = run.current_dir(folder.path()).kill_on_drop(true).output().await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    let made = text.lines().find_map(|line| line.trim().split_once(" generated, "));
    let made: usize = made.unwrap_or_else(|| panic!("{text}\n{errors}")).0.parse().unwrap();
    assert!(made >= FEWEST, "{made} requests only\n{text}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs schemathesis, which `cargo xtask test` installs; CRYSTALLUM_SCHEMATHESIS names a Python that has it"]
async fn every_answer_is_documented() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::local(folder.path().join("data"));
    settings.rate_scale = 100_000;
    let site = Running(Server::start(settings, Clock::system()).await.unwrap());
    assert_conforms(&site.0, EXAMPLES[0], &[]).await;

    let mut person = Person::new(&site, "anna").await;
    person.write("a key", vec![new_record("key")]).await;
    Dealing::new(&person, "wallet", 1).await.put(&person).await;
    let cookie = format!("Cookie: {}", person.browser.cookie().unwrap());
    // The session has to last until the end.
    assert_conforms(&site.0, EXAMPLES[1], &["-H", &cookie, "--exclude-path", "/api/logout"]).await;
    assert_eq!(person.browser.get("/api/session").await.status, 200);
    site.0.stop().await;
}
