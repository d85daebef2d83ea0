//! Reads the page as the server delivers it now, and compares it with the one that this tab runs.

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, RequestCache, RequestInit, Response};

/// Selects the elements by which `index.html` names the files that run.
const NAMING: &str = "meta[name^='crystallum-'], script[integrity], link[integrity]";
const HASH: &str = "sha384-";

/// The build that the server delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Build {
    /// The SHA-256 hash of the page, in hexadecimal digits.
    pub(super) hash: String,
    /// The names and hashes of the files that the page names.
    pub(super) files: Vec<(String, String)>,
    /// Whether this tab was started from the same files.
    pub(super) is_running: bool,
}

/// The server did not deliver the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unavailable;

/// Fetches the page from the server and reads the build that it names.
pub(super) async fn read_served_build() -> Result<Build, Unavailable> {
    fetch_build().await.map_err(|_| Unavailable)
}

async fn fetch_build() -> Result<Build, JsValue> {
    let options = RequestInit::new();
    options.set_cache(RequestCache::NoStore);
    let response: Response =
        JsFuture::from(window().fetch_with_str_and_init("/", &options)).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    let bytes: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    let digest = window().crypto()?.subtle().digest_with_str_and_buffer_source("SHA-256", &bytes)?;
    let digest: ArrayBuffer = JsFuture::from(digest).await?.dyn_into()?;
    let files = list_named_files(&String::from_utf8_lossy(&Uint8Array::new(&bytes).to_vec()));
    let running = list_named_files(&markup_of_this_page()?);
    Ok(Build {
        hash: Uint8Array::new(&digest).to_vec().iter().map(|byte| format!("{byte:02x}")).collect(),
        is_running: !running.is_empty() && running.iter().all(|file| files.contains(file)),
        files,
    })
}

/// Returns the markup of the elements in this tab that name files.
fn markup_of_this_page() -> Result<String, JsValue> {
    let elements = document().query_selector_all(NAMING)?;
    let markup = (0..elements.length()).filter_map(|at| elements.get(at)?.dyn_into::<Element>().ok());
    Ok(markup.map(|element| element.outer_html()).collect())
}

/// Lists the files and their hashes without duplicates: from each element with a hash, its first
/// absolute path.
fn list_named_files(page: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for element in page.split('<') {
        let Some((_, hash)) = element.split_once(HASH) else { continue };
        let Some((_, name)) = element.split_once("\"/") else { continue };
        let end = |letter: char| letter == '"' || letter.is_whitespace();
        let (name, hash) = (name.split(end).next(), hash.split(end).next());
        let (Some(name), Some(hash)) = (name, hash) else { continue };
        let file = (name.to_owned(), format!("{HASH}{hash}"));
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_their_hashes() {
        let page = r#"<meta name="crystallum-worker" content="/worker-1.js sha384-AA+/=">
            <link rel="stylesheet" href="/look-2.css" integrity="sha384-BB"><link rel="icon" href="/icon.svg">
            <link rel="preload" href="/app-3.wasm" integrity="sha384-CC"><meta name="x" content="/app-3.wasm sha384-CC">
            <script type="module" src="/boot-4.js" crossorigin integrity="sha384-DD"></script>"#;
        let file = |name: &str, hash: &str| (name.to_owned(), format!("sha384-{hash}"));
        let all = [
            file("worker-1.js", "AA+/="),
            file("look-2.css", "BB"),
            file("app-3.wasm", "CC"),
            file("boot-4.js", "DD"),
        ];
        assert_eq!(list_named_files(page), all);
        assert_eq!(list_named_files("<p>sha384-x</p>"), []);
    }
}
