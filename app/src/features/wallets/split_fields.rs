use crystallum_messages::{Failure, MAX_SHARES, Split, StoreId, StoreLocation, StoreView};
use leptos::{ev::Event, prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::wallets::{
        split_picture::{SplitPicture, selected_spots},
        words::shares as words,
    },
    state::alarms::Alarms,
    ui::{
        failure_note::FailureNote,
        icon::{Glyph, Icon},
    },
};

/// The threshold and the stores of a split. None of it is secret.
#[derive(Clone, Copy)]
pub(crate) struct SplitInputs {
    stores: RwSignal<Option<Vec<StoreView>>>,
    chosen: RwSignal<Vec<StoreId>>,
    /// The threshold that the user chose, even while too few stores are selected for it.
    threshold: RwSignal<u8>,
    /// The threshold, limited to the number of selected stores.
    k: Memo<u8>,
    error: RwSignal<bool>,
}

impl SplitInputs {
    /// Starts from an existing split, or from 3 of 5.
    pub(crate) fn new(before: Option<Split>) -> Self {
        let (k, stores) = before.map_or((3, Vec::new()), |split| (split.k, split.stores));
        let (chosen, threshold) = (RwSignal::new(stores), RwSignal::new(k));
        Self {
            stores: RwSignal::new(None),
            chosen,
            threshold,
            k: Memo::new(move |_| threshold.get().clamp(2, chosen.with(|chosen| count(chosen)).max(2))),
            error: RwSignal::new(false),
        }
    }

    /// Returns the split, or `None` if fewer than two stores are selected; the fields then show an
    /// error.
    pub(crate) fn read(self) -> Option<Split> {
        let split = Split { k: self.k.get_untracked(), stores: self.chosen.get_untracked() };
        let fits = split.stores.len() >= 2;
        self.error.set(!fits);
        fits.then_some(split)
    }

    /// Returns whether the server has listed its stores.
    pub(crate) fn ready(self) -> Signal<bool> {
        Signal::derive(move || self.stores.with(Option::is_some))
    }

    /// Returns the number of selected stores.
    pub(crate) fn count(self) -> u8 {
        self.chosen.with_untracked(|chosen| count(chosen))
    }

    /// Returns the threshold.
    pub(crate) fn k(self) -> u8 {
        self.k.get_untracked()
    }

    /// Shows an engine failure if it is about the split, and returns whether it is.
    pub(crate) fn show(self, failure: &Failure) -> bool {
        let is_about_split = *failure == Failure::SplitRejected;
        self.error.set(is_about_split);
        is_about_split
    }

    /// Takes over the stores that the server offers. Keeps the selected stores that are available,
    /// or else selects the first five available ones.
    fn offer(self, stores: Vec<StoreView>) {
        let ready = |id: &StoreId| stores.iter().any(|store| store.id == *id && store.available);
        let mut selection: Vec<_> = self.chosen.get_untracked().into_iter().filter(ready).collect();
        if selection.is_empty() {
            selection = stores.iter().filter(|store| store.available).map(|store| store.id).take(5).collect();
        }
        self.stores.set(Some(stores));
        self.choose(selection);
    }

    fn toggle(self, id: StoreId, on: bool) {
        let mut selection = self.chosen.get_untracked();
        selection.retain(|&other| other != id);
        if on && selection.len() < MAX_SHARES {
            selection.push(id);
        }
        self.choose(selection);
    }

    /// Sets the selection, in the order of the stores.
    fn choose(self, selection: Vec<StoreId>) {
        let in_order = self.stores.with_untracked(|stores| {
            let stores = stores.iter().flatten().map(|store| store.id);
            stores.filter(|id| selection.contains(id)).collect::<Vec<_>>()
        });
        self.error.set(false);
        self.chosen.set(in_order);
    }

