//! The system's clipboard: writes to it within a click, and looks at it where the browser lets a
//! page do so without asking the user.

use crystallum_messages::SecretText;
use js_sys::{Array, Object, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Blob, BlobPropertyBag, Clipboard, ClipboardItem, PermissionState, PermissionStatus};

const PLAIN: &str = "text/plain";

/// The browser denied access to the clipboard, or there was nothing to write.
pub(crate) struct Denied;

/// Whether this page may look at the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadAccess {
    /// The browser has no such permission. Within a click it shows a page its own text, and asks
    /// the user about any other.
    Click,
    /// The user has not permitted it.
    Denied,
    /// The user has permitted it.
    Granted,
}

/// Begins to write a text that is not known yet. Browsers allow that only while they handle a click
/// or a key press, so this must be called before anything is awaited. Nothing is written if there
/// turns out to be no text.
pub(crate) fn write(
    text: impl Future<Output = Option<SecretText>> + 'static,
) -> impl Future<Output = Result<(), Denied>> {
    let blob = future_to_promise(async move {
        let text = text.await.ok_or(JsValue::NULL)?;
        Ok(to_blob(text.expose())?.into())
    });
    // A browser that refuses at once does not handle that there is no text.
    let handled = JsFuture::from(blob.clone());
    spawn_local(async move { drop(handled.await) });
    let writing = begin_writing(&blob);
    async move {
        let written = match writing {
            Ok(written) => JsFuture::from(written).await,
            Err(_) => write_later(blob).await,
        };
        written.map(drop).map_err(|_| Denied)
    }
}

fn begin_writing(blob: &Promise) -> Result<Promise, JsValue> {
    let parts = Object::new();
    Reflect::set(&parts, &PLAIN.into(), blob)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&parts)?;
    Ok(clipboard().ok_or(JsValue::NULL)?.write(&Array::of1(&item)))
}

/// Writes the text once it is known, for browsers without `ClipboardItem`.
async fn write_later(blob: Promise) -> Result<JsValue, JsValue> {
    let blob: Blob = JsFuture::from(blob).await?.dyn_into()?;
    let text = JsFuture::from(blob.text()).await?.as_string().unwrap_or_default();
    JsFuture::from(clipboard().ok_or(JsValue::NULL)?.write_text(&text)).await
}

fn to_blob(text: &str) -> Result<Blob, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(PLAIN);
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind)
}

/// Begins to read the clipboard's text.
pub(crate) fn read() -> impl Future<Output = Result<SecretText, Denied>> {
    let reading = clipboard().map(|clipboard| clipboard.read_text());
    async move {
        let text = JsFuture::from(reading.ok_or(Denied)?).await.map_err(|_| Denied)?;
        text.as_string().map(SecretText::new).ok_or(Denied)
    }
}

/// Asks the browser whether this page may read the clipboard. The user is not asked.
pub(crate) async fn read_access() -> ReadAccess {
    match query_permission().await {
        Ok(status) if status.state() == PermissionState::Granted => ReadAccess::Granted,
        Ok(_) => ReadAccess::Denied,
        Err(_) => ReadAccess::Click,
    }
}

async fn query_permission() -> Result<PermissionStatus, JsValue> {
    let permission = Object::new();
    Reflect::set(&permission, &"name".into(), &"clipboard-read".into())?;
    let permissions = window().navigator().permissions()?;
    Ok(JsFuture::from(permissions.query(&permission)?).await?.unchecked_into())
}

/// Returns the clipboard. Pages without HTTPS have none.
fn clipboard() -> Option<Clipboard> {
    let clipboard = window().navigator().clipboard();
    (!clipboard.is_undefined()).then_some(clipboard)
}
