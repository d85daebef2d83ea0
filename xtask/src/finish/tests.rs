use super::*;
use crate::files::scratch::Scratch;

const PAGE: &str = r#"<head>
  <meta name="trunk-app" content="a-1.js a-1_bg.wasm">
  <link rel="stylesheet" href="/base-1.css" integrity="sha384-0"/>
  <link rel="stylesheet" href="/keys-1.css" integrity="sha384-1"/>
  <link rel="stylesheet" href="/wallets-1.css" integrity="sha384-2"/>
  <link rel="stylesheet" href="/shares-1.css" integrity="sha384-3"/>
  <link rel="stylesheet" href="/history-1.css" integrity="sha384-4"/>
  <link rel="stylesheet" href="/ways-1.css" integrity="sha384-5"/>
  <link rel="stylesheet" href="/print-1.css" integrity="sha384-6"/>
</head>"#;

/// Creates a small version of the staging folder that Trunk leaves.
fn staged() -> Scratch {
    let scratch = Scratch::new();
    scratch.file("public/boot.js", "start(wasm_bindgen);");
    scratch.file("public/worker.js", "work(wasm_bindgen);");
    scratch.file("dist/index.html", PAGE);
    scratch.file("dist/a-1.js", "let wasm_bindgen = 1;");
    scratch.file("dist/a-1_bg.wasm", "app wasm");
    scratch.file("dist/crystallum-vault.wasm", "vault wasm");
    scratch.file("dist/crystallum-worker.js", "let wasm_bindgen = 2;");
    scratch.file("dist/crystallum-worker_bg.wasm", "worker wasm");
    scratch.file("dist/icon.png", "picture");
    scratch
}

fn finish(scratch: &Scratch) -> Outcome {
    finish_folder(&scratch.path().join("public"), &scratch.path().join("dist"), Some("made from this"))
}

fn found<'a>(names: &'a [String], start: &str, end: &str) -> &'a str {
    names.iter().find(|name| name.starts_with(start) && name.ends_with(end)).unwrap()
}

#[test]
fn the_page_names_the_exact_bytes_of_all_it_starts() {
    let scratch = staged();
    finish(&scratch).unwrap();
    let dist = scratch.path().join("dist");
    let names = files::file_names(&dist).unwrap();
    let page = files::read_text(&dist.join("index.html")).unwrap();
    let started =
        [("boot-", ".js"), ("app-", ".wasm"), ("vault-", ".wasm"), ("worker-", ".js"), ("worker-", ".wasm")];
    for (start, end) in started {
        let name = found(&names, start, end);
        let integrity = hash::integrity(&files::read(&dist.join(name)).unwrap());
        assert!(page.contains(&format!("/{name}")), "{page}");
        assert!(page.contains(&integrity), "{name}: {page}");
    }
    let boot = files::read_text(&dist.join(found(&names, "boot-", ".js"))).unwrap();
    assert_eq!(boot, "let wasm_bindgen = 1;\nstart(wasm_bindgen);");
    let worker = files::read_text(&dist.join(found(&names, "worker-", ".js"))).unwrap();
    assert_eq!(worker, "let wasm_bindgen = 2;\nwork(wasm_bindgen);");
    assert!(!names.iter().any(|name| name.starts_with("a-1") || name.starts_with("crystallum-")));
}

#[test]
fn files_of_an_open_vault_are_named_and_not_loaded() {
    let scratch = staged();
    finish(&scratch).unwrap();
    let page = files::read_text(&scratch.path().join("dist/index.html")).unwrap();
    assert_eq!(page.matches("rel=\"stylesheet\"").count(), 1, "{page}");
    for named in ["/keys-1.css sha384-1", "/print-1.css sha384-6"] {
        let meta = format!("<meta name=\"crystallum-vault-style\" content=\"{named}\">");
        assert!(page.contains(&meta), "{page}");
    }
    let (first, later) =
        (page::lines_about_open_vault(&page, false), page::lines_about_open_vault(&page, true));
    for (name, is_later) in [("base-1.css", false), ("boot-", false), ("keys-1.css", true), ("vault-", true)]
    {
        assert_eq!(later.contains(&format!("/{name}")), is_later, "{later}");
        assert_eq!(first.contains(&format!("/{name}")), !is_later, "{first}");
    }
    let missing = PAGE.replace("print-1.css", "other-1.css");
    scratch.file("dist/index.html", &missing);
    assert!(page::defer_vault_styles(&missing).is_err());
}

#[test]
fn texts_are_compressed_and_pictures_are_not() {
    let scratch = staged();
    finish(&scratch).unwrap();
    let names = files::file_names(&scratch.path().join("dist")).unwrap();
    assert!(names.contains(&"index.html.br".to_owned()));
    assert!(!names.contains(&"icon.png.br".to_owned()));
}

#[test]
fn a_finished_folder_is_whole_until_anything_changes() {
    let scratch = staged();
    finish(&scratch).unwrap();
    let dist = scratch.path().join("dist");
    assert!(is_complete(&dist, "made from this"));
    assert!(!is_complete(&dist, "made from that"));
    scratch.file("dist/icon.png", "another picture");
    assert!(!is_complete(&dist, "made from this"));
    files::remove(&dist.join("icon.png")).unwrap();
    assert!(!is_complete(&dist, "made from this"));
    assert!(!is_complete(scratch.path(), "made from this"));
}

#[test]
fn bindings_that_import_are_refused() {
    for line in ["import { x } from './snippets/x.js';", "export { y };"] {
        let scratch = staged();
        scratch.file("dist/crystallum-worker.js", line);
        assert!(finish(&scratch).unwrap_err().0.contains("crystallum-worker.js"));
    }
}

#[test]
fn a_page_without_the_apps_names_is_refused() {
    let scratch = staged();
    scratch.file("dist/index.html", "<head></head>");
    assert!(finish(&scratch).is_err());
}