    /// Returns the number of a store, as it is shown.
    fn number(self, id: StoreId) -> u8 {
        self.stores.with(|stores| {
            stores.iter().flatten().find(|store| store.id == id).map_or(0, |store| store.number)
        })
    }
}

fn count(stores: &[StoreId]) -> u8 {
    u8::try_from(stores.len()).unwrap_or(u8::MAX)
}

/// The stores, the threshold, and what the choice means.
#[component]
pub(crate) fn SplitFields(inputs: SplitInputs) -> impl IntoView {
    let (engine, alarms) = (Engine::from_context(), Alarms::from_context());
    let failure = RwSignal::new(None::<Failure>);
    spawn_local(async move {
        match engine.list_stores().await {
            Ok(stores) => inputs.offer(stores),
            Err(problem) => alarms.report(problem, failure),
        }
    });
    view! {
        <FailureNote failure=failure/>
        {move || match inputs.stores.get() {
            None if failure.with(Option::is_some) => ().into_any(),
            None => view! { <p class="muted" role="status">{words::LOADING_STORES}</p> }.into_any(),
            Some(stores) if stores.len() < 2 => view! {
                <div class="note note--warn" role="status"><Icon glyph=Glyph::Warn/><p>{words::NO_STORES}</p></div>
            }.into_any(),
            Some(stores) => view! { <SplitChoice inputs=inputs stores=stores/> }.into_any(),
        }}
    }
}

#[component]
fn SplitChoice(inputs: SplitInputs, stores: Vec<StoreView>) -> impl IntoView {
    let one_machine = stores.iter().all(|store| store.location == StoreLocation::SameMachine);
    let n = Memo::new(move |_| inputs.chosen.with(|chosen| count(chosen)));
    let store = move |store: StoreView| {
        let id = store.id;
        let hint = if store.available { words::store_location(store.location) } else { words::UNAVAILABLE };
        let change = move |event: Event| inputs.toggle(id, event_target_checked(&event));
        view! {
            <label class="split__store">
                <input
                    type="checkbox"
                    prop:checked=move || inputs.chosen.with(|chosen| chosen.contains(&id))
                    disabled=!store.available
                    on:change=change
                />
                <span>{words::store(store.number)}</span>
                <span class="muted">{hint}</span>
            </label>
        }
    };
    let pill = move |k: u8| {
        view! {
            <label class="split__k">
                <input
                    type="radio"
                    name="split-k"
                    prop:checked=move || inputs.k.get() == k
                    on:change=move |_| inputs.threshold.set(k)
                />
                {k}
            </label>
        }
    };
    let spots = Signal::derive(move || {
        selected_spots(inputs.chosen.get().into_iter().map(|id| inputs.number(id)), inputs.k.get())
    });
    view! {
        <fieldset class="split__stores">
            <legend class="field__label">{words::CHOOSE_STORES}</legend>
            <p class="field__hint">{words::CHOOSE_STORES_HINT}</p>
            {stores.into_iter().map(store).collect_view()}
            <p class="field__error" role="alert">{move || inputs.error.get().then_some(words::TOO_FEW)}</p>
        </fieldset>
        <fieldset hidden=move || n.get() < 2>
            <legend class="field__label">{words::CHOOSE_K}</legend>
            <div class="split__ks"><For each=move || 2..=n.get() key=|k| *k children=pill/></div>
        </fieldset>
        <div class="split__meaning" hidden=move || n.get() < 2>
            <SplitPicture spots=spots k=inputs.k/>
            <div role="status">
                <p class="split__of">{move || crate::features::wallets::words::of(inputs.k.get(), n.get())}</p>
                {move || words::meaning(inputs.k.get(), n.get()).map(|line| view! { <p>{line}</p> }).collect_view()}
            </div>
        </div>
        {one_machine.then(|| view! {
            <div class="note note--warn"><Icon glyph=Glyph::Warn/><p>{words::ONE_MACHINE}</p></div>
        })}
    }
}
