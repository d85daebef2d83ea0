use crystallum_messages::{Failure, SecretText, Sheet, access::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{
        clipboard::{Clipboard, Item},
        download, time,
    },
    engine::Engine,
    features::sheet::{address::recovery_address, confirm::Confirm, paper::Paper, words},
    state::{
        alarms::Alarms,
        idle::{IdleLock, OnScreen},
    },
    ui::{
        copy_status::copy_status,
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
    /// Called with `true` when both groups were right, or with `false` when the user confirms
    /// later.
    done: Callback<bool>,
    /// Called when the code is no longer in memory.
    #[prop(optional)]
    missing: Option<Callback<()>>,
) -> impl IntoView {
    let (engine, alarms) = (Engine::from_context(), Alarms::from_context());
    let stage = RwSignal::new(Stage::Fetching);
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
    // Leaving the page discards the code, so that a script in the page cannot ask for it later.
    on_cleanup(move || {
        spawn_local(async move {
            // A locked vault has already discarded it.
            drop(engine.execute(Command::PutSheetAway).await);
        });
    });
    view! {
        {move || match stage.get() {
            Stage::Confirming(numbers) => view! { <Confirm numbers=numbers show_again=show_again done=done/> }.into_any(),
            Stage::Failed(problem) => view! {
                <PageHeading title=words::TITLE>{words::HEADING}</PageHeading>
                <FailureNote failure=Signal::stored(Some(problem))/>
                <div class="plain-page__actions">
                    <button type="button" class="button button--large" on:click=move |_| done.run(false)>{words::LATER}</button>
                </div>
            }
            .into_any(),
            Stage::Fetching => view! { <p role="status" class="muted">{words::LOADING}</p> }.into_any(),
            Stage::Showing => match sheet.try_update_value(Option::take).flatten() {
                Some(sheet) => {
                    let ask = sheet.ask;
                    let on_kept = Callback::new(move |()| stage.set(Stage::Confirming(ask)));
                    view! { <Document sheet=sheet replaced=replaced on_kept=on_kept done=done/> }.into_any()
                }
                None => ().into_any(),
            },
        }}
    }
}

/// The sheet, and the buttons to print, save and copy it.
#[component]
fn Document(sheet: Sheet, replaced: bool, on_kept: Callback<()>, done: Callback<bool>) -> impl IntoView {
    let (engine, alarms, clipboard) =
        (Engine::from_context(), Alarms::from_context(), Clipboard::for_component());
    let failure = RwSignal::new(None::<Failure>);
    // The component does not hold the code: each action asks the engine for it again.
    let with_sheet = move |act: fn(Clipboard, &Sheet)| {
        failure.set(None);
        spawn_local(async move {
            match engine.load_sheet(Command::Sheet).await {
                Ok(sheet) => act(clipboard, &sheet),
                Err(problem) => alarms.report(problem, failure),
            }
        });
    };
    view! {
        <PageHeading title=words::TITLE>{words::HEADING}</PageHeading>
        <p>{if replaced { words::REPLACED } else { words::WHY }}</p>
        <Paper sheet=sheet/>
        <div class="sheet-actions">
            <button type="button" class="button" on:click=|_| drop(window().print())>
                <Icon glyph=Glyph::Print/>
                {words::PRINT}
            </button>
            <button type="button" class="button" on:click=move |_| with_sheet(save)>
                <Icon glyph=Glyph::Download/>
                {words::SAVE}
            </button>
            <button type="button" class="button" on:click=move |_| with_sheet(copy)>
                <Icon glyph=Glyph::Copy/>
                {words::COPY}
            </button>
        </div>
        <p class="muted">{words::SAVE_HINT}</p>
        <p class="muted" role="status">{move || clipboard.copy_state().map(copy_status)}</p>
        <FailureNote failure=failure/>
        <div class="plain-page__actions">
            <button type="button" class="button button--primary button--large" on:click=move |_| on_kept.run(())>
                {words::KEPT}
            </button>
            <button
                type="button"
                class="button button--large"
                aria-describedby="sheet-later"
                on:click=move |_| done.run(false)
            >
                {words::LATER}
            </button>
        </div>
        <p class="muted" id="sheet-later">{words::LATER_HINT}</p>
    }
}

fn copy(clipboard: Clipboard, sheet: &Sheet) {
    let code = code(sheet);
    spawn_local(async move { clipboard.copy(Item::Code, code).await });
}

fn save(_: Clipboard, sheet: &Sheet) {
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
