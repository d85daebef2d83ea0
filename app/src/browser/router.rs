//! The router: tracks the current address, navigates without reloading the page, and handles clicks
//! on links.

use leptos::{
    ev::{self, MouseEvent},
    prelude::*,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement};

/// The current address. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct CurrentLocation {
    /// The path.
    pub(crate) pathname: RwSignal<String>,
    /// The query string.
    search: RwSignal<String>,
}

/// How to navigate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NavigateOptions {
    /// Whether to replace the current history entry.
    pub(crate) replace: bool,
    /// Whether to scroll to the top of the page.
    pub(crate) scroll: bool,
}

impl NavigateOptions {
    /// Replaces the current history entry, so that Back does not return to it.
    pub(crate) const REPLACE: Self = Self { replace: true, scroll: true };
}

impl Default for NavigateOptions {
    fn default() -> Self {
        Self { replace: false, scroll: true }
    }
}

/// A query string. Its values contain no escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query(String);

impl Query {
    /// Returns the value of a parameter.
    pub(crate) fn get_str(&self, name: &str) -> Option<&str> {
        let pairs = self.0.trim_start_matches('?').split('&');
        pairs.filter_map(|pair| pair.split_once('=')).find_map(|(key, word)| (key == name).then_some(word))
    }
}

/// Puts the current address into the context, follows Back and Forward, and handles clicks on links
/// within the app.
pub(crate) fn provide() -> CurrentLocation {
    let location =
        CurrentLocation { pathname: RwSignal::new(String::new()), search: RwSignal::new(String::new()) };
    location.update();
    provide_context(location);
    // Both listeners live as long as the page.
    window_event_listener(ev::popstate, move |_| location.update());
    window_event_listener(ev::click, move |event| {
        if let Some(address) = link_target(&event) {
            event.prevent_default();
            location.navigate(&address, NavigateOptions::default());
        }
    });
    location
}

impl CurrentLocation {
    fn update(self) {
        let location = window().location();
        self.pathname.set(location.pathname().unwrap_or_default());
        self.search.set(location.search().unwrap_or_default());
    }

    fn navigate(self, address: &str, options: NavigateOptions) {
        let Ok(history) = window().history() else { return };
        let result = if options.replace {
            history.replace_state_with_url(&JsValue::NULL, "", Some(address))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(address))
        };
        if result.is_ok() {
            self.update();
            if options.scroll {
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
        }
    }
}

/// Returns the current address from the context.
pub(crate) fn use_location() -> CurrentLocation {
    expect_context()
}

/// Returns the query string of the current address.
pub(crate) fn use_query_map() -> Memo<Query> {
    let CurrentLocation { search, .. } = use_location();
    Memo::new(move |_| Query(search.get()))
}

/// Returns a function that navigates to another page of the app.
pub(crate) fn use_navigate() -> impl Fn(&str, NavigateOptions) + Copy + Send + Sync + 'static {
    let location = use_location();
    move |address, options| location.navigate(address, options)
}

/// Navigates to another page instead of showing one. Back does not return here.
#[component]
pub(crate) fn Redirect(path: &'static str) -> impl IntoView {
    let location = use_location();
    // Runs after this page, which is empty, has been rendered.
    Effect::new(move || location.navigate(path, NavigateOptions::REPLACE));
}

/// A link that is marked as current while the address is at its path or below it.
#[component]
pub(crate) fn A(href: &'static str, class: &'static str, children: Children) -> impl IntoView {
    let location = use_location();
    let current = Memo::new(move |_| location.pathname.with(|path| is_within(path, href)));
    view! {
        <a href=href class=class aria-current=move || current.get().then_some("page")>
            {children()}
        </a>
    }
}

/// Renders the content of the nearest [`Outlet`].
#[derive(Clone, Copy)]
pub(crate) struct OutletContent(pub(crate) fn() -> AnyView);

/// Renders the page inside a layout.
#[component]
pub(crate) fn Outlet() -> impl IntoView {
    let OutletContent(render) = expect_context();
    render()
}

/// Returns whether a path is `parent` or below it.
fn is_within(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the address within the app that a click leads to. Returns `None` if the browser should
/// handle the click.
fn link_target(event: &MouseEvent) -> Option<String> {
    let is_plain_click = event.button() == 0
        && !(event.default_prevented()
            || event.ctrl_key()
            || event.meta_key()
            || event.shift_key()
            || event.alt_key());
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]:not([target], [download], [href^='#'])").ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let same_origin = link.origin() == window().location().origin().ok()?;
    (is_plain_click && same_origin).then(|| link.pathname() + &link.search())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_holds_what_is_below_it() {
        assert!(is_within("/vault", "/vault") && is_within("/vault/add", "/vault"));
        assert!(!is_within("/vaults", "/vault") && !is_within("/", "/vault"));
    }

    #[test]
    fn a_query_gives_its_words() {
        let query = Query("?locked=idle&exchange=okx".into());
        assert_eq!(query.get_str("exchange"), Some("okx"));
        assert_eq!(query.get_str("told"), None);
        assert_eq!(Query(String::new()).get_str("locked"), None);
    }
}
