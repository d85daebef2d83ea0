use crystallum_messages::{Failure, Field, RecordId, Version, keys::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::{
        keys::{
            credentials_card::RevealedCredentials, restore_dialog::RestoreDialog, words::versions as words,
        },
        records::words as detail,
    },
    state::{alarms::Alarms, navigation::Navigation, sync::Synchronisation},
    ui::{
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        time_ago::TimeAgo,
        words::form,
    },
};

/// The earlier versions of a key's credentials. This device lists them; the server stores them.
#[component]
pub(crate) fn VersionsCard(id: RecordId, label: String) -> impl IntoView {
    let (engine, sync, alarms, navigation) = (
        Engine::from_context(),
        Synchronisation::from_context(),
        Alarms::from_context(),
        Navigation::from_context(),
    );
    let list = RwSignal::new(None::<Vec<Version>>);
    let failure = RwSignal::new(None::<Failure>);
    let offline = RwSignal::new(false);
    let at = RwSignal::new(None::<u64>);
    let has_passphrase = RwSignal::new(false);
    let revealed = RevealedCredentials::new();
    let timer = revealed.timer;

    let failed = move |problem: Failure| match problem {
        Failure::Unreachable => {
            offline.try_set(true);
        }
        problem => alarms.report(problem, failure),
    };
    let clear = move || {
        failure.set(None);
        offline.set(false);
    };
    Effect::new(move || {
        sync.changes.track();
        spawn_local(async move {
            match engine.list_versions(id).await {
                Ok(found) => {
                    list.try_set(Some(found));
                }
                Err(problem) => failed(problem),
            }
        });
    });
    let reveal = move |number: u64| {
        clear();
        if timer.is_revealed_untracked() {
            timer.hide();
            if at.get_untracked() == Some(number) {
                return;
            }
        }
        at.set(Some(number));
        spawn_local(async move {
            match engine.reveal_credentials(Command::RevealVersion { id, number }).await {
                Ok(credentials) => {
                    has_passphrase.try_set(credentials.passphrase.is_some());
                    revealed.show(&credentials);
                }
                Err(problem) => failed(problem),
            }
        });
    };
    let restore = move |number: u64| {
        clear();
        timer.hide();
        spawn_local(async move {
            match engine.save_record(Command::RestoreVersion { id, number }).await {
                Ok(saved) => {
                    // The record has changed, so its page is rendered again and shows this message.
                    sync.status.set(saved.sync);
                    navigation.flash_message.set(Some(words::RESTORED.into()));
                }
                Err(problem) => failed(problem),
            }
        });
    };
    let restoring = RwSignal::new(None::<u64>);
    let at_revealed = Signal::derive(move || at.get().filter(|_| timer.is_revealed()));
    let (reveal, restore) = (Callback::new(reveal), Callback::new(restore));
    let ask = Callback::new(move |number: u64| restoring.set(Some(number)));
    let row = move |version: Version| {
        view! { <Row version=version revealed=at_revealed reveal=reveal restore=ask/> }
    };
    let rows = move || {
        match list.get() {
            Some(found) if found.len() > 1 => view! {
                <ul class="versions__list" role="list" aria-label=words::LIST>{found.into_iter().map(row).collect_view()}</ul>
            }
            .into_any(),
            Some(_) => view! { <p class="muted">{words::NONE}</p> }.into_any(),
            None => ().into_any(),
        }
    };
    let line = move |field: Field| {
        let absent = move || field == Field::Passphrase && !has_passphrase.get();
        view! { <div class="credentials-card__line" hidden=move || absent()><dt>{form::field(field)}</dt><dd>{revealed.value(field)}</dd></div> }
    };
    view! {
        <section class="card versions" aria-labelledby="versions-heading">
            <header class="card__head">
                <h2 class="card__heading" id="versions-heading">{words::HEADING}</h2>
                {revealed.countdown()}
            </header>
            {move || rows()}
            <div hidden=move || !timer.is_revealed()>
                <p class="versions__shown">{move || at.get().map(words::number)}</p>
                <dl>{line(Field::ApiKey)}{line(Field::ApiSecret)}{line(Field::Passphrase)}</dl>
            </div>
            <div role="status">
                {move || offline.get().then(|| view! {
                    <div class="note"><Icon glyph=Glyph::Offline/><p>{words::OFFLINE}</p></div>
                })}
            </div>
            <FailureNote failure=failure/>
            <RestoreDialog label=label list=list asked=restoring restore=restore/>
        </section>
    }
}

/// One version, with the buttons that reveal it and restore it.
#[component]
fn Row(
    version: Version,
    /// The number of the version that is revealed.
    revealed: Signal<Option<u64>>,
    reveal: Callback<u64>,
    restore: Callback<u64>,
) -> impl IntoView {
    let number = version.number;
    let time = version.time.map(|time| view! { <TimeAgo time=time/> });
    let device = version.device.map(|device| {
        let start: String = device.to_string().chars().take(8).collect();
        view! { " · " <span translate="no">{words::device(&start)}</span> }
    });
    let unknown = time.is_none().then_some(words::BEFORE_THIS_DEVICE);
    let is_version_revealed = move || revealed.get() == Some(number);
    let name_id = format!("version-{number}");
    let actions = if version.current {
        view! { <span class="versions__current"><Icon glyph=Glyph::Check/>{words::CURRENT}</span> }.into_any()
    } else {
        view! {
            <button
                type="button"
                class="button button--small"
                aria-label=move || words::named(if is_version_revealed() { detail::HIDE } else { detail::REVEAL }, number)
                on:click=move |_| reveal.run(number)
            >
                {move || if is_version_revealed() { detail::HIDE } else { detail::REVEAL }}
            </button>
            <button type="button" class="button button--small" aria-describedby=name_id.clone() on:click=move |_| restore.run(number)>
                {words::RESTORE}
            </button>
        }
        .into_any()
    };
    view! {
        <li class="versions__row">
            <div class="versions__what">
                <span id=name_id>{words::number(number)}</span>
                <span class="muted">{time}{device}{unknown}</span>
            </div>
            {actions}
        </li>
    }
}
