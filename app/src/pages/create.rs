mod done;
mod name;
mod prf_missing;

use crystallum_messages::Opened;
use leptos::{either::EitherOf4, prelude::*};

use crate::{
    components::{plain_page::PlainPage, sheet::SheetStep, steps::Steps},
    router::{NavigateOptions, use_navigate},
    session::Session,
    words::create,
};
use done::Done;
use name::Name;
use prf_missing::PrfMissing;

/// The stages of creating a vault.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// The person names the vault and creates the passkey.
    Naming,
    /// The authenticator does not support PRF.
    PrfMissing,
    /// Everything is done. The flag says whether the sheet was confirmed.
    Ready(Opened, bool),
    /// The vault is open, and its recovery sheet is shown.
    Sheet(Opened),
}

/// Creates a vault step by step.
#[component]
pub(crate) fn Create() -> impl IntoView {
    let (session, navigate) = (Session::from_context(), use_navigate());
    if session.is_open() {
        navigate("/vault", NavigateOptions { replace: true, ..NavigateOptions::default() });
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
                    EitherOf4::D(view! { <SheetStep done=done/> })
                }
            }}
        </PlainPage>
    }
}
