use crystallum_messages::{AsideRow, DeviceId, DeviceJoin, EndedAlarm, GoneOver, access, session};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{router::use_location, time},
    engine::Engine,
    features::{
        devices::{occasion::Occasion, remove::RemoveDevicesQuestion, words as devices_words},
        shell::{gone_over_note::GoneOverNote, words::notices as words},
    },
    state::sync::Synchronisation,
    ui::{
        async_action::{AsyncAction, no_own_place},
        icon::{Glyph, Icon},
        words::failure::explain_failure,
    },
};

/// Shows the devices that entered the vault, the changes that were set aside and the alarms that
/// are over, each until the user has dealt with it.
#[component]
pub(super) fn Notices(
    /// Asks before a device that entered is removed.
    question: RemoveDevicesQuestion,
) -> impl IntoView {
    let (engine, sync) = (Engine::from_context(), Synchronisation::from_context());
    let joins = RwSignal::new(Vec::<DeviceJoin>::new());
    let aside = RwSignal::new(Vec::<AsideRow>::new());
    let ended = RwSignal::new(Vec::<EndedAlarm>::new());
    let gone = RwSignal::new(None::<GoneOver>);
    Effect::new(move || {
        sync.changes.track();
        spawn_local(async move {
            joins.try_set(engine.list_joins().await.unwrap_or_default());
            aside.try_set(engine.list_aside().await.unwrap_or_default());
            let alarms = engine.list_alarms().await.unwrap_or_default();
            ended.try_set(alarms.ended);
            gone.try_set(alarms.gone_over);
        });
    });
    let action = AsyncAction::new(None);
    let button = move |text: &'static str, command: crystallum_messages::Command| {
        let click = move |_| action.run(engine.execute(command.clone()), no_own_place, |()| ());
        view! { <button type="button" class="button button--small" on:click=click>{text}</button> }
    };
    let path = use_location().pathname;
    let looking = Memo::new(move |_| path.with(|path| path == "/security/devices"));
    let joined = move |(at, join): (usize, DeviceJoin)| {
        let known = button(words::KNOWN, access::Command::AcknowledgeJoin { change: join.change }.into());
        let text = words::joined(&join, &time::format_exact(time::to_js_time(join.time)));
        let look = move || {
            (!looking.get()).then(|| {
                view! { <a class="button button--small" href="/security/devices">{devices_words::SEE}</a> }
            })
        };
        // One that another device has removed already cannot be removed.
        let remove = join.live.then(|| {
            let ask = move |_| spawn_local(ask_to_remove(engine, question, join.device));
            view! { <button type="button" class="button button--small" on:click=ask>{words::REMOVE}</button> }
        });
        notice(Glyph::Shield, format!("entered-{at}"), text, (known, look, remove).into_any())
    };
    let set_aside = move |(at, row): (usize, AsideRow)| {
        let save = button(words::SAVE, session::Command::SaveAside { id: row.id }.into());
        let discard = button(words::DISCARD, session::Command::DiscardAside { id: row.id }.into());
        notice(Glyph::Sync, format!("aside-{at}"), words::aside(&row), (save, discard).into_any())
    };
    let over = move |(at, note): (usize, EndedAlarm)| {
        let date = |time| time::format_exact(time::to_js_time(time));
        let text = words::ended(&note, &date(note.since), &date(note.ended));
        // One button removes all of them, beside the last.
        let is_last = ended.with(|ended| at + 1 == ended.len());
        let seen = is_last.then(|| {
            let click = move |_| {
                let command = session::Command::AcknowledgeAlarms;
                action.run(engine.execute(command), no_own_place, move |()| ended.set(Vec::new()));
            };
            view! { <button type="button" class="button button--small" on:click=click>{words::SEEN}</button> }
        });
        notice(Glyph::Shield, format!("ended-{at}"), text, seen.into_any())
    };
    view! {
        <GoneOverNote gone action/>
        {move || ended.get().into_iter().enumerate().map(over).collect_view()}
        {move || joins.get().into_iter().enumerate().map(joined).collect_view()}
        {move || aside.get().into_iter().enumerate().map(set_aside).collect_view()}
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

/// Asks whether to remove a device that entered, if it is still one of the vault. Only now all
/// devices are read, which is more work than what the notices need.
async fn ask_to_remove(engine: Engine, question: RemoveDevicesQuestion, id: DeviceId) {
    let devices = engine.list_devices().await.unwrap_or_default();
    question.ask(Occasion::One, devices.into_iter().filter(|device| device.id == id).collect());
}

/// Several notices have the same buttons, so each group of them is named by the text, whose id
/// this is.
fn notice(glyph: Glyph, id: String, text: String, actions: AnyView) -> AnyView {
    view! {
        <div class="banner">
            <Icon glyph=glyph/>
            <p id=id.clone()>{text}</p>
            <div class="banner__actions" role="group" aria-labelledby=id>{actions}</div>
        </div>
    }
    .into_any()
}
