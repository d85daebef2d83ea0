use crystallum_messages::{Failure, Saved, SecretText, SyncState, WalletDraft, wallets::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::{
        records::{
            label_fields::{LabelField, LabelInputs, NoteField},
            record_form::{FormInput, RecordForm},
        },
        wallets::{
            new_phrase::NewPhrase,
            phrase_field::PhraseField,
            phrase_input::PhraseInput,
            share_list::ShareProgress,
            split_fields::{SplitFields, SplitInputs},
            step_heading::StepHeading,
            words::{self as wallet, add as words, label::LABEL_WORDS},
        },
    },
    state::{
        alarms::Alarms,
        idle::{IdleLock, OnScreen},
        unsaved_changes::{Departure, Loss, UnsavedChanges},
    },
    ui::{
        ceremony_prompt::CeremonyPrompt,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        words::general,
    },
};

/// The stages of adding a wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Choose,
    Import,
    NewPhrase,
    Split,
}

/// The wallet that is being added. Copies share the same state. It holds the phrase between the
/// steps, which is wiped when the page is removed.
#[derive(Clone, Copy)]
struct Draft {
    stage: RwSignal<Stage>,
    phrase: StoredValue<SecretText>,
    /// What leaving would lose.
    loss: StoredValue<Loss>,
}

