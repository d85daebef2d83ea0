use crystallum_messages::{Failure, SecretText, Sheet, access::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{download, print, time},
    engine::Engine,
    features::sheet::{address::recovery_address, confirm::Confirm, paper::Paper, words},
    state::{
        alarms::Alarms,
        clipboard::{Clipboard, Item},
        idle::{IdleLock, OnScreen},
        unsaved_changes::{Departure, Loss, UnsavedChanges},
    },
    ui::{
        copy_status::CopyStatus,
        digits,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
    },
};

/// The stages of showing and confirming a sheet.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// The user enters the two groups with these numbers.
    Confirming([u8; 2]),
    Failed(Failure),
    Fetching,
    /// The sheet is on screen.
    Showing,
}

/// Shows the recovery sheet that was just made, then asks for two of its groups as confirmation.
#[component]
pub(crate) fn SheetStep(
    /// Whether the sheet replaces a code that was just used.
    #[prop(optional)]
    replaced: bool,
    /// Called with `true` when both groups were right, or with `false` when the user goes on
    /// without the sheet.
    done: Callback<bool>,
    /// Called when the code is no longer in memory.
    #[prop(optional)]
    missing: Option<Callback<()>>,
) -> impl IntoView {
    let (engine, alarms) = (Engine::from_context(), Alarms::from_context());
    let stage = RwSignal::new(Stage::Fetching);
    // The code is discarded with the page, so leaving it asks for confirmation.
    let unsaved = UnsavedChanges::track_form();
    Effect::new(move || match stage.get() {
        Stage::Confirming(_) | Stage::Showing => unsaved.guard(Loss::Sheet),
        Stage::Failed(_) => unsaved.mark_clean(),
        Stage::Fetching => {}
    });
    // Holds the sheet until it has been written into the document's elements.
    let sheet = StoredValue::new(None::<Sheet>);
    let fetch = move || {
        stage.set(Stage::Fetching);
        spawn_local(async move {
            let next = match engine.load_sheet(Command::Sheet).await {
                Ok(found) => {
                    if sheet.try_set_value(Some(found)).is_some() {
                        return;
                    }
                    Stage::Showing
                }
                Err(Failure::NoSheet) if missing.is_some() => {
                    if let Some(missing) = missing {
                        missing.try_run(());
                    }
                    return;
                }
                Err(problem) if alarms.handle_failure(&problem) => return,
                Err(problem) => Stage::Failed(problem),
            };
            stage.try_set(next);
        });
    };
    fetch();
    IdleLock::from_context()
        .wait_while(OnScreen::Sheet, move || !stage.with(|stage| matches!(stage, Stage::Failed(_))));
    let show_again = Callback::new(move |()| fetch());
    let skip = Callback::new(move |()| unsaved.leave_by(Departure::Leave, move || done.run(false)));
    // Leaving the page discards the code, so that a script in the page cannot ask for it later.
    on_cleanup(move || {
        spawn_local(async move {
            // A locked vault has already discarded it.
            drop(engine.execute(Command::PutSheetAway).await);
        });
    });
    view! {
        {move || match stage.get() {
            Stage::Confirming(numbers) => view! { <Confirm numbers=numbers show_again=show_again done=done skip=skip/> }.into_any(),
            Stage::Failed(problem) => view! {
                <PageHeading title=words::TITLE>{words::HEADING}</PageHeading>
                <FailureNote failure=Signal::stored(Some(problem))/>
                <div class="plain-page__actions">
                    <button type="button" class="button button--large" on:click=move |_| skip.run(())>{words::SKIP}</button>
                </div>
            }
            .into_any(),
            Stage::Fetching => view! { <p role="status" class="muted">{words::LOADING}</p> }.into_any(),
            Stage::Showing => match sheet.try_update_value(Option::take).flatten() {
                Some(sheet) => {
                    let ask = sheet.ask;
                    let on_kept = Callback::new(move |()| stage.set(Stage::Confirming(ask)));
                    view! { <Document sheet=sheet replaced=replaced on_kept=on_kept skip=skip/> }.into_any()
                }
                None => ().into_any(),
            },
        }}
    }
}

/// The sheet, and the buttons to print, save and copy it.
#[component]
fn Document(sheet: Sheet, replaced: bool, on_kept: Callback<()>, skip: Callback<()>) -> impl IntoView {
    let (engine, alarms, clipboard) =
        (Engine::from_context(), Alarms::from_context(), Clipboard::for_component());
    let failure = RwSignal::new(None::<Failure>);
    let is_silent = RwSignal::new(false);
    let print = move |_| {
        is_silent.set(false);
        spawn_local(async move {
            let has_begun = print::print().await;
            is_silent.try_set(!has_begun);
        });
    };
    // The component does not hold the code: each action asks the engine for it again.
    let load = move || {
        failure.set(None);
        async move {
            let sheet = engine.load_sheet(Command::Sheet).await;
            sheet.map_err(|problem| alarms.report(problem, failure)).ok()
        }
    };
    let save = move |_| {
        let sheet = load();
        spawn_local(async move {
            if let Some(sheet) = sheet.await {
                save(&sheet);
            }
        });
    };
    let copy = move |_| {
        let sheet = load();
        clipboard.copy(Item::Code, async move { sheet.await.as_ref().map(code) });
    };
    view! {
        <PageHeading title=words::TITLE>{words::HEADING}</PageHeading>
        <p>{if replaced { words::REPLACED } else { words::WHY }}</p>
        <Paper sheet=sheet/>
        <div class="sheet-actions">
            <button type="button" class="button" on:click=print>
                <Icon glyph=Glyph::Print/>
                {words::PRINT}
            </button>
            <button type="button" class="button" on:click=save>
                <Icon glyph=Glyph::Download/>
                {words::SAVE}
            </button>
            <button type="button" class="button" on:click=copy>
                <Icon glyph=Glyph::Copy/>
                {words::COPY}
            </button>
        </div>
        <p class="muted">{words::SAVE_HINT}</p>
        <p role="status">{move || is_silent.get().then_some(words::NOT_PRINTED)}</p>
        <CopyStatus clipboard=clipboard/>
        <FailureNote failure=failure/>
        <div class="plain-page__actions">
            <button type="button" class="button button--primary button--large" on:click=move |_| on_kept.run(())>
                {words::KEPT}
            </button>
            <button
                type="button"
                class="button button--large"
                aria-describedby="sheet-skip"
                on:click=move |_| skip.run(())
            >
                {words::SKIP}
            </button>
        </div>
        <p class="muted" id="sheet-skip">{words::SKIP_HINT}</p>
    }
}

fn save(sheet: &Sheet) {
    let code = code(sheet);
    let text = words::file(&words::Paper {
        vault: &sheet.vault,
        made: &time::format_date(time::to_js_time(sheet.created)),
        address: &recovery_address(),
        code: code.expose(),
        change: sheet.change,
        fingerprint: &digits::group_digits(&sheet.fingerprint),
    });
    drop(download::text_file(words::FILE, &text));
}

/// Returns the code, its groups joined by hyphens.
fn code(sheet: &Sheet) -> SecretText {
    let groups: Vec<&str> = sheet.groups.iter().map(SecretText::expose).collect();
    SecretText::new(groups.join("-"))
}
