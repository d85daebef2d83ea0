//! What every page stands in: the shared handles, the router, and the screens that replace everything.

use leptos::prelude::*;
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    clipboard::Clipboard,
    components::{announcer::Announcer, loading::Loading, page_heading::Arrived, skip_link::SkipLink},
    engine::Engine,
    idle, lock,
    pages::{
        add::Add, alarm::AlarmScreen, blocked::BlockedScreen, create::Create, detail::Detail, edit::Edit,
        not_found::NotFound, nothing_open::NothingOpen, notice::NoticePage, unlock::Unlock, vault::Vault,
        welcome::WelcomePage,
    },
    session::Session,
    touch::Touches,
    words::common,
};

/// The whole app.
#[component]
pub(crate) fn App() -> impl IntoView {
    let engine = Engine::provide();
    let touches = Touches::provide(engine);
    let session = Session::provide(engine, Clipboard::provide());
    provide_context(Arrived(StoredValue::new(0)));
    lock::listen(engine, session);
    idle::watch(engine, session);
    session.start(touches);

    // Pages stay as they are behind an alarm, so that no draft is lost.
    let covered =
        Memo::new(move |_| session.alarm.with(Option::is_some) || session.blocked.with(Option::is_some));
    let cover = move || match (session.blocked.get(), session.alarm.get()) {
        (Some(blocked), _) => view! { <BlockedScreen blocked=blocked/> }.into_any(),
        (None, Some(alarm)) => view! { <AlarmScreen alarm=alarm/> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <SkipLink/>
        <Announcer/>
        {move || if session.leaving.get() {
            view! { <Loading text=common::LOCKING/> }.into_any()
        } else {
            view! {
                {cover}
                <div class="pages" hidden=move || covered.get()>
                    <Pages/>
                </div>
            }.into_any()
        }}
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=WelcomePage/>
                <Route path=path!("/create") view=Create/>
                <Route path=path!("/unlock") view=Unlock/>
                <Route path=path!("/notice") view=NoticePage/>
                <ParentRoute path=path!("/vault") view=Vault>
                    <Route path=path!("") view=NothingOpen/>
                    <Route path=path!("add") view=Add/>
                    <Route path=path!(":id") view=Detail/>
                    <Route path=path!(":id/edit") view=Edit/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
