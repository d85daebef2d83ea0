use crystallum_messages::{Device, Failure, SignInMethod, SignInMethodKind};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::{
        devices::{
            remove::{RemoveDevicesDialog, RemoveDevicesQuestion},
            summary::DevicesSummary,
        },
        security::{list::SignInMethodList, words},
    },
    state::{alarms::Alarms, navigation::Navigation, sync::Synchronisation, vault::VaultState},
    ui::{
        failure_note::FailureNote,
        flash_message::FlashMessage,
        icon::{Glyph, Icon},
        one_pane::OnePane,
        page_heading::{PageHeading, focus_heading},
    },
};

/// What the page shows.
type Found = (Vec<SignInMethod>, Vec<Device>);

async fn load(engine: Engine) -> Result<Found, Failure> {
    Ok((engine.list_sign_in_methods().await?, engine.list_devices().await?))
}

/// Lists the sign-in methods of the vault, and shows its security status.
#[component]
pub(crate) fn Security() -> impl IntoView {
    let (engine, vault, sync, alarms, navigation) = (
        Engine::from_context(),
        VaultState::from_context(),
        Synchronisation::from_context(),
        Alarms::from_context(),
        Navigation::from_context(),
    );
    let found = RwSignal::new(None::<Result<Found, Failure>>);
    let reload = Trigger::new();
    Effect::new(move || {
        sync.changes.track();
        reload.track();
        spawn_local(async move {
            let result = load(engine).await;
            if !result.as_ref().is_err_and(|failure| alarms.handle_failure(failure)) {
                found.try_set(Some(result));
            }
        });
    });
    let changed = Callback::new(move |()| {
        reload.notify();
        vault.refresh_method_count();
    });
    // Outlives the list, which is replaced when a method is removed.
    let question = RemoveDevicesQuestion::new();
    let devices_removed = Callback::new(move |message: String| {
        navigation.announcement.set(message);
        request_animation_frame(focus_heading);
    });
    view! {
        <OnePane>
            <PageHeading title=words::TITLE>{words::TITLE}</PageHeading>
            <FlashMessage/>
            {move || match found.get() {
                None => view! {
                    <div aria-busy="true">
                        <p class="unseen" role="status">{words::LOADING}</p>
                        <div class="pane__skeleton pane__skeleton--card skeleton"></div>
                    </div>
                }.into_any(),
                Some(Err(failure)) => view! { <FailureNote failure=Signal::stored(Some(failure))/> }.into_any(),
                Some(Ok((methods, devices))) => view! {
                    <Facts methods=methods.clone()/>
                    <DevicesSummary devices=devices.clone()/>
                    <SignInMethodList methods=methods devices=devices question=question changed=changed/>
                }.into_any(),
            }}
            <RemoveDevicesDialog question=question id="remove-brought-in-heading" done=devices_removed/>
        </OnePane>
    }
}

/// One fact of the security status: good, or with a next step.
struct Fact {
    good: bool,
    text: String,
    step: Option<(&'static str, &'static str)>,
}

/// Derives the security status from the sign-in methods.
fn facts(methods: &[SignInMethod]) -> Vec<Fact> {
    let counting = methods.iter().filter(|method| method.counts).count();
    let passkeys = methods.iter().filter(|method| method.kind == SignInMethodKind::Passkey && method.counts);
    let passkeys = passkeys.count();
    let sheet =
        methods.iter().find(|method| method.kind == SignInMethodKind::Sheet).map(|method| method.counts);
    let to_sheet = "/security/sheet";
    let sheet = match sheet {
        Some(true) => Fact { good: true, text: words::SHEET_GOOD.into(), step: None },
        Some(false) => {
            Fact { good: false, text: words::SHEET_OPEN.into(), step: Some((to_sheet, words::SHEET_STEP)) }
        }
        None => {
            Fact { good: false, text: words::SHEET_NONE.into(), step: Some((to_sheet, words::SHEET_MAKE)) }
        }
    };
    let second = (passkeys < 2).then_some(("/security/passkey", words::KEYS_ONE_STEP));
    vec![
        Fact {
            good: counting >= 2,
            text: words::count(u8::try_from(counting).unwrap_or(u8::MAX)),
            step: None,
        },
        sheet,
        Fact { good: passkeys >= 2, text: words::passkeys(passkeys), step: second },
    ]
}

#[component]
fn Facts(methods: Vec<SignInMethod>) -> impl IntoView {
    let vault = VaultState::from_context();
    let line = |fact: Fact| {
        let glyph = if fact.good { Glyph::Check } else { Glyph::Warn };
        let word = if fact.good { words::GOOD } else { words::TO_DO };
        view! {
            <li class="standing__fact" class:standing__fact--open=!fact.good>
                <Icon glyph=glyph/>
                <span class="unseen">{word} ": "</span>
                <span>{fact.text}</span>
                {fact.step.map(|(href, text)| view! { <a class="link" href=href>{text}</a> })}
            </li>
        }
    };
    view! {
        <section class="card" aria-labelledby="standing-heading">
            <h2 class="card__heading" id="standing-heading">{words::FACTS}</h2>
            <ul class="standing" role="list">{facts(&methods).into_iter().map(line).collect_view()}</ul>
            {move || vault.change().map(|change| view! {
                <dl class="facts">
                    <div>
                        <dt>{words::CHANGE}</dt>
                        <dd class="number">{change}<span class="facts__hint">{words::CHANGE_HINT}</span></dd>
                    </div>
                </dl>
            })}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crystallum_messages::SignInMethodId;

    fn method(kind: SignInMethodKind, counts: bool) -> SignInMethod {
        SignInMethod {
            id: SignInMethodId([0; 16]),
            kind,
            name: String::new(),
            created: 0,
            readable: true,
            counts,
            used_now: false,
        }
    }

    #[test]
    fn what_is_missing_has_its_next_step() {
        let made = facts(&[method(SignInMethodKind::Passkey, true), method(SignInMethodKind::Sheet, false)]);
        assert_eq!(made[0].text, "1 of 2 ways in");
        assert_eq!(made.iter().filter(|fact| fact.good).count(), 0);
        assert_eq!(made[1].step, Some(("/security/sheet", words::SHEET_STEP)));

        let good = facts(&[
            method(SignInMethodKind::Passkey, true),
            method(SignInMethodKind::Passkey, true),
            method(SignInMethodKind::Sheet, true),
        ]);
        assert!(good.iter().all(|fact| fact.good && fact.step.is_none()));

        let two = facts(&[method(SignInMethodKind::Passkey, true), method(SignInMethodKind::Sheet, true)]);
        assert_eq!(two[0].text, "2 of 2 ways in");
        assert!(two[0].good && two[1].good && !two[2].good);
    }
}