/// Adds a wallet: first its phrase, then its split.
#[component]
pub(crate) fn Add() -> impl IntoView {
    let draft = Draft {
        stage: RwSignal::new(Stage::Choose),
        phrase: StoredValue::new(SecretText::default()),
        loss: StoredValue::new(Loss::Input),
    };
    IdleLock::from_context().wait_while(OnScreen::NewPhrase, move || {
        matches!(draft.stage.get(), Stage::NewPhrase | Stage::Split)
    });
    let step = move || if draft.stage.get() == Stage::Split { words::STEP_SPLIT } else { words::STEP_PHRASE };
    view! {
        <div class="pane">
            <a class="pane__back" href="/wallets"><Icon glyph=Glyph::Back/>{wallet::BACK}</a>
            <header>
                <PageHeading title=words::HEADING>{words::HEADING}</PageHeading>
                <p class="muted">{move || step()}</p>
            </header>
            {move || match draft.stage.get() {
                Stage::Choose => view! { <Choose draft=draft/> }.into_any(),
                Stage::Import => view! { <Import draft=draft/> }.into_any(),
                Stage::NewPhrase => view! { <NewPhraseStep draft=draft/> }.into_any(),
                Stage::Split => view! { <Split draft=draft/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Choose(draft: Draft) -> impl IntoView {
    let (engine, alarms) = (Engine::from_context(), Alarms::from_context());
    let failure = RwSignal::new(None::<Failure>);
    let make = move |count: u8| {
        failure.set(None);
        spawn_local(async move {
            match engine.generate_phrase(count).await {
                Ok(phrase) => {
                    draft.phrase.try_update_value(|held| *held = phrase);
                    draft.loss.try_set_value(Loss::Phrase);
                    draft.stage.try_set(Stage::NewPhrase);
                }
                Err(problem) => alarms.report(problem, failure),
            }
        });
    };
    let making = move |count: u8| {
        view! {
            <button type="button" class="button button--large" on:click=move |_| make(count)>{words::make(count)}</button>
        }
    };
    view! {
        <h2 class="step-heading">{words::CHOOSE}</h2>
        <div class="card wallet-add__way">
            <p>{words::BRING_HINT}</p>
            <button type="button" class="button button--primary button--large" on:click=move |_| draft.stage.set(Stage::Import)>
                {words::BRING}
            </button>
        </div>
        <div class="card wallet-add__way">
            <p>{words::MAKE_HINT}</p>
            <div class="form__actions">{making(12)}{making(24)}</div>
        </div>
        <FailureNote failure=failure/>
        <p><a class="button button--large" href="/wallets">{general::CANCEL}</a></p>
    }
}

#[component]
fn Import(draft: Draft) -> impl IntoView {
    let (engine, alarms, unsaved) =
        (Engine::from_context(), Alarms::from_context(), UnsavedChanges::track_form());
    let input = PhraseInput::new();
    let failure = RwSignal::new(None::<Failure>);
    let was_typed = draft.phrase.with_value(|phrase| !phrase.is_empty());
    IdleLock::from_context().wait_while(OnScreen::NewPhrase, move || input.count.get() > 0 || was_typed);
    request_animation_frame(move || {
        // Restores the phrase when the user comes back from the next step.
        draft.phrase.try_with_value(|phrase| input.restore(phrase));
    });
    let go_on = move |_| {
        failure.set(None);
        let phrase = input.read();
        spawn_local(async move {
            match engine.check_phrase(phrase.clone()).await {
                Ok(None) => {
                    draft.phrase.try_update_value(|held| *held = phrase);
                    draft.stage.try_set(Stage::Split);
                }
                Ok(Some(problem)) => input.show_and_focus(&problem),
                Err(problem) => alarms.report(problem, failure),
            }
        });
    };
    view! {
        <StepHeading text=words::BRING/>
        <div class="form" on:input=move |_| unsaved.mark_dirty()>
            <PhraseField input=input/>
            <FailureNote failure=failure/>
            <div class="form__actions">
                <button type="button" class="button button--primary button--large" on:click=go_on>{words::GO_ON}</button>
                <ChooseAgain draft=draft/>
            </div>
        </div>
    }
}

#[component]
fn NewPhraseStep(draft: Draft) -> impl IntoView {
    // The phrase may already be on paper, so leaving the page asks for confirmation.
    let unsaved = UnsavedChanges::track_form();
    request_animation_frame(move || unsaved.guard(Loss::Phrase));
    view! {
        <NewPhrase phrase=draft.phrase on_written=Callback::new(move |()| draft.stage.set(Stage::Split))>
            <ChooseAgain draft=draft/>
        </NewPhrase>
    }
}

#[component]
fn ChooseAgain(draft: Draft) -> impl IntoView {
    let unsaved = expect_context::<UnsavedChanges>();
    let back = move |_| {
        unsaved.leave_by(Departure::Leave, move || {
            draft.phrase.update_value(|held| *held = SecretText::default());
            draft.loss.set_value(Loss::Input);
            draft.stage.set(Stage::Choose);
        });
    };
    view! { <button type="button" class="button button--large button--quiet" on:click=back>{words::CHOOSE_AGAIN}</button> }
}

#[component]
fn Split(draft: Draft) -> impl IntoView {
    let (labels, split) = (LabelInputs::new(LABEL_WORDS), SplitInputs::new(None));
    let unsaved = expect_context::<UnsavedChanges>();
    request_animation_frame(move || {
        if let Some(loss) = draft.loss.try_get_value() {
            unsaved.guard(loss);
        }
    });
    let read = move |()| {
        let (split, texts) = (split.read(), labels.read());
        let (Some(split), Some((label, note))) = (split, texts) else { return FormInput::Invalid };
        let phrase = draft.phrase.get_value();
        FormInput::Submit(Command::Add(WalletDraft { label, note, phrase, split }).into())
    };
    let flash_message = move |saved: Saved| {
        draft.phrase.update_value(|held| *held = SecretText::default());
        (saved.sync == SyncState::Synced).then(|| wallet::saved(&labels.label(), split.count()))
    };
    view! {
        <StepHeading text=words::SPLIT/>
        <RecordForm
            list_path="/wallets"
            cancel="/wallets"
            save=words::SAVE
            saving=words::SAVING
            read=Callback::new(read)
            refused=Callback::new(move |problem| labels.show(&problem) || split.show(&problem))
            flash_message=Callback::new(flash_message)
            ready=split.ready()
        >
            <LabelField inputs=labels/>
            <NoteField inputs=labels/>
            <SplitFields inputs=split/>
            <p class="muted">{words::TOUCH}</p>
            <CeremonyPrompt/>
            <ShareProgress/>
        </RecordForm>
    }
}
