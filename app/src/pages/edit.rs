use crystallum_messages::{Command, Failure, KeyDetail, KeyEdit, RecordId, SyncState};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};

use crate::{
    components::{
        credential_fields::{CredentialFields, CredentialInputs},
        draft,
        exchange_tile::ExchangeTile,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        label_fields::{LabelField, LabelInputs, NoteField},
        page_heading::PageHeading,
    },
    engine::Engine,
    session::Session,
    words::{common, detail, form, vault},
};

/// Changes a key; its secret only when that is asked for.
#[component]
pub(crate) fn Edit() -> impl IntoView {
    let (engine, session, params) = (Engine::here(), Session::here(), use_params_map());
    let detail = RwSignal::new(None::<Result<KeyDetail, Failure>>);
    let id = params.with_untracked(|params| params.get_str("id").and_then(|id| id.parse::<RecordId>().ok()));
    // Read once: what others change meanwhile must not touch what is being typed.
    spawn_local(async move {
        let result = match id {
            Some(id) => engine.open(id).await,
            None => Err(Failure::NoSuchRecord),
        };
        if !result.as_ref().is_err_and(|failure| session.handled(failure)) {
            detail.set(Some(result));
        }
    });
    move || match detail.get() {
        Some(Ok(detail)) => view! { <Form detail=detail/> }.into_any(),
        Some(Err(failure)) => view! {
            <div class="pane">
                <a class="pane__back" href="/vault"><Icon glyph=Glyph::Back/>{detail::BACK}</a>
                <PageHeading title=common::NOT_FOUND unseen=true>{common::NOT_FOUND}</PageHeading>
                <FailureNote failure=Signal::stored(Some(failure))/>
            </div>
        }
        .into_any(),
        None => {
            view! { <div class="pane" aria-busy="true"><div class="pane__skeleton skeleton"></div></div> }
                .into_any()
        }
    }
}

#[component]
fn Form(detail: KeyDetail) -> impl IntoView {
    let (engine, session, navigate) = (Engine::here(), Session::here(), use_navigate());
    let (labels, credentials) = (LabelInputs::new(), CredentialInputs::new(detail.row.exchange));
    let failure = RwSignal::new(None::<Failure>);
    let (pending, replacing) = (RwSignal::new(false), RwSignal::new(false));
    let before = StoredValue::new(detail.clone());
    let address = format!("/vault/{}", detail.row.id);
    draft::keep_draft();

    let save = Callback::new(move |()| {
        if pending.get_untracked() {
            return;
        }
        failure.set(None);
        let secret = if replacing.get_untracked() { credentials.read().map(Some) } else { Some(None) };
        let (Some(secret), Some((label, note))) = (secret, labels.read()) else { return };
        let edit = before.with_value(|before| KeyEdit {
            id: before.row.id,
            base: before.version,
            label: (label != before.row.label).then_some(label),
            note: (note != before.note).then_some(note),
            credentials: secret,
        });
        let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
        if edit.label.is_none() && edit.note.is_none() && edit.credentials.is_none() {
            navigate(&format!("/vault/{}", edit.id), options);
            return;
        }
        pending.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let edited = edit.id;
            let result = engine.save(Command::Edit(edit)).await;
            pending.set(false);
            match result {
                Ok(saved) => {
                    credentials.clear();
                    session.sync.set(saved.sync);
                    session.told.set(told(saved.id != edited, saved.sync).map(Into::into));
                    navigate(&format!("/vault/{}", saved.id), options);
                }
                Err(problem) if credentials.show(&problem) || labels.show(&problem) => {}
                Err(problem) if session.handled(&problem) => {}
                Err(problem) => failure.set(Some(problem)),
            }
        });
    });
    Effect::new(move || {
        if failure.get() == Some(Failure::SessionExpired) {
            session.renew_then(move || {
                // The form may be gone by then, and its callback with it.
                save.try_run(());
            });
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save.run(());
    };
    let heading = format!("{} {}", form::EDIT_HEADING, detail.row.label);
    view! {
        <div class="pane">
            <a class="pane__back" href=address.clone()><Icon glyph=Glyph::Back/>{common::BACK}</a>
            <header class="detail__head">
                <ExchangeTile exchange=detail.row.exchange/>
                <PageHeading title=form::EDIT_TITLE>{heading}</PageHeading>
            </header>
            <form class="form" novalidate autocomplete="off" on:submit=submit>
                <LabelField inputs=labels value=detail.row.label/>
                <NoteField inputs=labels value=detail.note/>
                <section class="edit__secret">
                    <p class="muted">{form::REPLACE_TEXT}</p>
                    <button
                        type="button"
                        class="button"
                        aria-expanded=move || replacing.get().to_string()
                        on:click=move |_| replacing.update(|replacing| *replacing = !*replacing)
                    >
                        {move || if replacing.get() { form::REPLACE_KEEP } else { form::REPLACE }}
                    </button>
                </section>
                <Show when=move || replacing.get()><CredentialFields inputs=credentials/></Show>
                <FailureNote failure=failure/>
                <div class="form__actions">
                    <button
                        type="submit"
                        class="button button--primary button--large"
                        aria-disabled=move || pending.get().then_some("true")
                    >
                        {form::SAVE_CHANGES}
                    </button>
                    <a class="button button--large" href=address>{common::CANCEL}</a>
                    <span class="muted" role="status">{move || pending.get().then_some(form::SAVING)}</span>
                </div>
            </form>
        </div>
    }
}

/// What is said after a change was stored.
fn told(beside: bool, sync: SyncState) -> Option<&'static str> {
    match (beside, sync) {
        (true, _) => Some(vault::KEPT_BESIDE),
        (false, SyncState::Synced) => Some(vault::CHANGES_SAVED),
        (false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_on_the_server_is_called_saved_without_more() {
        assert_eq!(told(false, SyncState::Synced), Some(vault::CHANGES_SAVED));
        assert_eq!(told(false, SyncState::Waiting), None, "the banner says how it stands");
        assert_eq!(told(true, SyncState::Waiting), Some(vault::KEPT_BESIDE));
    }
}
