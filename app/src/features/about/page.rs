use leptos::{prelude::*, task::spawn_local};

use crate::{
    features::about::{
        build::{self, Build, Unavailable},
        words,
    },
    state::vault::VaultState,
    ui::{
        digits,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        plain_page::PlainPage,
        words::general,
    },
};

/// Describes the product, the build that is running, what it promises, and what it does not protect
/// against.
#[component]
pub(crate) fn About() -> impl IntoView {
    let promise = |(name, text, proof): (&'static str, &'static str, &'static str)| {
        view! {
            <li class="about__promise">
                <h3>{name}</h3>
                <p>{text}</p>
                <p class="about__proof">{proof}</p>
            </li>
        }
    };
    view! {
        <PlainPage>
            {VaultState::from_context().is_open().then(|| view! {
                <a class="pane__back pane__back--always" href="/settings"><Icon glyph=Glyph::Back/>{general::BACK}</a>
            })}
            <PageHeading title=words::TITLE>{words::HEADING}</PageHeading>
            <p>{words::TEXT}</p>
            <ThisBuild/>
            <section class="about__part" aria-labelledby="promises-heading">
                <h2 id="promises-heading">{words::PROMISES}</h2>
                <ul class="about__list" role="list">{words::PROMISE_LIST.map(promise).into_iter().collect_view()}</ul>
            </section>
            <section class="about__part" aria-labelledby="limits-heading">
                <h2 id="limits-heading">{words::LIMITS}</h2>
                <ul class="list">{words::LIMIT_LIST.map(|text| view! { <li>{text}</li> }).into_iter().collect_view()}</ul>
            </section>
        </PlainPage>
    }
}

/// The version and the hashes of the build that the server delivers now.
#[component]
fn ThisBuild() -> impl IntoView {
    let found = RwSignal::new(None::<Result<Build, Unavailable>>);
    spawn_local(async move {
        let build = build::read_served_build().await;
        found.try_set(Some(build));
    });
    let origin = window().location().origin().unwrap_or_default();
    let hash = move || {
        match found.get() {
            None => view! { <span class="muted" role="status">{words::HASHING}</span> }.into_any(),
            Some(Err(Unavailable)) => view! { <span role="status">{words::HASH_FAILED}</span> }.into_any(),
            Some(Ok(build)) => view! {
                <code class="about__hash" translate="no">{digits::group_digits(&build.hash)}</code>
                <span class="facts__hint" role="status">{if build.is_running { words::SAME } else { words::OTHER }}</span>
            }
            .into_any(),
        }
    };
    let files = move || {
        found.get().and_then(Result::ok).map(|build| {
            let file = |(name, hash): (String, String)| view! { <li><code>{name}</code><code>{hash}</code></li> };
            view! {
                <details>
                    <summary>{words::FILES}</summary>
                    <ul class="about__files" role="list">{build.files.into_iter().map(file).collect_view()}</ul>
                </details>
            }
        })
    };
    view! {
        <section class="card" aria-labelledby="build-heading">
            <h2 class="card__heading" id="build-heading">{words::BUILD}</h2>
            <dl class="facts facts--long">
                <div><dt>{words::VERSION}</dt><dd>{env!("CARGO_PKG_VERSION")}</dd></div>
                <div><dt>{words::HASH}</dt><dd>{move || hash()}</dd></div>
                <div>
                    <dt>{words::COMPARE}</dt>
                    <dd>
                        {words::COMPARE_TEXT}
                        <code class="about__command">{format!("curl -s {origin}/ | sha256sum")}</code>
                    </dd>
                </div>
            </dl>
            {move || files()}
        </section>
    }
}
