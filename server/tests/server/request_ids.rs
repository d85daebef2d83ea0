//! Tests that a line of the log leads to its request and not to a person.

use axum::body::Body;
use axum::http::Request;
use crystallum_api::{Bytes, Endpoint, Id, PutShare, Stores};
use crystallum_test_support::{Browser, Person, Response};
use serde_json::Value;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::process::Child;

use crate::fixture::Fixture;
use crate::process::{command, first_line, listening_on, terminate};

/// Returns a data folder with the account of a person, and a browser with the person's session.
async fn data_of_a_person() -> (TempDir, Person) {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let Fixture { server, folder, .. } = fixture;
    server.stop().await;
    (folder, person)
}

/// Starts a server process on a data folder, and signs the person in to it: the clock of the
/// fixture is ahead, so that their session seems to be of the future.
async fn serve(folder: &TempDir, person: &mut Person) -> Child {
    let browser = &mut person.browser;
    let mut child = command(&folder.path().join("data"))
        .args(["--listen", "127.0.0.1:0", "--origin", browser.origin()])
        .spawn()
        .unwrap();
    let line = first_line(&mut child).await.unwrap();
    browser.move_to(listening_on(&line).unwrap().parse().unwrap());
    person.login().await;
    child
}

/// Stops a server and returns the lines of its log.
async fn log_of(mut child: Child) -> Vec<Value> {
    assert!(terminate(&mut child).await.success());
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn request_id(reply: &Response) -> &str {
    reply.headers["x-request-id"].to_str().unwrap()
}

/// Returns the only line about a database failure that belongs to the request.
fn failure_of<'a>(log: &'a [Value], request: &str) -> &'a Value {
    only(log, |line| {
        line["message"] == "the database did not answer" && line["span"]["request_id"] == request
    })
}

/// Returns the only line that says how the request was answered.
fn answer_of<'a>(log: &'a [Value], request: &str) -> &'a Value {
    only(log, |line| line["message"] == "answered" && line["request"] == request)
}

fn only(log: &[Value], is_wanted: impl Fn(&Value) -> bool) -> &Value {
    let found: Vec<&Value> = log.iter().filter(|line| is_wanted(line)).collect();
    assert_eq!(found.len(), 1, "{log:#?}");
    found.first().unwrap()
}

/// Removes a table below a running server, so that its next statement on it fails.
async fn drop_table(folder: &TempDir, table: &str) {
    let options = SqliteConnectOptions::new().filename(folder.path().join("data/vault.db"));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DROP TABLE {table}"))).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

/// Puts a share into the first store.
async fn put_share(browser: &mut Browser) -> Response {
    let stores: Stores = browser.get(Endpoint::Stores.path()).await.json();
    let store = stores.stores.first().unwrap().id;
    let share = PutShare { share: Bytes(vec![1; 9]), access_hash: Bytes(vec![2; 32]) };
    browser.post_json(&Endpoint::put_share_path(store, Id([7; 16])), &share).await
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_traced_to_the_request() {
    let (folder, mut person) = data_of_a_person().await;
    let child = serve(&folder, &mut person).await;
    drop_table(&folder, "shares").await;
    // This request continues in its own task; the next one does not.
    let put = put_share(&mut person.browser).await;
    drop_table(&folder, "sessions").await;
    let session = person.browser.get(Endpoint::Session.path()).await;
    let log = log_of(child).await;

    for (reply, method, endpoint, table) in
        [(&put, "POST", Endpoint::PutShare, "shares"), (&session, "GET", Endpoint::Session, "sessions")]
    {
        assert_eq!(reply.status, 503);
        let failure = failure_of(&log, request_id(reply));
        assert!(
            failure["error"].as_str().unwrap().ends_with(&format!("no such table: {table}")),
            "{failure}"
        );
        assert_eq!(failure["span"]["route"], endpoint.path());
        assert_eq!(failure["span"]["method"], method);
        let answered = answer_of(&log, request_id(reply));
        assert_eq!(answered["status"], 503);
        assert!(answered["micros"].is_u64());
    }
    // The account is not known where the session cannot be read.
    assert_eq!(failure_of(&log, request_id(&session))["span"].get("account"), None);
}

#[tokio::test]
async fn a_failure_has_a_pseudonym_for_the_account_until_the_server_restarts() {
    let (folder, mut person) = data_of_a_person().await;
    drop_table(&folder, "shares").await;
    let mut pseudonyms = Vec::new();
    for _ in 0..2 {
        let child = serve(&folder, &mut person).await;
        let failed = [put_share(&mut person.browser).await, put_share(&mut person.browser).await];
        let log = log_of(child).await;
        assert!(!format!("{log:?}").contains(&person.account.to_string()));
        let [first, second] =
            failed.each_ref().map(|reply| failure_of(&log, request_id(reply))["span"]["account"].clone());
        assert_eq!(first.as_str().unwrap().len(), 16);
        assert_eq!(first, second);
        for line in log.iter().filter(|line| line["message"] == "answered") {
            assert!(!line.to_string().contains(first.as_str().unwrap()), "{line}");
        }
        pseudonyms.push(first);
    }
    assert_ne!(pseudonyms.first(), pseudonyms.last());
}

#[tokio::test]
async fn a_client_cannot_choose_the_id_of_its_request() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let mut ids = Vec::new();
    for path in ["/api/health", "/api/health", "/api/nothing", "/unlock"] {
        let request = Request::get(path).header("x-request-id", "0123456789abcdef");
        let reply = browser.send_request(request, Body::empty()).await;
        assert_eq!(reply.headers.get_all("x-request-id").iter().count(), 1);
        let id = request_id(&reply).to_owned();
        assert!(id.len() == 16 && id.bytes().all(|letter| letter.is_ascii_hexdigit()), "{id}");
        ids.push(id);
    }
    ids.push("0123456789abcdef".to_owned());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}
