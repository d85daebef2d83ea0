//! Strangers who cause a line with every request do not fill the log.

use std::fs::File;
use std::process::Stdio;

use crystallum_test_support::Browser;
use serde_json::Value;

use crate::process::{command, first_line, listening_on, terminate};

const FLOOD: usize = 1_000;

#[tokio::test]
async fn lines_of_one_kind_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    // A pipe would have to be read meanwhile.
    let mut child = command(&folder.path().join("data"))
        .args(["--listen", "127.0.0.1:0", "--origin", "http://localhost:0"])
        .stderr(Stdio::from(File::create(&file).unwrap()))
        .spawn()
        .unwrap();
    let line = first_line(&mut child).await.unwrap();
    let browser = Browser::new(listening_on(&line).unwrap().parse().unwrap());
    let foreign = [("origin", "https://elsewhere.example")];
    for _ in 0..FLOOD {
        let reply = browser.send_with("POST", "/api/login", &foreign, None).await.unwrap();
        assert_eq!(reply.status, 403);
    }
    assert!(terminate(&mut child).await.success());
    let log = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |message: &str| lines.iter().filter(|line| line["message"] == message).count();
    // The minute may change once.
    for (kind, most) in [("refused a request from another origin", 60), ("answered", 600)] {
        let written = count(kind);
        assert!((most..=2 * most).contains(&written), "{kind}: {written}");
        let summed = lines.iter().filter(|line| line["kind"] == kind);
        let left_out: u64 = summed.map(|line| line["times"].as_u64().unwrap()).sum();
        assert_eq!(written + usize::try_from(left_out).unwrap(), FLOOD, "{kind}");
    }
    assert_eq!((count("started"), count("stopped")), (1, 1));
}
