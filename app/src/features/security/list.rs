use crystallum_messages::{Device, SignInMethod, SignInMethodKind};
use leptos::prelude::*;

use crate::{
    browser::time,
    features::{
        devices::remove::RemoveDevicesQuestion,
        security::{remove::RemoveDialog, rename::RenameDialog, words},
    },
    ui::icon::{Glyph, Icon},
};

/// Lists the sign-in methods, with the actions for each and links to add others.
#[component]
pub(super) fn SignInMethodList(
    methods: Vec<SignInMethod>,
    devices: Vec<Device>,
    /// Asks about the devices that a removed method has brought in.
    question: RemoveDevicesQuestion,
    changed: Callback<()>,
) -> impl IntoView {
    let devices = StoredValue::new(devices);
    let (renaming, removing) = (RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new(None::<SignInMethod>);
    let choose = move |method: &SignInMethod, open: RwSignal<bool>| {
        chosen.set(Some(method.clone()));
        open.set(true);
    };
    let row = move |(at, method): (usize, SignInMethod)| {
        let name = words::name(&method);
        let is_passkey = method.kind == SignInMethodKind::Passkey;
        let made = match method.created {
            0 => words::MADE_UNKNOWN.to_owned(),
            time => words::made(&time::format_exact(time::to_js_time(time))),
        };
        let now = method.used_now.then_some(words::USED_NOW);
        let open = match (method.readable, method.counts) {
            (false, _) => Some(words::UNREADABLE),
            (true, false) => Some(words::NOT_COUNTED),
            (true, true) => None,
        };
        let method = StoredValue::new(method);
        let label = StoredValue::new(name.clone());
        // Passkeys without a name differ only in when they were created.
        let facts = format!("way-{at}");
        view! {
            <li class="way">
                <span class="way__icon"><Icon glyph=if is_passkey { Glyph::Passkey } else { Glyph::Sheet }/></span>
                <div class="way__text">
                    <p class="way__name" translate="no">{name}</p>
                    <p class="muted" id=facts.clone()>
                        {made}
                        {now.map(|text| format!(" · {text}"))}
                        {open.map(|text| view! { " · " <span class="way__open">{text}</span> })}
                    </p>
                </div>
                <div class="way__actions">
                    {is_passkey.then(|| view! {
                        <button
                            type="button"
                            class="button button--small"
                            aria-label=format!("{} {}", words::RENAME, label.get_value())
                            aria-describedby=facts.clone()
                            on:click=move |_| method.with_value(|method| choose(method, renaming))
                        >
                            {words::RENAME}
                        </button>
                    })}
                    <button
                        type="button"
                        class="button button--small button--bad"
                        aria-label=format!("{} {}", words::REMOVE, label.get_value())
                        aria-describedby=facts
                        on:click=move |_| method.with_value(|method| choose(method, removing))
                    >
                        {words::REMOVE}
                    </button>
                </div>
            </li>
        }
    };
    view! {
        <section class="card" aria-labelledby="ways-heading">
            <h2 class="card__heading" id="ways-heading">{words::LIST}</h2>
            <ul class="ways" role="list" aria-labelledby="ways-heading">{methods.into_iter().enumerate().map(row).collect_view()}</ul>
            <div class="form__actions">
                <a class="button button--primary" href="/security/passkey"><Icon glyph=Glyph::Add/>{words::ADD}</a>
                <a class="button" href="/security/sheet"><Icon glyph=Glyph::Sheet/>{words::NEW_SHEET}</a>
            </div>
        </section>
        <RenameDialog open=renaming method=chosen changed=changed/>
        <RemoveDialog open=removing method=chosen devices=devices question=question changed=changed/>
    }
}
