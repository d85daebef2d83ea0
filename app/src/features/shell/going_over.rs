use crystallum_messages::{
    Failure, NotGoneOver,
    going_over::{Differences, Place},
    session::Command,
};
use leptos::prelude::*;

use crate::{
    browser::time,
    engine::Engine,
    features::shell::words::going_over as words,
    ui::{
        action_button::ActionButton,
        async_action::{AsyncAction, no_own_place},
        failure_note::FailureNote,
        words::failure::explain_not_gone_over,
    },
};

/// Shows what differs between the history of this device and the one of the server, and goes over
/// to that one, on the screen of an alarm about another history.
#[component]
pub(crate) fn GoingOver() -> impl IntoView {
    let engine = Engine::from_context();
    let action = AsyncAction::outliving_page(None);
    let found = RwSignal::new(None::<Differences>);
    let compare = move |()| {
        action.run(engine.compare_histories(), no_own_place, move |differences| {
            found.try_set(Some(differences));
        });
    };
    let go_over = move |()| {
        let Some(seen) = found.with_untracked(|found| found.as_ref().map(|found| found.server)) else {
            return;
        };
        // Another history than the one on the screen has to be looked at first.
        let show_again = move |failure: &Failure| {
            if *failure == Failure::NotGoneOver(NotGoneOver::Moved) {
                found.try_set(None);
            }
            false
        };
        action.run(engine.execute(Command::GoOver { seen }), show_again, |()| ());
    };
    let shown = move |differences: Differences| {
        let (hindrance, only_if) = (differences.hindrance, words::only_if(&differences));
        view! {
            <HistoryDifferences differences/>
            {match hindrance {
                Some(why) => {
                    let why = explain_not_gone_over(why);
                    view! { <p>{why.what_happened} " " {why.what_is_safe} " " {why.what_to_do}</p> }.into_any()
                }
                None => view! {
                    <p>{words::WHAT_HAPPENS}</p>
                    {only_if.map(|text| view! { <p>{text}</p> })}
                    <div class="alarm__actions">
                        <ActionButton action=action class="button button--large" click=go_over>
                            {words::GO_OVER}
                        </ActionButton>
                    </div>
                }
                .into_any(),
            }}
        }
        .into_any()
    };
    view! {
        <h2 class="alarm__part">{words::HEADING}</h2>
        <p>{words::HINT}</p>
        {move || match found.get() {
            Some(differences) => shown(differences),
            None => view! {
                <div class="alarm__actions">
                    <ActionButton action=action class="button button--large" click=compare>
                        {words::SEE}
                    </ActionButton>
                </div>
            }
            .into_any(),
        }}
        <p role="status">{move || action.pending.get().then_some(words::BUSY)}</p>
        <FailureNote failure=action.failure/>
    }
}

/// Lists what only one history has, and what both have in different versions.
#[component]
fn HistoryDifferences(differences: Differences) -> impl IntoView {
    let date = |time| time::format_exact(time::to_js_time(time));
    let ends = words::ends(&differences, &date(differences.mine_time), &date(differences.server_time));
    let rows = |place| words::rows(&differences, place);
    let more = words::more(differences.more_records);
    let lists = [Place::Here, Place::Server, Place::Both].map(|place| (words::place(place), rows(place)));
    let list = |(heading, rows): (&'static str, Vec<String>)| {
        (!rows.is_empty()).then(|| {
            view! {
                <h3>{heading}</h3>
                <ul>{rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view()}</ul>
            }
        })
    };
    view! {
        <p>{ends}</p>
        {lists.map(list).into_iter().collect_view()}
        {more.map(|more| view! { <p>{more}</p> })}
    }
}
