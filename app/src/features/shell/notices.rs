use crystallum_messages::{AsideRow, DeviceJoin, access, session};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::time,
    engine::Engine,
    features::shell::words::notices as words,
    state::sync::Synchronisation,
    ui::{
        async_action::{AsyncAction, no_own_place},
        icon::{Glyph, Icon},
        words::failure::explain_failure,
    },
};

/// Shows the devices that entered the vault and the changes that were set aside, each until the
/// user has dealt with it.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let (engine, sync) = (Engine::from_context(), Synchronisation::from_context());
    let joins = RwSignal::new(Vec::<DeviceJoin>::new());
    let aside = RwSignal::new(Vec::<AsideRow>::new());
    Effect::new(move || {
        sync.changes.track();
        spawn_local(async move {
            joins.try_set(engine.list_joins().await.unwrap_or_default());
            aside.try_set(engine.list_aside().await.unwrap_or_default());
        });
    });
    let action = AsyncAction::new(None);
    let button = move |text: &'static str, command: crystallum_messages::Command| {
        let click = move |_| action.run(engine.execute(command.clone()), no_own_place, |()| ());
        view! { <button type="button" class="button button--small" on:click=click>{text}</button> }
    };
    let joined = move |join: DeviceJoin| {
        let known = button(words::KNOWN, access::Command::AcknowledgeJoin { change: join.change }.into());
        let text = words::joined(&join, &time::format_exact(time::to_js_time(join.time)));
        let look = view! { <a class="button button--small" href="/security">{words::SEE_SECURITY}</a> };
        notice(Glyph::Shield, text, (known, look).into_any())
    };
    let set_aside = move |row: AsideRow| {
        let save = button(words::SAVE, session::Command::SaveAside { id: row.id }.into());
        let discard = button(words::DISCARD, session::Command::DiscardAside { id: row.id }.into());
        notice(Glyph::Sync, words::aside(&row), (save, discard).into_any())
    };
    view! {
        {move || joins.get().into_iter().map(joined).collect_view()}
        {move || aside.get().into_iter().map(set_aside).collect_view()}
        {move || action.failure.get().map(|failure| {
            let explanation = explain_failure(&failure);
            view! {
                <div class="banner">
                    <Icon glyph=Glyph::Warn/>
                    <p>{explanation.what_happened} " " {explanation.what_is_safe} " " {explanation.what_to_do}</p>
                </div>
            }
        })}
    }
}

fn notice(glyph: Glyph, text: String, actions: AnyView) -> AnyView {
    view! {
        <div class="banner">
            <Icon glyph=glyph/>
            <p>{text}</p>
            <div class="banner__actions">{actions}</div>
        </div>
    }
    .into_any()
}
