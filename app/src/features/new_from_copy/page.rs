use crystallum_messages::{Copyable, Failure};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::{
        new_from_copy::{form::Form, progress::Progress, stage::Stage, words},
        security::words::BACK,
    },
    state::{alarms::Alarms, vault::VaultState},
    ui::{
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        one_pane::OnePane,
        page_heading::PageHeading,
    },
};

/// Makes a new vault from the open one, which is in an alarm.
#[component]
pub(crate) fn NewFromCopy() -> impl IntoView {
    let stage = RwSignal::new(Stage::Asking);
    let is_copying = Memo::new(move |_| matches!(stage.get(), Stage::Copying(_)));
    view! {
        <OnePane>
            {move || if is_copying.get() {
                view! { <Progress stage=stage/> }.into_any()
            } else {
                view! { <Offer stage=stage/> }.into_any()
            }}
        </OnePane>
    }
}

/// Says what the new vault takes, and what it does not.
#[component]
fn Offer(stage: RwSignal<Stage>) -> impl IntoView {
    let (engine, vault, alarms) =
        (Engine::from_context(), VaultState::from_context(), Alarms::from_context());
    let (found, failure) = (RwSignal::new(None::<Copyable>), RwSignal::new(None::<Failure>));
    spawn_local(async move {
        match engine.count_copyable().await {
            Ok(copyable) => drop(found.try_set(Some(copyable))),
            Err(problem) => alarms.report(problem, failure),
        }
    });
    let old = vault.name();
    let offer = move |copyable: Copyable| {
        view! {
            <h2 class="step-heading">{words::TAKEN}</h2>
            <ul class="list"><li>{words::taken(copyable)}</li></ul>
            <h2 class="step-heading">{words::LEFT_OUT}</h2>
            <ul class="list">
                {words::left_out(copyable).into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                <li>{words::NO_EARLIER}</li>
                <li>{words::NO_METHODS}</li>
            </ul>
            <p>{words::STAYS}</p>
            <p>{words::REPLACE}</p>
            <Form stage=stage keys=copyable.keys name=words::proposed_name(&old)/>
        }
    };
    view! {
        <a class="pane__back pane__back--always" href="/security"><Icon glyph=Glyph::Back/>{BACK}</a>
        <PageHeading title=words::TITLE>{words::HEADING}</PageHeading>
        <p>{words::TEXT}</p>
        <FailureNote failure=failure/>
        {move || match (alarms.has_stopped.get(), found.get()) {
            (false, _) => view! { <p class="note">{words::NO_ALARM}</p> }.into_any(),
            (true, Some(copyable)) => offer(copyable).into_any(),
            (true, None) => view! { <p class="muted" role="status">{words::LOADING}</p> }.into_any(),
        }}
    }
}
