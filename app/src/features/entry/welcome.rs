use crystallum_messages::{Failure, SignUp};
use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, Redirect, use_navigate},
    features::{
        about::words as about,
        entry::{
            lost_change::LostChange,
            sealed_figure::SealedFigure,
            words::{unlock, welcome},
        },
    },
    state::vault::{SignUpState, VaultState},
    ui::{
        failure_note::FailureNote, icon::Icon, loading::Loading, page_heading::PageHeading,
        plain_page::PlainPage, words::general,
    },
};

/// The first page of a browser that knows no vault. Other browsers are redirected to the unlock
/// page.
#[component]
pub(crate) fn WelcomePage() -> impl IntoView {
    let vault = VaultState::from_context();
    let is_open = Memo::new(move |_| vault.opened.with(Option::is_some));
    let knows_none = Memo::new(move |_| {
        vault.welcome.with(|welcome| matches!(welcome, Some(Ok(welcome)) if welcome.vaults.is_empty()))
    });
    Effect::new(move || {
        if knows_none.get() {
            vault.load_sign_up();
        }
    });
    view! {
        {move || match vault.welcome.get() {
            _ if is_open.get() => view! { <Redirect path="/vault"/> }.into_any(),
            None => view! { <Loading text=general::LOADING/> }.into_any(),
            Some(Ok(known)) if !known.vaults.is_empty() => {
                view! { <Redirect path="/unlock"/> }.into_any()
            }
            Some(Ok(_)) if vault.sign_up.get() == SignUpState::Loading => {
                view! { <Loading text=general::LOADING/> }.into_any()
            }
            Some(welcome) => view! { <Start sign_up=vault.sign_up.get() failure=welcome.err()/> }.into_any(),
        }}
    }
}

#[component]
fn Start(sign_up: SignUpState, failure: Option<Failure>) -> impl IntoView {
    let navigate = use_navigate();
    let warning = match sign_up {
        SignUpState::Unreachable => Some(welcome::SERVER_SILENT),
        SignUpState::Known(SignUp::Closed) => Some(welcome::SIGN_UP_CLOSED),
        SignUpState::Loading | SignUpState::Known(_) => None,
    };
    let fact = |fact: welcome::Fact| {
        view! {
            <li class="welcome__fact">
                <span class="welcome__icon"><Icon glyph=fact.icon/></span>
                <h3>{fact.title}</h3>
                <p>{fact.text}</p>
                <details>
                    <summary>{welcome::HOW}<span class="unseen">": " {fact.title}</span></summary>
                    <p>{fact.proof}</p>
                </details>
            </li>
        }
    };
    view! {
        <PlainPage wide=true>
            <div class="welcome__top">
                <section class="welcome__start">
                    <PageHeading title=welcome::TITLE>{welcome::HEADING}</PageHeading>
                    <p class="welcome__sentence">{welcome::SENTENCE}</p>
                    <LostChange/>
                    <FailureNote failure=Signal::stored(failure)/>
                    {warning.map(|text| view! { <p class="note note--warn" role="status">{text}</p> })}
                    <div class="welcome__actions">
                        <button
                            type="button"
                            class="button button--primary button--large"
                            disabled=sign_up == SignUpState::Known(SignUp::Closed)
                            on:click=move |_| navigate("/create", NavigateOptions::default())
                        >
                            {general::CREATE_VAULT}
                        </button>
                        <a class="link" href="/unlock">{general::HAVE_ONE}</a>
                        <a class="link" href="/recover">{unlock::SHEET}</a>
                    </div>
                </section>
                <SealedFigure/>
            </div>
            <section aria-labelledby="facts-heading">
                <h2 class="unseen" id="facts-heading">{welcome::FACTS}</h2>
                <ul class="welcome__facts" role="list">{welcome::FACT_LIST.into_iter().map(fact).collect_view()}</ul>
                <p class="welcome__about"><a class="link" href="/about">{about::LINK}</a></p>
            </section>
        </PlainPage>
    }
}
