use crystallum_messages::{ShareState, ShareView};
use leptos::prelude::*;

use crate::{features::wallets::words::shares as words, ui::icon::Glyph};

/// How a store is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Its share counts towards the threshold.
    Lit,
    /// It is available, but not needed.
    Plain,
    /// Its share is missing or wrong.
    Bad,
    /// It does not answer.
    Silent,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Lit => "split-picture__place split-picture__place--lit",
            Self::Plain => "split-picture__place",
            Self::Bad => "split-picture__place split-picture__place--bad",
            Self::Silent => "split-picture__place split-picture__place--silent",
        }
    }
}

/// One store in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The number that is drawn in it.
    pub(crate) number: u8,
    pub(crate) tone: Tone,
}

/// Highlights as many stores as are needed. Used for a choice, and until the stores have been
/// checked.
pub(crate) fn selected_spots(numbers: impl IntoIterator<Item = u8>, k: u8) -> Vec<Spot> {
    let spot =
        |(at, number)| Spot { number, tone: if at < usize::from(k) { Tone::Lit } else { Tone::Plain } };
    numbers.into_iter().enumerate().map(spot).collect()
}

/// Draws each store according to the state of its share.
pub(crate) fn spots_for_shares(shares: &[ShareView], k: u8) -> Vec<Spot> {
    // Before the server has listed its stores, the share's index is drawn.
    let number = |share: &ShareView| if share.number == 0 { share.index } else { share.number };
    if shares.iter().all(|share| share.state == ShareState::Unknown) {
        return selected_spots(shares.iter().map(number), k);
    }
    let spot = |share: &ShareView| {
        let tone = match share.state {
            ShareState::Good | ShareState::Held => Tone::Lit,
            ShareState::Missing | ShareState::Wrong => Tone::Bad,
            ShareState::Unreachable => Tone::Silent,
            ShareState::Unknown => Tone::Plain,
        };
        Spot { number: number(share), tone }
    };
    shares.iter().map(spot).collect()
}

/// Draws the stores around the key. The text beside it says the same.
#[component]
pub(crate) fn SplitPicture(
    #[prop(into)] spots: Signal<Vec<Spot>>,
    #[prop(into)] k: Signal<u8>,
) -> impl IntoView {
    let store = |(at, count, spot): (usize, usize, Spot)| {
        // The group is rotated around the key, and the number is rotated back.
        let degrees = 360 * at / count.max(1);
        view! {
            <g class=spot.tone.class() transform=format!("rotate({degrees} 120 120)")>
                <line x1="120" y1="80" x2="120" y2="44"></line>
                <circle cx="120" cy="24" r="20"></circle>
                <text x="120" y="30" text-anchor="middle" transform=format!("rotate(-{degrees} 120 24)")>{spot.number}</text>
            </g>
        }
    };
    let stores = move || {
        let spots = spots.get();
        let count = spots.len();
        spots.into_iter().enumerate().map(|(at, spot)| store((at, count, spot))).collect_view()
    };
    let name = move || words::picture(k.get(), u8::try_from(spots.with(Vec::len)).unwrap_or(u8::MAX));
    view! {
        <svg class="split-picture" viewBox="0 0 240 240" role="img" aria-label=move || name()>
            <circle class="split-picture__key" cx="120" cy="120" r="36"></circle>
            <path class="split-picture__glyph" transform="translate(100 100) scale(2)" d=Glyph::Key.path()></path>
            {move || stores()}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use crystallum_messages::StoreId;

    use super::*;

    #[test]
    fn as_many_are_lit_as_rebuild() {
        let tones: Vec<_> = selected_spots(1..=5, 3).iter().map(|spot| spot.tone).collect();
        assert_eq!(tones, [Tone::Lit, Tone::Lit, Tone::Lit, Tone::Plain, Tone::Plain]);
    }

    #[test]
    fn store_states_show_in_the_picture() {
        let share = |number, state| ShareView { index: number, store: StoreId([number; 16]), number, state };
        let shares =
            [share(1, ShareState::Held), share(2, ShareState::Wrong), share(3, ShareState::Unreachable)];
        let tones: Vec<_> = spots_for_shares(&shares, 2).iter().map(|spot| spot.tone).collect();
        assert_eq!(tones, [Tone::Lit, Tone::Bad, Tone::Silent]);
        let unchecked = shares.map(|share| ShareView { state: ShareState::Unknown, ..share });
        assert_eq!(spots_for_shares(&unchecked, 2), selected_spots([1, 2, 3], 2));
    }
}
