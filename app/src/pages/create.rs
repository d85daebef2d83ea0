mod done;
mod name;
mod prf_missing;

use crystallum_messages::Opened;
use leptos::{either::EitherOf3, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    components::{plain_page::PlainPage, steps::Steps},
    session::Session,
    touch::Touches,
};
use done::Done;
use name::Name;
use prf_missing::PrfMissing;

/// Where the making of a vault stands.
#[derive(Clone, Debug, PartialEq)]
enum Stand {
    /// The name is asked, and from there the passkey is made.
    Asking,
    /// The vault is open.
    Made(Opened),
    /// The authenticator has no key for it.
    NoPrf,
}

/// A new vault in steps.
#[component]
pub(crate) fn Create() -> impl IntoView {
    let (session, touches, navigate) = (Session::here(), Touches::here(), use_navigate());
    if session.is_open() {
        navigate("/vault", NavigateOptions { replace: true, ..NavigateOptions::default() });
    }
    let stand = RwSignal::new(Stand::Asking);
    let step = Memo::new(move |_| match (stand.get(), touches.stage.get()) {
        (Stand::Made(_), _) => 2,
        (Stand::NoPrf, _) | (Stand::Asking, Some(_)) => 1,
        (Stand::Asking, None) => 0,
    });
    view! {
        <PlainPage>
            <Steps current=step/>
            {move || match stand.get() {
                Stand::Asking => EitherOf3::A(view! { <Name stand=stand/> }),
                Stand::Made(opened) => EitherOf3::B(view! { <Done opened=opened/> }),
                Stand::NoPrf => EitherOf3::C(view! { <PrfMissing stand=stand/> }),
            }}
        </PlainPage>
    }
}
