use leptos::{either::EitherOf4, prelude::*};

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    features::entry::{
        create::{done::Done, name::Name, prf_missing::PrfMissing, stage::Stage},
        new_sheet::NewSheet,
        steps::Steps,
        words::create,
    },
    state::vault::VaultState,
    ui::plain_page::PlainPage,
};

/// Creates a vault step by step.
#[component]
pub(crate) fn Create() -> impl IntoView {
    let (vault, navigate) = (VaultState::from_context(), use_navigate());
    if vault.is_open() {
        navigate("/vault", NavigateOptions::REPLACE);
    }
    let stage = RwSignal::new(Stage::Naming);
    let step = Memo::new(move |_| match stage.get() {
        Stage::Naming | Stage::PrfMissing => 0,
        Stage::Sheet(_) => 1,
        Stage::Ready(..) => 2,
    });
    view! {
        <PlainPage>
            <Steps names=&create::STEP_NAMES current=step/>
            {move || match stage.get() {
                Stage::Naming => EitherOf4::A(view! { <Name stage=stage/> }),
                Stage::PrfMissing => EitherOf4::B(view! { <PrfMissing stage=stage/> }),
                Stage::Ready(opened, confirmed) => EitherOf4::C(view! { <Done opened=opened confirmed=confirmed/> }),
                Stage::Sheet(opened) => {
                    let opened = StoredValue::new(opened);
                    let done = Callback::new(move |confirmed| stage.set(Stage::Ready(opened.get_value(), confirmed)));
                    EitherOf4::D(view! { <NewSheet done=done/> })
                }
            }}
        </PlainPage>
    }
}
